//! The API over real connections on loopback: each route, and what it refuses.
#![allow(clippy::disallowed_methods, reason = "a test writes files and looks at the clock")]

mod support;

use std::io::{BufRead, BufReader, Write};
use std::thread;

use chartwright_local::Store;
use serde_json::{Value, json};
use support::{Running, body, path, text};

const LIST: &str = "/api/v1alpha1/descriptors";
const ENGINE: &str = "chartwright.dev/engine/v1alpha1";

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().into_iter().flatten().filter_map(|item| item["name"].as_str()).collect()
}

#[test]
fn a_descriptor_is_stored_read_replaced_and_deleted() {
    let api = Running::start();
    let made = api.post(LIST, &body("web", "1.0.0"));
    assert_eq!((made.status, made.header("location")), (201, path("web").as_str()));
    let tag = made.header("etag").to_owned();
    let read = api.get(&path("web"));
    assert_eq!((read.status, read.header("etag")), (200, tag.as_str()));
    assert_eq!(read.json()["text"], text("web", "1.0.0"));
    assert_eq!(read.json()["metadata"]["labels"], json!({"team": "web"}));
    let again = api.ask("GET", &path("web"), &[("If-None-Match", &tag)], None);
    assert_eq!((again.status, again.header("etag")), (304, tag.as_str()));
    assert_eq!(api.post(LIST, &body("web", "1.0.0")).code(), "exists");
    let next = api.put(&path("web"), &tag, &body("web", "1.1.0"));
    assert_eq!((next.status, &next.json()["metadata"]["generation"]), (200, &json!(2)));
    let late = api.put(&path("web"), &tag, &body("web", "1.2.0"));
    assert_eq!((late.status, late.code().as_str()), (412, "changed"));
    let bare = api.ask("PUT", &path("web"), &[], Some(body("web", "1.2.0").to_string().as_bytes()));
    assert_eq!((bare.status, bare.code().as_str()), (428, "precondition"));
    let new = [("If-None-Match", "*")];
    let other = api.ask("PUT", &path("other"), &new, Some(body("other", "1.0.0").to_string().as_bytes()));
    assert_eq!(other.status, 201);
    assert_eq!(api.put(&path("other"), "*", &body("web", "1.0.0")).code(), "descriptor", "the name is of another");
    assert_eq!(api.put(&path("missing"), "*", &body("missing", "1.0.0")).status, 404);
    assert_eq!(names(&api.get(LIST).json()), ["other", "web"]);
    assert_eq!(names(&api.get(&format!("{LIST}?labels=team%3Dweb")).json()), ["web"]);
    let first = api.get(&format!("{LIST}?namespace=shop&limit=1")).json();
    assert_eq!((names(&first), &first["continue"]), (vec!["other"], &json!("shop/other")));
    let second = api.get(&format!("{LIST}?limit=1&continue=shop/other")).json();
    assert_eq!((names(&second), &second["continue"]), (vec!["web"], &Value::Null));
    assert_eq!(api.ask("DELETE", &path("web"), &[("If-Match", &tag)], None).status, 412);
    assert_eq!(api.ask("DELETE", &path("web"), &[], None).status, 204);
    assert_eq!(api.get(&path("web")).code(), "not-found");
}

