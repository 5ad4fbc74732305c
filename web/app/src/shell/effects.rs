//! What the shell does outside: history, title, focus, theme, service worker.

use chartwright_kit::dom;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, HtmlElement, ServiceWorkerRegistration, Url};
use yew::Callback;

use super::{Effect, Event, Theme};
use crate::chunk::chunk;
use crate::load::Trouble;
use crate::route::Route;

/// The id of the list of what a search found.
pub const FOUND: &str = "found";

/// The attribute of that list that says for what it was found.
pub const FOUND_FOR: &str = "data-query";

/// Where the theme is kept; `www/theme.js` reads it before the page is there.
const THEME: &str = "chartwright:theme";

/// The path of the page's base, with a slash at its end.
pub fn base_path() -> String {
    let base = dom::document().base_uri().ok().flatten().unwrap_or_default();
    let path = Url::new(&base).map(|url| url.pathname()).unwrap_or_else(|_| "/".to_owned());
    match path.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/"),
        None => "/".to_owned(),
    }
}

/// Where the page is.
pub fn current() -> Route {
    let location = dom::window().location();
    let part = |part: Result<String, JsValue>| part.unwrap_or_default();
    let path = part(location.pathname());
    let below = path.strip_prefix(base_path().as_str()).unwrap_or_default();
    Route::read(&format!("{below}{}{}", part(location.search()), part(location.hash())))
}

/// Carries an effect out.
pub(super) fn run(effect: Effect, send: &Callback<Event>) {
    match effect {
        Effect::Fetch(part) => {
            let send = send.clone();
            spawn_local(async move { send.emit(Event::Came(part, chunk(part).await)) });
        }
        Effect::Push(route) => history(&route, true),
        Effect::Replace(route) => history(&route, false),
        Effect::Title(title) => dom::document().set_title(&title),
        Effect::FocusHeading => {
            gloo_timers::callback::Timeout::new(0, || {
                dom::window().scroll_to_with_x_and_y(0.0, 0.0);
                dom::focus("title");
            })
            .forget();
        }
        Effect::Theme(theme) => {
            apply_theme(theme);
            if let Some(storage) = dom::storage() {
                let _ = storage.set_item(THEME, theme.word());
            }
        }
        Effect::Found { open, query } => {
            let drawn = move |list: &Element| list.get_attribute(FOUND_FOR).as_deref() == Some(&query);
            dom::when(FOUND, drawn, move |list| {
                if let Ok(Some(first)) = list.query_selector("a[href]") {
                    let first: HtmlElement = first.unchecked_into();
                    if open { first.click() } else { drop(first.focus()) }
                }
            });
        }
        Effect::Call(then) => then.emit(()),
        Effect::Update => update_now(),
        Effect::Save(name, bytes) => download(&name, "application/yaml", &bytes, send),
        Effect::PageKey(key) => {
            if let Some(root) = dom::document().document_element() {
                press(&root, key);
            }
        }
    }
}

/// The theme that was chosen on this machine.
pub(super) fn theme() -> Theme {
    let word = dom::storage().and_then(|storage| storage.get_item(THEME).ok().flatten());
    word.map(|word| Theme::from_word(&word)).unwrap_or_default()
}

/// Colours the page.
pub(super) fn apply_theme(theme: Theme) {
    if let Some(root) = dom::document().document_element() {
        let _ = match theme {
            Theme::System => root.remove_attribute("data-theme"),
            theme => root.set_attribute("data-theme", theme.word()),
        };
    }
}

fn history(route: &Route, push: bool) {
    let address = format!("{}{}", base_path(), route.write());
    if let Ok(history) = dom::window().history() {
        // Browsers refuse too many changes within seconds; the next one brings the address up to date.
        let _ = match push {
            true => history.push_state_with_url(&JsValue::NULL, "", Some(&address)),
            false => history.replace_state_with_url(&JsValue::NULL, "", Some(&address)),
        };
    }
}

/// Presses the button below an element that has this key.
pub fn press(root: &Element, key: &str) {
    let button = root.query_selector(&format!("[aria-keyshortcuts=\"{key}\"]"));
    if let Ok(Some(button)) = button {
        let button: HtmlElement = button.unchecked_into();
        let _ = button.focus();
        button.click();
    }
}

/// Registers the service worker, and tells what becomes of it.
pub(super) fn register(send: &Callback<Event>) {
    let container = dom::window().navigator().service_worker();
    // Without a secure context there is none.
    if container.is_undefined() {
        return;
    }
    let send = send.clone();
    spawn_local(async move {
        let Ok(registered) = JsFuture::from(container.register("sw.js")).await else { return };
        let Ok(registration) = registered.dyn_into::<ServiceWorkerRegistration>() else { return };
        watch(&registration, &send);
        if let Ok(ready) = container.ready()
            && JsFuture::from(ready).await.is_ok()
        {
            send.emit(Event::OfflineReady);
        }
    });
}

fn watch(registration: &ServiceWorkerRegistration, send: &Callback<Event>) {
    if registration.waiting().is_some() {
        send.emit(Event::UpdateReady);
    }
    let (registration, send) = (registration.clone(), send.clone());
    let observed = registration.clone();
    let found = Closure::<dyn FnMut()>::new(move || {
        let Some(installing) = registration.installing() else { return };
        let (registration, send) = (registration.clone(), send.clone());
        let changed = Closure::<dyn FnMut()>::new(move || {
            let controlled = dom::window().navigator().service_worker().controller().is_some();
            if registration.waiting().is_some() && controlled {
                send.emit(Event::UpdateReady);
            }
        });
        installing.set_onstatechange(Some(changed.as_ref().unchecked_ref()));
        changed.forget();
    });
    observed.set_onupdatefound(Some(found.as_ref().unchecked_ref()));
    found.forget();
}

/// Offers a file to the person, or says that the browser cannot.
pub fn download(name: &str, mime: &str, bytes: &[u8], send: &Callback<Event>) {
    if dom::download(name, mime, bytes).is_err() {
        send.emit(Event::alarm(&Trouble::new(format!("this browser could not make {name}"))));
    }
}

/// Lets the waiting service worker take over, and loads the page anew when it has.
fn update_now() {
    let container = dom::window().navigator().service_worker();
    let reload = Closure::<dyn FnMut()>::new(|| {
        let _ = dom::window().location().reload();
    });
    container.set_oncontrollerchange(Some(reload.as_ref().unchecked_ref()));
    reload.forget();
    spawn_local(async move {
        let Ok(registration) = JsFuture::from(container.get_registration()).await else { return };
        if let Ok(registration) = registration.dyn_into::<ServiceWorkerRegistration>()
            && let Some(waiting) = registration.waiting()
        {
            let _ = waiting.post_message(&"activate".into());
        }
    });
}
