//! The frame around all pages.

use std::cell::OnceCell;
use std::rc::Rc;

use chartwright_kit::{Dialog, Icon, Toast, Toasts, dom, icon};
use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    DragEvent, Element, Event as DomEvent, HtmlAnchorElement, HtmlInputElement, InputEvent, KeyboardEvent, MouseEvent,
};
use yew::prelude::*;

use super::state::{Event, State, Theme, update};
use super::{Dropped, effects};
use crate::chunk::views;
use crate::load::Load;
use crate::parts;
use crate::route::{Route, View};
use crate::services::Services;

/// The whole page.
pub struct App {
    state: Option<State>,
    services: Rc<OnceCell<Services>>,
    send: Callback<Event>,
    _listeners: Vec<EventListener>,
}

impl Component for App {
    type Message = Event;
    type Properties = ();

    fn create(ctx: &Context<App>) -> App {
        let send = ctx.link().callback(|event| event);
        let services = Rc::new(OnceCell::new());
        let theme = effects::theme();
        effects::apply_theme(theme);
        effects::register(&send);
        let online = dom::window().navigator().on_line();
        let (state, todo) = State::start(effects::current(), theme, online);
        for effect in todo {
            effects::run(effect, &send);
        }
        App { state: Some(state), _listeners: listeners(&services, &send), services, send }
    }

    fn update(&mut self, _: &Context<App>, event: Event) -> bool {
        if let Some(state) = self.state.take() {
            let before = state.clone();
            let (state, todo) = update(state, event);
            let changed = state != before;
            self.state = Some(state);
            for effect in todo {
                effects::run(effect, &self.send);
            }
            return changed;
        }
        false
    }

    fn view(&self, _: &Context<App>) -> Html {
        let Some(state) = &self.state else { return Html::default() };
        let send = &self.send;
        let skip = Callback::from(|event: MouseEvent| {
            event.prevent_default();
            dom::focus("main");
        });
        // Panes that scroll by themselves fill the window.
        let fills = matches!(state.route.view, View::Module { .. } | View::Opened { .. } | View::Develop);
        let class = if fills { "shell filled" } else { "shell" };
        let toasts: Vec<Toast> = state.toasts.iter().map(|(toast, _)| toast.clone()).collect();
        html! {
            <div {class}>
                <a class="skip" href="#main" onclick={skip}>{"Skip to content"}</a>
                { header(state, send) }
                <main id="main" tabindex="-1">{ self.page(state) }</main>
                <Toasts {toasts} on_close={send.reform(Event::CloseToast)} on_action={send.reform(Event::ActToast)} />
                <p class="hidden" role="status" aria-live="polite">{ &state.said }</p>
                if state.dropping {
                    <div class="drop-target" aria-hidden="true"><p>{"Drop a chart, a descriptor, a compose file, or values for an open module"}</p></div>
                }
                if state.shortcuts {
                    <Dialog title="Help" on_close={send.reform(|()| Event::Shortcuts(false))}>{ help() }</Dialog>
                }
            </div>
        }
    }
}

impl App {
    fn page(&self, state: &State) -> Html {
        match state.chunk() {
            None => html! {
                <section class="page narrow" key="unknown">
                    <h1 id="title" tabindex="-1">{"No page has this address"}</h1>
                    <p>{ format!("Nothing is at “{}”.", state.route.write()) }</p>
                    <p><a class="button" href="./">{"Open the catalog"}</a></p>
                </section>
            },
            Some(Load::Ready(chunk)) => {
                let services = self.services.get_or_init(|| (chunk.services)(self.send.clone()));
                (chunk.page)(&state.route, services)
            }
            Some(Load::Failed(trouble, _)) => html! {
                <section class="page narrow" key="missing">
                    <h1 id="title" tabindex="-1">{"This view is not here"}</h1>
                    { parts::trouble(trouble) }
                    <p><button type="button" onclick={self.send.reform(|_: MouseEvent| Event::Retry)}>{"Try again"}</button></p>
                </section>
            },
            Some(Load::Idle | Load::Loading(_) | Load::Again(..)) => parts::waiting("Loading the page"),
        }
    }
}

