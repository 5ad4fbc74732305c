//! Charts in a registry: a minimal one, with tokens.

use chartwright_sources::{Access, Options, Sources};
use flux::{Charts, FetchError};
use serde_json::json;

use crate::support::{Reply, Seen, Server, chart, contents, digest, folder, options, sources, wanted};

/// A registry; tags come in pages of two. With a token only, if one is named.
fn registry(name: &'static str, versions: &'static [&str], token: Option<&'static str>) -> Server {
    let files = contents(name, versions);
    let tags = format!("/v2/{name}/tags/list");
    let own = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let there = std::sync::Arc::clone(&own);
    let server = Server::start(move |seen| {
        let address = there.get().cloned().unwrap_or_default();
        if seen.path.starts_with("/token") {
            let fine = seen.authorization() == Some("Basic bWU6c2VjcmV0") && seen.path.contains("scope=repository%3A");
            return if fine { Reply::ok(json!({"token": token}).to_string()) } else { Reply::status(401) };
        }
        if token.is_some_and(|t| seen.authorization() != Some(&format!("Bearer {t}"))) {
            let challenge = format!("Bearer realm=\"http://{address}/token\",service=\"test\"");
            return Reply::status(401).header("WWW-Authenticate", &challenge);
        }
        if let Some(query) = seen.path.strip_prefix(&tags) {
            let from: usize = query.rsplit('=').next().and_then(|n| n.parse().ok()).unwrap_or(0);
            let page: Vec<String> = versions.iter().skip(from).take(2).map(|v| v.replace('+', "_")).collect();
            let reply = Reply::ok(json!({"name": name, "tags": page}).to_string());
            let next = format!("<{tags}?last={}>; rel=\"next\"", from + 2);
            return if from + 2 < versions.len() { reply.header("Link", &next) } else { reply };
        }
        files.get(&seen.path).map_or(Reply::status(404), |f| Reply::ok(f.clone()))
    });
    own.set(server.address()).expect("once");
    server
}

fn plain(options: Options) -> Options {
    Options { access: Access { plain_http: true, ..options.access.clone() }, ..options }
}

#[test]
fn versions_are_found_among_the_tags() {
    let server = registry("charts/web", &["1.0.0", "latest", "1.10.0", "1.2.0+b.1", "2.0.0-rc.1"], None);
    let folder = folder();
    let sources = sources(plain(options(&folder)), &format!("oci://{}/charts", server.address()));
    for (asked, version) in [("", "1.10.0"), ("~1.2", "1.2.0+b.1"), ("1.2.0+b.1", "1.2.0+b.1"), ("1.0.0", "1.0.0")] {
        let fetched = sources.chart(&wanted("HelmRepository", "web", asked)).expect("a chart");
        assert_eq!(fetched.chart.metadata().version, version, "{asked}");
        assert_eq!(fetched.revision.as_deref(), Some(version));
    }
    let error = sources.chart(&wanted("HelmRepository", "web", "^9")).err();
    let text = format!("oci://{}/charts/web has no version in \"^9\"", server.address());
    assert_eq!(error, Some(FetchError::NotFound(text)));
}

#[test]
fn an_oci_repository_is_a_chart_with_its_digest() {
    let server = registry("charts/web", &["1.0.0", "1.1.0"], None);
    let folder = folder();
    let sources = Sources::new(options(&folder)).expect("options");
    let reference = |name: &str, reference: serde_json::Value| {
        let url = format!("oci://{}/charts/web", server.address());
        sources.add_object(&json!({"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "OCIRepository",
            "metadata": {"name": name, "namespace": "ds2"},
            "spec": {"url": url, "insecure": true, "ref": reference}}));
        let mut ask = wanted("OCIRepository", "", "");
        ask.source.name = name.into();
        sources.chart(&ask)
    };
    let manifest = &contents("charts/web", &["1.0.0"])["/v2/charts/web/manifests/1.0.0"];
    let manifest = digest(manifest);
    let revision = |name, of| reference(name, of).expect("a chart").revision;
    assert_eq!(revision("tag", json!({"tag": "1.0.0"})), Some(format!("1.0.0@{manifest}")));
    assert_eq!(revision("digest", json!({"digest": manifest})), Some(manifest));
    assert!(revision("semver", json!({"semver": "1.x"})).is_some_and(|r| r.starts_with("1.1.0@sha256:")));
    let error = reference("none", json!({"tag": "9"})).err();
    assert_eq!(error, Some(FetchError::NotFound(format!("{}/charts/web:9: not found", server.address()))));
}

