//! A small API server in memory: it keeps objects, their generations and their versions, and counts what is written.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use kube::Client;
use kube::api::DynamicObject;
use kube::client::Body;
use serde_json::{Value, json};

/// The server. Clones are the same one.
#[derive(Clone, Default)]
pub(crate) struct Fake(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// By their paths.
    objects: BTreeMap<String, Value>,
    version: u64,
    /// Paths of what was written and is not what was there before.
    writes: Vec<String>,
    /// Requests that fail: a part of the path with its method before it, and how often.
    failures: Vec<(String, u16, usize)>,
}

impl Fake {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn client(&self) -> Client {
        let fake = self.clone();
        let service = tower::service_fn(move |request: Request<Body>| {
            let fake = fake.clone();
            async move {
                let (parts, body) = request.into_parts();
                let bytes = body.collect().await.map(|b| b.to_bytes()).unwrap_or_default();
                let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
                let path = parts.uri.path().to_owned();
                let (status, answer) = fake.state().answer(&parts.method, &path, body);
                let mut response = Response::new(Body::from(answer.to_string().into_bytes()));
                *response.status_mut() = status;
                Ok::<_, Infallible>(response)
            }
        });
        Client::new(service, "default")
    }

    /// Puts an object, as a person would.
    pub(crate) fn put(&self, object: Value) {
        let path = path(&object);
        self.state().apply(&path, object);
        self.state().writes.clear();
    }

    /// Sets the status of an object.
    pub(crate) fn set_status(&self, path: &str, status: Value) {
        self.state().status(path, json!({"status": status}));
        self.state().writes.clear();
    }

    /// Changes an object by a merge patch.
    pub(crate) fn patch(&self, path: &str, patch: &Value) {
        let (status, answer) = self.state().merge(path, patch);
        assert_eq!(status, StatusCode::OK, "{answer}");
        self.state().writes.clear();
    }

    /// Deletes an object, as a person would.
    pub(crate) fn delete(&self, path: &str) {
        self.state().delete(path);
        self.state().writes.clear();
    }

    pub(crate) fn get(&self, path: &str) -> Option<Value> {
        self.state().objects.get(path).cloned()
    }

    pub(crate) fn object(&self, path: &str) -> DynamicObject {
        serde_json::from_value(self.get(path).expect(path)).expect("an object")
    }

    /// What was written since the last time.
    pub(crate) fn take_writes(&self) -> Vec<String> {
        std::mem::take(&mut self.state().writes)
    }

    /// No request fails any more.
    pub(crate) fn calm(&self) {
        self.state().failures.clear();
    }

    /// Lets requests fail: `PATCH /apis/helm`, for example.
    pub(crate) fn fail(&self, what: &str, status: u16, times: usize) {
        self.state().failures.push((what.to_owned(), status, times));
    }
}

/// The path of an object.
fn path(object: &Value) -> String {
    let text = |at: &str| object.pointer(at).and_then(Value::as_str).unwrap_or_default();
    let api_version = text("/apiVersion");
    let root = if api_version.contains('/') { format!("/apis/{api_version}") } else { format!("/api/{api_version}") };
    let kind = text("/kind").to_lowercase();
    let plural = match kind.strip_suffix('y') {
        Some(start) => format!("{start}ies"),
        None => format!("{kind}s"),
    };
    match text("/metadata/namespace") {
        "" => format!("{root}/{plural}/{}", text("/metadata/name")),
        namespace => format!("{root}/namespaces/{namespace}/{plural}/{}", text("/metadata/name")),
    }
}

fn failure(status: u16, message: &str) -> (StatusCode, Value) {
    let code = StatusCode::from_u16(status).expect("a status");
    let reason = match status {
        404 => "NotFound",
        409 => "Conflict",
        403 => "Forbidden",
        _ => "InternalError",
    };
    let body = json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "code": status,
        "reason": reason, "message": message});
    (code, body)
}

