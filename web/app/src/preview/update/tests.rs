//! The preview without a browser.

use chartwright_protocol::{ChartInfo, Rendered};
use chartwright_values::Model;
use contract::{ChartSource, ChartWanted, Code, Place, Problem, ReleaseOut};

use super::super::outcome::tests::rendered;
use super::super::state::{Carried, Copied, Downloaded, Kept, Placement, Platformed, SaveName};
use super::super::values::tests::opened;
use super::export::helm_release;
use super::inputs::{helm_command, render_command};
use super::*;
use crate::load::Trouble;

/// A preview whose module has just been opened, and the effects of that.
fn open(kept: Kept) -> (State, Vec<Effect>) {
    let (state, _) = start(Input { route: Route::read("m/shop/1.0.0?object=b&line=3"), host: None });
    let opened = opened("a: 1\n", None);
    update(state, Event::Opened(Ok(Rc::new(opened)), Box::new(kept)))
}

fn came(number: u32, objects: &[(&str, Option<&str>, &str)]) -> Event {
    let made: (Rendered, Vec<u8>) = rendered(objects);
    Event::Rendered(number, Ok(Box::new(made)), 20.0)
}

fn text(text: &str) -> Event {
    Event::Edit(Edit::Text(text.into()))
}

fn names(effects: &[Effect]) -> Vec<String> {
    let word = |effect: &Effect| format!("{effect:?}").chars().take_while(char::is_ascii_alphanumeric).collect();
    effects.iter().map(word).collect()
}

#[test]
fn opening_renders_and_restores() {
    let (state, effects) = open(Kept { values: Some("a: 2\n".into()), ..Kept::default() });
    assert_eq!(names(&effects), ["Title", "Offline", "Listen", "Render"]);
    assert_eq!(state.values.as_ref().map(|values| values.text().to_string()).as_deref(), Some("a: 2\n"));
    let (state, effects) = update(state, came(1, &[("a", None, "x: 1\n"), ("b", None, "y: 1\n")]));
    // What it is compared with must be rendered, since values of one's own were restored.
    assert_eq!(names(&effects), ["Announce", "Reveal", "RenderBase"]);
    assert_eq!((state.look.object.as_deref(), state.look.line), (Some("b"), Some(2)));
}

/// A render in which a release is missing.
fn partly(number: u32, objects: &[(&str, Option<&str>, &str)]) -> Event {
    let (head, text) = rendered(objects);
    let message = "values don't meet the specifications\nshop:\n- at '/a': got string, want integer";
    let problem = Problem::new(Severity::Error, Code::Render, message, Place::default());
    Event::Rendered(number, Ok(Box::new((Rendered { problems: vec![problem], ..head }, text))), 20.0)
}

#[test]
fn what_is_whole_stays_until_something_whole_comes() {
    let (state, _) = open(Kept::default());
    let (state, _) = update(state, came(1, &[("a", None, "x: 1\n"), ("b", None, "y: 1\n")]));
    let (state, _) = update(state, text("a: b\n"));
    let (state, _) = update(state, partly(2, &[("b", None, "y: 1\n")]));
    assert_eq!(state.result.shown().map(|result| result.objects.len()), Some(2));
    assert!(state.result.is_stale());
    assert_eq!(problem_count(&state), (1, true));
    let marks = state.values.as_ref().map(|values| values.marks().len());
    assert_eq!((marks, changed_count(&state)), (Some(1), 0));
    // What changed is said against the last that was whole.
    let (state, _) = update(state, text("a: 3\n"));
    let (state, _) = update(state, came(3, &[("a", None, "x: 3\n"), ("b", None, "y: 1\n")]));
    assert_eq!(state.result.shown().map(|result| result.moved), Some(1));
    assert_eq!(problem_count(&state), (0, false));
}

#[test]
fn what_was_never_whole_is_shown_as_it_is() {
    let (state, _) = open(Kept::default());
    let (state, _) = update(state, partly(1, &[("b", None, "y: 1\n")]));
    assert_eq!((state.result.is_stale(), problem_count(&state)), (false, (1, true)));
    let (state, _) = update(state, text("a: 2\n"));
    let (state, _) = update(state, partly(2, &[("b", None, "y: 2\n"), ("c", None, "z: 2\n")]));
    assert_eq!(state.result.shown().map(|result| result.objects.len()), Some(2));
}

#[test]
fn only_the_newest_answer_counts() {
    let (state, _) = open(Kept::default());
    let (state, _) = update(state, came(1, &[("a", None, "x: 1\n")]));
    let (state, effects) = update(state, text("a: 2\n"));
    assert_eq!(names(&effects), ["Keep", "Render"]);
    let (state, _) = update(state, text("a: 3\n"));
    let (state, _) = update(state, came(2, &[("a", None, "x: 2\n")]));
    assert!(state.result.is_loading());
    let (state, _) = update(state, came(3, &[("a", None, "x: 3\n")]));
    assert_eq!(
        state.result.shown().map(|result| result.objects[0].text.as_str().to_owned()).as_deref(),
        Some("x: 3\n")
    );
    assert_eq!(changed_count(&state), 1);
}

