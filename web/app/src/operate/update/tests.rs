use super::super::rows::join;
use super::*;
use crate::manage::{Capabilities, Deploys, Drift, FileDrift, Head, Preview, Release, Revision, Step, Stored};

fn server(operations: &[&str]) -> Place {
    let operations = operations.iter().map(|name| (*name).to_owned()).collect();
    Place::Here(Rc::new(Capabilities { deploys: Deploys::Git, operations, ..Capabilities::default() }))
}

const ALL: &[&str] = &["createDescriptor", "replaceDescriptor", "deleteDescriptor", "operate", "drift", "listReleases"];

fn shop() -> Id {
    Id::new("web", "shop")
}

fn stored(tag: &str, text: &str) -> Rc<Stored> {
    let metadata =
        Head { namespace: "web".into(), name: "shop".into(), version: "1".into(), generation: 2, ..Head::default() };
    Rc::new(Stored { metadata, text: text.into(), tag: tag.into() })
}

fn release() -> Release {
    Release { namespace: "web".into(), name: "shop".into(), version: "1".into(), installed: true, ..Release::default() }
}

/// The page of a module that is stored and deployed.
fn module() -> State {
    let (state, _) = start(Route::read("operate/web/shop"));
    let (state, effects) = update(state, Event::Placed(server(ALL)));
    assert_eq!(effects, [Effect::One(shop(), true), Effect::Listen(0)]);
    let came = (Some(stored("\"1\"", "metadata: {name: shop, namespace: web}\n")), Some(release()), vec![], vec![]);
    let (state, effects) = update(state, Event::Came(shop(), Ok(came), 100));
    assert_eq!(effects, [Effect::Preview(shop()), Effect::Drift(shop())]);
    let (state, _) = update(state, Event::Previewed(shop(), Ok(Rc::new(Preview::default()))));
    update(state, Event::Drift(shop(), Ok(Rc::new(Drift { same: true, ..Drift::default() })))).0
}

#[test]
fn a_page_without_a_server_shows_the_recording() {
    let (state, effects) = start(Route::read("operate"));
    assert_eq!(effects, [Effect::Title("Operate".into()), Effect::Place]);
    let (state, effects) = update(state, Event::Placed(Place::Nowhere));
    assert_eq!(effects, [Effect::Recording]);
    let (state, _) = update(state, Event::Recorded(Ok(Rc::default())));
    assert!(state.recorded.shown().is_some() && state.server().is_none());
}

#[test]
fn modules_come_and_their_drift_after_them() {
    let (state, _) = start(Route::read("operate?q=x"));
    let (state, effects) = update(state, Event::Placed(server(ALL)));
    assert_eq!(effects, [Effect::Rows(true), Effect::Listen(0)]);
    let head = |name: &str| Head { namespace: "web".into(), name: name.into(), version: "1".into(), ..Head::default() };
    let other = Release { name: "other".into(), ..release() };
    let rows = Rc::new(join(vec![head("new"), head("other"), head("shop")], vec![release(), other]));
    let (state, effects) = update(state, Event::Rows(Ok(rows.clone()), 100));
    // One after the other, and what is not deployed has none.
    assert_eq!(effects, [Effect::CountDrift(Id::new("web", "other"))]);
    // The list comes again meanwhile: nothing is asked twice at once.
    let (state, effects) = update(state, Event::Rows(Ok(rows), 101));
    assert_eq!(effects, []);
    let (state, effects) = update(state, Event::Drifted(Id::new("web", "other"), Some(2)));
    assert_eq!((effects, state.drifts.len()), (vec![Effect::CountDrift(shop())], 1));
    let (state, effects) = update(state, Event::Drifted(shop(), None));
    assert_eq!((effects, state.drifts.len()), (vec![], 1));
    // What could not be found out is asked again, and what is known only where it has changed.
    let rows = state.rows.shown().cloned().unwrap();
    let (_, effects) = update(state.clone(), Event::Rows(Ok(rows), 102));
    assert_eq!(effects, [Effect::CountDrift(shop())]);
    assert_eq!(update(state, Event::Search("a b".into())).1, [Effect::Turn(vec![("q", "a b".into())])]);
}

