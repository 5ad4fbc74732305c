//! What the browser offers, in one place. Everything here answers with an `Option` or a default where a browser lacks
//! the thing, because a page that loses its clipboard should not lose its other parts.

use gloo_timers::callback::Timeout;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, Document, Element, EventTarget, HtmlAnchorElement, HtmlElement, ShadowRoot, Storage, Url,
    Window,
};

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

/// Where ids are looked up: in the shadow root that has the focus, for ids are unique in one only.
fn focused_root() -> Option<ShadowRoot> {
    let mut active = document().active_element();
    let mut root = None;
    while let Some(inner) = active.and_then(|element| element.shadow_root()) {
        active = inner.active_element();
        root = Some(inner);
    }
    root
}

fn find(root: Option<&ShadowRoot>, id: &str) -> Option<Element> {
    root.and_then(|root| root.get_element_by_id(id)).or_else(|| document().get_element_by_id(id))
}

/// The element of an id: in the shadow root that has the focus, else in the document.
pub fn by_id(id: &str) -> Option<Element> {
    find(focused_root().as_ref(), id)
}

/// How many frames an element may take until it is there.
const FRAMES: u32 = 30;

/// Calls `then` when the element of an id is there and is shown: what an event changes is drawn in several turns of the
/// event loop.
pub fn when_shown(id: impl Into<String>, then: impl FnOnce(&Element) + 'static) {
    when(id, |_| true, then);
}

/// The same for an element that has to be `ready` too: what is shown may be from before the event.
pub fn when(id: impl Into<String>, ready: impl Fn(&Element) -> bool + 'static, then: impl FnOnce(&Element) + 'static) {
    // By then, what has the focus now may be gone, and the root with it.
    wait(id.into(), focused_root(), FRAMES, Box::new(ready), Box::new(then));
}

type Ready = Box<dyn Fn(&Element) -> bool>;

fn wait(id: String, root: Option<ShadowRoot>, frames: u32, ready: Ready, then: Box<dyn FnOnce(&Element)>) {
    let pause = if frames == FRAMES { 0 } else { 16 };
    Timeout::new(pause, move || {
        let shown = |element: &Element| element.get_bounding_client_rect().width() > 0.0 && ready(element);
        match find(root.as_ref(), &id).filter(shown) {
            Some(element) => then(&element),
            None if frames > 0 => wait(id, root, frames - 1, ready, then),
            None => {}
        }
    })
    .forget();
}

/// Moves the focus to an element by its id as soon as it is shown, and scrolls to it.
pub fn focus_soon(id: impl Into<String>) {
    when_shown(id, focus_on);
}

/// Moves the focus to the first field in an element as soon as it is shown.
pub fn focus_first_soon(id: impl Into<String>) {
    when_shown(id, |element| focus_on(&first_stop(element).unwrap_or_else(|| element.clone())));
}

/// Moves the focus to an element by its id, and scrolls to it.
pub fn focus(id: &str) {
    if let Some(element) = by_id(id) {
        focus_on(&element);
    }
}

fn focus_on(element: &Element) {
    let _ = element.unchecked_ref::<HtmlElement>().focus();
}

/// Where a person goes on in an element: its first field, else its first button or link.
pub fn first_stop(element: &Element) -> Option<Element> {
    let first = |selector: &str| element.query_selector(selector).ok().flatten();
    first(":is(input:not([type=hidden]), select, textarea):not(:disabled)")
        .or_else(|| first("button:not(:disabled), a[href]"))
}

/// Scrolls an element by its id to the top of its pane as soon as it is shown; if a line in it is the one that was asked
/// for, that line.
pub fn reveal(id: impl Into<String>) {
    when_shown(id, |element| {
        let line = element.query_selector(".mark.target").ok().flatten();
        line.as_ref().unwrap_or(element).scroll_into_view_with_bool(true);
    });
}

/// Whether shortcuts must rest: what is pressed is typed into a field, or a dialog is open, which hides what they act on.
pub fn rests_shortcuts(target: Option<EventTarget>) -> bool {
    let target = target.and_then(|target| target.dyn_into::<HtmlElement>().ok());
    // The focus may be nowhere: then a key goes to the page below the dialog.
    let dialog = || document().query_selector("dialog:modal").ok().flatten().is_some();
    target.is_some_and(|element| is_typing(&element) || element.closest("dialog").ok().flatten().is_some()) || dialog()
}

/// Whether an element takes letters: boxes and buttons do not.
fn is_typing(element: &HtmlElement) -> bool {
    match element.tag_name().as_str() {
        "INPUT" => {
            let kind = element.get_attribute("type").unwrap_or_default();
            !matches!(
                kind.as_str(),
                "button" | "checkbox" | "color" | "file" | "image" | "radio" | "range" | "reset" | "submit"
            )
        }
        "TEXTAREA" | "SELECT" => true,
        _ => element.is_content_editable(),
    }
}