#[test]
fn half_typed_values_keep_the_result_and_the_text() {
    let (state, _) = open(Kept::default());
    let (state, _) = update(state, came(1, &[("a", None, "x: 1\n")]));
    let (state, effects) = update(state, text("a: [1,"));
    assert_eq!(names(&effects), ["Keep"]);
    assert!(state.result.is_stale());
    assert_eq!(problem_count(&state), (1, true));
    // An answer to the text before must not pass for one to this.
    let (state, _) = update(state, came(1, &[("a", None, "x: 9\n")]));
    assert!(state.result.is_stale());
    assert_eq!(state.values.as_ref().map(|values| values.text().to_string()).as_deref(), Some("a: [1,"));
    let (state, effects) = update(state, text("a: [1, 2]\n"));
    assert_eq!(names(&effects), ["Keep", "Render"]);
    let asked = state.asked;
    let (state, _) = update(state, Event::Rendered(asked, Err(Trouble::new("no")), 1.0));
    assert!(state.result.is_stale() && state.result.shown().is_some());
}

#[test]
fn sets_are_saved_compared_and_used() {
    let (state, _) = open(Kept::default());
    let (state, _) = update(state, came(1, &[("a", None, "x: 1\n")]));
    let (state, _) = update(state, text("a: 2\n"));
    let (state, _) = update(state, Event::Dialog(Some(SaveName { name: " two ".into(), no_room: false })));
    let (state, effects) = update(state, Event::SaveSet);
    let [Effect::KeepSet(opened, set)] = &effects[..] else { panic!("a set is kept: {effects:?}") };
    assert_eq!((set_name(opened, &set.0).as_str(), set.1.as_str()), ("set:shop:two", "a: 2\n"));
    // Nothing is said before it is known.
    let (full, effects) = update(state, Event::SetSaved(set.clone(), false));
    assert!(full.look.dialog.as_ref().is_some_and(|dialog| dialog.no_room) && full.saved.is_empty());
    assert!(effects.is_empty());
    let (state, effects) = update(full, Event::SetSaved(set.clone(), true));
    assert!(names(&effects)[0] == "Tell" && state.look.dialog.is_none());
    let (state, _) = update(state, Event::Edit(Edit::Reset));
    let (state, effects) = update(state, Event::Base(Base::Saved("two".into())));
    assert_eq!(names(&effects), ["RenderBase"]);
    let (state, _) = update(state, Event::UseSet("two".into()));
    assert_eq!(state.values.as_ref().map(|values| values.text().to_string()).as_deref(), Some("a: 2\n"));
    let (state, effects) = update(state, Event::ForgetSet("two".into()));
    assert!(state.saved.is_empty() && state.base == Base::Defaults);
    assert!(matches!(&effects[0], Effect::ForgetSet(_, name) if name == "two"));
}

#[test]
fn a_set_that_is_saved_again_is_compared_again() {
    let (state, _) = open(Kept { saved: vec![("two".into(), "a: 2\n".into())], ..Kept::default() });
    let (state, _) = update(state, came(1, &[("a", None, "x: 1\n")]));
    let (state, _) = update(state, Event::Base(Base::Saved("two".into())));
    let asked = state.base_asked;
    let (state, effects) = update(state, Event::SetSaved(("two".into(), "a: 3\n".into()), true));
    assert_eq!(names(&effects), ["Tell", "RenderBase"]);
    // The answer to the older question comes too late.
    let old = Event::BaseRendered(asked, Ok(Box::new(rendered(&[("a", None, "x: 2\n")]))));
    assert!(update(state, old).0.base_result.is_loading());
}

#[test]
fn another_version_is_rendered_with_the_values_that_are_there() {
    let (state, _) = open(Kept::default());
    let (state, _) = update(state, came(1, &[("a", None, "x: 1\n")]));
    let (state, _) = update(state, Event::Tab("changes".into()));
    let (state, effects) = update(state, Event::Base(Base::Version("0.9.0".into())));
    assert_eq!(names(&effects), ["OpenOther"]);
    let other = || Event::OtherOpened("0.9.0".into(), Ok(Rc::new(opened("a: 0\n", None))));
    let (state, effects) = update(state, other());
    assert_eq!(names(&effects), ["RenderBase"]);
    let (state, _) = update(state, text("a: 7\n"));
    assert_eq!(changed_count(&state), 0, "not known yet");
    let (state, effects) = update(state, came(2, &[("a", None, "x: 7\n")]));
    let input = effects.iter().find_map(|effect| match effect {
        Effect::RenderBase(number, input) => Some((*number, input)),
        _ => None,
    });
    let Some((number, input)) = input else { panic!("it is rendered again: {effects:?}") };
    assert!(serde_json::to_string(&**input).is_ok_and(|json| json.contains("a: 7")));
    let (state, effects) = update(state, Event::BaseRendered(number, Ok(Box::new(rendered(&[("a", None, "x: 7\n")])))));
    assert_eq!((changed_count(&state), names(&effects)), (0, vec!["Changes".to_owned()]));
    // Elsewhere, it waits until somebody looks.
    let (state, _) = update(state, Event::Tab("notes".into()));
    let (state, _) = update(state, text("a: 8\n"));
    let (state, effects) = update(state, came(3, &[("a", None, "x: 8\n")]));
    assert_eq!(names(&effects), ["Announce"]);
    let (_, effects) = update(state, Event::Tab("changes".into()));
    assert!(names(&effects).contains(&"RenderBase".to_owned()));
}

