//! What is where.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;

use crate::answer;
use crate::asset::{Asset, Trust};
use crate::catalog::CatalogFiles;
use crate::headers::{Origin, Safety};
use crate::hosts::{Hosts, Refused};
use crate::page::Page;
use crate::path;

/// The first part of each address of the page's own router (`web/app/src/route.rs`). Such an address is answered with
/// `index.html`; the router shows what is there.
const ROUTES: [&str; 5] = ["m", "opened", "develop", "operate", "about"];

/// Where the API is.
const API: &str = "/api";

/// Where the page asks whether there is an API.
const ASKED: &str = "/api/v1alpha1";

/// Where the catalog's files are.
const CATALOG: &str = "catalog";

/// The most bytes of a body. Nothing here reads one; the API has limits of its own.
const MOST_OF_BODY: u64 = 64 << 10;

/// What is served, and to whom.
#[derive(Debug)]
pub struct Options {
    /// The page.
    pub page: Page,
    /// The catalog; without one, that of the page, if it has one.
    pub catalog: Option<CatalogFiles>,
    /// The names under which the server may be asked.
    pub hosts: Hosts,
    /// Sites that may show the page in a frame, beside this one.
    pub frames: Vec<Origin>,
    /// Sites that the page may fetch charts and indexes from, beside this one.
    pub connect: Vec<Origin>,
    /// What answers below `/api`: to all methods, and with bodies of whatever size it reads.
    pub api: Option<Router>,
}

impl Options {
    /// A page alone, for this machine.
    pub fn of(page: Page) -> Options {
        Options { page, catalog: None, hosts: Hosts::Loopback, frames: Vec::new(), connect: Vec::new(), api: None }
    }
}

/// What all requests share.
struct Site {
    options: Options,
    safety: Safety,
}

/// The service that answers requests.
pub(crate) fn router(options: Options) -> Router {
    let safety = Safety::new(&options.frames, &options.connect);
    Router::new().fallback(answer).with_state(Arc::new(Site { options, safety }))
}

async fn answer(State(site): State<Arc<Site>>, request: Request) -> Response<Body> {
    if let Some(api) = site.options.api.clone().filter(|_| is_of_api(request.uri().path())) {
        return site.of_api(api, request).await;
    }
    let (trust, mut response) = match site.refused(&request) {
        Some(refused) => (Trust::Data, refused),
        None => {
            // The body stays behind: nothing here reads it.
            let (head, _) = request.into_parts();
            // The page asks once. Browsers write down what is not found, and this is nothing to be found.
            if head.uri.path() == ASKED {
                (Trust::Data, answer::of_text(StatusCode::NO_CONTENT, ""))
            } else {
                site.found(head.uri.path(), &head.headers).await
            }
        }
    };
    site.safety.add(trust, response.headers_mut());
    response
}

/// Whether the API answers to a path.
fn is_of_api(path: &str) -> bool {
    path.strip_prefix(API).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Site {
    /// What the API answers, to whoever may ask this server at all.
    async fn of_api(&self, api: Router, request: Request) -> Response<Body> {
        let mut response = match self.other_host(&request) {
            Some(refused) => refused,
            None => match TowerToHyperService::new(api).call(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            },
        };
        // Its own page may run its script; all else is data.
        let own = response.headers_mut().remove(header::CONTENT_SECURITY_POLICY);
        self.safety.add(Trust::Data, response.headers_mut());
        if let Some(own) = own {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, own);
        }
        response
    }

    /// Why a request for another host is not answered.
    fn other_host(&self, request: &Request) -> Option<Response<Body>> {
        let text = |status, text| Some(answer::of_text(status, text));
        match self.options.hosts.check(request) {
            Err(Refused::Malformed) => text(StatusCode::BAD_REQUEST, "The request names no host.\n"),
            Err(Refused::Other) => {
                let what = "This server does not answer to that name: chartwright serve --host NAME allows it.\n";
                text(StatusCode::MISDIRECTED_REQUEST, what)
            }
            Ok(()) => None,
        }
    }

    /// Why a request is not answered, whatever it asks for.
    fn refused(&self, request: &Request) -> Option<Response<Body>> {
        let text = |status, text| Some(answer::of_text(status, text));
        if let Some(refused) = self.other_host(request) {
            return Some(refused);
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let mut response = answer::of_text(StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD are allowed.\n");
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            return Some(response);
        }
        let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        if length.is_some_and(|length| length.parse().is_ok_and(|length: u64| length > MOST_OF_BODY)) {
            return text(StatusCode::PAYLOAD_TOO_LARGE, "The request's body is too large.\n");
        }
        None
    }

    async fn found(self: &Arc<Self>, path: &str, headers: &HeaderMap) -> (Trust, Response<Body>) {
        let not_found = || (Trust::Data, answer::of_text(StatusCode::NOT_FOUND, "There is nothing here.\n"));
        let Some(parts) = path::parts(path) else { return not_found() };
        let site = Arc::clone(self);
        // Reading a file may take a while, and others are to be answered meanwhile.
        let found = tokio::task::spawn_blocking(move || site.asset(&parts)).await;
        match found {
            Ok(Some(asset)) => (asset.trust, answer::of_asset(&asset, headers)),
            Ok(None) => not_found(),
            Err(_) => {
                let what = "The server could not read the file.\n";
                (Trust::Data, answer::of_text(StatusCode::INTERNAL_SERVER_ERROR, what))
            }
        }
    }

    /// The file at a path.
    fn asset(&self, parts: &[String]) -> Option<Asset> {
        let index = || self.options.page.file("index.html");
        let (first, rest) = parts.split_first()?;
        if first.is_empty() && rest.is_empty() {
            return index();
        }
        if let (true, Some(catalog)) = (first == CATALOG && !rest.is_empty(), &self.options.catalog) {
            return catalog.file(&path::name(rest)?);
        }
        if ROUTES.contains(&first.as_str()) {
            return index();
        }
        let mut asset = self.options.page.file(&path::name(parts)?)?;
        if first == CATALOG {
            // A catalog beside the page is one, too.
            asset.trust = Trust::Data;
        }
        Some(asset)
    }
}
