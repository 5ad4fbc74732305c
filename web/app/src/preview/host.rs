//! A preview that is an element of another page: what that page says, and what it is told.

use super::state::{Effect, Host, State, Told};
use super::update::problem_count;
use crate::form::Edit;
use crate::load::Trouble;

/// The host says something. Answers whether the override is another one now.
pub(super) fn says(state: &mut State, host: Option<Host>) -> bool {
    let old = std::mem::replace(&mut state.host, host);
    let Some(given) = state.host.as_ref().map(|host| host.values.as_str()) else { return false };
    // A host that repeats what it was told, or changes something else, does not take back what was typed meanwhile.
    if old.is_some_and(|old| old.values == given) {
        return false;
    }
    match &mut state.values {
        Some(values) if *values.text() != *given => values.edit(Edit::Replace(given.to_owned())),
        _ => false,
    }
}

/// A person has changed the values.
pub(super) fn edited(state: &State, effects: &mut Vec<Effect>) {
    if let (Some(_), Some(values)) = (&state.host, &state.values) {
        effects.push(Effect::Told(Told::Values(values.text().to_string())));
    }
}

/// An answer of the engine is in the state.
pub(super) fn rendered(state: &State, effects: &mut Vec<Effect>) {
    if state.host.is_none() {
        return;
    }
    effects.extend(match (state.result.trouble(), state.result.shown()) {
        (Some(trouble), _) => Some(Effect::Told(Told::Failed(trouble.what.clone()))),
        (None, Some(result)) => {
            let (problems, _) = problem_count(state);
            Some(Effect::Told(Told::Rendered { objects: result.objects.len(), problems }))
        }
        (None, None) => None,
    });
}

/// Something went wrong before the engine was asked.
pub(super) fn failed(state: &State, trouble: &Trouble, effects: &mut Vec<Effect>) {
    if state.host.is_some() {
        effects.push(Effect::Told(Told::Failed(trouble.what.clone())));
    }
}

/// A person wants it installed.
pub(super) fn install(state: &State, effects: &mut Vec<Effect>) {
    let (Some(opened), Some(values)) = (state.opened.shown(), &state.values) else { return };
    let chart = opened.module.as_ref().map_or(&opened.chart.name, |module| &module.id).clone();
    let install = Told::Install { chart, version: opened.version.clone(), values: values.text().to_string() };
    effects.push(Effect::Told(install));
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::super::outcome::tests::rendered;
    use super::super::state::{Event, Input, Kept};
    use super::super::update::{start, update};
    use super::super::values::tests::opened;
    use super::*;
    use crate::route::Route;

    fn input(values: &str) -> Input {
        let host = Host { values: values.to_owned(), installs: true };
        Input { route: Route::read("m/shop/1.0.0"), host: Some(host) }
    }

    fn told(effects: &[Effect]) -> Vec<&Told> {
        fn one(effect: &Effect) -> Option<&Told> {
            match effect {
                Effect::Told(told) => Some(told),
                _ => None,
            }
        }
        effects.iter().filter_map(one).collect()
    }

    fn text(state: &State) -> String {
        state.values.as_ref().map(|values| values.text().to_string()).unwrap_or_default()
    }

    /// An element whose module has just been opened.
    fn element() -> (State, Vec<Effect>) {
        let (state, _) = start(input("a: 2\n"));
        update(state, Event::Opened(Ok(Rc::new(opened("a: 1\n", None))), Box::default()))
    }

    #[test]
    fn hosts_give_values_and_are_told_of_those_that_people_make() {
        let (state, effects) = element();
        assert_eq!((text(&state).as_str(), told(&effects).len()), ("a: 2\n", 0));
        let (state, effects) = update(state, Event::Edit(Edit::Text("a: 3\n".into())));
        assert_eq!(told(&effects), [&Told::Values("a: 3\n".into())]);
        // The same attribute once more changes nothing; another one does, and is no news to the host.
        let (state, effects) = update(state, Event::Turned(input("a: 2\n")));
        assert_eq!((text(&state).as_str(), effects.len()), ("a: 3\n", 0));
        let (state, effects) = update(state, Event::Turned(input("a: 4\n")));
        assert_eq!((text(&state).as_str(), told(&effects).len(), effects.len()), ("a: 4\n", 0, 1));
        let (_, effects) = update(state, Event::Install);
        let install = Told::Install { chart: "shop".into(), version: "1.0.0".into(), values: "a: 4\n".into() };
        assert_eq!(told(&effects), [&install]);
    }

    #[test]
    fn hosts_are_told_of_results_and_failures() {
        let (state, _) = element();
        let made = rendered(&[("a", None, "x: 1\n"), ("b", None, "y: 1\n")]);
        let (state, effects) = update(state, Event::Rendered(1, Ok(Box::new(made)), 20.0));
        assert_eq!(told(&effects), [&Told::Rendered { objects: 2, problems: 0 }]);
        let (state, effects) = update(state, Event::Edit(Edit::Text("a: [".into())));
        assert!(matches!(told(&effects)[..], [Told::Values(_), Told::Failed(_)]), "{effects:?}");
        let (_, effects) = update(state, Event::Edit(Edit::Text("a: 5\n".into())));
        assert_eq!(told(&effects).len(), 1);
    }

    #[test]
    fn a_page_of_its_own_tells_nobody() {
        let (state, _) = start(Input { host: None, ..input("") });
        let (state, effects) =
            update(state, Event::Opened(Ok(Rc::new(opened("a: 1\n", None))), Box::<Kept>::default()));
        assert_eq!(told(&effects).len(), 0);
        let (_, effects) = update(state, Event::Edit(Edit::Text("a: [".into())));
        assert_eq!(told(&effects).len(), 0);
    }
}