#[test]
fn versions_are_kept_and_come_back() {
    let api = Running::start();
    api.create("web", "1.0.0");
    api.put(&path("web"), "*", &body("web", "2.0.0"));
    let history = api.get(&format!("{}/history", path("web"))).json();
    let generations: Vec<_> = history["items"].as_array().expect("a list").iter().map(|i| &i["generation"]).collect();
    assert_eq!(generations, [2, 1]);
    let first = api.get(&format!("{}/history/1", path("web")));
    assert_eq!(first.json()["text"], text("web", "1.0.0"));
    assert_eq!(api.get(&format!("{}/history/7", path("web"))).status, 404);
    for bad in ["0", "-1", "x", "1.5", "99999999999999999999", "%2e%2e"] {
        assert_eq!(api.get(&format!("{}/history/{bad}", path("web"))).status, 400, "{bad}");
    }
    let back = api.post(&format!("{}/rollback", path("web")), &json!({"generation": 1}));
    assert_eq!((back.status, &back.json()["metadata"]["generation"]), (200, &json!(3)));
    api.ask("DELETE", &path("web"), &[], None);
    let back = api.post(&format!("{}/rollback", path("web")), &json!({"generation": 2}));
    assert_eq!((back.status, &back.json()["metadata"]["version"]), (200, &json!("2.0.0")));
    assert_eq!(api.post(&format!("{}/rollback", path("web")), &json!({"generation": 9})).status, 404);
}

#[test]
fn the_engine_checks_expands_and_renders() {
    let api = Running::start();
    api.create("web", "1.0.0");
    let file = json!({"name": "web.yaml", "text": text("web", "1.0.0")});
    let check = api.post("/api/v1alpha1/check", &json!({"apiVersion": ENGINE, "descriptors": [file]}));
    assert_eq!((check.status, &check.json()["descriptors"]), (200, &json!(1)), "{}", check.body);
    let expand = api.post("/api/v1alpha1/expand", &json!({"apiVersion": ENGINE, "descriptor": file}));
    assert_eq!((expand.status, &expand.json()["name"]), (200, &json!("web")), "{}", expand.body);
    let given = api.post("/api/v1alpha1/preview", &json!({"apiVersion": ENGINE, "subject": {"descriptor": file}}));
    assert_eq!(given.status, 200, "{}", given.body);
    let stored = api.post(&format!("{}/preview", path("web")), &json!({})).json();
    assert_eq!(stored["digest"], given.json()["digest"]);
    let text = stored["output"]["text"].as_str().expect("a text");
    assert!(text.contains("text: 1.0.0"), "{text}");
    let want = json!({"values": {"set": ["web.greeting=hi"]}, "want": {"level": 2, "text": false}});
    let stored = api.post(&format!("{}/preview", path("web")), &want).json();
    assert!(stored["output"]["objects"][0]["text"].as_str().expect("a text").contains("text: hi"), "{stored}");
    let broken = text_of("web", "fail");
    let failed = api.post("/api/v1alpha1/preview", &preview_of(&broken)).json();
    assert!(failed["output"]["problems"].to_string().contains("it fails"), "{failed}");
}

fn text_of(name: &str, greeting: &str) -> String {
    text(name, "1.0.0").replace("greeting: \"1.0.0\"", &format!("greeting: {greeting}"))
}

fn preview_of(text: &str) -> Value {
    json!({"apiVersion": ENGINE, "subject": {"descriptor": {"name": "web.yaml", "text": text}}})
}

#[test]
fn renders_that_take_too_long_end() {
    let api = Running::start();
    let slow = api.post("/api/v1alpha1/preview", &preview_of(&text_of("web", "slow")));
    assert!(matches!(slow.status, 200 | 422), "{}", slow.body);
    assert!(slow.body.contains("exceeded"), "{}", slow.body);
}

#[test]
fn differences_name_what_changes() {
    let api = Running::start();
    api.create("web", "1.0.0");
    let to = json!({"descriptor": {"name": "new.yaml", "text": text("web", "1.1.0")}, "want": {"levels": 2}});
    let difference = api.post(&format!("{}/difference", path("web")), &to);
    assert_eq!(difference.status, 200, "{}", difference.body);
    let difference = difference.json();
    let changed = difference["changed"].as_array().expect("a list");
    let map = changed.iter().find(|change| change["object"]["kind"] == "ConfigMap").expect("the ConfigMap");
    let diff = map["diff"].as_str().expect("a text");
    assert!(diff.contains("-  text: 1.0.0\n+  text: 1.1.0\n"), "{diff}");
    let same = json!({"descriptor": {"name": "same.yaml", "text": text("web", "1.0.0")}});
    let same = api.post(&format!("{}/difference", path("web")), &same).json();
    assert_eq!((&same["changed"], &same["added"], &same["removed"]), (&json!([]), &json!([]), &json!([])));
}

