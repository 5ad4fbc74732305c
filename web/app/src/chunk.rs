//! The parts of the page that come when they are needed first.
//!
//! The build cuts the module at `fetch_catalog`, `fetch_views` and `fetch_operating`, unless the feature `page` is off: what only they use
//! is reached through [`Chunk`], [`Views`] and [`Operating`] alone, so that a visitor of the catalog does not load the preview with its
//! forms, and the shell is there at once.

use std::rc::Rc;

use chartwright_catalog::Catalog;
use web_sys::FileList;
use yew::prelude::*;

use crate::load::Trouble;
use crate::manage::{Head, Id, Refusal};
use crate::operate::Operations;
use crate::program::Page;
use crate::route::{Route, View};
use crate::services::{Engine, Later, Manage, Services, Store};
use crate::shell::Dropped;
use crate::{about, catalog, deploy, develop, preview, shell};
#[cfg(feature = "page")]
use crate::{manage, operate, sources};

/// A part of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The catalog.
    Catalog,
    /// All other views.
    Views,
    /// The operator's views.
    Operate,
}

/// What a part draws.
#[derive(Debug)]
pub struct Chunk {
    /// Draws the view of an address.
    pub page: fn(&Route, &Services) -> Html,
    /// Makes the services; those of all parts are the same.
    pub services: fn(Callback<shell::Event>) -> Services,
}

impl PartialEq for Chunk {
    /// There is one of each part.
    fn eq(&self, other: &Chunk) -> bool {
        std::ptr::eq(self, other)
    }
}

/// What the part with all views can do beside.
#[derive(Debug)]
pub struct Views {
    /// Draws them.
    pub chunk: Chunk,
    /// Makes an engine.
    pub engine: fn() -> Rc<dyn Engine>,
    /// Opens files that were dropped.
    pub open: fn(Dropped, Services) -> Later<()>,
    /// Opens files that were chosen.
    pub open_list: fn(FileList, Services) -> Later<()>,
    /// Reads the index of a Helm repository.
    pub index: fn(&[u8]) -> Result<Catalog, String>,
}

/// What the management API answers, or why it does not.
pub type Managed<T> = Later<Result<T, Refusal>>;

/// A text on the server, if it is there.
pub type ManagedText = Managed<Option<Rc<str>>>;

/// What the part with the operator's views can do beside: everything that speaks with the management API.
#[derive(Debug)]
pub struct Operating {
    /// Draws them.
    pub chunk: Chunk,
    /// Makes the client of the API.
    pub manage: fn(Rc<dyn Store>) -> Rc<dyn Manage>,
    /// Draws the dialog that stores and deploys.
    pub deploy: fn(&deploy::Input, &Services) -> Html,
    /// Lists what is stored.
    pub descriptors: fn(Rc<dyn Manage>) -> Managed<Vec<Head>>,
    /// The text of a stored descriptor; none if it is gone.
    pub descriptor: fn(Rc<dyn Manage>, Id) -> ManagedText,
    /// Reads what runs, from a recording.
    pub operations: fn(&[u8]) -> Result<Operations, String>,
}

/// Fetches a part, once.
///
/// # Errors
/// If it cannot be fetched. The next call tries again.
pub async fn chunk(part: Part) -> Result<&'static Chunk, Trouble> {
    match part {
        Part::Catalog => Ok(fetch_catalog().await?),
        Part::Views => Ok(&views().await?.chunk),
        Part::Operate => Ok(&operating().await?.chunk),
    }
}

/// Fetches the part with all views, once.
///
/// # Errors
/// If it cannot be fetched. The next call tries again.
pub async fn views() -> Result<&'static Views, Trouble> {
    Ok(fetch_views().await?)
}

/// Fetches the part with the operator's views, once.
///
/// # Errors
/// If it cannot be fetched. The next call tries again.
pub async fn operating() -> Result<&'static Operating, Trouble> {
    Ok(fetch_operating().await?)
}

