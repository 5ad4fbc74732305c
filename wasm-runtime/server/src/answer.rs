//! Files as answers.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};

use crate::asset::Asset;
use crate::encoding::Encoding;

/// Names with hashes are kept for a year, which is as long as caches keep anything.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// All else is asked for again, and mostly answered with 304.
const ASK_AGAIN: &str = "no-cache";

/// Answers a request for a file, in the form that its headers ask for.
pub(crate) fn of_asset(asset: &Asset, headers: &HeaderMap) -> Response<Body> {
    let (encoding, data) = best(asset, headers);
    let etag = match encoding {
        // Two forms of a file are different things, and so are their tags (RFC 9110, 8.8.3).
        Some(encoding) => format!("\"{}-{}\"", asset.etag, encoding.word()),
        None => format!("\"{}\"", asset.etag),
    };
    let is_known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| matches(known, &etag));
    let mut response = Response::new(if is_known { Body::empty() } else { Body::from(data) });
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let all = response.headers_mut();
    let mut set = |name, value: &'static str| all.insert(name, HeaderValue::from_static(value));
    set(header::CONTENT_TYPE, asset.mime);
    set(header::CACHE_CONTROL, if asset.is_hashed { FOR_EVER } else { ASK_AGAIN });
    if !asset.compressed.is_empty() {
        set(header::VARY, "accept-encoding");
    }
    if let Some(encoding) = encoding {
        set(header::CONTENT_ENCODING, encoding.word());
    }
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        all.insert(header::ETAG, etag);
    }
    response
}

/// A text for people.
pub(crate) fn of_text(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The smallest form of a file that is accepted.
fn best(asset: &Asset, headers: &HeaderMap) -> (Option<Encoding>, Bytes) {
    let accept: Vec<&str> =
        headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).collect();
    let accept = accept.join(",");
    let found = asset.compressed.iter().find(|(encoding, _)| encoding.is_accepted(&accept));
    match found {
        Some((encoding, data)) => (Some(*encoding), data.clone()),
        None => (None, asset.data.clone()),
    }
}

/// Whether `If-None-Match` has a tag.
fn matches(known: &HeaderValue, etag: &str) -> bool {
    let Ok(known) = known.to_str() else { return false };
    known.split(',').map(str::trim).any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}