#[test]
fn a_server_that_goes_comes_back() {
    let (state, _) = start(Route::read("operate"));
    let (state, _) = update(state, Event::Placed(server(ALL)));
    let (state, _) = update(state, Event::Heard(Heard::Open));
    let mut waits = Vec::new();
    let mut state = state;
    for _ in 0..6 {
        let (next, effects) = update(state, Event::Heard(Heard::Lost));
        state = next;
        waits.extend(effects);
    }
    let waits: Vec<u32> =
        waits.iter().map(|effect| if let Effect::Listen(wait) = effect { *wait } else { 0 }).collect();
    assert_eq!(waits, [1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    assert_eq!(state.live, Live::Lost);
    let (state, effects) = update(state, Event::Heard(Heard::Open));
    assert_eq!(effects, [Effect::Say("The server is back".into()), Effect::Rows(true)]);
    assert_eq!((state.live, state.attempts), (Live::Yes, 0));
    // Many changes at once are read once more, and not each by itself.
    let (state, effects) = update(state, Event::Heard(Heard::Changed));
    assert_eq!(effects, []);
    let (state, effects) = update(state, Event::Rows(Ok(Rc::default()), 1));
    assert_eq!(effects, [Effect::Rows(true)]);
    let (state, effects) = update(state, Event::Rows(Ok(Rc::default()), 2));
    assert_eq!(effects, []);
    assert_eq!(update(state, Event::Heard(Heard::Changed)).1, [Effect::Rows(true)]);
}

#[test]
fn a_token_is_asked_for_and_used() {
    let (state, _) = start(Route::read("operate"));
    let (state, effects) = update(state, Event::Placed(Place::Locked { wrong: false }));
    assert_eq!(effects, [Effect::Focus("token")]);
    let (state, _) = update(state, Event::Typed("secret".into()));
    let (state, effects) = update(state, Event::Unlock);
    assert_eq!(effects, [Effect::Token("secret".into()), Effect::Place]);
    // It is not even in the state any more.
    assert_eq!(state.token, "");
    let (state, _) = update(state, Event::Placed(server(&[])));
    let (state, effects) = update(state, Event::Rows(Err(Refusal::of(401, b"")), 1));
    assert_eq!(effects, [Effect::Focus("token")]);
    assert_eq!(state.place, Load::Ready(Place::Locked { wrong: true }));
}

#[test]
fn values_are_written_and_reviewed() {
    let (state, _) = update(module(), Event::Values("front: {replicas: 2}\n".into()));
    let (state, _) = update(state, Event::Review);
    let Some(Dialog::Deploy(text)) = &state.dialog else { panic!("{:?}", state.dialog) };
    assert_eq!(crate::manage::own_values(text), "front:\n  replicas: 2\n");
    // Without a store, what was written stays; a change of somebody else does not take it away.
    let (state, _) = update(state, Event::Closed(false));
    let came = (Some(stored("\"2\"", "metadata: {name: shop}\n")), Some(release()), Vec::<Revision>::new(), vec![]);
    let (state, effects) = update(state, Event::Came(shop(), Ok(came), 101));
    assert_eq!(effects, [Effect::Preview(shop()), Effect::Drift(shop())]);
    assert_eq!(state.one.values.as_deref(), Some("front: {replicas: 2}\n"));
    let (state, effects) = update(update(state, Event::Values("a: [".into())).0, Event::Review);
    assert!(state.dialog.is_none() && matches!(&effects[..], [Effect::Tell(_)]));
    let (state, _) = update(state, Event::Closed(true));
    assert_eq!(state.one.values, None);
}

#[test]
fn actions_are_asked_for_first() {
    let suspend = Action::Operate(Operation::Suspend);
    let (state, effects) = update(module(), Event::Ask(suspend.clone()));
    assert_eq!(effects, [Effect::Focus(GO)]);
    let (state, effects) = update(state, Event::Confirm);
    assert_eq!(effects, [Effect::Act(shop(), suspend, None)]);
    assert_eq!(update(state.clone(), Event::Confirm).1, []);
    let (state, _) = update(state, Event::Step(Step { doing: "pushing".into(), what: "main".into() }));
    let (state, _) = update(state, Event::Done(Err(Refusal::of(409, b""))));
    assert!(matches!(&state.dialog, Some(Dialog::Act { progress: Progress::Refused(_), .. })));
    let (state, _) = update(state, Event::Confirm);
    let (state, effects) = update(state, Event::Done(Ok(())));
    assert_eq!(effects, [Effect::Tell("shop is suspended".into()), Effect::Focus("title"), Effect::One(shop(), true)]);
    assert_eq!(state.dialog, None);
}

#[test]
fn an_uninstallation_may_take_the_descriptor_along() {
    let uninstall = Action::Operate(Operation::Uninstall);
    let (state, _) = update(module(), Event::Ask(uninstall.clone()));
    let (kept, effects) = update(state.clone(), Event::Confirm);
    assert_eq!(effects, [Effect::Act(shop(), uninstall.clone(), None)]);
    assert!(update(kept, Event::Done(Ok(()))).1.contains(&Effect::One(shop(), true)));
    let (state, _) = update(state, Event::AlsoDelete(true));
    let (state, effects) = update(state, Event::Confirm);
    assert_eq!(effects, [Effect::Act(shop(), uninstall, Some("\"1\"".into()))]);
    assert!(update(state, Event::Done(Ok(()))).1.contains(&Effect::Go(Route::to(View::Operate))));
}

#[test]
fn answers_for_another_module_are_not_shown() {
    let (state, effects) = update(module(), Event::Turned(Route::read("operate/web/other")));
    let other = Id::new("web", "other");
    assert_eq!(effects, [Effect::Title("other".into()), Effect::One(other, true)]);
    let drift = Drift { files: vec![FileDrift::default()], ..Drift::default() };
    let (state, _) = update(state, Event::Drift(shop(), Ok(Rc::new(drift))));
    assert_eq!(state.one.drift, Load::Idle);
}