#[test]
fn a_result_that_is_not_there_yet_is_not_taken_for_the_defaults() {
    let (state, _) = open(Kept { values: Some("a: 2\n".into()), ..Kept::default() });
    let (state, _) = update(state, came(1, &[("a", None, "x: 2\n")]));
    let (state, _) = update(state, Event::Base(Base::Last));
    let (state, _) = update(state, Event::Edit(Edit::Reset));
    let (state, effects) = update(state, Event::Base(Base::Defaults));
    assert!(effects.is_empty() && state.base_result.shown().is_none());
    let (state, _) = update(state, came(2, &[("a", None, "x: 1\n")]));
    let base = state.base_result.shown().map(|base| base.objects[0].text.as_str().to_owned());
    assert_eq!(base.as_deref(), Some("x: 1\n"));
}

#[test]
fn values_of_a_link_do_not_cost_ones_own() {
    let route = Route { fragment: share::pack("a: 5\n"), ..Route::read("m/shop/1.0.0") };
    let (state, _) = start(Input { route, host: None });
    let kept = Kept { values: Some("a: 2\n".into()), ..Kept::default() };
    let (state, effects) = update(state, Event::Opened(Ok(Rc::new(opened("a: 1\n", None))), Box::new(kept)));
    assert!(names(&effects).contains(&"Tell".to_owned()) && !names(&effects).contains(&"Keep".to_owned()));
    let shown = |state: &State| state.values.as_ref().map(|values| values.text().to_string()).unwrap_or_default();
    assert_eq!((shown(&state).as_str(), state.keeping), ("a: 5\n", Keeping::OfLink));
    // An edit keeps what the link brought, and saves what was there before.
    let (state, effects) = update(state, text("a: 6\n"));
    let sets: Vec<_> = effects.iter().filter(|effect| matches!(effect, Effect::KeepSet(..))).collect();
    let [Effect::KeepSet(_, set)] = &sets[..] else { panic!("a set is kept: {effects:?}") };
    assert_eq!(*set, ("Before the link".to_owned(), "a: 2\n".to_owned()));
    let (state, _) = update(state, Event::SetSaved(set.clone(), true));
    assert_eq!(state.saved.len(), 1);
    // It was a step of its own.
    let (state, _) = update(state, Event::Edit(Edit::Undo));
    let (state, _) = update(state, Event::Edit(Edit::Undo));
    assert_eq!(shown(&state), "a: 2\n");
}

#[test]
fn a_link_that_is_undone_leaves_nothing_behind() {
    let (state, _) = open(Kept { values: Some("a: 2\n".into()), ..Kept::default() });
    let route = Route { fragment: share::pack("a: 5\n"), ..state.route.clone() };
    let (state, effects) = update(state, Event::Turned(Input { route, host: None }));
    assert_eq!(names(&effects), ["Tell", "Render"]);
    let (state, effects) = update(state, Event::Edit(Edit::Undo));
    assert_eq!(names(&effects), ["Keep", "Taken", "Render"]);
    let shown = state.values.as_ref().map(|values| values.text().to_string());
    assert_eq!((shown.as_deref(), state.displaced), (Some("a: 2\n"), None));
}

#[test]
fn another_tab_does_not_win_in_silence() {
    let (state, _) = open(Kept { values: Some("a: 2\n".into()), ..Kept::default() });
    let (same, _) = update(state, Event::Elsewhere(Some("a: 2\n".into())));
    assert_eq!(same.elsewhere, None);
    let (state, effects) = update(same, Event::Elsewhere(Some("a: 3\n".into())));
    assert!(state.elsewhere.is_some() && effects.is_empty());
    let (mine, effects) = update(state, Event::Settle { other: false });
    assert!(mine.elsewhere.is_none());
    assert!(matches!(&effects[0], Effect::Keep { text, .. } if text == "a: 2\n"));
    let (state, _) = update(mine, Event::Elsewhere(None));
    assert_eq!(state.elsewhere.as_deref(), Some(""));
    let (state, _) = update(state, Event::Settle { other: true });
    assert_eq!(state.values.as_ref().map(|values| values.text().to_string()).as_deref(), Some(""));
}

#[test]
fn links_carry_values_without_secrets() {
    let (state, _) = open(Kept::default());
    let (state, _) = update(state, text("a: 2\npassword: hunter2\n"));
    let (_, effects) = update(state, Event::Copy(Copied::Link));
    let Some(Effect::CopyLink(route)) = effects.into_iter().next() else { panic!("a link") };
    assert_eq!(share::unpack(&route.fragment).as_deref(), Some("a: 2\n"));
    let (state, _) = start(Input { route, host: None });
    assert_eq!(state.linked.as_deref(), Some("a: 2\n"));
}

