//! Every answer that the OpenAPI document promises occurs.

mod support;

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;

use chartwright_api::types::{
    BaseCharts, Capabilities, Deploys, Descriptor, DescriptorList, Difference, Drift, Event, History, Id, ListQuery,
    Operation, Preview, Release, ReleaseHistory, ReleaseList, Source, SourceInput, SourceList,
};
use chartwright_api::{Access, Answer, ApiError, Backend, Namespaces, Precondition, Progress, Rate, Releases, Tokens};
use contract::{CheckInput, CheckOutput, ExpandInput, ExpandOutput, Failure, FailureKind, RenderInput, TextFile};
use serde_json::{Value, json};
use support::{Document, Rules, Running, body, local, path, text};
use tokio::sync::broadcast;

/// A backend on which everything fails, or, without an error, everything works.
struct Stub(Option<ApiError>);

impl Stub {
    fn answer<T: Default + Send + 'static>(&self) -> Answer<'_, T> {
        Box::pin(std::future::ready(self.0.clone().map_or_else(|| Ok(T::default()), Err)))
    }
}

impl Backend for Stub {
    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
    }
    fn list(&self, _: Namespaces, _: ListQuery) -> Answer<'_, DescriptorList> {
        self.answer()
    }
    fn read(&self, _: Id) -> Answer<'_, Descriptor> {
        self.answer()
    }
    fn create(&self, _: Namespaces, _: String) -> Answer<'_, Descriptor> {
        self.answer()
    }
    fn replace(&self, _: Id, _: String, _: Precondition) -> Answer<'_, (Descriptor, bool)> {
        self.answer()
    }
    fn delete(&self, _: Id, _: Option<Precondition>) -> Answer<'_, ()> {
        self.answer()
    }
    fn history(&self, _: Id) -> Answer<'_, History> {
        self.answer()
    }
    fn revision(&self, _: Id, _: u64) -> Answer<'_, Descriptor> {
        self.answer()
    }
    fn rollback(&self, _: Id, _: u64, _: Option<Precondition>) -> Answer<'_, Descriptor> {
        self.answer()
    }
    fn check(&self, _: Namespaces, _: CheckInput) -> Answer<'_, CheckOutput> {
        self.answer()
    }
    fn expand(&self, _: Namespaces, _: ExpandInput) -> Answer<'_, ExpandOutput> {
        self.answer()
    }
    fn preview(&self, _: Namespaces, _: RenderInput, _: Progress) -> Answer<'_, Preview> {
        self.answer()
    }
    fn difference(&self, _: Namespaces, _: RenderInput, _: TextFile) -> Answer<'_, Difference> {
        self.answer()
    }
    fn base_charts(&self) -> Answer<'_, BaseCharts> {
        self.answer()
    }
    fn sources(&self, _: Namespaces, _: Option<String>) -> Answer<'_, SourceList> {
        self.answer()
    }
    fn source(&self, _: Id) -> Answer<'_, Source> {
        self.answer()
    }
    fn put_source(&self, _: Id, _: SourceInput, _: Precondition) -> Answer<'_, (Source, bool)> {
        self.answer()
    }
    fn delete_source(&self, _: Id, _: Option<Precondition>) -> Answer<'_, ()> {
        self.answer()
    }
    fn events(&self) -> broadcast::Receiver<Event> {
        broadcast::channel(1).1
    }
    fn releases(&self) -> Option<&dyn Releases> {
        Some(self)
    }
}

impl Releases for Stub {
    fn kind(&self) -> Deploys {
        Deploys::Git
    }
    fn list(&self, _: Namespaces) -> Answer<'_, ReleaseList> {
        self.answer()
    }
    fn read(&self, _: Id) -> Answer<'_, Release> {
        self.answer()
    }
    fn operate(&self, _: Id, _: Operation, _: Namespaces, _: Progress) -> Answer<'_, Release> {
        self.answer()
    }
    fn drift(&self, _: Id) -> Answer<'_, Drift> {
        self.answer()
    }
    fn history(&self, _: Id) -> Answer<'_, ReleaseHistory> {
        self.answer()
    }
    fn rollback(&self, _: Id, _: String, _: Progress) -> Answer<'_, Release> {
        self.answer()
    }
}

