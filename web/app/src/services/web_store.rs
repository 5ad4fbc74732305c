//! What a browser keeps: texts in local storage, archives in Cache storage.

use chartwright_kit::dom;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, Response, StorageEstimate};

use super::{Later, Store};

/// The prefix of everything that is ours: an embedding host may keep things beside.
const PREFIX: &str = "chartwright:";

/// The cache of archives. The service worker leaves it alone.
const CHARTS: &str = "chartwright-charts-1";

/// The browser's storage.
pub(super) struct WebStore;

impl Store for WebStore {
    fn text(&self, name: &str) -> Option<String> {
        dom::storage()?.get_item(&key(name)).ok().flatten()
    }

    fn set_text(&self, name: &str, text: &str) -> bool {
        dom::storage().is_some_and(|storage| storage.set_item(&key(name), text).is_ok())
    }

    fn forget(&self, name: &str) {
        if let Some(storage) = dom::storage() {
            let _ = storage.remove_item(&key(name));
        }
    }

    fn names(&self, start: &str) -> Vec<String> {
        let Some(storage) = dom::storage() else { return Vec::new() };
        let count = storage.length().unwrap_or(0);
        let names = (0..count).filter_map(|index| storage.key(index).ok().flatten());
        let own = names.filter_map(|name| name.strip_prefix(PREFIX).map(str::to_owned));
        let mut own: Vec<String> = own.filter(|name| name.starts_with(start)).collect();
        own.sort();
        own
    }

    fn keep(&self, digest: &str, bytes: &[u8]) -> Later<bool> {
        let (address, bytes) = (address(digest), Uint8Array::from(bytes));
        Box::pin(async move {
            let kept = async {
                let response = Response::new_with_opt_js_u8_array(Some(&bytes))?;
                JsFuture::from(open().await?.put_with_str(&address, &response)).await
            };
            kept.await.is_ok()
        })
    }

    fn kept(&self, digest: &str) -> Later<Option<Vec<u8>>> {
        let address = address(digest);
        Box::pin(async move {
            let found = JsFuture::from(open().await.ok()?.match_with_str(&address)).await.ok()?;
            let response: Response = found.dyn_into().ok()?;
            let buffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
            Some(Uint8Array::new(&buffer).to_vec())
        })
    }

    fn digests(&self) -> Later<Vec<String>> {
        Box::pin(async {
            let Ok(cache) = open().await else { return Vec::new() };
            let Ok(requests) = JsFuture::from(cache.keys()).await else { return Vec::new() };
            let names = js_sys::Array::from(&requests).into_iter().filter_map(|request| {
                let url = request.unchecked_into::<web_sys::Request>().url();
                url.rsplit_once('/').map(|(_, name)| name.replacen('-', ":", 1))
            });
            let mut names: Vec<String> = names.collect();
            names.sort();
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

    fn clear(&self) -> Later<()> {
        for name in self.names("") {
            self.forget(&name);
        }
        Box::pin(async {
            if let Ok(caches) = dom::window().caches() {
                let _ = JsFuture::from(caches.delete(CHARTS)).await;
            }
        })
    }
}

fn key(name: &str) -> String {
    format!("{PREFIX}{name}")
}

/// Caches are keyed by addresses; this one leads nowhere else.
fn address(digest: &str) -> String {
    format!("opened-charts/{}", digest.replace(':', "-"))
}

async fn open() -> Result<Cache, JsValue> {
    Ok(JsFuture::from(dom::window().caches()?.open(CHARTS)).await?.unchecked_into())
}