#[test]
fn objects_are_stepped_through_and_have_addresses() {
    let (state, _) = open(Kept::default());
    let (state, _) = update(state, came(1, &[("a", None, "1\n"), ("b", None, "2\n"), ("c", None, "3\n")]));
    let (state, effects) = update(state, Event::Step(1));
    assert_eq!(state.look.object.as_deref(), Some("c"));
    assert!(matches!(&effects[1], Effect::Turn(pairs) if pairs[1] == ("object", "c".to_owned())));
    let (state, effects) = update(state, Event::Step(1));
    assert!(effects.is_empty());
    let (state, _) = update(state, Event::FoldAll(true));
    assert_eq!(state.look.folded.len(), 3);
    let (state, _) = update(state, Event::Select("a".into(), Some(0)));
    assert_eq!((state.look.folded.len(), state.look.line), (2, Some(0)));
}

#[test]
fn the_same_on_a_command_line() {
    let (state, _) = open(Kept::default());
    let (state, _) = update(state, text("a: 2\npassword: x\n"));
    let (state, _) = update(state, Event::Platform(Platformed::Field("namespace", "web".into())));
    let Some(opened) = state.opened.shown() else { panic!("it is open") };
    let commands = [render_command(&state, opened), helm_command(&state, opened), helm_release(&state, opened)];
    insta::assert_snapshot!(commands.join("\n"));
}

#[test]
fn a_descriptor_on_a_command_line() {
    let wanted = |kind: &str, name: &str, chart: &str| ChartWanted {
        source: ChartSource { kind: kind.into(), namespace: "market".into(), name: name.into() },
        chart: chart.into(),
        ..ChartWanted::default()
    };
    // A `chartRef` names a source that is the chart.
    let (web, db) = (wanted("GitRepository", "bases", "./web"), wanted("OCIRepository", "db", ""));
    let charts = vec![(web, "sha256:1".to_owned(), None), (db, "sha256:2".to_owned(), None)];
    let base = |digest: &str, name: &str, version: &str| {
        let (digest, name, version) = (digest.into(), name.into(), version.into());
        Rc::new(ChartInfo { digest, name, version, ..ChartInfo::default() })
    };
    let opened = Opened {
        file: "shop.yaml".into(),
        bases: vec![base("sha256:1", "web", "1.2.0"), base("sha256:2", "db", "2.0.0")],
        source: Source::Descriptor { text: "kind: HelmChartDescriptor".into(), charts },
        ..opened("a: 1\n", None)
    };
    let (state, _) = start(Input { route: Route::read("m/shop/1.0.0"), host: None });
    let (state, _) = update(state, Event::Opened(Ok(Rc::new(opened)), Box::default()));
    // What the form says of releases is for charts.
    let (state, _) = update(state, Event::Platform(Platformed::Field("release", "other".into())));
    let (head, text) = rendered(&[("a", None, "x: 1\n")]);
    let release = ReleaseOut { name: "shop".into(), namespace: "market".into(), level: 1, ..ReleaseOut::default() };
    let made = (Rendered { releases: vec![release], ..head }, text);
    let asked = state.asked;
    let (state, _) = update(state, Event::Rendered(asked, Ok(Box::new(made)), 20.0));
    let Some(opened) = state.opened.shown() else { panic!("it is open") };
    let commands = [render_command(&state, opened), helm_command(&state, opened), helm_release(&state, opened)];
    insta::assert_snapshot!(commands.join("\n"));
    // What the command names is what the archive of its inputs has.
    let (state, _) = update(state, self::text("a: 2\n"));
    let command = state.opened.shown().map(|opened| render_command(&state, opened)).unwrap_or_default();
    let (_, effects) = update(state, Event::Download(Downloaded::Inputs));
    let [Effect::Zip { name, files, kept }] = &effects[..] else { panic!("{effects:?}") };
    let files: Vec<(&str, &str)> =
        files.iter().map(|(path, bytes)| (path.as_str(), std::str::from_utf8(bytes).expect("texts"))).collect();
    assert_eq!(name, "shop-inputs.zip");
    assert_eq!(files[0], ("shop/shop.yaml", "kind: HelmChartDescriptor"));
    assert_eq!(files[1].0, "shop/platform.yaml");
    assert_eq!(
        files[2..],
        [("shop/values.yaml", "a: 2\n"), ("shop/render.sh", format!("#!/bin/sh\n{command}\n").as_str())]
    );
    let kept: Vec<(&str, &str)> = kept.iter().map(|(path, digest)| (path.as_str(), digest.as_str())).collect();
    assert_eq!(
        kept,
        [
            ("shop/sources/GitRepository/market/bases/web/", "sha256:1"),
            ("shop/sources/OCIRepository/market/db/db-2.0.0.tgz", "sha256:2"),
        ]
    );
}

