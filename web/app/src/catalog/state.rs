//! The catalog's state, and what changes it.

use std::rc::Rc;

use chartwright_catalog::{Catalog, Clear, Deploys, Filter, Finder, Found};
use web_sys::FileList;

use super::opened::OpenedFile;
use crate::load::{Load, Trouble};
use crate::route::{Route, View};
use crate::words;

/// What the address says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    /// What people look for.
    pub filter: Filter,
}

impl Input {
    /// Reads an address.
    pub fn from_route(route: &Route) -> Input {
        let all = |name: &str| route.all(name).map(str::to_owned).collect();
        let filter = Filter {
            query: route.get("q").unwrap_or_default().to_owned(),
            categories: all("category"),
            keywords: all("keyword"),
            deploys: route.all("deploys").filter_map(Deploys::from_word).collect(),
            examples: route.get("examples").is_some(),
        };
        Input { filter }
    }
}

/// The address of a filter.
pub(super) fn route_of(filter: &Filter) -> Route {
    let mut route = Route::to(View::Catalog).with("q", filter.query.clone());
    for category in &filter.categories {
        route = route.and("category", category.clone());
    }
    for keyword in &filter.keywords {
        route = route.and("keyword", keyword.clone());
    }
    for deploys in &filter.deploys {
        route = route.and("deploys", deploys.word());
    }
    if filter.examples { route.and("examples", "yes") } else { route }
}

/// A catalog, ready to be searched.
#[derive(Debug)]
pub struct Ready {
    /// The catalog.
    pub catalog: Rc<Catalog>,
    /// What searches it.
    pub finder: Finder,
    /// Where each module's picture is.
    pub icons: Vec<Option<String>>,
}

impl PartialEq for Ready {
    fn eq(&self, other: &Ready) -> bool {
        Rc::ptr_eq(&self.catalog, &other.catalog)
    }
}

/// The catalog's page.
#[derive(Clone, Debug)]
pub struct State {
    /// What people look for.
    pub filter: Filter,
    /// The catalog.
    pub catalog: Load<Rc<Ready>>,
    /// What was found.
    pub found: Option<Rc<Found>>,
    /// Digests of what is kept on this machine, sorted.
    pub kept: Vec<String>,
    /// How many cards are shown.
    pub shown: usize,
    /// What was opened from files.
    pub opened: Vec<OpenedFile>,
    /// All of that is listed.
    pub all_opened: bool,
}

/// Cards that are shown at once; more come with a button.
const CARDS: usize = 60;

/// What happens on the catalog's page.
#[derive(Clone, Debug)]
pub enum Event {
    /// The catalog came, with the places of its pictures.
    Came(Result<Rc<Catalog>, Trouble>, Vec<Option<String>>),
    /// What is kept on this machine.
    Kept(Vec<String>),
    /// What was opened from files.
    Opened(Vec<OpenedFile>),
    /// All of that is listed.
    AllOpened,
    /// One of them is forgotten.
    Forget(String),
    /// The address changed.
    Turned(Input),
    /// A category is chosen or left.
    Category(String),
    /// A keyword is chosen or left.
    Keyword(String),
    /// A fact is chosen or left.
    Deploys(Deploys),
    /// Examples of errors are shown, or everything else.
    Examples(bool),
    /// A part of the filter is left out.
    Without(Clear),
    /// More cards are shown.
    More,
    /// The catalog is fetched again.
    Retry,
    /// Files were chosen.
    Files(FileList),
}

/// What is to be done outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Fetches the catalog.
    Fetch,
    /// The address follows the filter.
    Turn(Route),
    /// Screen readers are told something.
    Say(String),
    /// A file that was opened is forgotten.
    Forget(String),
    /// Files are opened.
    Open(FileList),
    /// An element gets the focus.
    Focus(&'static str),
}

/// The page as it opens.
pub(super) fn start(input: Input) -> (State, Vec<Effect>) {
    let state = State {
        filter: input.filter,
        catalog: Load::Loading(None),
        found: None,
        kept: Vec::new(),
        shown: CARDS,
        opened: Vec::new(),
        all_opened: false,
    };
    (state, vec![Effect::Fetch])
}