impl State {
    fn answer(&mut self, method: &Method, path: &str, body: Value) -> (StatusCode, Value) {
        let line = format!("{method} {path}");
        if let Some(failure) =
            self.failures.iter_mut().find(|(what, _, left)| *left > 0 && line.contains(what.as_str()))
        {
            failure.2 -= 1;
            return self::failure(failure.1, "told to fail");
        }
        match (method.as_str(), path) {
            ("GET", "/version") => {
                let version = json!({"major": "1", "minor": "36", "gitVersion": "v1.36.3", "gitCommit": "",
                    "gitTreeState": "", "buildDate": "", "goVersion": "", "compiler": "", "platform": ""});
                (StatusCode::OK, version)
            }
            ("GET", "/api" | "/apis") => {
                let kind = json!({"resource": "configmaps", "scope": "Namespaced", "singularResource": "configmap",
                    "verbs": ["get"], "responseKind": {"group": "", "version": "v1", "kind": "ConfigMap"}});
                let items = match path {
                    "/api" => json!([{"metadata": {}, "versions": [{"version": "v1", "resources": [kind]}]}]),
                    _ => json!([]),
                };
                let list = json!({"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2",
                    "metadata": {}, "items": items});
                (StatusCode::OK, list)
            }
            ("GET", _) => match self.objects.get(path) {
                Some(object) => (StatusCode::OK, object.clone()),
                None => failure(404, "not found"),
            },
            ("PATCH", _) => match path.strip_suffix("/status") {
                Some(path) => self.status(path, body),
                None if body.get("apiVersion").is_some() => self.apply(path, body),
                None => self.merge(path, &body),
            },
            ("DELETE", _) => self.delete(path),
            _ => failure(405, "not supported here"),
        }
    }

    /// Keeps an object, with a new version if it is not what was there.
    fn keep(&mut self, path: &str, mut object: Value) -> Value {
        let old = self.objects.get(path);
        if old == Some(&object) {
            return object;
        }
        let generation = old.and_then(|old| old.pointer("/metadata/generation")).and_then(Value::as_i64).unwrap_or(0);
        let is_new = old.is_none_or(|old| old.get("spec") != object.get("spec"));
        object["metadata"]["generation"] = (generation + i64::from(is_new)).into();
        self.version += 1;
        object["metadata"]["resourceVersion"] = self.version.to_string().into();
        if object.pointer("/metadata/uid").is_none() {
            object["metadata"]["uid"] = format!("uid-{}", self.version).into();
        }
        self.writes.push(path.to_owned());
        self.objects.insert(path.to_owned(), object.clone());
        object
    }

    fn apply(&mut self, path: &str, applied: Value) -> (StatusCode, Value) {
        let mut object = self.objects.get(path).cloned().unwrap_or_else(|| json!({"metadata": {}}));
        for (key, value) in applied.as_object().expect("an object") {
            if key == "metadata" {
                for (key, value) in value.as_object().expect("metadata") {
                    object["metadata"][key] = value.clone();
                }
            } else {
                object[key] = value.clone();
            }
        }
        (StatusCode::OK, self.keep(path, object))
    }

    fn status(&mut self, path: &str, applied: Value) -> (StatusCode, Value) {
        let Some(mut object) = self.objects.get(path).cloned() else { return failure(404, "not found") };
        object["status"] = applied["status"].clone();
        (StatusCode::OK, self.keep(path, object))
    }

    fn merge(&mut self, path: &str, patch: &Value) -> (StatusCode, Value) {
        let Some(mut object) = self.objects.get(path).cloned() else { return failure(404, "not found") };
        let version = patch.pointer("/metadata/resourceVersion").filter(|version| !version.is_null());
        if version.is_some_and(|version| Some(version) != object.pointer("/metadata/resourceVersion")) {
            return failure(409, "the object has been modified");
        }
        merge(&mut object, patch);
        let object = self.keep(path, object);
        let is_empty = |list: Option<&Value>| list.and_then(Value::as_array).is_none_or(Vec::is_empty);
        if object.pointer("/metadata/deletionTimestamp").is_some() && is_empty(object.pointer("/metadata/finalizers")) {
            self.objects.remove(path);
        }
        (StatusCode::OK, object)
    }

    fn delete(&mut self, path: &str) -> (StatusCode, Value) {
        let Some(mut object) = self.objects.get(path).cloned() else { return failure(404, "not found") };
        let finalizers = object.pointer("/metadata/finalizers").and_then(Value::as_array);
        if finalizers.is_some_and(|list| !list.is_empty()) {
            object["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z".into();
            return (StatusCode::OK, self.keep(path, object));
        }
        self.objects.remove(path);
        self.writes.push(path.to_owned());
        (StatusCode::OK, json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"}))
    }
}

fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(fields) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    for (key, value) in fields {
        if value.is_null() {
            if let Some(target) = target.as_object_mut() {
                target.remove(key);
            }
        } else {
            merge(&mut target[key], value);
        }
    }
}
