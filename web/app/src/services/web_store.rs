//! What a browser keeps: texts in local storage, archives in Cache storage. Where it grants neither, they are kept in
//! memory, until the page is closed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use chartwright_kit::dom;
use gloo_events::EventListener;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, Response, StorageEstimate, StorageEvent};
use yew::Callback;

use super::{Later, Store};

/// The prefix of everything that is ours: an embedding host may keep things beside.
const PREFIX: &str = "chartwright:";

/// The cache of archives. The service worker leaves it alone.
const CHARTS: &str = "chartwright-charts-1";

/// The browser's storage.
#[derive(Default)]
pub(super) struct WebStore {
    texts: RefCell<BTreeMap<String, String>>,
    bytes: Rc<RefCell<BTreeMap<String, Vec<u8>>>>,
    watching: RefCell<Option<EventListener>>,
}

impl Store for WebStore {
    fn text(&self, name: &str) -> Option<String> {
        let stored = || dom::storage()?.get_item(&key(name)).ok().flatten();
        // What had no room is newer than what had.
        self.texts.borrow().get(name).cloned().or_else(stored)
    }

    fn set_text(&self, name: &str, text: &str) -> bool {
        let kept = dom::storage().is_some_and(|storage| storage.set_item(&key(name), text).is_ok());
        let mut texts = self.texts.borrow_mut();
        if kept {
            texts.remove(name);
        } else {
            texts.insert(name.to_owned(), text.to_owned());
        }
        kept
    }

    fn forget(&self, name: &str) {
        self.texts.borrow_mut().remove(name);
        if let Some(storage) = dom::storage() {
            let _ = storage.remove_item(&key(name));
        }
    }

    fn names(&self, start: &str) -> Vec<String> {
        let stored = || {
            let storage = dom::storage()?;
            let names = (0..storage.length().ok()?).filter_map(move |index| storage.key(index).ok().flatten());
            Some(names.filter_map(|name| name.strip_prefix(PREFIX).map(str::to_owned)))
        };
        let texts = self.texts.borrow();
        let all = stored().into_iter().flatten().chain(texts.keys().cloned());
        let mut own: Vec<String> = all.filter(|name| name.starts_with(start)).collect();
        own.sort();
        own.dedup();
        own
    }

    fn keep(&self, digest: &str, bytes: &[u8]) -> Later<bool> {
        let (name, memory, bytes) = (digest.to_owned(), self.bytes.clone(), bytes.to_vec());
        Box::pin(async move {
            let kept = async {
                let response = Response::new_with_opt_js_u8_array(Some(&Uint8Array::from(bytes.as_slice())))?;
                JsFuture::from(open().await?.put_with_str(&address(&name), &response)).await
            };
            let kept = kept.await.is_ok();
            if !kept {
                memory.borrow_mut().insert(name, bytes);
            }
            kept
        })
    }

    fn kept(&self, digest: &str) -> Later<Option<Vec<u8>>> {
        let address = address(digest);
        let held = self.bytes.borrow().get(digest).cloned();
        Box::pin(async move {
            if held.is_some() {
                return held;
            }
            let found = JsFuture::from(open().await.ok()?.match_with_str(&address)).await.ok()?;
            let response: Response = found.dyn_into().ok()?;
            let buffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
            Some(Uint8Array::new(&buffer).to_vec())
        })
    }

    fn digests(&self) -> Later<Vec<String>> {
        let held: Vec<String> = self.bytes.borrow().keys().cloned().collect();
        Box::pin(async {
            let mut names = held;
            if let Ok(cache) = open().await
                && let Ok(requests) = JsFuture::from(cache.keys()).await
            {
                names.extend(js_sys::Array::from(&requests).into_iter().filter_map(|request| {
                    let url = request.unchecked_into::<web_sys::Request>().url();
                    url.rsplit_once('/').map(|(_, name)| name.replacen('-', ":", 1))
                }));
            }
            names.sort();
            names.dedup();
            names
        })
    }

    fn usage(&self) -> Later<Option<(f64, f64)>> {
        Box::pin(async {
            let estimate = dom::window().navigator().storage().estimate().ok()?;
            let estimate: StorageEstimate = JsFuture::from(estimate).await.ok()?.unchecked_into();
            let number = |name: &str| Reflect::get(&estimate, &name.into()).ok().and_then(|n| n.as_f64());
            Some((number("usage")?, number("quota")?))
        })
    }

    fn forget_bytes(&self, digest: &str) -> Later<()> {
        self.bytes.borrow_mut().remove(digest);
        let address = address(digest);
        Box::pin(async move {
            if let Ok(cache) = open().await {
                let _ = JsFuture::from(cache.delete_with_str(&address)).await;
            }
        })
    }

    fn clear(&self) -> Later<()> {
        for name in self.names("") {
            self.forget(&name);
        }
        self.bytes.borrow_mut().clear();
        Box::pin(async {
            if let Some(caches) = caches() {
                let _ = JsFuture::from(caches.delete(CHARTS)).await;
            }
        })
    }

    fn watch(&self, name: &str, changed: Callback<Option<String>>) {
        let key = key(name);
        // Browsers tell the other tabs, never the one that wrote.
        let listener = EventListener::new(&dom::window(), "storage", move |event| {
            if let Some(event) = event.dyn_ref::<StorageEvent>().filter(|event| event.key().as_ref() == Some(&key)) {
                changed.emit(event.new_value());
            }
        });
        self.watching.replace(Some(listener));
    }
}

fn key(name: &str) -> String {
    format!("{PREFIX}{name}")
}

/// Caches are keyed by addresses; this one leads nowhere else.
fn address(digest: &str) -> String {
    format!("opened-charts/{}", digest.replace(':', "-"))
}

/// There is none outside of secure contexts, and where a browser forbids it.
fn caches() -> Option<web_sys::CacheStorage> {
    dom::window().caches().ok().filter(|caches| !caches.is_undefined())
}

async fn open() -> Result<Cache, JsValue> {
    let caches = caches().ok_or(JsValue::UNDEFINED)?;
    Ok(JsFuture::from(caches.open(CHARTS)).await?.unchecked_into())
}
