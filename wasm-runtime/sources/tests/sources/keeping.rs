//! Results expire, can be forgotten, and are shared by threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use chartwright_sources::{Access, Error, Keep, Options, Sources};
use flux::Charts;

use crate::support::{Reply, Server, chart, digest, folder, index, options, sources, wanted};

/// What threads share can be shared.
const fn shared<T: Send + Sync>() {}
const _: () = {
    shared::<Sources>();
    shared::<Options>();
    shared::<Access>();
    shared::<Error>();
    shared::<chartwright_sources::Address>();
    shared::<chartwright_sources::Brought>();
    shared::<chartwright_sources::DocumentError>();
    shared::<chartwright_sources::Origin>();
    shared::<chartwright_sources::Schemas>();
    shared::<chartwright_sources::SourceError>();
    shared::<chartwright_sources::helm_locate::HelmRequest>();
    shared::<chartwright_sources::helm_locate::LocateError>();
};

/// A repository whose newest version can be changed, and how often it was asked for its index.
fn repository(newer: Arc<AtomicBool>, asked: Arc<AtomicUsize>, down: Arc<AtomicBool>) -> Server {
    Server::start(move |seen| {
        if down.load(Ordering::SeqCst) {
            return Reply::status(404);
        }
        let version = if newer.load(Ordering::SeqCst) { "2.0.0" } else { "1.0.0" };
        let data = chart("web", version);
        if seen.path == "/index.yaml" {
            asked.fetch_add(1, Ordering::SeqCst);
            return Reply::ok(index(&[("web", version, &format!("web-{version}.tgz"), Some(digest(&data)))]));
        }
        Reply::ok(data)
    })
}

#[test]
fn charts_stay_until_they_are_forgotten() {
    let (newer, asked, down) = (Arc::default(), Arc::default(), Arc::default());
    let server = repository(Arc::clone(&newer), Arc::clone(&asked), down);
    let folder = folder();
    let sources = sources(options(&folder), &server.url(""));
    let ask = wanted("HelmRepository", "web", "");
    let version = || sources.chart(&ask).expect("a chart").chart.metadata().version.to_string();
    assert_eq!(version(), "1.0.0");
    newer.store(true, Ordering::SeqCst);
    assert_eq!(version(), "1.0.0");
    let mut other = ask.source.clone();
    other.name = "other".into();
    sources.forget(&other);
    assert_eq!(version(), "1.0.0", "another source");
    sources.forget(&ask.source);
    assert_eq!(version(), "2.0.0");
    newer.store(false, Ordering::SeqCst);
    sources.refresh();
    assert_eq!(version(), "1.0.0");
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}

#[test]
fn failures_pass() {
    let down = Arc::new(AtomicBool::new(true));
    let server = repository(Arc::default(), Arc::default(), Arc::clone(&down));
    let folder = folder();
    let keep = Keep { errors: Duration::from_millis(200), ..Keep::default() };
    let sources = sources(Options { keep, ..options(&folder) }, &server.url(""));
    let ask = wanted("HelmRepository", "web", "");
    for _ in 0..2 {
        sources.chart(&ask).err().expect("an error");
    }
    assert_eq!(server.seen().len(), 1, "the second question does not wait");
    down.store(false, Ordering::SeqCst);
    std::thread::sleep(Duration::from_millis(250));
    sources.chart(&ask).expect("a chart");
}

#[test]
fn threads_fetch_a_chart_once() {
    let asked: Arc<AtomicUsize> = Arc::default();
    let server = repository(Arc::default(), Arc::clone(&asked), Arc::default());
    let folder = folder();
    let sources = sources(options(&folder), &server.url(""));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| sources.chart(&wanted("HelmRepository", "web", "")).map(drop).expect("a chart"));
        }
    });
    assert_eq!(server.seen().len(), 2, "an index and an archive");
}

#[test]
fn errors_have_causes_and_no_secrets() {
    let folder = folder();
    let sources = sources(options(&folder), "http://me:s3cret@127.0.0.1:1/charts?token=t0ken");
    let error = sources.bring(&wanted("HelmRepository", "web", "")).err().expect("an error");
    let text = format!("{error} {error:?}");
    assert!(!text.contains("s3cret") && !text.contains("t0ken"), "{text}");
    let mut causes = 0;
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(&error);
    while let Some(inner) = cause {
        causes += 1;
        assert!(!inner.to_string().contains("s3cret") && !inner.to_string().contains("t0ken"), "{inner}");
        cause = inner.source();
    }
    assert!(causes >= 1, "{error:?}");
}