/// A request that is as it should be.
fn request(operation: &str) -> (&'static str, String, Option<Value>) {
    let engine = "chartwright.dev/engine/v1alpha1";
    let file = json!({"name": "web.yaml", "text": text("web", "1.0.0")});
    let base = "/api/v1alpha1";
    let release = format!("{base}/namespaces/shop/releases/web");
    let source = format!("{base}/namespaces/shop/sources/charts");
    match operation {
        "capabilities" => ("GET", base.to_owned(), None),
        "listDescriptors" => ("GET", format!("{base}/descriptors"), None),
        "createDescriptor" => ("POST", format!("{base}/descriptors"), Some(body("new", "1.0.0"))),
        "readDescriptor" => ("GET", path("web"), None),
        "replaceDescriptor" => ("PUT", path("web"), Some(body("web", "1.0.0"))),
        "deleteDescriptor" => ("DELETE", path("web"), None),
        "listHistory" => ("GET", format!("{}/history", path("web")), None),
        "readRevision" => ("GET", format!("{}/history/1", path("web")), None),
        "rollback" => ("POST", format!("{}/rollback", path("web")), Some(json!({"generation": 1}))),
        "check" => ("POST", format!("{base}/check"), Some(json!({"apiVersion": engine, "descriptors": [file]}))),
        "expand" => ("POST", format!("{base}/expand"), Some(json!({"apiVersion": engine, "descriptor": file}))),
        "preview" => {
            ("POST", format!("{base}/preview"), Some(json!({"apiVersion": engine, "subject": {"descriptor": file}})))
        }
        "previewStored" => ("POST", format!("{}/preview", path("web")), Some(json!({}))),
        "difference" => ("POST", format!("{}/difference", path("web")), Some(json!({"descriptor": file}))),
        "listCharts" => ("GET", format!("{base}/charts"), None),
        "listSources" => ("GET", format!("{base}/sources"), None),
        "readSource" => ("GET", source, None),
        "replaceSource" => ("PUT", source, Some(json!({"kind": "GitRepository", "url": "https://git.example.org/x"}))),
        "deleteSource" => ("DELETE", source, None),
        "events" => ("GET", format!("{base}/events"), None),
        "listReleases" => ("GET", format!("{base}/releases"), None),
        "operate" => ("POST", format!("{release}/suspend"), None),
        "readRelease" => ("GET", release, None),
        "listReleaseHistory" => ("GET", format!("{release}/history"), None),
        "rollbackRelease" => ("POST", format!("{release}/rollback"), Some(json!({"revision": "1.0.0"}))),
        "drift" => ("GET", format!("{release}/drift"), None),
        other => panic!("the operation {other} has no test"),
    }
}

/// Sends the request of an operation, with further headers.
fn send(api: &Running, operation: &str, headers: &[(&str, &str)]) -> u16 {
    let (method, path, body) = request(operation);
    let mut headers = headers.to_vec();
    let has_condition = headers.iter().any(|(name, _)| name.starts_with("If-"));
    if operation.starts_with("replace") && !has_condition {
        headers.push(("If-Match", "*"));
    }
    let body = body.map(|body| body.to_string());
    api.ask(method, &path, &headers, body.as_deref().map(str::as_bytes)).status
}

/// Statuses that an operation may answer with, beside those that its own tests bring about.
fn documented(document: &Document) -> BTreeSet<(String, u16)> {
    let mut all = BTreeSet::new();
    for (_, _, operation) in document.operations() {
        let name = operation["operationId"].as_str().expect("a name");
        for status in operation["responses"].as_object().expect("answers").keys() {
            all.insert((name.to_owned(), status.parse().expect("a number")));
        }
    }
    all
}

#[test]
fn every_documented_answer_occurs() {
    let document = Document::new();
    let operations: Vec<String> =
        document.operations().map(|(_, _, o)| o["operationId"].as_str().expect("a name").to_owned()).collect();
    let mut seen = BTreeSet::new();
    let mut done = |api: Running| seen.extend(std::mem::take(&mut *api.seen.lock().expect("nobody panicked")));

    // As it should be: on a stub that has everything, and on a folder.
    let api = Running::with(Rules::default(), |_| Arc::new(Stub(None)));
    for name in operations.iter().filter(|name| !name.starts_with("replace")) {
        send(&api, name, &[]);
    }
    done(api);
    local_answers(&mut done);

    // What any request may be answered with.
    for operation in &operations {
        let access = Access::Tokens(Tokens::read("0123456789abcdef").expect("a token"));
        let api = Running::with(Rules { access, ..Rules::default() }, |_| Arc::new(Stub(None)));
        assert_eq!(send(&api, operation, &[]), 401, "{operation}");
        assert_eq!(send(&api, operation, &[("Origin", "https://evil.example")]), 403, "{operation}");
        done(api);
    }
    let reads = Access::Tokens(Tokens::read("0123456789abcdef read").expect("a token"));
    let api = Running::with(Rules { access: reads, ..Rules::default() }, |_| Arc::new(Stub(None)));
    for operation in &operations {
        send(&api, operation, &[("Authorization", "Bearer 0123456789abcdef")]);
    }
    done(api);
    let api = Running::with(Rules { rate: Rate { per_second: 0.01, burst: 0.5 }, ..Rules::default() }, |_| {
        Arc::new(Stub(None))
    });
    operations.iter().for_each(|operation| assert_eq!(send(&api, operation, &[]), 429, "{operation}"));
    done(api);

    // What a backend may answer.
    let failure = Failure::new(FailureKind::Exec, "it fails");
    for error in [
        ApiError::Internal("it broke".into()),
        ApiError::Busy(1),
        ApiError::Engine(failure),
        ApiError::Store("it is full".into()),
        ApiError::NotFound("it".into()),
        ApiError::Unsupported("it cannot".into()),
        ApiError::Conflict("it has changed".into()),
        ApiError::Repository("it refuses".into()),
        ApiError::Input(Failure::new(FailureKind::Input, "it is wrong")),
        ApiError::Descriptor { message: "it is none".into(), problems: Vec::new() },
    ] {
        let status = error.code().status().as_u16();
        let api = Running::with(Rules::default(), |_| Arc::new(Stub(Some(error))));
        let may = documented(&document);
        for operation in operations.iter().filter(|name| may.contains(&((*name).clone(), status))) {
            if operation != "events" {
                assert_eq!(send(&api, operation, &[]), status, "{operation}");
            }
        }
        done(api);
    }

    let missing: Vec<_> = documented(&document).into_iter().filter(|one| !seen.contains(one)).collect();
    assert!(missing.is_empty(), "documented, and never answered: {missing:?}");
}

