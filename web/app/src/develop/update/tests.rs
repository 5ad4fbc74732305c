use chartwright_protocol::ChartInfo;
use contract::Problem;

use super::super::bases::Read;
use super::super::bases::tests::base;
use super::super::export::Field;
use super::super::state::Made;
use super::*;
use crate::load::Trouble;

fn run(state: State, events: impl IntoIterator<Item = Event>) -> (State, Vec<Effect>) {
    let mut all = Vec::new();
    let state = events.into_iter().fold(state, |state, event| {
        let (state, mut effects) = update(state, event);
        all.append(&mut effects);
        state
    });
    (state, all)
}

fn read() -> Result<Rc<Read>, Trouble> {
    let info = ChartInfo { name: "modulebase".into(), values: "port: 80\n".into(), ..ChartInfo::default() };
    Ok(Rc::new(Read::new(Rc::new(info))))
}

/// A page that is open, with its base charts.
fn open() -> State {
    let (state, effects) = start(None);
    assert_eq!(effects, [Effect::Restore(None), Effect::Bases, Effect::Server]);
    let bases = Event::Bases(Ok(vec![base("modulebase"), base("databasebase")]));
    let (state, effects) = run(state, [Event::Restored(Kept::default()), bases]);
    // The chart that the descriptor names is read first.
    assert_eq!(effects, [Effect::Listen("develop".into()), Effect::Read(Box::new(base("modulebase")))]);
    let (state, effects) = update(state, Event::Read("sha256:modulebase".into(), read()));
    let [Effect::Make(number, subject, "demo")] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((*number, &*subject.text, subject.charts.len()), (state.number, FIRST, 1));
    state
}

fn make_of(effects: &[Effect]) -> Option<u32> {
    effects.iter().find_map(|effect| match effect {
        Effect::Make(number, ..) => Some(*number),
        _ => None,
    })
}

fn made(archive: &[u8]) -> Rc<Made> {
    let archive = Rc::new(archive.to_vec());
    Rc::new(Made { archive, archive_name: "shop-0.1.0.tgz".into(), ..Made::default() })
}

#[test]
fn answers_to_older_texts_are_not_shown() {
    let state = open();
    let older = state.number;
    let (state, effects) = update(state, Event::Edit(Edit::Text(FIRST.replace("0.1.0", "0.2.0"))));
    assert!(matches!(&effects[0], Effect::KeepText(name, text) if name == "develop" && text.contains("0.2.0")));
    let newer = make_of(&effects).expect("it is made anew");
    let (state, _) = update(state, Event::Made(older, Ok(made(b"x"))));
    assert!(state.made.is_loading());
    let (state, _) = update(state, Event::Made(newer, Ok(made(b"x"))));
    assert!(state.made.shown().is_some());
    let same = Event::Edit(Edit::Text(state.draft.text().to_string()));
    assert!(update(state, same).1.is_empty());
}

#[test]
fn edits_of_the_form_are_kept_and_made() {
    let state = open();
    let path = || "spec.module.version".parse().expect("a path");
    let edits = [
        Event::Show(0),
        Event::Edit(Edit::Set(path(), "0.3.0".into())),
        Event::Values(Edit::Set("port".parse().expect("a path"), 81.into())),
        Event::Depend(0, "x".into(), true),
        Event::Rename(0, " web ".into()),
        Event::Add(Some(0)),
        Event::Move(1, 0),
        Event::Choose(Some(0), None),
        Event::Choose(None, Some(0)),
        Event::Remove(0),
        Event::Edit(Edit::Undo),
        Event::Edit(Edit::Redo),
    ];
    let mut state = state;
    for (place, event) in edits.into_iter().enumerate() {
        let shown = format!("{event:?}");
        let (next, effects) = update(state, event);
        let kept = effects.iter().any(|effect| matches!(effect, Effect::KeepText(..)));
        assert_eq!(kept, place > 0, "{shown}: {effects:?}");
        assert_eq!(next.draft.refused(), None, "{shown}");
        state = next;
    }
    let text = state.draft.text();
    assert!(text.contains("version: 0.3.0") && text.contains("name: web") && text.contains("port: 81"), "{text}");
    assert!(text.contains("chart: databasebase") && !text.contains("name: database"), "{text}");
}