#[test]
fn passwords_are_not_kept_and_that_is_said_once() {
    let (state, _) = open(Kept::default());
    let left_out = |effects: &[Effect]| {
        let text = |effect: &Effect| match effect {
            Effect::LeftOut(opened, left_out) if left_out_name(&opened.draft) == "left-out:draft:shop@1.0.0" => {
                Some(*left_out)
            }
            _ => None,
        };
        effects.iter().filter_map(text).collect::<Vec<_>>()
    };
    let (state, effects) = update(state, text("a: 2\npassword: x\n"));
    assert_eq!(left_out(&effects), [true]);
    let (state, effects) = update(state, text("a: 2\npassword: xy\n"));
    assert!(left_out(&effects).is_empty());
    let (_, effects) = update(state, text("a: 2\n"));
    assert_eq!(left_out(&effects), [false]);
    let (_, effects) = open(Kept { values: Some("a: 2\n".into()), left_out: true, ..Kept::default() });
    assert_eq!(left_out(&effects), [false]);
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::Tell(text) if text.starts_with("Passwords are not kept")))
    );
}

#[test]
fn passwords_stay_until_the_page_is_closed() {
    let (state, _) = open(Kept::default());
    let (_, effects) = update(state, text("a: 2\npassword: hunter2\n"));
    let typed = crate::services::Typed::default();
    for effect in effects {
        if let Effect::Keep { name, text, whole } = effect {
            assert!(!text.contains("hunter2") && whole.as_ref().is_some_and(|whole| whole.contains("hunter2")));
            typed.set(&name, &text, whole);
        }
    }
    assert_eq!(typed.whole("draft:shop@1.0.0", "a: 3\n"), None, "another tab has kept others");
    let whole = typed.whole("draft:shop@1.0.0", "a: 2\n");
    let kept = Kept { is_whole: whole.is_some(), values: whole, left_out: true, ..Kept::default() };
    let (state, effects) = open(kept);
    assert!(state.values.as_ref().is_some_and(|values| values.text().contains("hunter2")));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Tell(_) | Effect::LeftOut(..))));
    // Without them, nothing more is to be remembered.
    let (_, effects) = update(state, text("a: 2\n"));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Keep { whole: None, .. })));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::LeftOut(_, false))));
}

#[test]
fn what_cannot_be_judged_leaves_what_was_kept() {
    let users: String = (0..2_000).map(|at| format!("- name: user{at}\n  password: Secret-{at}-pw\n")).collect();
    let good = format!("name: mine\nusers:\n{users}");
    let (state, _) = open(Kept::default());
    let (state, effects) = update(state, text(&good));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Keep { text, .. } if text.contains("name: mine"))));
    let (state, effects) = update(state, text(&format!("{good}z: [")));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Keep { .. })));
    assert_eq!(state.keeping, Keeping::Waits);
    let (_, effects) = update(state, text(&format!("{good}z: 1\n")));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Keep { text, .. } if text.contains("z: 1"))));
}

#[test]
fn an_empty_draft_is_kept() {
    let (state, _) = open(Kept { values: Some("a: 2\n".into()), ..Kept::default() });
    let (_, effects) = update(state, Event::Edit(Edit::Reset));
    let kept = effects.iter().find_map(|effect| match effect {
        Effect::Keep { text, .. } => Some(text.clone()),
        _ => None,
    });
    assert_eq!(kept.as_deref(), Some(""));
}

/// What a HelmRelease has, as a reader of YAML sees it.
fn released(values: &str) -> (chartwright_values::Value, String) {
    let (state, _) = open(Kept { values: Some(values.to_owned()), ..Kept::default() });
    let Some(opened) = state.opened.shown() else { panic!("it is open") };
    let text = helm_release(&state, opened);
    (chartwright_values::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}")), text)
}

#[test]
fn a_helm_release_has_the_values_and_nothing_else() {
    for values in [
        "---\na: 1\n",
        "--- # c\na: 1\n",
        "a: 1\n...\n",
        "a: 1\n---\nb: {c: 2}\n",
        "a: x\rkind: Injected\r",
        "a: x\u{85}kind: Injected\u{85}",
        "\u{feff}a: x\n",
        "\"a\\u2028kind: b\": x\n",
        "a: |\n  x\n\n  kind: b\nb: >-\n  y\n",
        "a: \"x\\nkind: Injected\\n---\\n\"\nb: ['---', '...', '']\n",
        "{\"a\": {\"b\": [1, 0755, 1.50, 1e3, null, ~, 'y', \"no\"]}}\n",
        "a: &x {b: 1}\nc: {<<: *x, d: 2}\n",
        "a:\tx # c\r\nb: 12345678901234567890\r\n",
        "'': x\n? 080\n: y\n",
    ] {
        let (release, text) = released(values);
        let at = |path: &str| release.get(&path.parse().expect("a path"));
        let mut own = Model::new("").expect("an empty text");
        own.set_text(values);
        assert_eq!(own.error(), None, "{values:?}");
        assert_eq!(at("spec.values"), Some(own.values()), "{values:?}\n{text}");
        assert_eq!(at("kind"), Some(&"HelmRelease".into()), "{text}");
        assert_eq!(at("metadata.name"), Some(&"shop".into()), "{text}");
        assert_eq!(release.as_map().map(|map| map.len()), Some(4), "{text}");
    }
}

