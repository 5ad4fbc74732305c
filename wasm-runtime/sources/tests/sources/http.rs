//! Chart repositories over HTTP.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chartwright_sources::{Access, Options, Patience};
use flux::{Charts, FetchError};

use crate::support::{Reply, Seen, Server, chart, digest, folder, index, options, sources, wanted};

/// A repository with some versions of `web`.
fn repository() -> Server {
    let versions = ["1.0.0", "1.10.0", "1.2.0", "2.0.0-rc.1"];
    let entries: Vec<_> = versions.iter().map(|v| (*v, format!("web-{v}.tgz"), chart("web", v))).collect();
    let lines: Vec<_> = entries.iter().map(|(v, url, data)| ("web", *v, url.as_str(), Some(digest(data)))).collect();
    let mut files = vec![("/charts/index.yaml".to_owned(), index(&lines))];
    files.extend(entries.into_iter().map(|(_, url, data)| (format!("/charts/{url}"), data)));
    Server::files(files)
}

/// A server with one chart, answered by a function; its index is fine.
fn one_chart(answer: impl Fn(&Seen, &[u8]) -> Reply + Send + Sync + 'static) -> Server {
    let data = chart("web", "1.0.0");
    let listed = index(&[("web", "1.0.0", "web-1.0.0.tgz", Some(digest(&data)))]);
    Server::start(move |seen| if seen.path == "/index.yaml" { Reply::ok(listed.clone()) } else { answer(seen, &data) })
}

#[test]
fn versions_are_resolved_as_helm_does() {
    let (server, folder) = (repository(), folder());
    let sources = sources(options(&folder), &server.url("/charts"));
    for (asked, version) in
        [("", "1.10.0"), ("1.2.0", "1.2.0"), ("~1.2", "1.2.0"), ("<1.10", "1.2.0"), (">0.0.0-0", "2.0.0-rc.1")]
    {
        let fetched = sources.chart(&wanted("HelmRepository", "web", asked)).expect("a chart");
        assert_eq!(fetched.chart.metadata().version, version, "{asked}");
        assert_eq!(fetched.revision.as_deref(), Some(version));
    }
    let missing = sources.chart(&wanted("HelmRepository", "web", "^9")).err();
    let text = format!("chart \"web\" version \"^9\" not found in {} repository", server.url("/charts"));
    assert_eq!(missing, Some(FetchError::NotFound(text)));
    assert_eq!(sources.take_warnings(), Vec::<String>::new());
    assert_eq!(server.paths().iter().filter(|p| p.ends_with("index.yaml")).count(), 1, "the index is kept");
}

#[test]
fn another_version_than_the_one_asked_for_is_said() {
    let (server, folder) = (repository(), folder());
    let sources = sources(options(&folder), &server.url("/charts"));
    sources.chart(&wanted("HelmRepository", "web", "1.2")).expect("a chart");
    assert_eq!(sources.take_warnings(), [format!("{} has no web 1.2: 1.2.0 was taken", server.url("/charts"))]);
}

#[test]
fn what_was_fetched_is_there_offline() {
    let (server, folder) = (repository(), folder());
    let place = server.url("/charts");
    let offline = || Options { offline: true, ..options(&folder) };
    let ask = || wanted("HelmRepository", "web", "~1.2");
    let before = sources(offline(), &place).chart(&ask()).err().expect("an error");
    let text = format!("the index of {place} is not in the cache, and --offline prevents fetching it");
    assert_eq!(before, FetchError::Unreachable(text));
    assert!(matches!(before, FetchError::Unreachable(_)), "{before}");
    sources(options(&folder), &place).chart(&ask()).expect("a chart");
    let asked = server.seen().len();
    sources(offline(), &place).chart(&ask()).expect("a chart");
    let other = sources(offline(), &place).chart(&wanted("HelmRepository", "web", "1.0.0")).err();
    let text = format!("{place}/web-1.0.0.tgz is not in the cache, and --offline prevents fetching it");
    assert_eq!(other, Some(FetchError::Unreachable(text)));
    assert_eq!(server.seen().len(), asked, "nothing was asked");
}

