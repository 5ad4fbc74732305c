//! The part of the page that comes when it is needed first: every view but the catalog, and the way to the engine.
//!
//! The build cuts the module in two at `fetch`, unless the feature `page` is off. What only the second part uses is reached through [`Chunk`] alone, so
//! that it does not count for what a visitor of the catalog loads.

use std::rc::Rc;

use chartwright_catalog::Catalog;
use yew::prelude::*;

use crate::load::Trouble;
use crate::operate::Operations;
use crate::program::Page;
use crate::route::{Route, View};
use crate::services::{Engine, Later, Services};
use crate::shell::DroppedFile;
use crate::{about, develop, operate, preview, shell};

/// What the second part can do.
#[derive(Debug)]
pub struct Chunk {
    /// Draws the view of an address.
    pub page: fn(&Route, &Services) -> Html,
    /// Makes an engine.
    pub engine: fn() -> Rc<dyn Engine>,
    /// Opens files.
    pub open: fn(Vec<DroppedFile>, Services, Callback<shell::Event>) -> Later<()>,
    /// Reads the index of a Helm repository.
    pub index: fn(&[u8]) -> Result<Catalog, String>,
    /// Reads what runs.
    pub operations: fn(&[u8]) -> Result<Operations, String>,
}

impl PartialEq for Chunk {
    /// There is one.
    fn eq(&self, other: &Chunk) -> bool {
        std::ptr::eq(self, other)
    }
}

/// The second part; fetched once.
///
/// # Errors
/// If it cannot be fetched. The next call tries again.
pub async fn chunk() -> Result<&'static Chunk, Trouble> {
    Ok(fetch().await?)
}

/// Why there is no second part.
struct Missing;

#[cfg(feature = "page")]
impl From<wasm_split_helpers::SplitLoaderError> for Missing {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Missing {
        Missing
    }
}

impl From<Missing> for Trouble {
    fn from(_: Missing) -> Trouble {
        Trouble::new("part of the page could not be fetched").hint("check the connection, and try again")
    }
}

#[cfg(feature = "page")]
#[wasm_split_helpers::wasm_split(views, fallible)]
fn fetch() -> Result<&'static Chunk, Missing> {
    Ok(whole())
}

#[cfg(not(feature = "page"))]
async fn fetch() -> Result<&'static Chunk, Missing> {
    Ok(whole())
}

fn whole() -> &'static Chunk {
    static CHUNK: Chunk = Chunk { page, engine: crate::services::engine, open, index, operations };
    &CHUNK
}

fn page(route: &Route, services: &Services) -> Html {
    let services = services.clone();
    match &route.view {
        View::Module { .. } | View::Opened { .. } => {
            let key = Route::to(route.view.clone()).write();
            let input = preview::Input { route: route.clone(), host: None };
            html! { <Page<preview::PreviewPage> {key} {input} {services} /> }
        }
        View::Develop => {
            let input = route.get("open").map(str::to_owned);
            html! { <Page<develop::DevelopPage> key="develop" {input} {services} /> }
        }
        View::Operate | View::Operated { .. } => {
            html! { <Page<operate::OperatePage> key="operate" input={route.clone()} {services} /> }
        }
        View::About => html! { <Page<about::AboutPage> key="about" input={()} {services} /> },
        View::Catalog | View::Unknown(_) => Html::default(),
    }
}

fn open(files: Vec<DroppedFile>, services: Services, send: Callback<shell::Event>) -> Later<()> {
    Box::pin(async move { crate::opened::open(files, &services, &send).await })
}

fn index(bytes: &[u8]) -> Result<Catalog, String> {
    Catalog::from_index(bytes, "Helm repository").map_err(|error| error.to_string())
}

fn operations(bytes: &[u8]) -> Result<Operations, String> {
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}
