//! What the developer's page does outside.

use std::rc::Rc;

use chartwright_kit::dom;
use chartwright_protocol::{Reply, Request};
use contract::{
    API_VERSION, Archive, Call, ChartGiven, CheckInput, CheckOutput, ExpandInput, ExpandOutput, ExpandWant, PlanInput,
    PlanOutput, Problem, RenderInput, Selection, Subject, TextFile,
};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use super::state::{Effect, Event, Made};
use crate::load::Trouble;
use crate::opened;
use crate::preview::{Outcome, PlatformForm, call, known_charts};
use crate::route::{Route, View};
use crate::services::Services;
use crate::shell;

/// How long typing rests before a descriptor is checked, in milliseconds: an expansion takes longer than a render.
const REST: u32 = 150;

/// The name of the text in the store.
const KEPT: &str = "develop";

thread_local! {
    /// The number of the text that was typed last.
    static NEWEST: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

pub(super) fn run(effect: Effect, services: &Services, send: &Callback<Event>) {
    let (services, send) = (services.clone(), send.clone());
    match effect {
        Effect::Restore(digest) => spawn_local(async move {
            services.shell.emit(shell::Event::Title("Develop".to_owned()));
            services.engine.warm(true);
            let (text, report) = match digest {
                Some(digest) => {
                    let bytes = services.store.kept(&digest).await;
                    let report = services.store.text(&format!("report:{digest}"));
                    (bytes.and_then(|bytes| String::from_utf8(bytes).ok()), report)
                }
                None => (services.store.text(KEPT), None),
            };
            let report: Vec<Problem> = report.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
            send.emit(Event::Restored(text, report));
        }),
        Effect::Keep(text) => drop(services.store.set_text(KEPT, &text)),
        Effect::Make(number, text) => {
            NEWEST.set(number);
            spawn_local(async move {
                TimeoutFuture::new(REST).await;
                if NEWEST.get() == number {
                    let made = make(&text, &services).await.map(Rc::new);
                    send.emit(Event::Made(number, made));
                }
            });
        }
        Effect::Download(name, mime, bytes) => {
            if dom::download(&name, mime, &bytes).is_err() {
                services.shell.emit(shell::Event::Say(format!("This browser could not make {name}")));
            }
        }
        Effect::Preview(text) => spawn_local(async move {
            let digest = opened::keep("descriptor", "descriptor.yaml", text.as_bytes(), &services).await;
            services.shell.emit(shell::Event::Go(Route::to(View::Opened { digest })));
        }),
    }
}

/// Checks a descriptor; if it can be read, expands and renders it too. What fails on the way does not hide the rest.
async fn make(text: &str, services: &Services) -> Result<Made, Trouble> {
    let given = TextFile { name: "descriptor.yaml".to_owned(), text: text.to_owned() };
    let plan = PlanInput { api_version: API_VERSION.to_owned(), subject: Subject::Descriptor(given.clone()) };
    let plan: Result<PlanOutput, Trouble> = call(Call::Plan, &plan, services).await;
    let charts = match &plan {
        Ok(plan) => bring(plan, services).await?,
        Err(_) => Vec::new(),
    };
    let check =
        CheckInput { api_version: API_VERSION.to_owned(), descriptors: vec![given.clone()], charts: charts.clone() };
    let check: CheckOutput = call(Call::Check, &check, services).await?;
    let mut made = Made { problems: check.problems, ..Made::default() };
    if let Err(trouble) = plan {
        made.trouble = Some(trouble);
        return Ok(made);
    }
    let input = ExpandInput {
        api_version: API_VERSION.to_owned(),
        descriptor: given.clone(),
        charts: charts.clone(),
        want: ExpandWant { archive: true, files: true },
        ..ExpandInput::default()
    };
    match call::<_, ExpandOutput>(Call::Expand, &input, services).await {
        Ok(expanded) => {
            made.archive_name = format!("{}-{}.tgz", expanded.name, expanded.version);
            made.archive = Rc::new(expanded.archive.0);
            let files = expanded.chart_files.into_iter();
            made.files = files.map(|file| (file.path, String::from_utf8_lossy(&file.data.0).into())).collect();
        }
        Err(trouble) => {
            made.trouble = Some(trouble);
            return Ok(made);
        }
    }
    let mut input = RenderInput::new(Subject::Descriptor(given));
    input.charts = charts;
    input.world.platform = PlatformForm::preset("demo").and_then(|form| form.facts());
    // A sample: what it makes is shown, and cannot be taken away.
    input.world.seed = Some(1);
    input.want = Selection { crds: true, levels: 2, ..Selection::default() };
    let json = serde_json::to_vec(&input).map_err(|error| Trouble::new(error.to_string()))?;
    let answer = services.engine.ask(Request::Render, vec![json]).await;
    match answer.reply {
        Reply::Rendered(head) => {
            let text = answer.parts.into_iter().next().unwrap_or_default();
            made.outcome = Some(Rc::new(Outcome::new(*head, text, None)));
        }
        other => made.trouble = Some(opened::refused(other)),
    }
    Ok(made)
}

/// The base charts that a plan wants, as far as the catalog has them: by digest, or with their bytes.
async fn bring(plan: &PlanOutput, services: &Services) -> Result<Vec<ChartGiven>, Trouble> {
    let known = known_charts(services).await;
    let mut charts = Vec::new();
    for wanted in &plan.charts {
        let Some(base) = known.iter().find(|base| crate::preview::fits(&base.wanted, wanted)) else { continue };
        let bytes = services.api.file(&base.url, &base.digest).await?;
        let loaded =
            services.engine.ask(Request::Load { name: wanted.chart.clone(), files: Vec::new() }, vec![bytes]).await;
        let Reply::Loaded(info) = loaded.reply else { return Err(opened::refused(loaded.reply)) };
        charts.push(ChartGiven {
            wanted: wanted.clone(),
            archive: Archive { digest: Some(info.digest), ..Archive::default() },
            revision: base.revision.clone(),
            ..ChartGiven::default()
        });
    }
    Ok(charts)
}
