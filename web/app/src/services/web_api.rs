//! The catalog by HTTP, from where the page is.

use std::cell::RefCell;
use std::rc::Rc;

use chartwright_catalog::Catalog;
use chartwright_kit::dom;
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, ReadableStreamReadResult, Response};

use super::{Api, Later, Store};
use crate::chunk::{operating, views};
use crate::load::Trouble;
use crate::operate::Operations;

/// Where the catalog is, below the page's base, unless the page says otherwise.
const CATALOG: &str = "catalog/catalog.json";

/// The index of a Helm repository, beside where the catalog would be.
const INDEX: &str = "index.yaml";

/// The most bytes of a file: those of a large chart.
const MOST: f64 = 96.0 * 1024.0 * 1024.0;

/// Files by HTTP; charts are kept by their digest, and then come from this machine.
pub(super) struct WebApi {
    /// The address of the catalog.
    place: Rc<str>,
    store: Rc<dyn Store>,
    catalog: Rc<RefCell<Option<Rc<Catalog>>>>,
}

impl WebApi {
    /// A catalog at this address, or where the page says that it is.
    pub(super) fn new(place: Option<String>, store: Rc<dyn Store>) -> WebApi {
        let place = place.or_else(|| meta("catalog")).filter(|place| !place.is_empty());
        WebApi { place: place.unwrap_or_else(|| CATALOG.to_owned()).into(), store, catalog: Rc::default() }
    }
}

impl Api for WebApi {
    fn catalog(&self) -> Later<Result<Rc<Catalog>, Trouble>> {
        let (kept, place) = (self.catalog.clone(), self.place.clone());
        Box::pin(async move {
            if let Some(catalog) = kept.borrow().clone() {
                return Ok(catalog);
            }
            let catalog = if place.ends_with(".yaml") {
                index(&fetch(&place).await?, &place).await?
            } else {
                match look(&place).await? {
                    Found::Bytes(bytes) => Catalog::read(&bytes).map_err(|error| {
                        Trouble::new(error.to_string())
                            .at(&*place)
                            .hint("build it anew with `chartwright catalog build`; files that you drop here still open")
                    })?,
                    // The folder of a Helm repository is a catalog, too.
                    Found::Nothing(trouble) => {
                        let place = beside(&place, INDEX);
                        match look(&place).await? {
                            Found::Bytes(bytes) => index(&bytes, &place).await?,
                            Found::Nothing(_) => return Err(trouble),
                        }
                    }
                }
            };
            let catalog = Rc::new(catalog);
            *kept.borrow_mut() = Some(catalog.clone());
            Ok(catalog)
        })
    }

    fn file(&self, url: &str, digest: &str) -> Later<Result<Vec<u8>, Trouble>> {
        let (store, digest) = (self.store.clone(), digest.to_owned());
        let url = resolve(&self.place, url);
        Box::pin(async move {
            let Some(url) = url else { return Err(Trouble::new("the catalog names no address of a file")) };
            if !digest.is_empty()
                && let Some(bytes) = store.kept(&digest).await
            {
                return Ok(bytes);
            }
            let bytes = fetch(&url).await?;
            if !digest.is_empty() {
                // Where the browser has no digests, the engine compares those of charts.
                if let Some(found) = crate::digest::of(&bytes).await {
                    crate::digest::compare(&found, &digest).map_err(|trouble| trouble.at(url))?;
                    store.keep(&digest, &bytes).await;
                }
            }
            Ok(bytes)
        })
    }

    fn icon(&self, url: &str) -> Option<String> {
        let starts = |scheme: &str| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
        if starts("data:image/") || starts("https://") {
            return Some(url.to_owned());
        }
        if url.is_empty() { None } else { resolve(&self.place, url) }
    }

    fn operations(&self) -> Later<Result<Rc<Operations>, Trouble>> {
        // The build gives the recording a name with its digest in it, and writes that into the page.
        let place = meta("operations").unwrap_or_default();
        Box::pin(async move {
            let bytes = fetch(&place).await?;
            let read = (operating().await?.operations)(&bytes).map(Rc::new);
            read.map_err(|error| Trouble::new(error).at(place))
        })
    }
}

/// The address of a file of the catalog at a place; `None` for one outside of HTTP.
fn resolve(place: &str, url: &str) -> Option<String> {
    if url.is_empty() {
        return None;
    }
    let scheme = url.split_once(':').is_some_and(|(scheme, _)| scheme.chars().all(|c| c.is_ascii_alphanumeric()));
    if scheme {
        let http = ["https:", "http:"].iter().any(|known| url.starts_with(known));
        return http.then(|| url.to_owned());
    }
    Some(beside(place, url))
}

/// What the page says about itself under a name.
pub(super) fn meta(name: &str) -> Option<String> {
    dom::document().query_selector(&format!("meta[name={name}]")).ok().flatten()?.get_attribute("content")
}

/// The address of a file that is named relative to the catalog.
fn beside(place: &str, url: &str) -> String {
    let folder = place.rfind('/').map_or("", |slash| place.get(..=slash).unwrap_or_default());
    format!("{folder}{url}")
}

/// A Helm repository as a catalog.
async fn index(bytes: &[u8], place: &str) -> Result<Catalog, Trouble> {
    (views().await?.index)(bytes).map_err(|error| Trouble::new(error).at(place))
}

/// What is at an address.
enum Found {
    Bytes(Vec<u8>),
    /// There is nothing.
    Nothing(Trouble),
}

/// The bytes at an address.
async fn fetch(url: &str) -> Result<Vec<u8>, Trouble> {
    match look(url).await? {
        Found::Bytes(bytes) => Ok(bytes),
        Found::Nothing(trouble) => Err(trouble),
    }
}

/// Looks at an address.
async fn look(url: &str) -> Result<Found, Trouble> {
    let offline = |_: JsValue| {
        Trouble::new("the file could not be fetched")
            .at(url)
            .hint("check the connection; what was opened before works offline")
    };
    let response = JsFuture::from(dom::window().fetch_with_str(url)).await.map_err(offline)?;
    let response: Response = response.unchecked_into();
    if !response.ok() {
        let trouble = Trouble::new(format!("the server answered {}", response.status())).at(url);
        return if response.status() == 404 { Ok(Found::Nothing(trouble)) } else { Err(trouble) };
    }
    let length = response.headers().get("content-length").ok().flatten().and_then(|length| length.parse::<f64>().ok());
    let too_large = || Trouble::new("the file is larger than 96 Mi, which this page does not open").at(url);
    if length.is_some_and(|length| length > MOST) {
        return Err(too_large());
    }
    // Not every server says how much comes.
    let mut bytes = Vec::new();
    let Some(body) = response.body() else { return Ok(Found::Bytes(bytes)) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    loop {
        let part = JsFuture::from(reader.read()).await.map_err(offline)?;
        let part: ReadableStreamReadResult = part.unchecked_into();
        if part.get_done() == Some(true) {
            return Ok(Found::Bytes(bytes));
        }
        let part: Uint8Array = part.get_value().unchecked_into();
        let start = bytes.len();
        if (start + part.length() as usize) as f64 > MOST {
            drop(reader.cancel());
            return Err(too_large());
        }
        bytes.resize(start + part.length() as usize, 0);
        part.copy_to(&mut bytes[start..]);
    }
}
