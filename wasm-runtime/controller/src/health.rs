//! What probes and Prometheus ask.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;

use crate::metrics::Metrics;

/// Whether the controller leads, knows all objects and serves archives.
#[derive(Clone, Debug, Default)]
pub struct Readiness(Arc<AtomicBool>);

impl Readiness {
    /// It is, or is no longer.
    pub fn set(&self, ready: bool) {
        self.0.store(ready, Ordering::Relaxed);
    }
}

/// `/healthz`: the program runs. `/readyz`: it leads, so that a Service finds archives where they are.
pub fn router(readiness: Readiness) -> Router {
    let ready = |State(readiness): State<Readiness>| async move {
        match readiness.0.load(Ordering::Relaxed) {
            true => (StatusCode::OK, "ok"),
            false => (StatusCode::SERVICE_UNAVAILABLE, "not the leader, or not all objects are known yet"),
        }
    };
    Router::new().route("/healthz", get(|| async { "ok" })).route("/readyz", get(ready)).with_state(readiness)
}

/// `/metrics`
pub fn metrics_router(metrics: Arc<Metrics>) -> Router {
    let text = |State(metrics): State<Arc<Metrics>>| async move {
        let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
        ([(header::CONTENT_TYPE, kind)], metrics.text()).into_response()
    };
    Router::new().route("/metrics", get(text)).with_state(metrics)
}