fn header(state: &State, send: &Callback<Event>) -> Html {
    let search =
        send.reform(|event: InputEvent| Event::Search(event.target_unchecked_into::<HtmlInputElement>().value()));
    let onkeydown = {
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| {
            let open = match event.key().as_str() {
                "Enter" => true,
                "ArrowDown" => false,
                _ => return,
            };
            event.prevent_default();
            send.emit(Event::Found { open });
        })
    };
    let query = match state.route.view {
        View::Catalog => state.route.get("q").unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    let current = |view: &View| (state.route.view == *view).then_some("page");
    let theme = match state.theme {
        Theme::System => "Theme: as the system",
        Theme::Light => "Theme: light",
        Theme::Dark => "Theme: dark",
    };
    html! {
        <header class="top">
            <a class="brand" href="./" aria-label="Chartwright, catalog" aria-current={current(&View::Catalog)}>
                <svg class="logo" viewBox="0 0 24 24" aria-hidden="true">
                    <path d="M3 17.500V6.500L12 2l9 4.500v11L12 22z" /><path d="M7.500 15.500l3-4 2.500 2.500 4-5.500" />
                </svg>
                <span>{"Chartwright"}</span>
            </a>
            <label class="search">
                { icon(Icon::Search) }
                <span class="hidden">{"Search modules"}</span>
                <input id="search" type="search" placeholder="Search" value={query} oninput={search} {onkeydown} autocomplete="off" />
                <kbd aria-hidden="true">{"/"}</kbd>
            </label>
            <nav aria-label="Views">
                <a href="develop" aria-current={current(&View::Develop)}>{"Develop"}</a>
                <a href="operate" aria-current={matches!(state.route.view, View::Operate | View::Operated { .. } | View::Sources).then_some("page")}>{"Operate"}</a>
            </nav>
            if !state.online {
                <span class="chip" title="There is no network. What was opened before still works.">{"Offline"}</span>
            }
            <button type="button" class="quiet" aria-label={theme} title={theme} onclick={send.reform(|_: MouseEvent| Event::NextTheme)}>
                { icon(Icon::Theme) }
            </button>
            <button
                type="button" class="quiet" aria-label="Help" title="Help and keyboard shortcuts (?)"
                onclick={send.reform(|_: MouseEvent| Event::Shortcuts(true))}
            >{ icon(Icon::Help) }</button>
        </header>
    }
}

fn help() -> Html {
    html! {
        <>
            <p><a href="about">{"About this page, and what it keeps on this machine"}</a></p>
            { shortcuts() }
        </>
    }
}

fn shortcuts() -> Html {
    let groups: [(&str, &[(&str, &str)]); 2] = [
        (
            "Everywhere",
            &[
                ("/", "Search modules"),
                ("g c", "Catalog"),
                ("g d", "Develop"),
                ("g o", "Operate"),
                ("g a", "About and storage"),
                ("t", "Theme"),
                ("?", "This list"),
            ],
        ),
        (
            "Preview",
            &[
                ("[", "Previous object"),
                ("]", "Next object"),
                ("f", "Values as a form"),
                ("y", "Values as YAML"),
                ("b", "Both"),
                ("e", "Edit: find a setting"),
                ("m", "Manifests"),
                ("s", "Summary"),
                ("r", "Releases"),
                ("d", "Differences: the tab Changes"),
                ("n", "Notes"),
                ("c", "Chart"),
                ("p", "Problems"),
            ],
        ),
    ];
    groups
        .into_iter()
        .map(|(title, keys)| {
            let rows = keys.iter().map(|(key, what)| {
                let keys = key.split(' ').map(|key| html! { <kbd>{ key }</kbd> });
                html! { <div><dt>{ for keys }</dt><dd>{ *what }</dd></div> }
            });
            html! { <><h3>{ title }</h3><dl class="keys">{ for rows }</dl></> }
        })
        .collect()
}