#[test]
fn a_helm_release_names_what_it_leaves_out() {
    let (release, text) =
        released("db: {password: longS3cret, host: h}\n\"a\\u2028kind: b\": {token: t0p}\nlongS3cret: x\n");
    assert!(!text.contains("longS3cret") && !text.contains("t0p"), "{text}");
    let comments: Vec<&str> = text.split(['\n', '\u{2028}']).filter(|line| line.starts_with("#   ")).skip(3).collect();
    assert_eq!(comments, ["#   ", "#   \"a\\u{2028}kind: b\".token", "#   db.password"]);
    assert_eq!(
        release.get(&"spec.values".parse().expect("a path")).map(chartwright_values::to_text).as_deref(),
        Some("db:\n  host: h\n")
    );
    // Half typed, it has what was read last.
    let (state, _) = open(Kept::default());
    let (state, _) = update(state, self::text("a: 2\n"));
    let (state, _) = update(state, self::text("a: 2\nb: [\n"));
    let (_, effects) = update(state, Event::Download(Downloaded::HelmRelease));
    assert_eq!(names(&effects), ["Tell", "Download"]);
}

#[test]
fn names_of_charts_are_no_commands() {
    let name = "shop; rm -rf ~ #\n- x";
    let chart = ChartInfo { name: name.into(), version: "1.10".into(), ..ChartInfo::default() };
    let opened = Opened { chart: Rc::new(chart), archive: Rc::new(vec![1]), ..opened("", None) };
    let (state, _) = start(Input { route: Route::read("m/shop/1.0.0"), host: None });
    let (state, _) = update(state, Event::Opened(Ok(Rc::new(opened)), Box::default()));
    let (state, _) = update(state, Event::Platform(Platformed::Field("namespace", "a b".into())));
    // A link brings a release's name, too.
    let (state, _) = update(state, Event::Platform(Platformed::Field("release", "--x; rm -rf ~".into())));
    let Some(opened) = state.opened.shown() else { panic!("it is open") };
    let commands = [render_command(&state, opened), helm_command(&state, opened), helm_release(&state, opened)];
    insta::assert_snapshot!(commands.join("\n"));
}

#[test]
fn what_is_hidden_or_missing_is_said() {
    let (state, _) = open(Kept::default());
    let (_, effects) = update(state, Event::Copy(Copied::Manifests));
    assert_eq!(names(&effects), ["Tell"]);
    let (state, _) = open(Kept::default());
    let (state, _) = update(state, came(1, &[("a", None, "auth: REDACTED\n")]));
    let (state, effects) = update(state, Event::Download(Downloaded::Manifests));
    assert_eq!(names(&effects), ["Download", "Tell"]);
    // In base64, beginning at any byte of three; the file itself says so.
    for hidden in ["UkVEQUNURUQ=", "eFJFREFDVEVE", "eHhSRURBQ1RFRA=="] {
        let (state, _) = open(Kept::default());
        let (state, _) = update(state, came(1, &[("a", None, &format!("auth: {hidden}\n"))]));
        let (_, effects) = update(state, Event::Download(Downloaded::Manifests));
        let [Effect::Download(_, _, bytes), Effect::Tell(_)] = &effects[..] else { panic!("{hidden}: {effects:?}") };
        assert!(bytes.starts_with(b"# The platform's token is hidden"), "{hidden}");
    }
    let (state, _) = update(state, text("password: hunter2\n"));
    let (_, effects) = update(state, Event::Copy(Copied::Link));
    assert_eq!(names(&effects), ["CopyLink", "Tell"]);
}

#[test]
fn a_base_that_the_worker_forgot_is_rendered_again_once() {
    let (state, _) = open(Kept { values: Some("a: 2\n".into()), ..Kept::default() });
    let (state, _) = update(state, came(1, &[("a", None, "x: 2\n")]));
    let base = |state: &State| Event::BaseRendered(state.base_asked, Ok(Box::new(rendered(&[("a", None, "x: 1\n")]))));
    let event = base(&state);
    let (state, _) = update(state, event);
    let (state, effects) = update(state, Event::Tab("changes".into()));
    assert_eq!(names(&effects), ["Turn", "Changes"]);
    let gone = || Event::Changes(Err(Trouble::new("it is not kept any more")));
    let (state, effects) = update(state, gone());
    assert_eq!(names(&effects), ["RenderBase"]);
    let event = base(&state);
    let (state, effects) = update(state, event);
    assert_eq!(names(&effects), ["Changes"]);
    let (state, effects) = update(state, gone());
    assert!(effects.is_empty() && state.changes.trouble().is_some());
}

#[test]
fn values_of_another_version_come_with_advice() {
    let old = Rc::new(opened("a: 1\ngone: x\nb: 1\n", None));
    let carried = Carried { version: "0.9.0".into(), old: Some(old), notes: Vec::new() };
    let values = Some("# mine\na: 2\ngone: y\n".to_owned());
    let (state, _) = open(Kept { values, carried: Some(carried), ..Kept::default() });
    let notes = state.carried.as_ref().map(|carried| carried.notes.clone()).unwrap_or_default();
    let said: Vec<String> = notes.iter().map(|note| format!("{} {note}", note.path)).collect();
    assert_eq!(said, ["gone is not known any more"]);
    let (state, effects) = update(state, Event::Edit(Edit::Take(Box::new(notes[0].clone()))));
    assert_eq!(names(&effects), ["Keep", "Render"]);
    assert_eq!(state.values.as_ref().map(|values| values.text().to_string()).as_deref(), Some("# mine\na: 2\n"));
    assert!(state.carried.as_ref().is_some_and(|carried| carried.notes.is_empty()));
    let (kept, effects) = update(state, Event::KeepCarried);
    assert!(kept.carried.is_none() && names(&effects) == ["Keep"]);
}