/// What the store and the reading of requests answer.
fn local_answers(done: &mut dyn FnMut(Running)) {
    let api = Running::with(Rules::default(), |folder| Arc::new(local(folder)));
    let deploys = Running::with(Rules::default(), |_| Arc::new(Stub(None)));
    let document = Document::new();
    let tag = api.create("web", "1.0.0");
    assert_eq!(send(&api, "createDescriptor", &[]), 201);
    assert_eq!(send(&api, "createDescriptor", &[]), 409);
    assert_eq!(send(&api, "readDescriptor", &[("If-None-Match", &tag)]), 304);
    assert_eq!(send(&api, "replaceDescriptor", &[]), 200);
    assert_eq!(send(&api, "replaceDescriptor", &[("If-Match", "\"old\"")]), 412);
    assert_eq!(send(&api, "deleteDescriptor", &[("If-Match", "\"old\"")]), 412);
    assert_eq!(send(&api, "rollback", &[("If-Match", "\"old\"")]), 412);
    let bare = body("web", "1.0.0").to_string();
    assert_eq!(api.ask("PUT", &path("web"), &[], Some(bare.as_bytes())).status, 428);
    let source = json!({"kind": "GitRepository", "url": "https://git.example.org/x"}).to_string();
    let at = "/api/v1alpha1/namespaces/shop/sources/charts";
    for (headers, status) in [
        (vec![("If-None-Match", "*")], 201),
        (vec![("If-Match", "*")], 200),
        (vec![("If-Match", "\"old\"")], 412),
        (vec![], 428),
    ] {
        assert_eq!(api.ask("PUT", at, &headers, Some(source.as_bytes())).status, status);
    }
    assert_eq!(send(&api, "deleteSource", &[("If-Match", "\"old\"")]), 412);
    assert_eq!(api.get("/api/v1alpha1/sources?x=1").status, 400);
    let new = body("web2", "1.0.0").to_string();
    assert_eq!(api.ask("PUT", &path("web2"), &[("If-None-Match", "*")], Some(new.as_bytes())).status, 201);
    for (method, template, operation) in document.operations() {
        let name = operation["operationId"].as_str().expect("a name");
        let method = method.to_uppercase();
        if template.contains("{name}") {
            let bad = template.replace("{namespace}", "A").replace("{name}", "b").replace("{generation}", "1");
            let bad = bad.replace("{operation}", "suspend");
            assert_eq!(api.ask(&method, &bad, &[("If-Match", "*")], Some(b"{}")).status, 400, "{name}");
        }
        if operation["requestBody"].is_object() {
            let (_, good, _) = request(name);
            // Here, nothing deploys, which is said before anything is read.
            let server = if operation["tags"][0] == "releases" { &deploys } else { &api };
            let ask = |headers: &[(&str, &str)], body: &[u8]| {
                let headers: Vec<_> = headers.iter().chain(&[("If-Match", "*")]).copied().collect();
                server.ask(&method, &good, &headers, Some(body)).status
            };
            assert_eq!(ask(&[], b"{"), 400, "{name}");
            assert_eq!(ask(&[("Content-Type", "text/plain")], b"{}"), 415, "{name}");
            assert_eq!(ask(&[("Content-Length", "999999999")], b"{}"), 413, "{name}");
            assert_eq!(ask(&[("Content-Length", "100")], b"{"), 408, "{name}");
        }
    }
    assert_eq!(api.get("/api/v1alpha1/descriptors?limit=0").status, 400);
    assert_eq!(api.get("/api/v1alpha1/events?x=1").status, 400);
    // As many listeners as there may be, and one more.
    let head = "GET /api/v1alpha1/events HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let listeners: Vec<_> = (0..32)
        .map(|_| {
            let mut stream = api.connect();
            stream.write_all(head.as_bytes()).expect("sent");
            let mut first = [0; 1];
            std::io::Read::read_exact(&mut stream, &mut first).expect("it answers");
            stream
        })
        .collect();
    assert_eq!(send(&api, "events", &[]), 503);
    drop(listeners);
    done(api);
    done(deploys);
}