#[test]
fn tokens_are_fetched_with_the_users_credentials() {
    let server = registry("charts/web", &["1.0.0"], Some("t0ken"));
    let folder = folder();
    let place = format!("oci://{}/charts", server.address());
    let error = sources(plain(options(&folder)), &place).chart(&wanted("HelmRepository", "web", "1.0.0")).err();
    assert!(matches!(&error, Some(FetchError::NotFound(m)) if m.contains("401")), "{error:?}");

    let config = folder.path().join("config.json");
    let auths = json!({"auths": {server.address(): {"auth": "bWU6c2VjcmV0"}}});
    std::fs::write(&config, auths.to_string()).expect("a file");
    let nobody = Access { plain_http: true, ..Access::default() };
    let me = Access { username: Some("me".into()), password: Some("secret".into()), ..nobody.clone() };
    for (access, registry_configs) in [(nobody, vec![config]), (me, Vec::new())] {
        let folder = crate::support::folder();
        let sources = sources(Options { access, registry_configs, ..options(&folder) }, &place);
        sources.chart(&wanted("HelmRepository", "web", "1.0.0")).expect("a chart");
    }
}

#[test]
fn contents_are_checked_and_kept() {
    let server = registry("charts/web", &["1.0.0"], None);
    let folder = folder();
    let place = format!("oci://{}/charts", server.address());
    let ask = wanted("HelmRepository", "web", "1.x");
    let offline = || Options { offline: true, ..plain(options(&folder)) };
    let before = sources(offline(), &place).chart(&ask).err();
    assert!(matches!(&before, Some(FetchError::Unreachable(m)) if m.contains("list of tags")), "{before:?}");
    sources(plain(options(&folder)), &place).chart(&ask).expect("a chart");
    sources(offline(), &place).chart(&ask).expect("a chart");

    let mut files = contents("charts/web", &["1.0.0"]);
    for (path, data) in &mut files {
        if path.contains("/blobs/") {
            *data = chart("web", "6.6.6");
        }
    }
    let evil = Server::files(files);
    let other = crate::support::folder();
    let sources = sources(plain(options(&other)), &format!("oci://{}/charts/web:1.0.0", evil.address()));
    let error = sources.chart(&wanted("HelmRepository", "web", "")).err();
    assert!(matches!(&error, Some(FetchError::Tampered(_))), "{error:?}");
}

#[test]
fn blobs_elsewhere_get_no_token() {
    let files = contents("web", &["1.0.0"]);
    let (path, data) = files.iter().find(|(path, _)| path.contains("/blobs/")).expect("a blob");
    let storage = Server::files([("/storage".to_owned(), data.clone())]);
    let (to, blob) = (storage.url("/storage"), path.clone());
    let manifests = files.clone();
    let server = Server::start(move |seen: &Seen| match seen.authorization() {
        None => Reply::status(401).header("WWW-Authenticate", "Basic realm=\"x\""),
        Some(_) if seen.path == blob => Reply::redirect(&to),
        Some(_) => manifests.get(&seen.path).map_or(Reply::status(404), |f| Reply::ok(f.clone())),
    });
    let access =
        Access { plain_http: true, username: Some("me".into()), password: Some("secret".into()), ..Access::default() };
    let folder = folder();
    let sources = sources(Options { access, ..options(&folder) }, &format!("oci://{}/web:1.0.0", server.address()));
    sources.chart(&wanted("HelmRepository", "web", "")).expect("a chart");
    assert_eq!(storage.seen().len(), 1);
    assert_eq!(storage.seen()[0].authorization(), None);
}