#[test]
fn a_new_component_is_open_and_has_the_focus() {
    let (state, effects) = run(open(), [Event::Dialog(Some(Dialog::Gallery)), Event::Add(Some(0))]);
    assert_eq!(state.look.dialog, None);
    assert_eq!((state.draft.open(), state.draft.components()[1].name.as_str()), (Some(1), "database"));
    // The gallery reads what it shows.
    assert_eq!(effects[0], Effect::Read(Box::new(base("databasebase"))));
    assert!(effects.contains(&Effect::Focus("component-name".into())));
    // Nothing is made before the chart has come.
    assert_eq!(make_of(&effects), None);
    let (_, effects) = update(state, Event::Read("sha256:databasebase".into(), read()));
    assert!(make_of(&effects).is_some());
}

#[test]
fn without_a_catalog_the_text_is_still_checked() {
    let (state, _) = start(None);
    let (state, effects) =
        run(state, [Event::Bases(Err(Trouble::new("no network"))), Event::Restored(Kept::default())]);
    assert!(make_of(&effects).is_some());
    let (_, effects) = update(state, Event::Add(None));
    assert!(make_of(&effects).is_some());
    let failed = Event::Read("sha256:modulebase".into(), Err(Trouble::new("gone")));
    let (state, _) = start(None);
    let (_, effects) =
        run(state, [Event::Restored(Kept::default()), Event::Bases(Ok(vec![base("modulebase")])), failed]);
    assert!(make_of(&effects).is_some());
}

#[test]
fn what_was_opened_has_a_draft_of_its_own() {
    let (state, effects) = start(Some("sha256:a".into()));
    assert_eq!(effects[0], Effect::Restore(Some("sha256:a".into())));
    let problem = Problem::new(Severity::Warning, contract::Code::File, "x", contract::Place::default());
    let kept = Kept { text: Some(FIRST.replace("shop", "cafe")), report: vec![problem], ..Kept::default() };
    let (state, _) = run(state, [Event::Bases(Ok(Vec::new())), Event::Restored(kept)]);
    assert_eq!(state.look.tab, "report");
    let (state, effects) = update(state, Event::Edit(Edit::Set("metadata.name".parse().unwrap(), "bar".into())));
    assert!(matches!(&effects[0], Effect::KeepText(name, _) if name == "develop:sha256:a"));
    // Starting over brings the file back, and can be undone.
    let (state, effects) = update(state, Event::Fresh);
    assert_eq!(effects, [Effect::Original("sha256:a".into())]);
    let (state, _) = run(state, [Event::Original("a: 1\n".into()), Event::Edit(Edit::Undo)]);
    assert!(state.draft.text().contains("name: bar"));
    let (state, effects) = update(state, Event::Open(None));
    assert_eq!(effects, [Effect::Restore(None)]);
    let (state, effects) = update(state, Event::Open(None));
    assert!(effects.is_empty());
    let (_, effects) = update(state, Event::Fresh);
    assert!(!effects.contains(&Effect::Original("sha256:a".into())));
}

#[test]
fn a_new_descriptor_can_be_undone() {
    let (state, effects) = update(open(), Event::New(EMPTY));
    assert_eq!(&*state.draft.text(), EMPTY);
    assert!(make_of(&effects).is_some());
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Tell(_))));
    let (state, _) = update(state, Event::Edit(Edit::Undo));
    assert_eq!(&*state.draft.text(), FIRST);
    // The same once more is nothing new.
    assert!(update(state, Event::New(FIRST)).1.is_empty());
}

