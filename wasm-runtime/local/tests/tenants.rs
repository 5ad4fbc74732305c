//! What a token for some namespaces sees of the others: nothing, on any route.
#![allow(clippy::disallowed_methods, reason = "a test looks at the clock")]

mod support;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use chartwright_api::{Access, Tokens};
use chartwright_local::{Account, GitReleases, LocalBackend, Options, ReleasesOptions};
use serde_json::{Value, json};
use support::{Answer, Document, Rules, Running, body, local, options, text};

const ALL: &str = "all-namespaces-0123";
const SHOP: &str = "only-shop-0123456789";
const READS: &str = "reads-shop-0123456789";

fn serve() -> Running {
    serve_with(local)
}

fn serve_with(backend: fn(&Path) -> LocalBackend) -> Running {
    let tokens = format!("{ALL}\n{SHOP} shop\n{READS} shop read\n");
    let access = Access::Tokens(Tokens::read(&tokens).expect("tokens"));
    let api = Running::with(Rules { access, ..Rules::default() }, |folder| Arc::new(backend(folder)));
    for (namespace, name) in [("shop", "web"), ("bank", "vault"), ("aaa", "first"), ("zzz", "last")] {
        let text = text(name, "1.0.0").replace("namespace: shop", &format!("namespace: {namespace}"));
        assert_eq!(ask(&api, ALL, "POST", "/api/v1alpha1/descriptors", Some(json!({"text": text}))).status, 201);
    }
    api
}

/// A backend that commits releases to a repository.
fn with_releases(folder: &Path) -> LocalBackend {
    let place = folder.join("fleet.git");
    let made = Command::new("git").args(["init", "--quiet", "--bare", "--initial-branch=main"]).arg(&place).status();
    assert!(made.expect("git runs").success());
    let account = Account { author: "a".into(), email: "a@example.org".into(), login: None, ssh_command: None };
    let releases = GitReleases::open(ReleasesOptions {
        place: place.display().to_string(),
        branch: None,
        folder: "releases".to_owned(),
        source: "flux-system/flux-system".to_owned(),
        account,
        timeout: Duration::from_secs(20),
    });
    let releases = Some(releases.expect("a repository"));
    LocalBackend::new(Options { releases, ..options(folder) }).expect("threads")
}

fn ask(api: &Running, token: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
    let authorization = format!("Bearer {token}");
    let mut headers = vec![("Authorization", authorization.as_str())];
    if method == "PUT" || method == "DELETE" {
        headers.push(("If-Match", "*"));
    }
    api.ask(method, path, &headers, body.map(|body| body.to_string()).as_deref().map(str::as_bytes))
}

/// An answer without what differs from request to request.
fn plain(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let headers = answer.headers.iter().filter(|(name, _)| *name != "date");
    let headers = headers.map(|(name, value)| (name.clone(), value.clone())).collect();
    (answer.status, headers, answer.body.clone())
}

#[test]
fn what_others_have_is_answered_like_nothing() {
    compare(&serve(), 501);
}

#[test]
#[ignore = "needs git"]
fn what_others_deploy_is_answered_like_nothing() {
    let api = serve_with(with_releases);
    let vault = "/api/v1alpha1/namespaces/bank/releases/vault";
    assert_eq!(ask(&api, ALL, "POST", &format!("{vault}/install"), None).status, 200);
    let list =
        |token: &str| ask(&api, token, "GET", "/api/v1alpha1/releases", None).json()["items"].as_array().map(Vec::len);
    assert_eq!((list(ALL), list(SHOP)), (Some(1), Some(0)));
    compare(&api, 404);
}

/// Asks each route for what others have and for what nobody has; `releases` is the status of those of releases.
fn compare(api: &Running, releases: u16) {
    let document = Document::new();
    let mut routes = 0;
    for (method, template, operation) in document.operations().filter(|(_, path, _)| path.contains("{name}")) {
        let body = match operation["operationId"].as_str().expect("a name") {
            "rollback" => Some(json!({"generation": 1})),
            "rollbackRelease" => Some(json!({"revision": "1.0.0"})),
            "replaceSource" => Some(json!({"kind": "GitRepository", "url": "https://git.example.org/x"})),
            "replaceDescriptor" => Some(body("vault", "1.0.0")),
            "difference" => Some(json!({"descriptor": {"name": "x", "text": text("web", "1.0.0")}})),
            _ if operation["requestBody"].is_object() => Some(json!({})),
            _ => None,
        };
        let path = |namespace: &str, name: &str| {
            let path = template.replace("{namespace}", namespace).replace("{name}", name);
            path.replace("{generation}", "1").replace("{operation}", "suspend")
        };
        let at = |namespace: &str, name: &str| {
            let answer = ask(api, SHOP, &method.to_uppercase(), &path(namespace, name), body.clone());
            let (status, headers, text) = plain(&answer);
            (status, headers, text.replace(name, "NAME").replace(namespace, "NAMESPACE"))
        };
        let (theirs, nothing) = (at("bank", "vault"), at("none", "other"));
        let status = if template.contains("/releases/") { releases } else { 404 };
        assert_eq!(theirs.0, status, "{method} {template}: {}", theirs.2);
        assert_eq!(theirs, nothing, "{method} {template}");
        if !matches!(method, "put") {
            // A namespace of one's own, without such a descriptor: the same words.
            let own = at("shop", "missing");
            assert_eq!((own.0, own.2), (theirs.0, theirs.2), "{method} {template}");
        }
        routes += 1;
    }
    assert!(routes >= 12, "{routes}");
    let vault = "/api/v1alpha1/namespaces/bank/descriptors/vault";
    assert_eq!(ask(api, ALL, "GET", vault, None).json()["metadata"]["generation"], 1, "nothing has changed it");
}

