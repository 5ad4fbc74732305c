//! The shell's state, and what changes it.

use std::rc::Rc;

use chartwright_kit::Toast;
use yew::Callback;

use crate::chunk::{Chunk, Part};
use crate::load::{Load, Trouble};
use crate::parts::sentence;
use crate::route::{Route, View};

/// How the page is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system is.
    #[default]
    System,
    /// Dark text on light ground.
    Light,
    /// Light text on dark ground.
    Dark,
}

impl Theme {
    /// The word in storage, and in the root's `data-theme`.
    pub fn word(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The theme of a word; that of the system where it is not known.
    pub fn from_word(word: &str) -> Theme {
        [Theme::Light, Theme::Dark].into_iter().find(|theme| theme.word() == word).unwrap_or_default()
    }

    /// The next one, as the button goes through them.
    #[must_use]
    pub fn next(self) -> Theme {
        match self {
            Theme::System => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::System,
        }
    }
}

/// What the button of a message does.
#[derive(Clone, Debug, PartialEq)]
pub enum Toasted {
    /// Nothing: there is no button.
    Nothing,
    /// The new version of the page takes over.
    Update,
    /// Something is done with what is open: the message goes when that is left.
    Here(Callback<()>),
    /// A file is offered; the message is the only place that has it, and stays until it is used or put away.
    Save(String, Rc<Vec<u8>>),
}

/// Most messages that are shown at once.
const TOASTS: usize = 3;

/// The keys of buttons on pages.
pub const PAGE_KEYS: [&str; 13] = ["[", "]", "b", "c", "d", "e", "f", "m", "n", "p", "r", "s", "y"];

/// The shell.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Where the page is.
    pub route: Route,
    /// The catalog's part of the page.
    pub catalog: Load<&'static Chunk>,
    /// The part of the page with all other views.
    pub views: Load<&'static Chunk>,
    /// The part of the page with the operator's views.
    pub operate: Load<&'static Chunk>,
    /// How it is coloured.
    pub theme: Theme,
    /// Messages, and what their buttons do.
    pub toasts: Vec<(Toast, Toasted)>,
    /// What screen readers are told.
    pub said: String,
    /// Whether there is a network.
    pub online: bool,
    /// Whether the page itself is kept on this machine.
    pub offline_ready: bool,
    /// Whether the list of shortcuts is open.
    pub shortcuts: bool,
    /// Whether a file hovers over the page.
    pub dropping: bool,
    /// `g` was pressed, and the next key says where to go.
    pub going: bool,
    /// A view was opened that is not there yet: its heading gets the focus when it comes.
    unfocused: bool,
    next_toast: u32,
}

impl State {
    /// The shell as it starts at an address.
    pub fn start(route: Route, theme: Theme, online: bool) -> (State, Vec<Effect>) {
        let mut state = State::new(route, theme, online);
        let effects = fetch(&mut state).into_iter().collect();
        (state, effects)
    }

    /// The part of the page that draws the view; `None` for what the shell draws.
    pub(super) fn part(&self) -> Option<Part> {
        match self.route.view {
            View::Unknown(_) => None,
            View::Catalog => Some(Part::Catalog),
            View::Operate | View::Operated { .. } | View::Sources => Some(Part::Operate),
            _ => Some(Part::Views),
        }
    }

    fn load(&mut self, part: Part) -> &mut Load<&'static Chunk> {
        match part {
            Part::Catalog => &mut self.catalog,
            Part::Views => &mut self.views,
            Part::Operate => &mut self.operate,
        }
    }

    /// What the view is drawn with, if it is not the shell.
    pub(super) fn chunk(&self) -> Option<&Load<&'static Chunk>> {
        self.part().map(|part| match part {
            Part::Catalog => &self.catalog,
            Part::Views => &self.views,
            Part::Operate => &self.operate,
        })
    }

    /// Whether the part of the page that draws the view is not there yet.
    fn waits(&self) -> bool {
        self.chunk().is_some_and(|chunk| chunk.shown().is_none())
    }

    fn new(route: Route, theme: Theme, online: bool) -> State {
        State {
            route,
            catalog: Load::Idle,
            views: Load::Idle,
            operate: Load::Idle,
            theme,
            toasts: Vec::new(),
            said: String::new(),
            online,
            offline_ready: false,
            shortcuts: false,
            dropping: false,
            going: false,
            unfocused: false,
            next_toast: 0,
        }
    }
}