/// Why a part is not there.
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
#[wasm_split_helpers::wasm_split(catalog, fallible)]
fn fetch_catalog() -> Result<&'static Chunk, Missing> {
    Ok(whole_catalog())
}

#[cfg(feature = "page")]
#[wasm_split_helpers::wasm_split(views, fallible)]
fn fetch_views() -> Result<&'static Views, Missing> {
    Ok(whole_views())
}

#[cfg(feature = "page")]
#[wasm_split_helpers::wasm_split(operate, fallible)]
fn fetch_operating() -> Result<&'static Operating, Missing> {
    Ok(whole_operating())
}

/// An element of another page has no operator.
#[cfg(not(feature = "page"))]
async fn fetch_operating() -> Result<&'static Operating, Missing> {
    Err(Missing)
}

#[cfg(not(feature = "page"))]
async fn fetch_catalog() -> Result<&'static Chunk, Missing> {
    Ok(whole_catalog())
}

#[cfg(not(feature = "page"))]
async fn fetch_views() -> Result<&'static Views, Missing> {
    Ok(whole_views())
}

fn whole_catalog() -> &'static Chunk {
    static CATALOG: Chunk = Chunk { page: modules, services: crate::services };
    &CATALOG
}

fn whole_views() -> &'static Views {
    static VIEWS: Views = Views {
        chunk: Chunk { page, services: crate::services },
        engine: crate::services::engine,
        open,
        open_list,
        index,
    };
    &VIEWS
}

#[cfg(feature = "page")]
fn whole_operating() -> &'static Operating {
    static OPERATING: Operating = Operating {
        chunk: Chunk { page: operator, services: crate::services },
        manage: crate::services::manage,
        deploy: dialog,
        descriptors,
        descriptor,
        operations,
    };
    &OPERATING
}

#[cfg(feature = "page")]
fn operator(route: &Route, services: &Services) -> Html {
    let services = services.clone();
    match &route.view {
        View::Sources => html! { <Page<sources::SourcesPage> key="sources" input={()} {services} /> },
        _ => html! { <Page<operate::OperatePage> key="operate" input={route.clone()} {services} /> },
    }
}

#[cfg(feature = "page")]
fn dialog(input: &deploy::Input, services: &Services) -> Html {
    html! { <Page<deploy::DeployDialog> input={input.clone()} services={services.clone()} /> }
}

#[cfg(feature = "page")]
fn descriptors(api: Rc<dyn Manage>) -> Managed<Vec<Head>> {
    Box::pin(async move { manage::descriptors(&*api).await })
}

#[cfg(feature = "page")]
fn descriptor(api: Rc<dyn Manage>, id: Id) -> ManagedText {
    Box::pin(async move { Ok(manage::module(&*api, &id, false).await?.0.map(|stored| stored.text)) })
}

fn modules(route: &Route, services: &Services) -> Html {
    let input = catalog::Input::from_route(route);
    html! { <Page<catalog::CatalogPage> key="catalog" {input} services={services.clone()} /> }
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
        View::About => html! { <Page<about::AboutPage> key="about" input={()} {services} /> },
        View::Catalog | View::Operate | View::Operated { .. } | View::Sources | View::Unknown(_) => Html::default(),
    }
}

fn open(dropped: Dropped, services: Services) -> Later<()> {
    Box::pin(async move {
        let files = shell::read_drop(dropped).await;
        if !files.as_ref().is_ok_and(Vec::is_empty) {
            crate::opened::open(files, &services).await;
        }
    })
}

fn open_list(list: FileList, services: Services) -> Later<()> {
    Box::pin(async move { crate::opened::open(shell::read_list(&list).await, &services).await })
}

fn index(bytes: &[u8]) -> Result<Catalog, String> {
    Catalog::from_index(bytes, "Helm repository").map_err(|error| error.to_string())
}

#[cfg(feature = "page")]
fn operations(bytes: &[u8]) -> Result<Operations, String> {
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}