#[test]
fn credentials_stay_on_their_server() {
    let elsewhere = Server::files([("/web.tgz".to_owned(), chart("web", "1.0.0"))]);
    let url = elsewhere.url("/web.tgz");
    let listed = index(&[("web", "1.0.0", &url, None), ("moved", "1.0.0", "moved.tgz", None)]);
    let server = Server::start(move |seen| match (seen.authorization(), seen.path.as_str()) {
        (Some("Basic bWU6c2VjcmV0"), "/index.yaml") => Reply::ok(listed.clone()),
        (Some("Basic bWU6c2VjcmV0"), "/moved.tgz") => Reply::redirect(&url),
        _ => Reply::status(401),
    });
    let access = Access { username: Some("me".into()), password: Some("secret".into()), ..Access::default() };
    let folder_of = |name: &str, pass_credentials| {
        let folder = folder();
        let access = Access { pass_credentials, ..access.clone() };
        let sources = sources(Options { access, ..options(&folder) }, &server.url(""));
        sources.chart(&wanted("HelmRepository", name, "")).expect("a chart");
    };
    folder_of("web", false);
    folder_of("moved", false);
    assert!(elsewhere.seen().iter().all(|s| s.authorization().is_none()), "{:?}", elsewhere.seen());
    folder_of("web", true);
    assert_eq!(
        elsewhere.seen().last().and_then(|s| s.authorization().map(str::to_owned)).as_deref(),
        Some("Basic bWU6c2VjcmV0")
    );

    let folder = folder();
    let refused = sources(options(&folder), &server.url("").replace("http://", "http://me:wrong@"));
    let error = refused.chart(&wanted("HelmRepository", "web", "")).err().expect("an error").to_string();
    assert_eq!(error, format!("failed to fetch {} : 401 Unauthorized", server.url("/index.yaml")));
}

#[test]
fn failures_that_may_pass_are_tried_again() {
    let count = AtomicUsize::new(0);
    let server = one_chart(move |_, data| match count.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::status(503),
        1 => Reply::ok(data).lying(data.len() + 100),
        _ => Reply::ok(data),
    });
    let folder = folder();
    sources(options(&folder), &server.url("")).chart(&wanted("HelmRepository", "web", "")).expect("a chart");
    assert_eq!(server.seen().len(), 4);
}

#[test]
fn each_way_to_fail_has_its_error() {
    type Answer = fn(&Seen, &[u8]) -> Reply;
    type Kind = fn(&FetchError) -> bool;
    let cases: [(&str, Answer, Kind, &str); 8] = [
        ("down", |_, _| Reply::status(503), |e| matches!(e, FetchError::Unreachable(_)), "503 Service Unavailable"),
        ("gone", |_, _| Reply::status(404), |e| matches!(e, FetchError::NotFound(_)), "404 Not Found"),
        (
            "truncated",
            |_, data| Reply::ok(&data[..data.len() / 2]).lying(data.len()),
            |e| matches!(e, FetchError::Unreachable(_)),
            "",
        ),
        (
            "too short a length",
            |_, data| Reply::ok(data).lying(data.len() / 2),
            |e| matches!(e, FetchError::Tampered(_)),
            "is not the pinned one",
        ),
        (
            "other bytes",
            |_, _| Reply::ok(chart("web", "6.6.6")),
            |e| matches!(e, FetchError::Tampered(_)),
            "it should be sha256:",
        ),
        (
            "too large",
            |_, data| Reply::ok(data).lying(200 << 20),
            |e| matches!(e, FetchError::Invalid(_)),
            "sends more than 104857600 bytes",
        ),
        (
            "a circle",
            |_, _| Reply::redirect("/web-1.0.0.tgz"),
            |e| matches!(e, FetchError::Invalid(_)),
            "stopped after 10 redirects",
        ),
        ("a file", |_, _| Reply::redirect("file:///etc/passwd"), |e| matches!(e, FetchError::Invalid(_)), "refused"),
    ];
    for (name, answer, kind, text) in cases {
        let (server, folder) = (one_chart(answer), folder());
        let sources = sources(options(&folder), &server.url(""));
        let error = sources.chart(&wanted("HelmRepository", "web", "")).err().expect(name);
        assert!(kind(&error) && error.to_string().contains(text), "{name}: {error:?}");
    }
}