/// What happens to the shell.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The browser is at another address.
    Went(Route),
    /// A part of the page came, or did not.
    Came(Part, Result<&'static Chunk, Trouble>),
    /// It is fetched again.
    Retry,
    /// An address is to be opened.
    Go(Route),
    /// The address of what is shown changed: nothing is opened.
    Turned(Route),
    /// Part of the address changed: values in the query.
    Turn(Vec<(&'static str, String)>),
    /// The page has a title.
    Title(String),
    /// The theme button was pressed.
    NextTheme,
    /// Screen readers are told something.
    Say(String),
    /// A message is shown.
    Tell {
        /// What it says.
        text: String,
        /// Whether something went wrong.
        alarm: bool,
        /// The label of its button.
        action: Option<&'static str>,
        /// What the button does.
        then: Toasted,
    },
    /// Files are opened: what was wrong with earlier ones is of no interest any more.
    Opening,
    /// A message is put away.
    CloseToast(u32),
    /// The button of a message was pressed.
    ActToast(u32),
    /// The list of shortcuts opens or closes.
    Shortcuts(bool),
    /// A key was pressed outside of fields.
    Key(String),
    /// The network came or went.
    Online(bool),
    /// The page is kept on this machine.
    OfflineReady,
    /// A new version of the page waits.
    UpdateReady,
    /// A file hovers over the page, or left it.
    Dropping(bool),
    /// The search field changed.
    Search(String),
    /// From the search field to what was found: to the first of it, or into it.
    Found {
        /// It is opened at once.
        open: bool,
    },
    /// What the host of an element is told; nobody hosts the page.
    Told(crate::preview::Told),
}

impl Event {
    /// A message.
    pub fn tell(text: impl Into<String>) -> Event {
        Event::Tell { text: text.into(), alarm: false, action: None, then: Toasted::Nothing }
    }

    /// A message that something went wrong, with the way out.
    pub fn alarm(trouble: &Trouble) -> Event {
        let mut text = sentence(&trouble.what);
        if !trouble.way_out.is_empty() {
            text.push(' ');
            text.push_str(&sentence(&trouble.way_out));
        }
        Event::Tell { text, alarm: true, action: None, then: Toasted::Nothing }
    }
}

/// What the shell does outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Fetches a part of the page.
    Fetch(Part),
    /// A new entry of the history.
    Push(Route),
    /// Another address for this entry of the history.
    Replace(Route),
    /// The document's title.
    Title(String),
    /// The heading gets the focus, and the page starts at its top.
    FocusHeading,
    /// The root element gets a theme, and it is kept.
    Theme(Theme),
    /// The first thing that was found gets the focus, or is opened.
    Found {
        /// It is opened.
        open: bool,
        /// For what: what is shown may still be what was found for an earlier text.
        query: String,
    },
    /// The waiting service worker takes over.
    Update,
    /// A file is offered.
    Save(String, Rc<Vec<u8>>),
    /// What a message offered is done.
    Call(Callback<()>),
    /// A key goes to the page.
    PageKey(&'static str),
}

/// What an event does.
pub fn update(mut state: State, event: Event) -> (State, Vec<Effect>) {
    let mut effects = Vec::new();
    match event {
        Event::Went(route) => went(&mut state, route, &mut effects),
        Event::Came(part, chunk) => {
            let load = state.load(part);
            *load = std::mem::take(load).came(chunk);
            if !state.waits() && std::mem::take(&mut state.unfocused) {
                effects.push(Effect::FocusHeading);
            }
        }
        Event::Retry => effects.extend(fetch(&mut state)),
        Event::Go(route) => {
            if route != state.route {
                effects.push(Effect::Push(route.clone()));
            }
            went(&mut state, route, &mut effects);
        }
        Event::Turned(route) => {
            if route != state.route {
                state.route = route.clone();
                effects.push(Effect::Replace(route));
            }
        }
        Event::Turn(pairs) => {
            let mut route = state.route.clone();
            for (name, value) in pairs {
                route = route.with(name, value);
            }
            return update(state, Event::Turned(route));
        }
        Event::Title(title) => {
            effects.push(Effect::Title(titled(&title)));
        }
        Event::NextTheme => {
            state.theme = state.theme.next();
            state.said = format!("Theme: {}", state.theme.word());
            effects.push(Effect::Theme(state.theme));
        }
        Event::Say(text) => state.said = text,
        Event::Tell { text, alarm, action, then } => {
            state.next_toast += 1;
            let toast = Toast { id: state.next_toast, text: text.into(), alarm, action: action.map(Into::into) };
            // Of those that only inform, the newest counts.
            state.toasts.retain(|(old, _)| old.text != toast.text && !(old.passes() && toast.passes()));
            state.toasts.push((toast, then));
            let goes = |then: &Toasted| !matches!(then, Toasted::Save(..));
            let mut many = state.toasts.iter().filter(|(_, then)| goes(then)).count().saturating_sub(TOASTS);
            state.toasts.retain(|(_, then)| {
                let stays = many == 0 || !goes(then);
                many -= usize::from(!stays);
                stays
            });
        }
        Event::Opening => state.toasts.retain(|(toast, then)| !toast.alarm || *then != Toasted::Nothing),
        Event::CloseToast(id) => state.toasts.retain(|(toast, _)| toast.id != id),
        Event::ActToast(id) => {
            let at = state.toasts.iter().position(|(toast, _)| toast.id == id);
            match at.map(|at| state.toasts.remove(at).1) {
                Some(Toasted::Update) => effects.push(Effect::Update),
                Some(Toasted::Save(name, bytes)) => effects.push(Effect::Save(name, bytes)),
                Some(Toasted::Here(then)) => effects.push(Effect::Call(then)),
                Some(Toasted::Nothing) | None => {}
            }
        }
        Event::Shortcuts(open) => state.shortcuts = open,
        Event::Key(key) => return pressed(state, &key),
        Event::Online(online) => state.online = online,
        Event::OfflineReady => state.offline_ready = true,
        Event::UpdateReady => {
            let text = "A new version of this page is ready".to_owned();
            return update(state, Event::Tell { text, alarm: false, action: Some("Reload"), then: Toasted::Update });
        }
        Event::Found { open } => {
            // Without a question, everything is found, and none of it was meant.
            let query = state.route.get("q").unwrap_or_default();
            if state.route.view == View::Catalog && (!open || !query.is_empty()) {
                effects.push(Effect::Found { open, query: query.to_owned() });
            }
        }
        Event::Told(_) => {}
        Event::Dropping(dropping) => state.dropping = dropping,
        Event::Search(query) => {
            let at_catalog = state.route.view == View::Catalog;
            let route = if at_catalog { state.route.clone() } else { Route::to(View::Catalog) };
            let route = route.with("q", query);
            if at_catalog {
                return update(state, Event::Turned(route));
            }
            // The focus stays in the search field.
            state.route = route.clone();
            effects.push(Effect::Push(route));
            effects.extend(fetch(&mut state));
        }
    }
    (state, effects)
}

/// The document's title for that of a page.
fn titled(title: &str) -> String {
    if title.is_empty() { "Chartwright".into() } else { format!("{title} · Chartwright") }
}

fn went(state: &mut State, route: Route, effects: &mut Vec<Effect>) {
    let moved = !state.route.same_place(&route);
    state.route = route;
    state.going = false;
    state.shortcuts = false;
    effects.extend(fetch(state));
    if moved {
        state.toasts.retain(|(_, then)| !matches!(then, Toasted::Here(_)));
        if let View::Unknown(_) = state.route.view {
            effects.push(Effect::Title(titled("No page has this address")));
        }
        state.unfocused = state.waits();
        effects.push(Effect::FocusHeading);
    }
}

/// Fetches what the view needs, unless it is there or on its way.
fn fetch(state: &mut State) -> Option<Effect> {
    let part = state.part()?;
    let load = state.load(part);
    let wanted = load.shown().is_none() && !load.is_loading();
    wanted.then(|| {
        *load = Load::Loading(None);
        Effect::Fetch(part)
    })
}

/// Shortcuts: those of the shell, and those that go to the page.
fn pressed(mut state: State, key: &str) -> (State, Vec<Effect>) {
    if std::mem::take(&mut state.going) {
        let view = match key {
            "c" => View::Catalog,
            "d" => View::Develop,
            "o" => View::Operate,
            "a" => View::About,
            _ => return (state, Vec::new()),
        };
        return update(state, Event::Go(Route::to(view)));
    }
    let page = PAGE_KEYS.into_iter().find(|known| *known == key);
    let effects = match key {
        "g" => {
            state.going = true;
            Vec::new()
        }
        "?" => {
            state.shortcuts = !state.shortcuts;
            Vec::new()
        }
        // The field has the focus by now.
        "/" => Vec::new(),
        "t" => return update(state, Event::NextTheme),
        _ => page.map(Effect::PageKey).into_iter().collect(),
    };
    (state, effects)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(address: &str) -> State {
        State::new(Route::read(address), Theme::System, true)
    }

    fn all(state: State, events: impl IntoIterator<Item = Event>) -> (State, Vec<Effect>) {
        let mut effects = Vec::new();
        let state = events.into_iter().fold(state, |state, event| {
            let (state, more) = update(state, event);
            effects.extend(more);
            state
        });
        (state, effects)
    }

    /// The same without what is fetched for it.
    fn moved(state: State, events: impl IntoIterator<Item = Event>) -> (State, Vec<Effect>) {
        let (state, mut effects) = all(state, events);
        effects.retain(|effect| !matches!(effect, Effect::Fetch(_)));
        (state, effects)
    }

    #[test]
    fn opening_an_address_moves_the_focus_once() {
        let to = Route::read("m/shop/1.0.0");
        let (state, effects) = moved(shell(""), [Event::Go(to.clone())]);
        assert_eq!(effects, [Effect::Push(to.clone()), Effect::FocusHeading]);
        let (_, effects) = all(state, [Event::Turn(vec![("tab", "notes".into())])]);
        assert_eq!(effects, [Effect::Replace(to.with("tab", "notes"))]);
    }

    #[test]
    fn parts_are_fetched_once_and_again_if_that_fails() {
        let (state, effects) = State::start(Route::read(""), Theme::System, true);
        assert_eq!(effects, [Effect::Fetch(Part::Catalog)]);
        let (state, effects) = all(state, [Event::Go(Route::read("develop")), Event::Went(Route::read("about"))]);
        assert_eq!(effects.iter().filter(|effect| **effect == Effect::Fetch(Part::Views)).count(), 1);
        let (state, effects) = update(state, Event::Came(Part::Views, Err(Trouble::new("no network"))));
        assert!(state.waits() && effects.is_empty());
        let (state, effects) = update(state, Event::Retry);
        assert!(state.views.is_loading() && effects == [Effect::Fetch(Part::Views)]);
        let (_, effects) = State::start(Route::read("no/such/page"), Theme::System, true);
        assert_eq!(effects, []);
    }

    #[test]
    fn searching_from_anywhere_leads_to_the_catalog() {
        let (state, effects) = moved(shell("develop"), [Event::Search("s".into()), Event::Search("sh".into())]);
        assert_eq!(state.route.write(), "?q=sh");
        assert_eq!(effects, [Effect::Push(Route::read("?q=s")), Effect::Replace(Route::read("?q=sh"))]);
    }

    #[test]
    fn keys_go_where_they_say() {
        let key = |key: &str| Event::Key(key.to_owned());
        let (state, effects) = moved(shell("m/shop"), [key("g"), key("c")]);
        assert_eq!(state.route.view, View::Catalog);
        assert_eq!(effects.len(), 2);
        let (state, effects) = moved(shell("m/shop"), [key("g"), key("x"), key("]"), key("?")]);
        assert!(state.shortcuts && !state.going);
        assert_eq!(effects, [Effect::PageKey("]")]);
    }

    #[test]
    fn messages_are_few_and_act_once() {
        let tell = |n: u32| Event::tell(n.to_string());
        let texts = |state: &State| state.toasts.iter().map(|(toast, _)| toast.text.to_string()).collect::<Vec<_>>();
        let (state, _) = all(shell(""), (0..9).map(tell));
        assert_eq!(texts(&state), ["8"], "of those that only inform, the newest");
        let (state, _) = all(state, (0..9).map(|n| Event::alarm(&Trouble::new(format!("wrong {n}")))));
        assert_eq!(texts(&state), ["Wrong 6.", "Wrong 7.", "Wrong 8."]);
        let (state, _) = all(state, [Event::UpdateReady, Event::UpdateReady]);
        let id = state.toasts.last().map(|(toast, _)| toast.id).unwrap_or_default();
        let (state, effects) = all(state, [Event::ActToast(id), Event::ActToast(id)]);
        assert_eq!(effects, [Effect::Update]);
        assert_eq!(state.toasts.len(), 2);
        let bytes = Rc::new(b"kind: Secret".to_vec());
        let then = Toasted::Save("secrets.yaml".into(), bytes.clone());
        let (state, _) =
            update(state, Event::Tell { text: "Save it".into(), alarm: false, action: Some("Save"), then });
        let id = state.toasts.last().map(|(toast, _)| toast.id).unwrap_or_default();
        // Nothing pushes out the only copy of something.
        let (state, _) = all(state, (0..9).map(|n| Event::alarm(&Trouble::new(format!("wrong {n}")))));
        assert_eq!(state.toasts.len(), 4);
        let (state, _) = update(state, Event::Opening);
        assert_eq!(texts(&state), ["Save it"], "what was wrong with earlier files goes");
        let (_, effects) = update(state, Event::ActToast(id));
        assert_eq!(effects, [Effect::Save("secrets.yaml".into(), bytes)]);
    }

    #[test]
    fn what_is_offered_for_a_view_goes_with_it() {
        let offer = || Event::Tell {
            text: "values.yaml can be the values of this module".into(),
            alarm: false,
            action: Some("Use as values"),
            then: Toasted::Here(Callback::noop()),
        };
        let (state, _) = all(shell("m/shop/1.0.0"), [offer(), Event::Turn(vec![("tab", "notes".into())])]);
        assert_eq!(state.toasts.len(), 1);
        let (state, effects) = all(state, [Event::Go(Route::read("m/wiki/1.0.0"))]);
        assert!(state.toasts.is_empty() && effects.contains(&Effect::FocusHeading));
        let (_, effects) = all(state, [Event::Go(Route::read("no/such/page"))]);
        assert!(effects.contains(&Effect::Title("No page has this address · Chartwright".into())));
    }

    #[test]
    fn enter_opens_what_was_found_for_the_text_in_the_field() {
        let (state, _) = all(shell(""), [Event::Search("shop".into())]);
        let (_, effects) = update(state, Event::Found { open: true });
        assert_eq!(effects, [Effect::Found { open: true, query: "shop".into() }]);
        assert_eq!(update(shell(""), Event::Found { open: true }).1, []);
    }
}
