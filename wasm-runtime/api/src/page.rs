//! The page to try the API.

use axum::body::Body;
use axum::http::{HeaderValue, Response, header};

/// Nothing but its own script and style, and requests to this server.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// The page, its script, its style.
pub(crate) async fn index() -> Response<Body> {
    file("text/html; charset=utf-8", include_str!("../page/index.html"))
}

pub(crate) async fn script() -> Response<Body> {
    file("text/javascript; charset=utf-8", include_str!("../page/try.js"))
}

pub(crate) async fn style() -> Response<Body> {
    file("text/css; charset=utf-8", include_str!("../page/try.css"))
}

fn file(kind: &'static str, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}