#[test]
fn secrets_are_not_shown() {
    let api = Running::start();
    api.create("web", "1.0.0");
    let shown = api.post(&format!("{}/preview", path("web")), &json!({"showSecrets": true}));
    assert_eq!((shown.status, shown.code().as_str()), (403, "secrets"));
    let to = json!({"descriptor": {"name": "a", "text": text("web", "1.0.0")}, "showSecrets": true});
    assert_eq!(api.post(&format!("{}/difference", path("web")), &to).code(), "secrets");
    let token =
        json!({"world": {"platform": {"token": "hunter2hunter2"}}, "values": {"set": ["web.greeting=hunter2hunter2"]}});
    let hidden = api.post(&format!("{}/preview", path("web")), &token);
    assert_eq!(hidden.status, 200);
    assert!(!hidden.body.contains("hunter2hunter2"), "{}", hidden.body);
}

#[test]
fn what_happens_is_told() {
    let api = Running::start();
    let mut stream = api.connect();
    let head =
        format!("GET /api/v1alpha1/events?namespace=shop HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", api.address.port());
    stream.write_all(head.as_bytes()).expect("sent");
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    assert!(lines.any(|line| line == "content-type: text/event-stream"));
    api.create("web", "1.0.0");
    let data = lines.find_map(|line| line.strip_prefix("data: ").map(str::to_owned)).expect("an event");
    let event: Value = serde_json::from_str(&data).expect("JSON");
    assert_eq!((&event["action"], &event["name"], &event["generation"]), (&json!("created"), &json!("web"), &json!(1)));
}

#[test]
fn what_other_programs_write_is_seen() {
    let api = Running::start();
    let mut stream = api.connect();
    let head = format!("GET /api/v1alpha1/events HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", api.address.port());
    stream.write_all(head.as_bytes()).expect("sent");
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    assert!(lines.any(|line| line == "content-type: text/event-stream"));
    let other = Store::open_existing(&api.store()).expect("the same store");
    other.create(&text("other", "1.0.0")).expect("created");
    assert_eq!(names(&api.get(LIST).json()), ["other"]);
    assert_eq!(api.get(&path("other")).status, 200);
    let data = lines.find_map(|line| line.strip_prefix("data: ").map(str::to_owned)).expect("an event");
    let event: Value = serde_json::from_str(&data).expect("JSON");
    assert_eq!((&event["action"], &event["name"]), (&json!("created"), &json!("other")));
}

#[test]
fn of_many_writers_one_wins() {
    let api = Running::start();
    let tag = api.create("web", "1.0.0");
    let statuses: Vec<u16> = thread::scope(|scope| {
        let (api, tag) = (&api, &tag);
        let writers: Vec<_> = (0..8)
            .map(|at| scope.spawn(move || api.put(&path("web"), tag, &body("web", &format!("2.0.{at}"))).status))
            .collect();
        writers.into_iter().map(|writer| writer.join().expect("joined")).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 412).count(), 7, "{statuses:?}");
}