#[test]
fn values_of_another_version_can_be_left_behind() {
    let carried = Carried { version: "0.9.0".into(), old: None, notes: Vec::new() };
    let (state, _) = open(Kept { values: Some("a: 2\n".into()), carried: Some(carried), ..Kept::default() });
    let (state, effects) = update(state, Event::DropCarried);
    assert!(state.carried.is_none() && names(&effects) == ["Keep", "Render"]);
    assert_eq!(state.values.as_ref().map(|values| values.text().to_string()).as_deref(), Some(""));
}

#[test]
fn what_changed_is_known_and_stepped_through() {
    let (state, _) = open(Kept::default());
    let (state, _) = update(state, came(1, &[("a", None, "1\n"), ("b", None, "2\n"), ("c", None, "3\n")]));
    assert!(state.look.moved.is_empty(), "the first result changes nothing");
    let (state, _) = update(state, text("a: 2\n"));
    let (state, _) =
        update(state, came(2, &[("a", None, "1\n"), ("b", None, "2\nx\n"), ("c", None, "4\n"), ("d", None, "5\n")]));
    assert!(state.look.moved.iter().eq(["b", "c", "d"]));
    // From the chosen one, `b`, to the next; after the last comes the first.
    let (state, effects) = update(state, Event::Moved);
    assert_eq!((state.look.object.as_deref(), state.look.line), (Some("c"), Some(0)));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Reveal(id) if id == "object-2")));
    let (state, _) = update(state, Event::Moved);
    let (state, _) = update(state, Event::Moved);
    assert_eq!((state.look.object.as_deref(), state.look.line), (Some("b"), Some(1)));
    // A render that changes nothing more leaves them; another change replaces them.
    let (state, _) = update(state, text("a: 3\n"));
    let (state, _) =
        update(state, came(3, &[("a", None, "00\n"), ("b", None, "2\nx\n"), ("c", None, "4\n"), ("d", None, "5\n")]));
    assert_eq!(state.look.moved.len(), 1);
}

#[test]
fn many_objects_are_drawn_piece_by_piece() {
    let keys: Vec<String> = (0..2 * DRAWN).map(|n| format!("o{n}")).collect();
    let objects: Vec<(&str, Option<&str>, &str)> = keys.iter().map(|key| (key.as_str(), None, "x: 1\n")).collect();
    let (state, _) = open(Kept::default());
    let (state, _) = update(state, came(1, &objects));
    assert_eq!(state.look.drawn, DRAWN);
    let (state, _) = update(state, Event::Select(format!("o{}", DRAWN + 7), None));
    assert_eq!(state.look.drawn, DRAWN + 8);
    let (state, _) = update(state, Event::More);
    assert_eq!(state.look.drawn, 2 * DRAWN + 8);
}

#[test]
fn an_object_leads_to_its_template_and_back() {
    let (state, _) = start(Input { route: Route::read("m/shop/1.0.0"), host: None });
    let mut module = opened("a: 1\n", None);
    let file = chartwright_protocol::ChartFile { path: "charts/db/templates/a.yaml".into(), ..Default::default() };
    let chart = chartwright_protocol::ChartInfo { files: vec![file], ..(*module.chart).clone() };
    module.chart = Rc::new(chart);
    let (state, _) = update(state, Event::Opened(Ok(Rc::new(module)), Box::default()));
    let (state, _) = update(state, came(1, &[("a", None, "1\n"), ("b", None, "2\n")]));
    let (state, effects) = update(state, Event::Template("b".into()));
    let at = FileAt { path: "charts/db/templates/a.yaml".into(), from: Some("b".into()), ..FileAt::default() };
    assert_eq!((state.look.tab.as_str(), state.look.file.as_ref()), ("chart", Some(&at)));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Focus(id) if id == FILE_HEADING)));
    let (state, effects) = update(state, Event::Select("b".into(), None));
    assert_eq!(names(&effects), ["Focus", "Reveal", "Turn"]);
    assert_eq!(state.look.tab, "manifests");
}

#[test]
fn links_carry_the_platform_without_the_account() {
    let (state, _) = open(Kept::default());
    let field = |name, text: &str| Event::Platform(Platformed::Field(name, text.into()));
    let (state, _) = update(state, field("domain", "shop.example"));
    let (state, _) = update(state, field("username", "me"));
    let (state, _) = update(state, field("token", "hunter2"));
    let (_, effects) = update(state, Event::Copy(Copied::Link));
    let Some(Effect::CopyLink(route)) = effects.into_iter().next() else { panic!("a link") };
    let linked = share::unpack_platform(&route.fragment).unwrap_or_default();
    assert!(linked.contains("shop.example") && !linked.contains("me\n") && !linked.contains("hunter2"), "{linked}");
    let (state, _) = start(Input { route, host: None });
    let kept = PlatformForm { username: "you".into(), ..PlatformForm::default() };
    let opened =
        Event::Opened(Ok(Rc::new(opened("", None))), Box::new(Kept { platform: Some(kept), ..Kept::default() }));
    let (state, effects) = update(state, opened);
    assert_eq!((state.platform.domain.as_str(), state.platform.username.as_str()), ("shop.example", "you"));
    // A reload brings it again, until something was typed.
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Taken(_))));
    let (_, effects) = update(state, text("a: 2\n"));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Taken(route) if route.fragment.is_empty())));
}

