//! What is served and with which headers, over real connections on loopback.

mod support;

use chartwright_server::Origin;

use support::{CHART, Folders, Running, SCRIPT};

#[test]
fn files_have_their_types_and_caches() {
    let folders = Folders::new();
    let server = Running::start(folders.options());
    let for_ever = "public, max-age=31536000, immutable";
    for (path, mime, cache, body) in [
        ("/", "text/html; charset=utf-8", "no-cache", "<!doctype html><title>Chartwright</title>"),
        ("/index.html", "text/html; charset=utf-8", "no-cache", "<!doctype html><title>Chartwright</title>"),
        ("/?q=shop", "text/html; charset=utf-8", "no-cache", "<!doctype html><title>Chartwright</title>"),
        (SCRIPT, "text/javascript; charset=utf-8", for_ever, "script"),
        ("/engine-0123456789abcdef_bg.wasm", "application/wasm", for_ever, "\0asm"),
        ("/sw.js", "text/javascript; charset=utf-8", "no-cache", "self.x = 1"),
        ("/manifest.webmanifest", "application/manifest+json", "no-cache", "{}"),
        ("/catalog/icons/shop.svg", "image/svg+xml", "no-cache", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
        (CHART, "application/gzip", for_ever, "archive"),
    ] {
        let answer = server.get(path, &[]);
        assert_eq!((answer.status, answer.body.as_str()), (200, body), "{path}");
        assert_eq!((answer.header("content-type"), answer.header("cache-control")), (mime, cache), "{path}");
        assert_eq!(answer.header("content-length"), body.len().to_string(), "{path}");
    }
    let catalog = server.get("/catalog/catalog.json", &[]);
    assert_eq!((catalog.status, catalog.header("content-type")), (200, "application/json"));
    assert!(catalog.body.contains("\"Shop\""));
}

#[test]
fn addresses_of_the_page_are_answered_with_it() {
    let folders = Folders::new();
    let server = Running::start(folders.options());
    for path in ["/m/shop/1.4.0", "/m/shop", "/opened/sha256:00", "/develop", "/operate/a/b?x=1", "/about", "/m/a%2Fb"]
    {
        let answer = server.get(path, &[]);
        assert_eq!((answer.status, answer.header("content-type")), (200, "text/html; charset=utf-8"), "{path}");
    }
    for path in
        ["/nothing", "/mm", "/assets/none.js", "/api/v1", "/catalog", "/catalog/", "/favicon.ico", "/page/index.html"]
    {
        let answer = server.get(path, &[]);
        assert_eq!((answer.status, answer.header("content-type")), (404, "text/plain; charset=utf-8"), "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
    // The page asks for an API, and there is none.
    assert_eq!(server.get("/api/v1alpha1", &[]).status, 204);
}

#[test]
fn compressed_copies_are_taken_where_they_are_accepted() {
    let folders = Folders::new();
    let server = Running::start(folders.options());
    for (accept, encoding, body) in [
        ("gzip, deflate, br", "br", "brotli script"),
        ("gzip", "gzip", "gzipped script"),
        ("br;q=0, gzip;q=0.1", "gzip", "gzipped script"),
        ("identity", "", "script"),
        ("", "", "script"),
    ] {
        let answer = server.get(SCRIPT, &[("Accept-Encoding", accept)]);
        assert_eq!((answer.header("content-encoding"), answer.body.as_str()), (encoding, body), "{accept}");
        assert_eq!(answer.header("vary"), "accept-encoding", "{accept}");
        assert_eq!(answer.header("content-type"), "text/javascript; charset=utf-8", "{accept}");
    }
    let catalog = server.get("/catalog/catalog.json", &[("Accept-Encoding", "gzip")]);
    assert_eq!((catalog.header("content-encoding"), catalog.header("vary")), ("gzip", "accept-encoding"));
    // An archive is compressed already, and no form of it differs from another.
    let archive = server.get(CHART, &[("Accept-Encoding", "gzip")]);
    assert_eq!((archive.header("content-encoding"), archive.header("vary")), ("", ""));
}

#[test]
fn what_is_known_is_not_sent_again() {
    let folders = Folders::new();
    let server = Running::start(folders.options());
    for path in ["/", SCRIPT, CHART, "/catalog/catalog.json"] {
        for accept in ["identity", "gzip"] {
            let first = server.get(path, &[("Accept-Encoding", accept)]);
            let etag = first.header("etag");
            assert!(etag.starts_with('"') && etag.ends_with('"') && etag.len() > 10, "{path} {etag}");
            let same = [("Accept-Encoding", accept), ("If-None-Match", etag)];
            let second = server.get(path, &same);
            assert_eq!((second.status, second.body.as_str()), (304, ""), "{path}");
            assert_eq!(second.header("etag"), etag, "{path}");
            assert_eq!(second.header("cache-control"), first.header("cache-control"), "{path}");
            assert_eq!(second.header("vary"), first.header("vary"), "{path}");
            let weak = format!("\"other\", W/{etag}");
            assert_eq!(server.get(path, &[same[0], ("If-None-Match", &weak)]).status, 304, "{path}");
            assert_eq!(server.get(path, &[same[0], ("If-None-Match", "\"other\"")]).status, 200, "{path}");
        }
    }
    let of = |accept| server.get(SCRIPT, &[("Accept-Encoding", accept)]).header("etag").to_owned();
    assert_ne!(of("gzip"), of("identity"));
    assert_ne!(of("gzip"), of("br"));
}

#[test]
fn a_head_is_an_answer_without_its_body() {
    let folders = Folders::new();
    let server = Running::start(folders.options());
    for path in ["/", SCRIPT, CHART, "/nothing"] {
        let (get, head) = (server.get(path, &[]), server.ask("HEAD", path, &[]));
        assert_eq!((head.status, head.body.as_str()), (get.status, ""), "{path}");
        for name in ["content-type", "content-length", "etag", "cache-control", "content-security-policy"] {
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
        }
    }
}

#[test]
fn every_answer_is_safe() {
    let folders = Folders::new();
    let server = Running::start(folders.options());
    for path in ["/", SCRIPT, "/m/shop", "/catalog/catalog.json", "/catalog/icons/shop.svg", "/nothing", "/../x"] {
        let answer = server.get(path, &[]);
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path} {name}");
        }
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; "), "{path} {policy}");
        assert!(!policy.contains("unsafe-eval'") || policy.contains("'wasm-unsafe-eval'"), "{path} {policy}");
    }
    insta::assert_snapshot!(server.get("/", &[]).header("content-security-policy").replace("; ", ";\n"), @"
    default-src 'none';
    script-src 'self' 'wasm-unsafe-eval';
    style-src 'self';
    img-src 'self' data: https:;
    connect-src 'self';
    worker-src 'self';
    manifest-src 'self';
    base-uri 'self';
    form-action 'none';
    frame-ancestors 'self'
    ");
    assert_eq!(server.get("/", &[]).header("x-frame-options"), "SAMEORIGIN");
    // A picture that somebody opens by its address runs nothing.
    let icon = server.get("/catalog/icons/shop.svg", &[]);
    assert!(icon.header("content-security-policy").ends_with("frame-ancestors 'none'; sandbox"));
    assert!(!icon.header("content-security-policy").contains("script-src"));
}

#[test]
fn other_sites_may_be_allowed() {
    let folders = Folders::new();
    let mut options = folders.options();
    let origin = |text: &str| Origin::parse(text).expect("an origin");
    options.frames = vec![origin("https://market.example.org")];
    options.connect = vec![origin("https://charts.example.org"), origin("http://localhost:3000")];
    let server = Running::start(options);
    let answer = server.get("/", &[]);
    let policy = answer.header("content-security-policy");
    assert!(policy.ends_with("; frame-ancestors 'self' https://market.example.org"), "{policy}");
    assert!(policy.contains("; connect-src 'self' https://charts.example.org http://localhost:3000; "), "{policy}");
    assert_eq!(answer.header("x-frame-options"), "");
}

#[test]
fn a_page_and_a_catalog_that_are_built_anew_are_served_at_once() {
    let folders = Folders::new();
    let server = Running::start(folders.options());
    let before = server.get("/", &[]).header("etag").to_owned();
    folders.write("page/index.html", "<!doctype html><title>Another</title>");
    let after = server.get("/", &[("Accept-Encoding", "gzip")]);
    assert_ne!(after.header("etag"), before);
    let catalog = r#"{"apiVersion": "chartwright.dev/catalog/v1alpha1", "name": "New", "modules": [{"id": "a", "title": "A",
        "versions": [{"version": "1.0.0", "url": "notes.txt"}]}]}"#;
    assert_eq!(server.get("/catalog/notes.txt", &[]).status, 404);
    folders.write("catalog/catalog.json", catalog);
    assert_eq!(server.get("/catalog/notes.txt", &[]).body, "not in the catalog");
    // While it is broken, the last one stays.
    folders.write("catalog/catalog.json", "{");
    assert_eq!(server.get("/catalog/catalog.json", &[]).body, catalog);
    assert_eq!(server.get(CHART, &[]).status, 404);
}

#[test]
fn a_connection_is_used_again_and_ends_with_the_server() {
    use std::io::{Read, Write};
    let folders = Folders::new();
    let mut server = Running::start(folders.options());
    let mut stream = server.connect();
    for _ in 0..3 {
        stream.write_all(b"GET /sw.js HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("sent");
        let mut data = Vec::new();
        let mut part = [0; 1024];
        while !data.ends_with(b"self.x = 1") {
            let count = stream.read(&mut part).expect("an answer");
            assert_ne!(count, 0, "the connection stays");
            data.extend_from_slice(&part[..count]);
        }
    }
    server.stop();
    assert_eq!(stream.read(&mut [0; 16]).unwrap_or(0), 0, "the connection has ended");
}
