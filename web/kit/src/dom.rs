//! What the browser offers, in one place. Everything here answers with an `Option` or a default where a browser lacks
//! the thing, because a page that loses its clipboard should not lose its other parts.

use gloo_timers::callback::Timeout;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, Document, Element, HtmlAnchorElement, HtmlElement, Storage, Url, Window};

/// The window of this page.
pub fn window() -> Window {
    web_sys::window().expect("the page runs in a window")
}

/// The document of this page.
pub fn document() -> Document {
    window().document().expect("a window has a document")
}

/// A new element of a known tag.
pub fn element(tag: &str) -> HtmlElement {
    document().create_element(tag).expect("the tag is a constant").unchecked_into()
}

/// Sets a CSS property through CSSOM.
pub fn set_property(element: &Element, name: &str, value: &str) {
    // A value that CSS refuses leaves the property as it was.
    let _ = element.unchecked_ref::<HtmlElement>().style().set_property(name, value);
}

/// Milliseconds since the page began.
pub fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// Whether a media query holds.
pub fn matches_media(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|list| list.matches())
}

/// The local storage, where the browser grants it.
pub fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// Copies text to the clipboard. Says whether the browser let it.
pub async fn copy(text: &str) -> bool {
    let clipboard = window().navigator().clipboard();
    // There is none outside of secure contexts.
    !clipboard.is_undefined() && JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// Waits until a service worker keeps the page on this machine. Says at once where browsers have none for it.
pub async fn page_is_kept() -> bool {
    let container = window().navigator().service_worker();
    if container.is_undefined() {
        return false;
    }
    match container.ready() {
        Ok(ready) => JsFuture::from(ready).await.is_ok(),
        Err(_) => false,
    }
}

/// Offers bytes to the person as a file.
///
/// # Errors
/// What the browser says where it cannot make the file.
pub fn download(name: &str, mime: &str, bytes: &[u8]) -> Result<(), JsValue> {
    let parts = Array::of1(&Uint8Array::from(bytes));
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = element("a").unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The browser has taken the bytes by the time the click returns.
    Url::revoke_object_url(&url)
}

/// The element of an id: in the shadow root that has the focus, for ids are unique in one only; else in the document.
pub fn by_id(id: &str) -> Option<Element> {
    let document = document();
    let mut active = document.active_element();
    let mut root = None;
    while let Some(inner) = active.and_then(|element| element.shadow_root()) {
        active = inner.active_element();
        root = Some(inner);
    }
    root.and_then(|root| root.get_element_by_id(id)).or_else(|| document.get_element_by_id(id))
}

/// How many frames an element may take until it is there.
const FRAMES: u32 = 30;

/// Calls `then` when the element of an id is there and is shown: what an event changes is drawn in several turns of the
/// event loop.
pub fn when_shown(id: impl Into<String>, then: impl FnOnce(&Element) + 'static) {
    wait(id.into(), FRAMES, Box::new(then));
}

fn wait(id: String, frames: u32, then: Box<dyn FnOnce(&Element)>) {
    let pause = if frames == FRAMES { 0 } else { 16 };
    Timeout::new(pause, move || {
        let shown = |element: &Element| element.get_bounding_client_rect().width() > 0.0;
        match by_id(&id).filter(shown) {
            Some(element) => then(&element),
            None if frames > 0 => wait(id, frames - 1, then),
            None => {}
        }
    })
    .forget();
}

/// Moves the focus to an element by its id as soon as it is shown, and scrolls to it.
pub fn focus_soon(id: impl Into<String>) {
    when_shown(id, |element| drop(element.unchecked_ref::<HtmlElement>().focus()));
}

/// Moves the focus to an element by its id, and scrolls to it.
pub fn focus(id: &str) {
    if let Some(element) = by_id(id) {
        let _ = element.unchecked_into::<HtmlElement>().focus();
    }
}

/// Scrolls an element by its id to the top of its pane as soon as it is shown; if a line in it is the one that was asked
/// for, that line.
pub fn reveal(id: impl Into<String>) {
    when_shown(id, |element| {
        let line = element.query_selector(".mark.target").ok().flatten();
        line.as_ref().unwrap_or(element).scroll_into_view_with_bool(true);
    });
}

/// Whether keys go to a field, so that shortcuts must rest.
pub fn is_typing(target: Option<web_sys::EventTarget>) -> bool {
    let Some(element) = target.and_then(|target| target.dyn_into::<HtmlElement>().ok()) else { return false };
    matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT") || element.is_content_editable()
}
