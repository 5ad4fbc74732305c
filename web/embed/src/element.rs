//! The preview in its frame: what the shell is to the page.

use std::rc::Rc;

use chartwright_app::load::{Load, Trouble};
use chartwright_app::preview::{Input, PreviewPage, Told};
use chartwright_app::program::Page;
use chartwright_app::route::{Route, View};
use chartwright_app::services::{Engine, Services, engine};
use chartwright_app::shell::{self, Theme};
use chartwright_app::{opened, parts};
use chartwright_kit::{Toast, Toasts, dom};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, KeyboardEvent, MouseEvent};
use yew::prelude::*;

use crate::{Settings, Source, source};

/// What is shown: its place, and what it is fetched with.
type Found = Result<(Route, Services), Trouble>;

/// What an element is given.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// What its attributes say.
    pub(crate) settings: Rc<Settings>,
    /// Where news go.
    pub(crate) tell: Callback<Told>,
}

/// What happens to an element.
pub(crate) enum Event {
    /// What this session shows has a place.
    Found(u32, Found),
    /// The preview of this session says something.
    Shell(u32, shell::Event),
    /// What could not be found is looked for again.
    Retry,
}

/// A preview with its messages. Its address is kept in here: that of the browser is the host's.
pub(crate) struct Preview {
    /// Counts what is shown: answers for an older one come too late.
    session: u32,
    engine: Rc<dyn Engine>,
    services: Load<Services>,
    shell: shell::State,
    node: NodeRef,
}

impl Component for Preview {
    type Message = Event;
    type Properties = Props;

    fn create(ctx: &Context<Preview>) -> Preview {
        let engine = engine();
        engine.warm(false);
        let shell = start(Route::to(View::Catalog));
        let mut preview = Preview { session: 0, engine, services: Load::Idle, shell, node: NodeRef::default() };
        preview.open(ctx);
        preview
    }

    fn changed(&mut self, ctx: &Context<Preview>, old: &Props) -> bool {
        if !ctx.props().settings.show_the_same(&old.settings) {
            self.open(ctx);
        }
        true
    }

    fn update(&mut self, ctx: &Context<Preview>, event: Event) -> bool {
        match event {
            Event::Found(session, found) if session == self.session => {
                if let Err(trouble) = &found {
                    ctx.props().tell.emit(Told::Failed(trouble.what.clone()));
                }
                let found = found.map(|(route, services)| {
                    self.shell = start(route);
                    services
                });
                self.services = Load::Idle.came(found);
                true
            }
            Event::Shell(session, event) if session == self.session => match event {
                shell::Event::Told(told) => {
                    ctx.props().tell.emit(told);
                    false
                }
                // Other views are not in an element.
                shell::Event::Go(route) if !matches!(route.view, View::Module { .. } | View::Opened { .. }) => false,
                event => self.follow(event),
            },
            Event::Found(..) | Event::Shell(..) => false,
            Event::Retry => {
                self.open(ctx);
                true
            }
        }
    }

    fn view(&self, ctx: &Context<Preview>) -> Html {
        let session = self.session;
        let send = ctx.link().callback(move |event| Event::Shell(session, event));
        let body = match &self.services {
            Load::Ready(services) => {
                let route = self.shell.route.clone();
                let key = format!("{session} {}", Route::to(route.view.clone()).write());
                let input = Input { route, host: Some(ctx.props().settings.host()) };
                html! { <Page<PreviewPage> {key} {input} services={services.clone()} /> }
            }
            Load::Failed(trouble, _) => html! {
                <div class="page narrow">
                    { parts::trouble(trouble) }
                    <p class="row"><button type="button" onclick={ctx.link().callback(|_: MouseEvent| Event::Retry)}>{"Try again"}</button></p>
                </div>
            },
            Load::Idle | Load::Loading(_) | Load::Again(..) => parts::waiting("Fetching what is to be shown"),
        };
        let toasts: Vec<Toast> = self.shell.toasts.iter().map(|(toast, _)| toast.clone()).collect();
        let onkeydown = {
            let node = self.node.clone();
            Callback::from(move |event: KeyboardEvent| key(&event, &node))
        };
        html! {
            <div class="embedded" lang="en" tabindex="-1" ref={self.node.clone()} {onkeydown} onclick={Callback::from(click)}>
                { body }
                <Toasts {toasts} on_close={send.reform(shell::Event::CloseToast)} on_action={send.reform(shell::Event::ActToast)} />
                <p class="hidden" role="status" aria-live="polite">{ &self.shell.said }</p>
            </div>
        }
    }
}