/// What an event does.
pub fn update(mut state: State, event: Event) -> (State, Vec<Effect>) {
    let mut filter = state.filter.clone();
    match event {
        Event::Came(catalog, icons) => {
            let ready = catalog.map(|catalog| Rc::new(Ready { finder: Finder::new(&catalog), catalog, icons }));
            state.catalog = state.catalog.came(ready);
            state.found = find(&state);
            return (state, Vec::new());
        }
        Event::Kept(kept) => {
            state.kept = kept;
            return (state, Vec::new());
        }
        Event::Opened(opened) => {
            state.opened = opened;
            return (state, Vec::new());
        }
        Event::AllOpened => {
            state.all_opened = true;
            // The button goes with what it offered.
            return (state, vec![Effect::Focus("opened-files")]);
        }
        Event::Forget(digest) => {
            let left = state.opened.len() > 1;
            let focus = Effect::Focus(if left { "opened-files" } else { "title" });
            return (state, vec![Effect::Forget(digest), focus]);
        }
        Event::Turned(input) => {
            if input.filter == state.filter {
                return (state, Vec::new());
            }
            state.filter = input.filter;
            state.shown = CARDS;
            state.found = find(&state);
            let count = state.found.as_ref().map_or(0, |found| found.modules.len());
            return (state, vec![Effect::Say(words::count(count, "module"))]);
        }
        Event::More => {
            state.shown += CARDS;
            return (state, Vec::new());
        }
        Event::Retry => {
            state.catalog = state.catalog.again();
            return (state, vec![Effect::Fetch]);
        }
        Event::Files(list) => return (state, vec![Effect::Open(list)]),
        Event::Category(category) => toggle(&mut filter.categories, category),
        Event::Keyword(keyword) => toggle(&mut filter.keywords, keyword),
        Event::Deploys(deploys) => toggle(&mut filter.deploys, deploys),
        Event::Examples(examples) => filter.examples = examples,
        Event::Without(part) => {
            filter = filter.without(&part);
            // The button goes with what it offered.
            let focus = Effect::Focus(if part == Clear::Query { "search" } else { "title" });
            return (state, vec![Effect::Turn(route_of(&filter)), focus]);
        }
    }
    // The address comes back as `Turned`.
    (state, vec![Effect::Turn(route_of(&filter))])
}

fn find(state: &State) -> Option<Rc<Found>> {
    state.catalog.shown().map(|ready| Rc::new(ready.finder.find(&state.filter)))
}

fn toggle<T: PartialEq>(list: &mut Vec<T>, value: T) {
    match list.iter().position(|one| *one == value) {
        Some(at) => drop(list.remove(at)),
        None => list.push(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_the_filter() {
        for address in ["", "?q=shop", "?category=Shop&category=Data&keyword=sql&examples=yes"] {
            let input = Input::from_route(&Route::read(address));
            assert_eq!(route_of(&input.filter).write(), address);
        }
        let deploys: Vec<Deploys> = Deploys::ALL.to_vec();
        let filter = Filter { deploys, ..Filter::default() };
        assert_eq!(Input::from_route(&route_of(&filter)).filter, filter);
    }

    #[test]
    fn choices_change_the_address_and_come_back() {
        let (state, _) = start(Input::default());
        let (state, effects) = update(state, Event::Category("Data".into()));
        assert_eq!(effects, [Effect::Turn(Route::read("?category=Data"))]);
        let (state, _) = update(state, Event::Turned(Input::from_route(&Route::read("?category=Data"))));
        let (_, effects) = update(state, Event::Category("Data".into()));
        assert_eq!(effects, [Effect::Turn(Route::read(""))]);
    }

    #[test]
    fn what_is_cleared_leaves_the_focus_somewhere() {
        let (state, _) = start(Input::from_route(&Route::read("?q=zebra&keyword=sql")));
        let (_, effects) = update(state.clone(), Event::Without(Clear::Query));
        assert_eq!(effects, [Effect::Turn(Route::read("?keyword=sql")), Effect::Focus("search")]);
        let (_, effects) = update(state, Event::Without(Clear::Keyword("sql".into())));
        assert_eq!(effects, [Effect::Turn(Route::read("?q=zebra")), Effect::Focus("title")]);
    }

    #[test]
    fn a_catalog_that_fails_can_be_tried_again() {
        let (state, _) = start(Input::default());
        let (state, _) = update(state, Event::Came(Err(Trouble::new("no")), Vec::new()));
        assert!(state.catalog.trouble().is_some() && state.found.is_none());
        let (state, effects) = update(state, Event::Retry);
        assert!(state.catalog.is_loading() && effects == [Effect::Fetch]);
    }
}
