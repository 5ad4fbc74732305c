//! The server that Flux fetches archives from.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Method, Request, Response, StatusCode, header};
use tokio::fs::File;
use tokio_util::io::ReaderStream;

/// Serves the archives of a storage: nothing but files whose names are digests, and no lists of them.
pub fn router(root: impl Into<PathBuf>) -> Router {
    Router::new().fallback(answer).with_state(Arc::new(root.into()))
}

async fn answer(State(root): State<Arc<PathBuf>>, request: Request<Body>) -> Response<Body> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return status(StatusCode::METHOD_NOT_ALLOWED);
    }
    let Some(path) = archive(&root, request.uri().path()) else { return status(StatusCode::NOT_FOUND) };
    let Ok(file) = File::open(&path).await else { return status(StatusCode::NOT_FOUND) };
    let Ok(metadata) = file.metadata().await else { return status(StatusCode::NOT_FOUND) };
    if !metadata.is_file() {
        return status(StatusCode::NOT_FOUND);
    }
    let body = match *request.method() {
        Method::HEAD => Body::empty(),
        _ => Body::from_stream(ReaderStream::new(file)),
    };
    let response = Response::builder()
        .header(header::CONTENT_TYPE, "application/gzip")
        .header(header::CONTENT_LENGTH, metadata.len())
        // A file never changes: its name is the digest of its bytes.
        .header(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .body(body);
    response.unwrap_or_else(|_| status(StatusCode::INTERNAL_SERVER_ERROR))
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// The file of a path `/externalartifact/NAMESPACE/NAME/HEX.tar.gz`.
fn archive(root: &Path, path: &str) -> Option<PathBuf> {
    let parts: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
    let [kind, namespace, name, file] = parts[..] else { return None };
    let plain = |part: &str| {
        let plain = part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.');
        plain && !part.is_empty() && !part.starts_with('.')
    };
    let hex = file.strip_suffix(".tar.gz")?;
    let is_digest = hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit());
    let fits = kind == super::storage::KIND && plain(namespace) && plain(name) && is_digest;
    fits.then(|| root.join(kind).join(namespace).join(name).join(file))
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;
    use crate::artifact::Storage;

    async fn get(router: &Router, method: &str, path: &str) -> (StatusCode, Vec<u8>) {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a request");
        let response = router.clone().oneshot(request).await.expect("an answer");
        let status = response.status();
        (status, response.into_body().collect().await.expect("a body").to_bytes().to_vec())
    }

    #[tokio::test]
    async fn only_archives_are_served() {
        let root = tempfile::tempdir().expect("a folder");
        let storage = Storage::open(root.path()).expect("an empty storage");
        let stored = storage.put("shop", "web", b"one").expect("stored");
        let router = router(root.path());
        let path = format!("/{}", stored.path);
        assert_eq!(get(&router, "GET", &path).await, (StatusCode::OK, b"one".to_vec()));
        assert_eq!(get(&router, "HEAD", &path).await, (StatusCode::OK, Vec::new()));
        assert_eq!(get(&router, "POST", &path).await.0, StatusCode::METHOD_NOT_ALLOWED);
        for other in [
            "/".to_owned(),
            "/externalartifact/shop/web".to_owned(),
            format!("/externalartifact/shop/../shop/web/{}", stored.path.rsplit('/').next().expect("a name")),
            path.replace("/web/", "/%2e%2e/"),
            path.replace("web", ".."),
            path.replace(".tar.gz", ".json"),
            path.replace("shop", "other"),
        ] {
            assert_eq!(get(&router, "GET", &other).await.0, StatusCode::NOT_FOUND, "{other}");
        }
    }
}