/// Listens to what happens to the page as a whole.
fn listeners(services: &Rc<OnceCell<Services>>, send: &Callback<Event>) -> Vec<EventListener> {
    let window = dom::window();
    let on = |name: &'static str, then: Box<dyn Fn(&DomEvent)>| {
        EventListener::new_with_options(&window, name, EventListenerOptions::enable_prevent_default(), move |event| {
            then(event);
        })
    };
    let emit = |event: Event| {
        let send = send.clone();
        Box::new(move |_: &DomEvent| send.emit(event.clone())) as Box<dyn Fn(&DomEvent)>
    };
    let services = services.clone();
    let (keys, clicks, went, drags, drops) = (send.clone(), send.clone(), send.clone(), send.clone(), send.clone());
    vec![
        on("popstate", Box::new(move |_| went.emit(Event::Went(effects::current())))),
        on("online", emit(Event::Online(true))),
        on("offline", emit(Event::Online(false))),
        on("keydown", Box::new(move |event| key(event, &keys))),
        on("click", Box::new(move |event| click(event, &clicks))),
        on(
            "dragover",
            Box::new(move |event| {
                event.prevent_default();
                drags.emit(Event::Dropping(true));
            }),
        ),
        on(
            "dragleave",
            Box::new({
                let send = send.clone();
                move |event| {
                    let outside = event.dyn_ref::<DragEvent>().is_some_and(|event| event.related_target().is_none());
                    if outside {
                        send.emit(Event::Dropping(false));
                    }
                }
            }),
        ),
        on(
            "drop",
            Box::new(move |event| {
                event.prevent_default();
                drops.emit(Event::Dropping(false));
                if let Some(transfer) = event.dyn_ref::<DragEvent>().and_then(|event| event.data_transfer()) {
                    spawn_local(open(Dropped::take(&transfer), services.clone(), drops.clone()));
                }
            }),
        ),
    ]
}

/// Opens what was dropped.
async fn open(dropped: Dropped, services: Rc<OnceCell<Services>>, send: Callback<Event>) {
    match views().await {
        Ok(views) => {
            let services = services.get_or_init(|| (views.chunk.services)(send)).clone();
            (views.open)(dropped, services).await;
        }
        Err(trouble) => send.emit(Event::alarm(&trouble)),
    }
}

fn key(event: &DomEvent, send: &Callback<Event>) {
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
    let busy = event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented();
    let key = event.key();
    if busy || dom::rests_shortcuts(event.target()) || key.chars().count() != 1 {
        return;
    }
    // The field that these open would get the letter.
    if matches!(key.as_str(), "/" | "e") {
        event.prevent_default();
    }
    // The next letters belong there, even if they are typed before Yew comes to the event.
    if key == "/" {
        dom::focus("search");
    }
    send.emit(Event::Key(key));
}

/// Opens links that stay in the page without loading it anew.
fn click(event: &DomEvent, send: &Callback<Event>) {
    let Some(event) = event.dyn_ref::<MouseEvent>() else { return };
    let other = event.button() != 0 || event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    if other || event.default_prevented() {
        return;
    }
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let link = target.and_then(|element| element.closest("a[href]").ok().flatten());
    let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) else { return };
    if !link.target().is_empty() || link.has_attribute("download") {
        return;
    }
    let here = dom::window().location().origin().unwrap_or_default();
    let base = effects::base_path();
    if link.origin() != here {
        return;
    }
    let path = link.pathname();
    let Some(below) = path.strip_prefix(base.as_str()) else { return };
    event.prevent_default();
    send.emit(Event::Go(Route::read(&format!("{below}{}{}", link.search(), link.hash()))));
}