#[test]
fn the_last_good_result_stays_while_the_text_is_broken() {
    let state = open();
    let files = vec![("Chart.yaml".to_owned(), Rc::from("name: shop\n"))];
    let good = Made { files, outcome: Some(Rc::default()), ..(*made(b"tgz")).clone() };
    let number = state.number;
    let (state, _) = update(state, Event::Made(number, Ok(Rc::new(good))));
    let (state, _) = update(state, Event::Edit(Edit::Text("foo: [bar\n".into())));
    let number = state.number;
    let (state, _) = update(state, Event::Made(number, Ok(Rc::default())));
    assert_eq!(state.good.as_ref().map(|made| made.files.len()), Some(1));
    // Another descriptor has another result.
    let (state, _) = update(state, Event::New(EMPTY));
    assert!(state.good.is_none());
}

#[test]
fn files_are_downloaded() {
    let (state, effects) = update(open(), Event::Download(What::Descriptor));
    let [Effect::Download(name, _, bytes)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((name.as_str(), &bytes[..]), ("descriptor.yaml", FIRST.as_bytes()));
    // There is no chart yet, and an older one is not given away.
    assert!(update(state.clone(), Event::Download(What::Chart)).1.is_empty());
    let number = state.number;
    let (state, _) = update(state, Event::Made(number, Ok(made(b"tgz"))));
    let (state, effects) = update(state, Event::Download(What::Chart));
    assert!(
        matches!(&effects[..], [Effect::Download(name, _, bytes)] if name == "shop-0.1.0.tgz" && bytes[..] == *b"tgz")
    );
    let (state, _) = update(state, Event::Edit(Edit::Text("a: 1".into())));
    let (state, effects) = update(state, Event::Download(What::Chart));
    assert!(effects.is_empty());
    // Argo CD needs to know the repository.
    let (state, effects) = update(state, Event::Download(What::Argocd));
    assert!(effects.is_empty());
    let url = Event::Option(Field::RepoUrl, "https://git.example.org".into());
    let (state, effects) = run(state, [url, Event::Download(What::Argocd)]);
    assert!(
        matches!(&effects[..], [Effect::Keep(name, _), Effect::Export(What::Argocd, ..)] if name == "develop-export")
    );
    assert!(matches!(state.look.dialog, Some(Dialog::Export { busy: true, .. })));
    let (failed, _) = update(state.clone(), Event::Exported(Err(Trouble::new("no"))));
    assert!(matches!(failed.look.dialog, Some(Dialog::Export { busy: false, trouble: Some(_), .. })));
    let problem = Problem::new(Severity::Warning, contract::Code::NeedsFlux, "x", contract::Place::default());
    let (told, _) = update(state.clone(), Event::Exported(Ok(vec![problem])));
    assert!(matches!(&told.look.dialog, Some(Dialog::Export { problems, .. }) if problems.len() == 1));
    let (done, effects) = update(state, Event::Exported(Ok(Vec::new())));
    assert_eq!((done.look.dialog, effects.len()), (None, 1));
}

#[test]
fn how_it_is_looked_at() {
    let state = open();
    let number = state.number;
    let events = [
        Event::Group("spec.release".into()),
        Event::Tab("chart"),
        Event::File("values.yaml".into()),
        Event::Share(30.0),
        Event::Narrow(true),
        Event::Search("port".into()),
        Event::ChangedOnly(true),
    ];
    let (state, effects) = run(state, events);
    assert!(effects.is_empty());
    let look = &state.look;
    assert!(look.turned.contains("spec.release") && look.result_shown && look.changed_only);
    assert_eq!(
        (look.tab, look.file.as_str(), look.search.as_str(), look.share),
        ("chart", "values.yaml", "port", 30.0)
    );
    // A problem leads to its line and its component.
    let (state, _) = update(state, Event::Goto(3, 5, "spec.components[0].values.port".into()));
    assert_eq!((state.look.pane, state.look.goto, state.draft.open()), (Pane::Both, Some((3, 5)), Some(0)));
    assert!(!state.look.result_shown && state.look.search.is_empty());
    let (state, effects) = run(state, [Event::Group("spec.release".into()), Event::Pane("yaml"), Event::Show(0)]);
    assert_eq!(effects, [Effect::Keep("develop-pane".into(), "yaml".into())]);
    assert!(state.look.turned.is_empty() && state.draft.open().is_none());
    let (state, effects) = update(state, Event::Platform("none"));
    assert!(matches!(&effects[..], [Effect::Make(_, _, "none")]) && state.number > number);
    let text = state.draft.text();
    assert_eq!(update(state, Event::Preview).1, [Effect::Preview(text)]);
}

#[test]
fn names_come_from_charts() {
    for (base, name) in [
        ("databasebase", "database"),
        ("jobbase", "job"),
        ("modulebase", "component"),
        ("base", "component"),
        ("My_Chart", "component"),
        ("redis", "redis"),
    ] {
        assert_eq!(component_name(base), name);
    }
}

#[test]
fn the_focus_follows_a_component() {
    let (state, _) = start(None);
    let descriptor = FIRST.replace(
        "    - name: shopfrontend\n",
        "    - name: a\n    - name: b\n    - name: c\n    - name: shopfrontend\n",
    );
    let kept = Kept { text: Some(descriptor), ..Kept::default() };
    let (state, _) = update(state, Event::Restored(kept));
    let focus = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::Focus(id) => Some(id.clone()),
            _ => None,
        })
    };
    let (state, effects) = update(state, Event::Move(2, 1));
    assert_eq!(focus(&effects).as_deref(), Some("component-1-up"));
    let (state, effects) = update(state, Event::Move(1, 0));
    assert_eq!(focus(&effects).as_deref(), Some("component-0-down"), "it cannot go up any more");
    let (state, effects) = update(state, Event::Move(0, 1));
    assert_eq!(focus(&effects).as_deref(), Some("component-1-down"));
    let (state, effects) = update(state, Event::Move(2, 3));
    assert_eq!(focus(&effects).as_deref(), Some("component-3-up"));
    let (_, effects) = update(state, Event::Remove(3));
    assert_eq!(focus(&effects).as_deref(), Some("component-2-remove"));
}