impl Preview {
    /// Opens what the attributes say. What was typed for something else is gone.
    fn open(&mut self, ctx: &Context<Preview>) {
        let settings = ctx.props().settings.clone();
        self.session += 1;
        let session = self.session;
        self.services = Load::Loading(None);
        let found = ctx.link().callback(move |found| Event::Found(session, found));
        let shell = ctx.link().callback(move |event| Event::Shell(session, event));
        let engine = self.engine.clone();
        let services = move |catalog: &str| Services::at(catalog, engine.clone(), shell.clone());
        spawn_local(async move { found.emit(find(&settings, services).await) });
    }

    /// The shell's part of an event. Nothing outside of the element is the shell's here.
    fn follow(&mut self, event: shell::Event) -> bool {
        let before = self.shell.clone();
        (self.shell, _) = shell::update(before.clone(), event);
        self.shell != before
    }
}

fn start(route: Route) -> shell::State {
    shell::State::start(route, Theme::System, true).0
}

/// Finds what the attributes say, with services for a catalog.
async fn find(settings: &Settings, services: impl Fn(&str) -> Services) -> Found {
    let of_catalog = services(&settings.catalog(true));
    if settings.src.is_empty() {
        return Err(Trouble::new("there is nothing to show: the element has no src")
            .hint("name a catalog, a chart's archive (.tgz) or a descriptor"));
    }
    if !["https://", "http://"].iter().any(|scheme| settings.src.starts_with(scheme)) {
        return Err(Trouble::new("src is not an address that can be fetched").at(&settings.src));
    }
    if let Some(route) = settings.route() {
        return Ok((route, of_catalog));
    }
    let is_folder = settings.src.ends_with('/');
    let of_file = services(&settings.catalog(false));
    if !is_folder && let Source::File(kind, file) = source(&settings.src, of_file.api.file(&settings.src, "").await?)? {
        let digest = opened::keep(kind, &file.path, &file.bytes, &of_file).await;
        return Ok((Route::to(View::Opened { digest }), of_file));
    }
    let catalog = of_catalog.api.catalog().await?;
    let ids: Vec<&str> = catalog.modules.iter().map(|module| module.id.as_str()).collect();
    match ids[..] {
        [only] => Ok((settings.module(only), of_catalog)),
        [] => Err(Trouble::new("the catalog has no modules").at(&settings.src)),
        _ => Err(Trouble::new("the catalog has several modules, and the element has no chart")
            .at(&settings.src)
            .hint(format!("name one of them: {}", ids.join(", ")))),
    }
}

/// Keys that are used here do not go on to the host, whose shortcuts they may be. Those that are typed into a field do
/// not either: outside of the element nobody sees that it was a field.
fn key(event: &KeyboardEvent, node: &NodeRef) {
    let pressed = event.key();
    let busy = event.ctrl_key() || event.meta_key() || event.alt_key();
    if busy || pressed.chars().count() != 1 {
        return;
    }
    if dom::rests_shortcuts(event.target()) {
        event.stop_propagation();
    } else if let Some(key) = shell::PAGE_KEYS.into_iter().find(|key| *key == pressed)
        && !event.default_prevented()
        && let Some(root) = node.cast::<Element>()
    {
        event.stop_propagation();
        event.prevent_default();
        shell::press(&root, key);
    }
}

/// Links never lead the host's page away: those to elsewhere open beside it, and others lead nowhere.
fn click(event: MouseEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(link) = target.and_then(|element| element.closest("a[href]").ok().flatten()) else { return };
    let elsewhere =
        |href: String| ["https:", "http:", "mailto:", "blob:"].iter().any(|scheme| href.starts_with(scheme));
    if !link.get_attribute("href").is_some_and(elsewhere) {
        event.prevent_default();
    } else if link.get_attribute("target").is_none() && !link.has_attribute("download") {
        // The attribute is in place before the browser follows the link.
        let _ = link.set_attribute("target", "_blank");
        let _ = link.set_attribute("rel", "noopener noreferrer");
    }
}
