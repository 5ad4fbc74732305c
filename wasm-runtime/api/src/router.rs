//! The routes, and what every request passes.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, Response, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use futures_util::FutureExt;

use crate::access::{Access, Caller};
use crate::backend::Backend;
use crate::error::ApiError;
use crate::rate::{Buckets, Client, Rate};
use crate::{handlers, page};

/// What is behind the API, and who may ask.
pub struct Options {
    /// What keeps descriptors and renders them.
    pub backend: Arc<dyn Backend>,
    /// Who may ask.
    pub access: Access,
    /// How often.
    pub rate: Rate,
    /// How long a body may take to arrive.
    pub patience: Duration,
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options").field("access", &self.access).field("rate", &self.rate).finish_non_exhaustive()
    }
}

/// What all requests share.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) backend: Arc<dyn Backend>,
    pub(crate) patience: Duration,
    guard: Arc<Guard>,
}

struct Guard {
    access: Access,
    clients: Buckets<Client>,
    guesses: Buckets<IpAddr>,
}

/// The service that answers below `/api`.
///
/// The address of a client is the extension [`ConnectInfo`] of a request; those without one share a limit.
pub fn router(options: Options) -> Router {
    let guard =
        Guard { access: options.access, clients: Buckets::new(options.rate), guesses: Buckets::new(Rate::GUESSES) };
    let api = Api { backend: options.backend, patience: options.patience, guard: Arc::new(guard) };
    let one = "/namespaces/{namespace}/descriptors/{name}";
    let source = "/namespaces/{namespace}/sources/{name}";
    let release = "/namespaces/{namespace}/releases/{name}";
    let guarded = Router::new()
        .route("/descriptors", get(handlers::list).post(handlers::create))
        .route(one, get(handlers::read).put(handlers::replace).delete(handlers::delete))
        .route(&format!("{one}/preview"), post(handlers::preview_stored))
        .route(&format!("{one}/difference"), post(handlers::difference))
        .route(&format!("{one}/history"), get(handlers::history))
        .route(&format!("{one}/history/{{generation}}"), get(handlers::revision))
        .route(&format!("{one}/rollback"), post(handlers::rollback))
        .route("/check", post(handlers::check))
        .route("/expand", post(handlers::expand))
        .route("/preview", post(handlers::preview))
        .route("/charts", get(handlers::base_charts))
        .route("/sources", get(handlers::sources))
        .route(source, get(handlers::source).put(handlers::put_source).delete(handlers::delete_source))
        .route("/events", get(handlers::events))
        .route("/releases", get(handlers::releases))
        .route(release, get(handlers::release))
        .route(&format!("{release}/drift"), get(handlers::drift))
        .route(&format!("{release}/history"), get(handlers::release_history))
        .route(&format!("{release}/rollback"), post(handlers::rollback_release))
        .route(&format!("{release}/{{operation}}"), post(handlers::operate))
        .route("/", get(handlers::capabilities))
        .fallback(not_found)
        .method_not_allowed_fallback(method)
        .layer(from_fn_with_state(api.clone(), pass))
        .with_state(api);
    let base = format!("/api/{}", crate::VERSION);
    Router::new()
        .route("/api/", get(page::index))
        .route("/api/try.js", get(page::script))
        .route("/api/try.css", get(page::style))
        .route("/api/openapi.json", get(handlers::document))
        .nest(&base, guarded)
        .fallback(not_found)
        .method_not_allowed_fallback(method)
        .layer(from_fn(finish))
}

async fn not_found() -> ApiError {
    ApiError::NotFound("this path".to_owned())
}

async fn method() -> ApiError {
    ApiError::Method
}

/// Lets requests pass that may ask, and not too often.
async fn pass(State(api): State<Api>, mut request: Request, next: Next) -> Response<Body> {
    match api.guard.check(&request) {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

/// What every answer has.
async fn finish(request: Request, next: Next) -> Response<Body> {
    // A panic is a bug; it ends this request, and no other.
    let mut response = AssertUnwindSafe(next.run(request))
        .catch_unwind()
        .await
        .unwrap_or_else(|_| ApiError::Internal("the request broke off: this is a bug".to_owned()).into_response());
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

impl Guard {
    fn check(&self, request: &Request) -> Result<Caller, ApiError> {
        let address = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let address = address.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip());
        // Tokens are not guessed by the thousand.
        self.guesses.has(address).map_err(ApiError::Rate)?;
        let (token, caller) = match self.access.check(request.method(), request.headers()) {
            Ok(found) => found,
            Err(error) => {
                if error == ApiError::Unauthorized {
                    self.guesses.take(address).map_err(ApiError::Rate)?;
                }
                return Err(error);
            }
        };
        let client = token.map_or(Client::Address(address), Client::Token);
        self.clients.take(client).map_err(ApiError::Rate)?;
        Ok(caller)
    }
}