#[test]
fn where_nothing_is_kept_it_is_said_and_other_tabs_are_heard() {
    let (state, _) = start(None);
    let (state, effects) = update(state, Event::Restored(Kept::default()));
    assert!(effects.contains(&Effect::Listen("develop".into())));
    let (state, _) = update(state, Event::Saved(false));
    assert!(state.no_room);
    let (state, _) = update(state, Event::Saved(true));
    assert!(!state.no_room);
    let own = state.draft.text().to_string();
    let (state, _) = update(state, Event::Elsewhere(Some(own.clone())));
    assert_eq!(state.elsewhere, None);
    let (state, _) = update(state, Event::Elsewhere(Some("a: 1\n".into())));
    let (mine, effects) = update(state, Event::Settle { other: false });
    assert_eq!((mine.elsewhere.is_none(), &effects[0]), (true, &Effect::KeepText("develop".into(), own)));
    let (state, _) = update(mine, Event::Elsewhere(Some("a: 2\n".into())));
    let (state, _) = update(state, Event::Settle { other: true });
    assert_eq!(&*state.draft.text(), "a: 2\n");
}

#[test]
fn descriptors_are_stored_on_the_server_and_opened_from_there() {
    let (state, effects) = run(open(), [Event::Store]);
    let text = state.draft.text();
    assert!(matches!(&state.look.dialog, Some(Dialog::Store(stored)) if *stored == text));
    assert_eq!(effects, []);
    let (state, effects) = run(state, [Event::StoredOnes]);
    assert_eq!(effects, [Effect::Stored]);
    let (state, _) = run(state, [Event::Stored(Ok(Vec::new()))]);
    assert!(matches!(&state.look.dialog, Some(Dialog::Stored(Load::Ready(_)))));
    let id = crate::manage::Id::new("web", "shop");
    let (state, effects) = run(state, [Event::OpenStored(id.clone())]);
    assert_eq!((effects, state.look.dialog), (vec![Effect::OpenStored(id)], None));
}
