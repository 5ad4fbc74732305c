//! The operator's state, and what changes it.

use std::rc::Rc;

use super::data::{Health, Module, Operations};
use crate::load::{Load, Trouble};
use crate::route::{Route, View};

/// The operator's page.
#[derive(Clone, Debug)]
pub struct State {
    /// The address: its query is the filter.
    pub route: Route,
    /// What runs.
    pub operations: Load<Rc<Operations>>,
}

/// What happens here.
#[derive(Clone, Debug)]
pub enum Event {
    /// The address changed.
    Turned(Route),
    /// What runs came.
    Came(Result<Rc<Operations>, Trouble>),
    /// A state is chosen; `None`: all.
    Health(Option<Health>),
    /// A namespace is chosen; empty: all.
    Namespace(String),
    /// It is fetched again.
    Retry,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Fetches what runs.
    Fetch,
    /// The address follows the filter.
    Turn(Vec<(&'static str, String)>),
    /// The page has a title.
    Title(String),
}

/// The page as it opens.
pub(super) fn start(route: Route) -> (State, Vec<Effect>) {
    let title = Effect::Title(title(&route));
    (State { route, operations: Load::Loading(None) }, vec![title, Effect::Fetch])
}

fn title(route: &Route) -> String {
    match &route.view {
        View::Operated { name, .. } => name.clone(),
        _ => "Operate".to_owned(),
    }
}

/// What an event does.
pub fn update(mut state: State, event: Event) -> (State, Vec<Effect>) {
    let effects = match event {
        Event::Turned(route) => {
            let title = (!route.same_place(&state.route)).then(|| Effect::Title(title(&route)));
            state.route = route;
            title.into_iter().collect()
        }
        Event::Came(result) => {
            state.operations = state.operations.came(result);
            Vec::new()
        }
        Event::Health(health) => {
            vec![Effect::Turn(vec![("state", health.map(|health| health.word().to_owned()).unwrap_or_default())])]
        }
        Event::Namespace(namespace) => vec![Effect::Turn(vec![("namespace", namespace)])],
        Event::Retry => {
            state.operations = state.operations.again();
            vec![Effect::Fetch]
        }
    };
    (state, effects)
}

/// The modules that the filter leaves, the worst first.
pub(super) fn shown<'o>(operations: &'o Operations, route: &Route) -> Vec<&'o Module> {
    let fits = |module: &&Module| {
        route.get("state").is_none_or(|state| module.health.word() == state)
            && route.get("namespace").is_none_or(|namespace| module.namespace == namespace)
    };
    let mut modules: Vec<&Module> = operations.modules.iter().filter(fits).collect();
    modules
        .sort_by_key(|module| (Health::ALL.iter().position(|health| *health == module.health), module.name.as_str()));
    modules
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_comes_first() {
        let module =
            |name: &str, health| Module { name: name.into(), health, namespace: name[..1].into(), ..Module::default() };
        let operations = Operations {
            modules: vec![module("a", Health::Ready), module("b", Health::Failed), module("c", Health::Ready)],
            ..Operations::default()
        };
        let names = |address: &str| -> String {
            shown(&operations, &Route::read(address)).iter().map(|module| module.name.as_str()).collect()
        };
        assert_eq!([names("operate"), names("operate?state=ready"), names("operate?namespace=c")], ["bac", "ac", "c"]);
    }
}