#[test]
fn servers_that_say_nothing_are_given_up() {
    let server = Server::start(|_| Reply::silent());
    let folder = folder();
    let patience = Patience { attempts: 1, idle: Duration::from_millis(200), ..options(&folder).patience };
    let sources = sources(Options { patience, ..options(&folder) }, &server.url(""));
    let error = sources.chart(&wanted("HelmRepository", "web", "")).err().expect("an error");
    assert!(matches!(&error, FetchError::Unreachable(m) if m.contains("timed out")), "{error:?}");
    assert!(matches!(error, FetchError::Unreachable(_)), "{error}");
}

#[test]
fn nobody_there_is_unreachable() {
    let folder = folder();
    let sources = sources(options(&folder), "http://127.0.0.1:1");
    let error = sources.chart(&wanted("HelmRepository", "web", "")).err().expect("an error");
    let text = "Get \"http://127.0.0.1:1/index.yaml\": dial tcp 127.0.0.1:1: connect: connection refused";
    assert_eq!(error, FetchError::Unreachable(text.into()));
    assert!(matches!(error, FetchError::Unreachable(_)), "{error}");
}

#[test]
fn an_index_leads_nowhere_but_to_http() {
    let data = chart("web", "1.0.0");
    let listed = index(&[
        ("dots", "1.0.0", "../../../web.tgz", None),
        ("file", "1.0.0", "file:///etc/passwd", None),
        ("huge", "1.0.0", "huge.tgz", None),
    ]);
    let server = Server::files([("/charts/index.yaml".to_owned(), listed), ("/web.tgz".to_owned(), data)]);
    let folder = folder();
    let sources = sources(options(&folder), &server.url("/charts"));
    // It stays on the server.
    sources.chart(&wanted("HelmRepository", "dots", "")).expect("a chart");
    let error = sources.chart(&wanted("HelmRepository", "file", "")).err();
    assert_eq!(error, Some(FetchError::Invalid("could not find protocol handler for: file".into())));
}

#[test]
fn what_is_no_index_or_too_much_of_one_is_refused() {
    type Answer = fn() -> Reply;
    let cases: [(Answer, &str); 3] = [
        (|| Reply::ok("<html>"), "no API version specified"),
        (|| Reply::ok(""), "empty index.yaml file"),
        (|| Reply::ok("apiVersion: v1").lying(300 << 20), "sends more than 268435456 bytes"),
    ];
    for (reply, text) in cases {
        let (server, folder) = (Server::start(move |_| reply()), folder());
        let sources = sources(options(&folder), &server.url(""));
        let error = sources.chart(&wanted("HelmRepository", "web", "")).err().expect("an error");
        assert!(matches!(&error, FetchError::Invalid(m) if m.contains(text)), "{error:?}");
    }
}

#[test]
fn a_url_of_an_archive_is_a_source() {
    let (server, folder) = (repository(), folder());
    let sources = sources(options(&folder), &server.url("/charts/web-1.0.0.tgz"));
    let fetched = sources.chart(&wanted("ExternalArtifact", "", "")).expect("a chart");
    assert_eq!(fetched.chart.metadata().version, "1.0.0");
}

#[test]
fn flux_objects_say_where_charts_are() {
    let (server, folder) = (repository(), folder());
    let sources = chartwright_sources::Sources::new(options(&folder)).expect("options");
    let object = |kind: &str, name: &str, spec: serde_json::Value| {
        serde_json::json!({"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": kind,
            "metadata": {"name": name, "namespace": "ds2"}, "spec": spec})
    };
    assert!(sources.add_object(&object("HelmRepository", "charts", serde_json::json!({"url": server.url("/charts")}))));
    let spec = serde_json::json!({"chart": "web", "version": "1.x", "sourceRef": {"kind": "HelmRepository", "name": "charts"}});
    assert!(sources.add_object(&object("HelmChart", "web", spec)));
    assert!(!sources.add_object(&serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap"})));
    let mut of_chart = wanted("HelmChart", "", "");
    of_chart.source.name = "web".into();
    for ask in [wanted("HelmRepository", "web", "1.x"), of_chart] {
        assert_eq!(sources.chart(&ask).expect("a chart").chart.metadata().version, "1.10.0");
    }
    assert_eq!(sources.chart(&wanted("Bucket", "web", "")).err(), Some(FetchError::Unknown));
}