#[test]
fn the_platform_of_a_link_is_of_its_module_alone() {
    let link = share::pack_with("a: 2\n", "\n\nlinked.example\n\n\n\n");
    let own = PlatformForm { domain: "own.example".into(), ..PlatformForm::default() };
    let follow = |place: Option<Placement>, fragment: &str| {
        let route = Route { fragment: fragment.to_owned(), ..Route::read("m/shop/1.0.0") };
        let (state, _) = start(Input { route, host: None });
        let kept = Kept { platform: Some(own.clone()), place, ..Kept::default() };
        update(state, Event::Opened(Ok(Rc::new(opened("", None))), Box::new(kept)))
    };
    let place = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::KeepPlace(_, place) => Some(place.clone()),
            _ => None,
        })
    };
    let domain = |place: &Option<Placement>| match place {
        Some(Placement::Link(form)) => form.domain.clone(),
        other => panic!("{other:?}"),
    };
    let field = |name, text: &str| Event::Platform(Platformed::Field(name, text.into()));
    // An edit of a field keeps it for this module, and the address does not bring it again: the values stay in it.
    let (state, _) = follow(None, &link);
    assert_eq!(state.platform.domain, "linked.example");
    let (_, effects) = update(state, field("kubeVersion", "1.33"));
    assert_eq!(domain(&place(&effects)), "linked.example");
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::KeepPlatform(_))));
    let taken = effects.iter().find_map(|effect| match effect {
        Effect::Taken(route) => Some(route.fragment.clone()),
        _ => None,
    });
    assert_eq!(taken, Some(share::pack("a: 2\n")));
    // So does an edit of the values, which drops what the address has.
    let (edited, _) = follow(None, &link);
    let (_, effects) = update(edited, text("a: 3\n"));
    assert_eq!(domain(&place(&effects)), "linked.example");
    // Kept, it is there again; one's own comes back if it is wanted.
    let (again, _) = follow(place(&effects), "");
    assert!(again.platform_of_link && again.platform.domain == "linked.example");
    let (again, effects) = update(again, Event::Platform(Platformed::Own));
    assert_eq!(again.platform.domain, "own.example");
    assert_eq!(place(&effects), Some(Placement::Release { release: String::new(), namespace: String::new() }));
}

#[test]
fn release_and_namespace_are_of_a_module() {
    let (state, _) = open(Kept::default());
    let field = |name, text: &str| Event::Platform(Platformed::Field(name, text.into()));
    let (state, effects) = update(state, field("release", "tiny"));
    assert_eq!(names(&effects), ["KeepPlace", "Render"]);
    let (state, effects) = update(state, field("domain", "own.example"));
    let kept = effects.iter().find_map(|effect| match effect {
        Effect::KeepPlatform(form) => Some((**form).clone()),
        _ => None,
    });
    let kept = kept.unwrap_or_default();
    assert_eq!((kept.domain.as_str(), kept.release.as_str()), ("own.example", ""));
    assert_eq!((state.platform.domain.as_str(), state.platform.release.as_str()), ("own.example", "tiny"));
    // An older page kept them for all.
    let kept = PlatformForm { release: "tiny".into(), ..kept };
    let (state, _) = open(Kept { platform: Some(kept), ..Kept::default() });
    assert_eq!((state.platform.domain.as_str(), state.platform.release.as_str()), ("own.example", ""));
}

#[test]
fn copying_nothing_says_so() {
    let (state, _) = open(Kept::default());
    let (_, effects) = update(state, Event::Copy(Copied::Manifests));
    assert_eq!(names(&effects), ["Tell"]);
}

#[test]
fn what_is_no_value_of_its_field_is_a_problem_and_no_change() {
    let (state, _) = open(Kept { values: Some("a: 4\n".into()), ..Kept::default() });
    let (state, _) = update(state, came(1, &[("a", None, "x: 1\n")]));
    let path: chartwright_values::Path = "a".parse().unwrap();
    let (state, effects) = update(state, Event::Edit(Edit::Hold(path.clone(), "1O".into())));
    assert!(effects.is_empty(), "{effects:?}");
    assert_eq!(problem_count(&state), (1, true));
    let wrong = state.values.as_ref().map(Values::wrong_fields).unwrap_or_default();
    let wrong: Vec<_> = wrong.iter().map(|field| (&*field.path, &*field.what, field.applies.as_deref())).collect();
    assert_eq!(wrong, [("a", "Must be a number", Some("the previous value (4) applies"))]);
    let (state, _) = update(state, Event::Pane("yaml"));
    let (state, _) = update(state, Event::Edit(Edit::Unset(path)));
    assert_eq!(problem_count(&state), (0, false));
}
