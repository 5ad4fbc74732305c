//! The API against clients that mean harm, over real connections on loopback.
#![allow(clippy::disallowed_methods, reason = "a test looks at the clock")]

mod support;

use std::io::Write;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use chartwright_api::{Access, Rate, Tokens};
use serde_json::json;
use support::{Rules, Running, body, local, path, text};

const LIST: &str = "/api/v1alpha1/descriptors";
const TOKEN: &str = "0123456789abcdef0123";

#[test]
fn names_lead_nowhere_else() {
    let api = Running::start();
    let base = "/api/v1alpha1/namespaces";
    for path in [
        format!("{base}/%2e%2e/descriptors/secret"),
        format!("{base}/..%2f/descriptors/secret"),
        format!("{base}/shop/descriptors/..%2f..%2fsecret"),
        format!("{base}/.history/descriptors/shop"),
        format!("{base}/shop/descriptors/%00"),
        format!("{base}/shop/descriptors/%ff"),
        format!("{base}/shop/descriptors/SECRET"),
        format!("{base}/shop/descriptors/{}", "a".repeat(64)),
        format!("{base}/shop/descriptors/a%0d%0ab"),
        format!("{base}/shop/descriptors/secret.yaml"),
    ] {
        for method in ["GET", "DELETE"] {
            let answer = api.ask(method, &path, &[], None);
            assert_eq!(answer.status, 400, "{method} {path}: {}", answer.body);
        }
    }
    for path in [
        "/api/v1alpha1/namespaces/../descriptors/secret",
        "/api/v1alpha1/namespaces//descriptors/secret",
        "/api/../secret",
        "/api/v1alpha1/",
        "/api/v2/descriptors",
        "/api",
        "/api/v1alpha1/descriptors/",
    ] {
        let answer = api.get(path);
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        assert!(!answer.body.contains("chartwright.dev/v1alpha1"), "{path}");
    }
    for namespace in ["..", ".history", "a/b", "A"] {
        let text = text("web", "1.0.0").replace("namespace: shop", &format!("namespace: {namespace:?}"));
        assert_eq!(api.post(LIST, &json!({"text": text})).status, 422, "{namespace}");
    }
}

#[test]
fn bodies_are_what_they_say() {
    let api = Running::start();
    api.create("web", "1.0.0");
    let good = body("web2", "1.0.0").to_string();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "application/jsonp"] {
        let answer = api.ask("POST", LIST, &[("Content-Type", kind)], Some(good.as_bytes()));
        assert_eq!((answer.status, answer.code().as_str()), (415, "media-type"), "{kind}");
    }
    let zipped = api.ask("POST", LIST, &[("Content-Encoding", "gzip")], Some(good.as_bytes()));
    assert_eq!(zipped.status, 415);
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    for bad in [
        "",
        "{",
        "null",
        "[]",
        "{}",
        "{\"text\": 1}",
        "{\"text\": \"\", \"txt\": 1}",
        "\u{0}",
        "{\"text\":\"\"} x",
        &deep,
    ] {
        for (method, path) in [("POST", LIST), ("POST", "/api/v1alpha1/check"), ("POST", "/api/v1alpha1/preview")] {
            let answer = api.ask(method, path, &[], Some(bad.as_bytes()));
            assert_eq!((answer.status, answer.code().as_str()), (400, "input"), "{path} {}", answer.body);
        }
    }
    let typo = api.post(LIST, &json!({"txt": ""}));
    assert_eq!(typo.json()["hints"][0]["name"], "text", "{}", typo.body);
    assert_eq!(api.ask("POST", LIST, &[], Some(b"{\"text\": \"\xff\"}")).status, 400);
    let deep = format!("{}a", "[".repeat(50_000));
    assert_eq!(api.post(LIST, &json!({"text": deep})).status, 422);
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\n\
                d: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e]\n";
    assert_eq!(api.post(LIST, &json!({"text": format!("{}{bomb}", text("bomb", "1.0.0"))})).status, 422);
}