#[test]
fn the_page_runs_nothing_but_its_own() {
    let api = Running::start();
    for (path, kind) in [
        ("/api/", "text/html; charset=utf-8"),
        ("/api/try.js", "text/javascript; charset=utf-8"),
        ("/api/try.css", "text/css; charset=utf-8"),
        ("/api/openapi.json", "application/json"),
    ] {
        let answer = api.get(path);
        assert_eq!((answer.status, answer.header("content-type")), (200, kind), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe-eval"), "{policy}");
    }
    let html = api.get("/api/").body;
    assert!(!html.contains("<script>") && !html.contains("style=") && !html.contains("http"));
    assert_eq!(api.get("/").body, "<title>The page</title>", "the page is still there");
}

#[test]
fn sources_are_stored_and_used_and_their_credentials_stay() {
    let api = Running::start();
    let at = "/api/v1alpha1/namespaces/shop/sources/inner";
    let (server, asked) = repository();
    let source = |url: &str, more: Value| {
        let mut source = json!({"kind": "HelmRepository", "url": url});
        source.as_object_mut().expect("a map").extend(more.as_object().expect("a map").clone());
        source.to_string()
    };
    let login = json!({"credentials": {"username": "me", "password": "hunter2hunter2"}});
    let put = |body: &str, condition: (&str, &str)| api.ask("PUT", at, &[condition], Some(body.as_bytes()));
    let made = put(&source(&server, login), ("If-None-Match", "*"));
    assert_eq!((made.status, &made.json()["credentials"]), (201, &json!(["password", "username"])), "{}", made.body);
    assert!(!made.body.contains("hunter2"));
    let tag = made.header("etag").to_owned();
    assert_eq!(api.get(at).header("etag"), tag);
    assert!(!api.get("/api/v1alpha1/sources").body.contains("hunter2"));
    assert_eq!(api.get("/api/v1alpha1/sources?namespace=shop").json()["items"][0]["name"], "inner");

    let wanted = text("web", "1.0.0").replace(
        "chart: base, sourceRef: {kind: GitRepository, name: charts}",
        "chart: base, version: 1.0.0, sourceRef: {kind: HelmRepository, name: inner}",
    );
    assert_eq!(api.post(LIST, &json!({"text": wanted})).status, 201);
    let preview = api.post(&format!("{}/preview", path("web")), &json!({}));
    assert!(preview.body.contains("source-unreachable") || preview.body.contains("chart-"), "{}", preview.body);
    assert!(!preview.body.contains("hunter2"), "{}", preview.body);
    let first = asked.lock().expect("nobody panicked").clone();
    assert!(first.iter().any(|head| head.contains("GET /index.yaml") && head.contains("Basic ")), "{first:?}");

    // Without credentials in a replacement, they stay for the same server, and for no other one.
    let kept = put(&source(&server, json!({})), ("If-Match", &tag));
    assert_eq!((kept.status, &kept.json()["credentials"]), (200, &json!(["password", "username"])));
    assert_eq!(put(&source(&server, json!({})), ("If-Match", &tag)).status, 412);
    let moved = put(&source("https://elsewhere.example.org/", json!({})), ("If-Match", "*"));
    assert_eq!((moved.status, &moved.json()["credentials"]), (200, &Value::Null));
    for bad in ["file:///etc", "charts", "https://me:hunter2@host/x", "git://host/x"] {
        let refused = put(&source(bad, json!({})), ("If-Match", "*"));
        assert_eq!((refused.status, refused.code().as_str()), (400, "input"), "{bad}");
        assert!(!refused.body.contains("hunter2"), "{}", refused.body);
    }
    assert_eq!(api.ask("DELETE", at, &[], None).status, 204);
    assert_eq!(api.get(at).status, 404);
    assert_eq!(put(&source(&server, json!({})), ("If-Match", "*")).status, 404);
}

/// A chart repository that has nothing, and the heads of the requests that it got.
fn repository() -> (String, std::sync::Arc<std::sync::Mutex<Vec<String>>>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}/", listener.local_addr().expect("an address"));
    let asked = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let heads = std::sync::Arc::clone(&asked);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut reader = BufReader::new(stream);
            let mut head = String::new();
            while reader.read_line(&mut head).is_ok_and(|length| length > 2) {}
            heads.lock().expect("nobody panicked").push(head);
            let answer =
                "HTTP/1.1 200 OK\r\nContent-Length: 27\r\nConnection: close\r\n\r\napiVersion: v1\nentries: {}\n";
            let _ = reader.get_mut().write_all(answer.as_bytes());
        }
    });
    (address, asked)
}
