//! Renders that wait, break, are judged, and say what they are doing.
#![allow(clippy::disallowed_methods, reason = "a test looks at the clock")]

mod support;

use std::net::TcpListener;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use chartwright_local::{LocalBackend, Options};
use chartwright_sources::Sources;
use contract::{
    Budget, CheckInput, CheckOutput, DescribeOutput, Engine, ExpandInput, ExpandOutput, Failure, PlanInput, PlanOutput,
    RenderInput, RenderOutput,
};
use policy::Policies;
use serde_json::{Value, json};
use support::{Rules, Running, events, local, options, path, text};

const PREVIEW: &str = "/api/v1alpha1/preview";

fn preview_of(text: &str) -> Value {
    json!({"apiVersion": "chartwright.dev/engine/v1alpha1", "subject": {"descriptor": {"name": "a", "text": text}}})
}

/// An engine that panics where a text says so, and never works again after that.
struct Breaks {
    engine: chartwright::api::NativeEngine,
    broken: std::sync::atomic::AtomicBool,
}

impl Engine for Breaks {
    fn plan(&self, input: &PlanInput, budget: &Budget) -> Result<PlanOutput, Failure> {
        use std::sync::atomic::Ordering;
        if format!("{input:?}").contains("greeting: panic") {
            self.broken.store(true, Ordering::Relaxed);
        }
        assert!(!self.broken.load(Ordering::Relaxed), "on purpose");
        self.engine.plan(input, budget)
    }
    fn expand(&self, input: &ExpandInput, budget: &Budget) -> Result<ExpandOutput, Failure> {
        self.engine.expand(input, budget)
    }
    fn check(&self, input: &CheckInput, budget: &Budget) -> Result<CheckOutput, Failure> {
        self.engine.check(input, budget)
    }
    fn render(&self, input: &RenderInput, budget: &Budget) -> Result<RenderOutput, Failure> {
        self.engine.render(input, budget)
    }
    fn describe(&self) -> Result<DescribeOutput, Failure> {
        self.engine.describe()
    }
}

#[test]
fn a_panic_ends_one_request() {
    let breaks =
        || -> Arc<dyn Engine> { Arc::new(Breaks { engine: chartwright_host::native_engine(), broken: false.into() }) };
    let api = Running::with(Rules::default(), |folder| {
        Arc::new(LocalBackend::with_engine(options(folder), breaks).expect("threads"))
    });
    let broken = text("web", "1.0.0").replace("greeting: \"1.0.0\"", "greeting: panic");
    for _ in 0..4 {
        let answer = api.post(PREVIEW, &preview_of(&broken));
        assert_eq!((answer.status, answer.code().as_str()), (500, "internal"), "{}", answer.body);
        assert_eq!(api.post(PREVIEW, &preview_of(&text("web", "1.0.0"))).status, 200, "with a new engine");
    }
}

#[test]
fn slow_servers_hold_no_render() {
    // It takes connections, and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address");
    let api = Running::with(Rules::default(), |folder| {
        let patience = chartwright_sources::Patience::default();
        let sources =
            Sources::new(chartwright_sources::Options { patience, ..chartwright_sources::Options::default() })
                .expect("sources");
        sources.add(&format!("slow=http://{address}/")).expect("a source");
        sources.add(&format!("charts={}", folder.join("charts").display())).expect("a source");
        Arc::new(LocalBackend::new(Options { sources, ..options(folder) }).expect("threads"))
    });
    let slow = text("web", "1.0.0").replace("kind: GitRepository, name: charts", "kind: HelmRepository, name: slow");
    thread::scope(|scope| {
        let started = Instant::now();
        let waiting: Vec<_> = (0..2).map(|_| scope.spawn(|| api.post(PREVIEW, &preview_of(&slow)))).collect();
        for waiting in waiting {
            let answer = waiting.join().expect("joined");
            assert!(answer.body.contains("has not come within 2 s"), "{}", answer.body);
        }
        assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
        assert_eq!(api.post(PREVIEW, &preview_of(&text("web", "1.0.0"))).status, 200);
    });
}

#[test]
fn policies_judge_previews() {
    let rules = "apiVersion: chartwright.dev/v1alpha1\nkind: Policy\nmetadata: {name: house}\nspec:\n\
                 \x20 rules:\n    - name: no-bad\n      match: {kinds: [ConfigMap]}\n\
                 \x20     cel: object.data.text != 'bad'\n      message: it says bad\n";
    let api = Running::with(Rules::default(), |folder| {
        let policies = Policies::read("policy.yaml", rules).expect("policies");
        Arc::new(LocalBackend::new(Options { policies: Some(policies), ..options(folder) }).expect("threads"))
    });
    assert_eq!(api.get("/api/v1alpha1").json()["policies"], true);
    let good = api.post(PREVIEW, &preview_of(&text("web", "1.0.0"))).json();
    assert_eq!(good["verdict"], json!({"allowed": true, "problems": []}));
    let bad = text("web", "1.0.0").replace("greeting: \"1.0.0\"", "greeting: bad");
    let bad = api.post(PREVIEW, &preview_of(&bad)).json();
    assert_eq!(bad["verdict"]["allowed"], false, "{bad}");
    let problem = &bad["verdict"]["problems"][0];
    assert!(problem.to_string().contains("no-bad") && problem.to_string().contains("it says bad"), "{problem}");
    let none = Running::with(Rules::default(), |folder| Arc::new(local(folder)));
    let none = none.post(PREVIEW, &preview_of(&text("web", "1.0.0"))).json();
    assert_eq!(none["verdict"], Value::Null, "a server without policies judges nothing");
}

#[test]
fn previews_say_what_they_are_doing() {
    let api = Running::start();
    api.create("web", "1.0.0");
    let accept = [("Accept", "text/event-stream")];
    let answer = api.ask("POST", &format!("{}/preview", path("web")), &accept, Some(b"{}"));
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/event-stream"));
    let told = events(&answer.unchunked());
    let (last, steps) = told.split_last().expect("events");
    let doing: Vec<_> =
        steps.iter().map(|(name, step)| (name.as_str(), step["doing"].as_str().expect("a word"))).collect();
    assert_eq!(doing, [("step", "waiting"), ("step", "rendering"), ("step", "fetching"), ("step", "rendering")]);
    assert_eq!(steps[2].1["what"], "charts/base of GitRepository shop/charts");
    assert_eq!(last.0, "result");
    assert!(last.1["output"]["text"].as_str().expect("a text").contains("text: 1.0.0"));
    let broken =
        json!({"apiVersion": "chartwright.dev/engine/v1alpha1", "subject": {"chart": {"name": "x", "data": "AAAA"}}});
    let broken = broken.to_string();
    let answer = api.ask("POST", PREVIEW, &accept, Some(broken.as_bytes()));
    let told = events(&answer.unchunked());
    let (name, problem) = told.last().expect("an end");
    assert_eq!((name.as_str(), problem["status"].as_u64()), ("problem", Some(422)), "{problem}");
    let early = api.ask("POST", PREVIEW, &accept, Some(b"{"));
    assert_eq!((early.status, early.code().as_str()), (400, "input"), "what cannot be read is refused as ever");
}

#[test]
fn the_server_says_what_it_can_do() {
    let api = Running::start();
    let can = api.get("/api/v1alpha1").json();
    let operations: Vec<_> = can["operations"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert!(operations.contains(&"previewStored") && !operations.contains(&"listReleases"), "{operations:?}");
}