#[test]
fn bodies_are_bounded() {
    let api = Running::start();
    let large = json!({"text": "a".repeat(2 << 20)}).to_string();
    assert_eq!(api.ask("POST", LIST, &[], Some(large.as_bytes())).code(), "too-large");
    let announced = api.ask("POST", LIST, &[("Content-Length", "99999999999")], Some(b"{}"));
    assert_eq!(announced.status, 413);
    let head = format!(
        "POST {LIST} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Transfer-Encoding: chunked\r\n\r\n",
        api.address.port()
    );
    let mut chunked = head.clone().into_bytes();
    for _ in 0..40 {
        chunked.extend_from_slice(b"10000\r\n");
        chunked.extend_from_slice(&vec![b' '; 0x10000]);
        chunked.extend_from_slice(b"\r\n");
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    assert!(matches!(api.send(&chunked).status, 413 | 0), "what is sent after the answer may break the connection");
    assert_eq!(api.send(format!("{head}5\r\n{{\"tex").as_bytes()).status, 408, "it does not wait for ever");
}

#[test]
fn other_sites_and_names_are_refused() {
    let api = Running::start();
    let good = body("web", "1.0.0").to_string();
    for headers in [
        vec![("Origin", "https://evil.example")],
        vec![("Origin", "null")],
        vec![("Sec-Fetch-Site", "cross-site")],
        vec![("Sec-Fetch-Site", "same-site")],
    ] {
        let answer = api.ask("POST", LIST, &headers, Some(good.as_bytes()));
        assert_eq!((answer.status, answer.code().as_str()), (403, "cross-site"), "{headers:?}");
        let answer = api.ask("GET", LIST, &headers, None);
        assert_eq!(answer.status, 403, "{headers:?}");
        assert_eq!(answer.header("access-control-allow-origin"), "");
    }
    let preflight = [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "PUT")];
    let answer = api.ask("OPTIONS", LIST, &preflight, None);
    assert!(answer.status >= 400 && answer.header("access-control-allow-origin").is_empty());
    let own = format!("http://localhost:{}", api.address.port());
    assert_eq!(api.ask("POST", LIST, &[("Origin", &own)], Some(good.as_bytes())).status, 201);
    let request = format!("GET {LIST} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    assert_eq!(api.send(request.as_bytes()).status, 421, "names that lead here (DNS rebinding)");
}

#[test]
fn methods_and_paths_have_problem_documents() {
    let api = Running::start();
    for (method, path, status, code) in [
        ("PATCH", LIST, 405, "method"),
        ("DELETE", LIST, 405, "method"),
        ("GET", "/api/v1alpha1/preview", 405, "method"),
        ("GET", "/api/v1alpha1/nothing", 404, "not-found"),
        ("POST", "/api/openapi.json", 405, "method"),
        ("GET", "/api/v1alpha1/releases", 501, "unsupported"),
        ("POST", "/api/v1alpha1/namespaces/a/releases/b/install", 501, "unsupported"),
        ("POST", "/api/v1alpha1/namespaces/a/releases/b/explode", 404, "not-found"),
        ("GET", "/api/v1alpha1/namespaces/a/releases/b/drift", 501, "unsupported"),
        ("GET", "/api/v1alpha1/descriptors?limit=0", 400, "input"),
        ("GET", "/api/v1alpha1/descriptors?limit=501", 400, "input"),
        ("GET", "/api/v1alpha1/descriptors?limit=x", 400, "input"),
        ("GET", "/api/v1alpha1/descriptors?lmit=1", 400, "input"),
        ("GET", "/api/v1alpha1/descriptors?continue=x", 400, "input"),
        ("GET", "/api/v1alpha1/descriptors?continue=../x", 400, "input"),
        ("GET", "/api/v1alpha1/descriptors?namespace=..", 400, "name"),
        ("GET", "/api/v1alpha1/descriptors?labels=%3D", 400, "input"),
        ("GET", "/api/v1alpha1/events?x=1", 400, "input"),
    ] {
        let answer = api.ask(method, path, &[], None);
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{method} {path}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {path}");
        assert_eq!(answer.json()["type"], format!("urn:chartwright:problem:{code}"));
        assert_eq!(answer.json()["status"], status);
    }
    assert_eq!(api.get("/api/v1alpha1").json()["deploys"], "nothing");
}

#[test]
fn tokens_are_needed_and_not_guessed() {
    let access = Access::Tokens(Tokens::read(TOKEN).expect("a token"));
    let rules = Rules { access, ..Rules::default() };
    let api = Running::with(rules, |folder| Arc::new(local(folder)));
    let bearer = format!("Bearer {TOKEN}");
    let good = body("web", "1.0.0").to_string();
    let made = api.ask("POST", LIST, &[("Authorization", &bearer)], Some(good.as_bytes()));
    assert_eq!(made.status, 201);
    for path in [LIST, &path("web"), "/api/v1alpha1", "/api/v1alpha1/events", "/api/v1alpha1/charts"] {
        let answer = api.get(path);
        assert_eq!((answer.status, answer.code().as_str()), (401, "unauthorized"), "{path}");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
        assert!(!answer.body.contains("web"));
    }
    let guess = || api.ask("GET", LIST, &[("Authorization", "Bearer wrong")], None).status;
    let statuses: Vec<u16> = (0..40).map(|_| guess()).collect();
    assert_eq!((statuses[0], statuses[39]), (401, 429), "{statuses:?}");
    assert_eq!(api.get("/api/openapi.json").status, 200, "what it can do is no secret");
}

#[test]
fn who_asks_too_often_waits() {
    let rules = Rules { rate: Rate { per_second: 0.01, burst: 3.0 }, ..Rules::default() };
    let api = Running::with(rules, |folder| Arc::new(local(folder)));
    let statuses: Vec<u16> = (0..5).map(|_| api.get(LIST).status).collect();
    assert_eq!(statuses, [200, 200, 200, 429, 429]);
    let seconds: u64 = api.get(LIST).header("retry-after").parse().expect("a number");
    assert!((1..=100).contains(&seconds));
}

#[test]
fn too_many_renders_are_refused() {
    let api = Running::start();
    let text = text("web", "1.0.0").replace("greeting: \"1.0.0\"", "greeting: slow");
    let slow = json!({"apiVersion": "chartwright.dev/engine/v1alpha1", "subject": {"descriptor": {"name": "a", "text": text}}});
    let statuses: Vec<u16> = thread::scope(|scope| {
        let (api, slow) = (&api, &slow);
        let all: Vec<_> = (0..16).map(|_| scope.spawn(move || api.post("/api/v1alpha1/preview", slow))).collect();
        all.into_iter().map(|one| one.join().expect("joined")).map(|answer| answer.status).collect()
    });
    assert!(statuses.contains(&503), "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 200 | 422 | 503)), "{statuses:?}");
    assert_eq!(api.get(LIST).status, 200, "lists are answered meanwhile");
}

#[test]
fn renders_nobody_waits_for_end() {
    let api = Running::start();
    let text = text("web", "1.0.0").replace("greeting: \"1.0.0\"", "greeting: slow");
    let slow = json!({"apiVersion": "chartwright.dev/engine/v1alpha1", "subject": {"descriptor": {"name": "a", "text": text}}});
    let slow = slow.to_string();
    for _ in 0..4 {
        let mut stream = api.connect();
        let head = format!(
            "POST /api/v1alpha1/preview HTTP/1.1\r\nHost: localhost:{}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{slow}",
            api.address.port(),
            slow.len()
        );
        stream.write_all(head.as_bytes()).expect("sent");
        thread::sleep(Duration::from_millis(50));
    }
    let quick = text_preview();
    let started = std::time::Instant::now();
    assert_eq!(api.post("/api/v1alpha1/preview", &quick).status, 200);
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
}

fn text_preview() -> serde_json::Value {
    let text = text("web", "1.0.0");
    json!({"apiVersion": "chartwright.dev/engine/v1alpha1", "subject": {"descriptor": {"name": "a", "text": text}}})
}