#[test]
fn a_tag_tells_nothing() {
    let api = serve();
    let vault = "/api/v1alpha1/namespaces/bank/descriptors/vault";
    let tag = ask(&api, ALL, "GET", vault, None).header("etag").to_owned();
    let authorization = format!("Bearer {SHOP}");
    for tag in [tag.as_str(), "\"00\"", "*"] {
        for method in ["GET", "DELETE"] {
            let condition = if method == "GET" { "If-None-Match" } else { "If-Match" };
            let headers = [("Authorization", authorization.as_str()), (condition, tag)];
            assert_eq!(api.ask(method, vault, &headers, None).status, 404, "{method} {tag}");
        }
    }
    for (namespace, name) in [("bank", "vault"), ("bank", "new"), ("none", "new")] {
        let text = text(name, "1.0.0").replace("namespace: shop", &format!("namespace: {namespace}"));
        let made = ask(&api, SHOP, "POST", "/api/v1alpha1/descriptors", Some(json!({"text": text})));
        assert_eq!((made.status, made.code().as_str()), (403, "forbidden"), "there or not: {namespace}/{name}");
    }
}

#[test]
fn lists_and_events_have_no_gaps() {
    let api = serve();
    let list = |query: &str| ask(&api, SHOP, "GET", &format!("/api/v1alpha1/descriptors{query}"), None).json();
    let names = |list: &Value| {
        list["items"].as_array().expect("a list").iter().map(|i| i["name"].to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names(&list("")), ["\"web\""]);
    assert_eq!(list("?limit=1")["continue"], Value::Null, "what follows is not theirs");
    assert_eq!(names(&list("?continue=aaa/a")), ["\"web\""]);
    assert_eq!(list("?namespace=bank"), list("?namespace=none"));
    assert_eq!(list("?labels=team%3Dvault"), list("?labels=team%3Dnone"));

    let mut stream = api.connect();
    stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a timeout");
    let head = format!(
        "GET /api/v1alpha1/events HTTP/1.1\r\nHost: localhost:{}\r\nAuthorization: Bearer {SHOP}\r\n\r\n",
        api.address.port()
    );
    stream.write_all(head.as_bytes()).expect("sent");
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    assert!(lines.any(|line| line == "content-type: text/event-stream"));
    for version in ["2.0.0", "3.0.0"] {
        for (namespace, name) in [("bank", "vault"), ("shop", "web")] {
            let text = text(name, version).replace("namespace: shop", &format!("namespace: {namespace}"));
            let path = format!("/api/v1alpha1/namespaces/{namespace}/descriptors/{name}");
            assert_eq!(ask(&api, ALL, "PUT", &path, Some(json!({"text": text}))).status, 200);
        }
    }
    let told: Vec<String> = lines.filter(|line| line.starts_with("id:") || line.starts_with("data:")).take(4).collect();
    assert_eq!((told[0].as_str(), told[2].as_str()), ("id: 1", "id: 2"), "{told:?}");
    assert!(told[1].contains("\"web\"") && told[3].contains("\"web\""), "{told:?}");
}

#[test]
fn readers_change_nothing() {
    let api = serve();
    let web = "/api/v1alpha1/namespaces/shop/descriptors/web";
    for (method, path, body) in [
        ("POST", "/api/v1alpha1/descriptors".to_owned(), Some(body("new", "1.0.0"))),
        ("PUT", web.to_owned(), Some(body("web", "2.0.0"))),
        ("DELETE", web.to_owned(), None),
        ("POST", format!("{web}/rollback"), Some(json!({"generation": 1}))),
    ] {
        let answer = ask(&api, READS, method, &path, body);
        assert_eq!((answer.status, answer.code().as_str()), (403, "forbidden"), "{method} {path}");
    }
    assert_eq!(ask(&api, READS, "GET", web, None).status, 200);
    assert_eq!(ask(&api, READS, "POST", &format!("{web}/preview"), Some(json!({}))).status, 200);
    let can = ask(&api, READS, "GET", "/api/v1alpha1", None).json();
    assert_eq!(can["readOnly"], true);
    assert!(!can["operations"].to_string().contains("replaceDescriptor"));
    assert_eq!(ask(&api, READS, "DELETE", "/api/v1alpha1/namespaces/bank/descriptors/vault", None).status, 404);
}

#[test]
fn limits_are_each_tokens_own() {
    use chartwright_api::Rate;
    let tokens = Tokens::read(&format!("{ALL}\n{SHOP} shop\n")).expect("tokens");
    let rules = Rules { access: Access::Tokens(tokens), rate: Rate { per_second: 0.01, burst: 3.0 } };
    let api = Running::with(rules, |folder| Arc::new(local(folder)));
    let list = |token: &str| ask(&api, token, "GET", "/api/v1alpha1/descriptors", None).status;
    assert_eq!((0..4).map(|_| list(ALL)).collect::<Vec<_>>(), [200, 200, 200, 429]);
    assert_eq!(list(SHOP), 200, "what others ask does not count");
}
