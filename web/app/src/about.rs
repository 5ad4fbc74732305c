//! What is stored on this machine, and what this page is.

use chartwright_kit::Dialog;
use wasm_bindgen_futures::spawn_local;
use web_sys::MouseEvent;
use yew::prelude::*;

use crate::program::Program;
use crate::services::Services;
use crate::shell;
use crate::words::{bytes, count};

/// The page about the page.
pub struct AboutPage;

/// What is stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Bytes used and granted.
    usage: Option<(f64, f64)>,
    /// Archives that are kept.
    archives: usize,
    /// Modules with values of their own.
    drafts: usize,
    /// Saved sets of values.
    sets: usize,
    /// Whether the person is being asked if all of it may go.
    asks: bool,
}

/// What happens here.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// What is stored.
    Measured(State),
    /// Whether everything may be forgotten is asked, or not any more.
    Ask(bool),
    /// Everything is forgotten.
    Clear,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Looks at what is stored.
    Measure,
    /// Forgets everything.
    Clear,
}

impl Program for AboutPage {
    type Input = ();
    type State = State;
    type Event = Event;
    type Effect = Effect;

    fn start((): ()) -> (State, Vec<Effect>) {
        (State::default(), vec![Effect::Measure])
    }

    fn turned((): ()) -> Option<Event> {
        None
    }

    fn update(state: State, event: Event) -> (State, Vec<Effect>) {
        match event {
            Event::Measured(state) => (state, Vec::new()),
            Event::Ask(asks) => (State { asks, ..state }, Vec::new()),
            Event::Clear => (State { asks: false, ..state }, vec![Effect::Clear]),
        }
    }

    fn run(effect: Effect, services: &Services, send: &Callback<Event>) {
        let (services, send) = (services.clone(), send.clone());
        spawn_local(async move {
            if effect == Effect::Clear {
                services.store.clear().await;
                services.typed.clear();
                services.shell.emit(shell::Event::tell("Values and charts on this machine are deleted"));
            }
            services.shell.emit(shell::Event::Title("About".to_owned()));
            let usage = services.store.usage().await;
            let archives = services.store.digests().await.len();
            // One that was emptied is kept, too.
            let is_written = |name: &&String| services.store.text(name).is_some_and(|text| !text.trim().is_empty());
            let drafts = services.store.names("draft:").iter().filter(is_written).count();
            let sets = services.store.names("set:").len();
            send.emit(Event::Measured(State { usage, archives, drafts, sets, asks: false }));
        });
    }

    fn view(state: &State, send: &Callback<Event>) -> Html {
        let usage = state.usage.map(|(used, granted)| {
            format!("{} of the {} that this browser grants", bytes(used as u64), bytes(granted as u64))
        });
        html! {
            <section class="page narrow">
                <h1 id="title" tabindex="-1">{"About this page"}</h1>
                <p>
                    {"Chartwright renders whole Helm charts in this browser, exactly as Helm does. \
                      Charts and values stay on this machine: nothing is uploaded, \
                      unless you choose Store or Install."}
                </p>
                <h2>{"Storage"}</h2>
                <dl class="pairs">
                    <div><dt>{"Charts and descriptors"}</dt><dd>{ state.archives }</dd></div>
                    <div><dt>{"Modules with your values"}</dt><dd>{ state.drafts }</dd></div>
                    <div><dt>{"Saved sets"}</dt><dd>{ state.sets }</dd></div>
                    if let Some(usage) = usage { <div><dt>{"Storage used"}</dt><dd>{ usage }</dd></div> }
                </dl>
                <p>
                    <button type="button" class="danger" onclick={send.reform(|_: MouseEvent| Event::Ask(true))}>
                        {"Delete values and charts from this machine"}
                    </button>
                </p>
                if state.asks { { question(state, send) } }
                <h2>{"Version"}</h2>
                <p>{ concat!("Chartwright ", env!("CARGO_PKG_VERSION"), ", Apache-2.0") }</p>
            </section>
        }
    }
}

fn question(state: &State, send: &Callback<Event>) -> Html {
    let going = [
        count(state.archives, "opened file"),
        format!("the values of {}", count(state.drafts, "module")),
        count(state.sets, "saved set"),
    ];
    html! {
        <Dialog title="Delete values and charts?" on_close={send.reform(|()| Event::Ask(false))}>
            <p>{ format!("{}, the descriptor in Develop and your platform are deleted from this machine. This cannot be undone.", going.join(", ")) }</p>
            <p class="row end">
                <button type="button" onclick={send.reform(|_: MouseEvent| Event::Ask(false))}>{"Cancel"}</button>
                <button type="button" class="danger" onclick={send.reform(|_: MouseEvent| Event::Clear)}>{"Delete"}</button>
            </p>
        </Dialog>
    }
}
