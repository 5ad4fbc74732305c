//! What the developer's page does outside.

use std::cell::Cell;
use std::rc::Rc;

use chartwright_catalog::BaseChart;
use chartwright_kit::dom;
use chartwright_protocol::{Reply, Request};
use contract::{
    API_VERSION, Archive, Call, ChartGiven, CheckInput, CheckOutput, ExpandInput, ExpandOutput, ExpandWant, PlanInput,
    PlanOutput, Problem, RenderInput, Selection, Severity, TextFile,
};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use super::bases::Read;
use super::export::{Options, What, archive_name};
use super::state::{Effect, Event, Kept, Known, Made, Subject};
use super::update::kept_name;
use crate::chunk::operating;
use crate::load::Trouble;
use crate::manage::Place;
use crate::opened;
use crate::preview::{Outcome, PlatformForm, call, fits, known_charts};
use crate::route::{Route, View};
use crate::services::Services;
use crate::shell;

/// How long typing rests before a descriptor is checked, in milliseconds: an expansion takes longer than a render.
const REST: u32 = 150;

/// How messages name the descriptor.
pub(super) const FILE: &str = "descriptor.yaml";

thread_local! {
    /// The number of the text that was typed last.
    static NEWEST: Cell<u32> = const { Cell::new(0) };
}

pub(super) fn run(effect: Effect, services: &Services, send: &Callback<Event>) {
    let (services, send) = (services.clone(), send.clone());
    match effect {
        Effect::Restore(digest) => spawn_local(async move {
            services.shell.emit(shell::Event::Title("Develop".to_owned()));
            services.engine.warm(true);
            send.emit(Event::Restored(kept(digest.as_deref(), &services).await));
        }),
        Effect::Original(digest) => spawn_local(async move {
            if let Some(text) = original(&digest, &services).await {
                send.emit(Event::Original(text));
            }
        }),
        Effect::Bases => spawn_local(async move {
            // Without a catalog there are none; the catalog's own page says why.
            send.emit(Event::Bases(Ok(known_charts(&services).await)));
        }),
        Effect::Read(base) => spawn_local(async move {
            let read = load(&base, &services).await.map(Rc::new);
            send.emit(Event::Read(base.digest, read));
        }),
        Effect::Keep(name, text) => drop(services.store.set_text(&name, &text)),
        Effect::KeepText(name, text) => send.emit(Event::Saved(services.store.set_text(&name, &text))),
        Effect::Listen(name) => services.store.watch(&name, send.reform(Event::Elsewhere)),
        Effect::Make(number, subject, platform) => {
            NEWEST.set(number);
            spawn_local(async move {
                TimeoutFuture::new(REST).await;
                if NEWEST.get() == number {
                    let made = make(&subject, platform, &services).await.map(Rc::new);
                    send.emit(Event::Made(number, made));
                }
            });
        }
        Effect::Download(name, mime, bytes) => shell::download(&name, mime, &bytes, &services.shell),
        Effect::Export(what, subject, options) => spawn_local(async move {
            send.emit(Event::Exported(export(what, &subject, &options, &services).await));
        }),
        Effect::Server => spawn_local(async move {
            let server = match services.manage.place().await {
                Place::Here(server) => Some(server),
                // Where a token is wanted, Operate asks for it.
                _ => None,
            };
            send.emit(Event::Server(server));
        }),
        Effect::Stored => spawn_local(async move {
            let stored = match operating().await {
                Ok(part) => (part.descriptors)(services.manage).await.map_err(|refusal| refusal.trouble),
                Err(trouble) => Err(trouble),
            };
            send.emit(Event::Stored(stored));
        }),
        Effect::OpenStored(id) => spawn_local(async move {
            let file = format!("{}.yaml", id.name);
            let text = match operating().await {
                Ok(part) => {
                    (part.descriptor)(services.manage.clone(), id.clone()).await.map_err(|refusal| refusal.trouble)
                }
                Err(trouble) => Err(trouble),
            };
            match text {
                Ok(Some(text)) => {
                    let digest = crate::opened::keep("made", &file, text.as_bytes(), &services).await;
                    services.shell.emit(shell::Event::Go(Route::to(View::Develop).with("open", digest)));
                }
                Ok(None) => services.shell.emit(shell::Event::tell(format!("{id} is not stored any more"))),
                Err(trouble) => services.shell.emit(shell::Event::tell(crate::parts::capital(&trouble.what))),
            }
        }),
        Effect::Tell(text) => {
            services.shell.emit(shell::Event::tell(text));
        }
        Effect::Preview(text) => spawn_local(async move {
            let digest = opened::keep("made", FILE, text.as_bytes(), &services).await;
            services.shell.emit(shell::Event::Go(Route::to(View::Opened { digest })));
        }),
        Effect::Focus(id) => dom::focus_soon(id),
    }
}

/// What was opened as it was.
async fn original(digest: &str, services: &Services) -> Option<String> {
    String::from_utf8(services.store.kept(digest).await?).ok()
}

async fn kept(digest: Option<&str>, services: &Services) -> Kept {
    let store = &services.store;
    let draft = store.text(&kept_name(digest));
    let (text, report) = match digest {
        Some(digest) => {
            let text = match draft {
                Some(draft) => Some(draft),
                None => original(digest, services).await,
            };
            (text, store.text(&format!("report:{digest}")))
        }
        None => (draft, None),
    };
    let report: Vec<Problem> = report.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
    Kept { text, report, pane: store.text("develop-pane"), options: store.text("develop-export") }
}

/// Fetches a base chart, and loads it into the engine.
async fn load(base: &BaseChart, services: &Services) -> Result<Read, Trouble> {
    let bytes = services.api.file(&base.url, &base.digest).await?;
    let request = Request::Load { name: base.wanted.chart.clone(), files: Vec::new() };
    match services.engine.ask(request, vec![bytes]).await.reply {
        Reply::Loaded(info) => {
            crate::digest::compare(&info.digest, &base.digest)?;
            Ok(Read::new(Rc::new(*info)))
        }
        other => Err(opened::refused(other)),
    }
}

/// Checks a descriptor; if it can be read, expands and renders it too. What fails on the way does not hide the rest.
async fn make(subject: &Subject, platform: &str, services: &Services) -> Result<Made, Trouble> {
    let given = descriptor(subject);
    let plan = plan(subject, services).await;
    let charts = plan.as_ref().map(|plan| charts(plan, &subject.charts)).unwrap_or_default();
    let check =
        CheckInput { api_version: API_VERSION.to_owned(), descriptors: vec![given.clone()], charts: charts.clone() };
    let check: CheckOutput = call(Call::Check, &check, services).await?;
    let mut made = Made { problems: check.problems, ..Made::default() };
    if let Err(trouble) = plan {
        made.trouble = Some(trouble);
        return Ok(made);
    }
    let want = ExpandWant { archive: true, files: true };
    match call::<_, ExpandOutput>(Call::Expand, &expand_input(subject, charts.clone(), want), services).await {
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
    let mut input = RenderInput::new(contract::Subject::Descriptor(given));
    input.charts = charts;
    input.world.platform = PlatformForm::preset(platform).and_then(|form| form.facts());
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
    made.problems = all_problems(made.problems, made.outcome.as_deref());
    Ok(made)
}

/// What a check finds, and what only a render does: an image that a base chart asks for. A chart that is not there is
/// one of these, too.
fn all_problems(mut problems: Vec<Problem>, outcome: Option<&Outcome>) -> Vec<Problem> {
    for problem in outcome.map(|outcome| outcome.problems.as_slice()).unwrap_or_default() {
        let place = problem.descriptor.as_ref().unwrap_or(&problem.place);
        let is_known = |known: &Problem| known.message == problem.message && known.place.line == place.line;
        if !problems.iter().any(is_known) {
            problems.push(Problem { place: place.clone(), ..problem.clone() });
        }
    }
    problems
}

/// Makes the files of a download, and offers them as an archive. Gives what was not as it should be.
async fn export(
    what: What,
    subject: &Subject,
    options: &Options,
    services: &Services,
) -> Result<Vec<Problem>, Trouble> {
    let plan = plan(subject, services).await?;
    let charts = charts(&plan, &subject.charts);
    let want = ExpandWant { archive: true, files: false };
    let input = expand_input(subject, charts, want);
    let expanded: ExpandOutput = call(Call::Expand, &input, services).await?;
    if expanded.problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(Trouble::new("the descriptor has errors").hint("mend what stands under Check"));
    }
    let json = serde_json::to_vec(&input).map_err(|error| Trouble::new(error.to_string()))?;
    let (mut files, mut parts) = (Vec::new(), Vec::new());
    if what == What::All {
        files.extend([FILE.to_owned(), format!("{}-{}.tgz", expanded.name, expanded.version)]);
        parts.extend([subject.text.as_bytes().to_vec(), expanded.archive.0]);
    }
    let mut found: Vec<Problem> = Vec::new();
    for (folder, to) in options.repositories(what) {
        let answer = services.engine.ask(Request::Export { to }, vec![json.clone()]).await;
        let Reply::Exported { problems, files: paths } = answer.reply else {
            return Err(opened::refused(answer.reply));
        };
        // What the check says already is not said once more.
        found.extend(problems.into_iter().filter(|problem| !expanded.problems.contains(problem)));
        files.extend(paths.into_iter().map(|path| format!("{folder}{path}")));
        parts.extend(answer.parts);
    }
    let answer = services.engine.ask(Request::Pack { files, charts: Vec::new() }, parts).await;
    match (answer.reply, answer.parts.first()) {
        (Reply::Packed, Some(bytes)) => {
            shell::download(&archive_name(what, &expanded.name), "application/zip", bytes, &services.shell);
            Ok(found)
        }
        (reply, _) => Err(opened::refused(reply)),
    }
}

fn descriptor(subject: &Subject) -> TextFile {
    TextFile { name: FILE.to_owned(), text: subject.text.to_string() }
}

fn expand_input(subject: &Subject, charts: Vec<ChartGiven>, want: ExpandWant) -> ExpandInput {
    ExpandInput {
        api_version: API_VERSION.to_owned(),
        descriptor: descriptor(subject),
        charts,
        want,
        ..ExpandInput::default()
    }
}

async fn plan(subject: &Subject, services: &Services) -> Result<PlanOutput, Trouble> {
    let plan = contract::Subject::Descriptor(descriptor(subject));
    let plan = PlanInput { api_version: API_VERSION.to_owned(), subject: plan };
    call(Call::Plan, &plan, services).await
}

/// The base charts that a plan wants, as far as the engine has them.
fn charts(plan: &PlanOutput, known: &[Known]) -> Vec<ChartGiven> {
    let given = plan.charts.iter().filter_map(|wanted| {
        let (_, digest, revision) = known.iter().find(|(known, ..)| fits(known, wanted))?;
        Some(ChartGiven {
            wanted: wanted.clone(),
            archive: Archive { digest: Some(digest.clone()), ..Archive::default() },
            revision: revision.clone(),
            ..ChartGiven::default()
        })
    });
    given.collect()
}

#[cfg(test)]
mod tests {
    use contract::{Code, Place};

    use super::*;

    #[test]
    fn problems_of_the_render_are_problems() {
        let at = |file: &str, line: u32| Place { file: file.into(), line, column: 1 };
        let problem = |message: &str, place: Place| Problem::new(Severity::Error, Code::Render, message, place);
        let mut in_template = problem("image.name is needed", at("web/templates/a.yaml", 3));
        in_template.descriptor = Some(at(FILE, 7));
        let outcome = Outcome { problems: vec![problem("known", at(FILE, 1)), in_template], ..Outcome::default() };
        let all = all_problems(vec![problem("known", at(FILE, 1))], Some(&outcome));
        let said: Vec<(&str, u32)> = all.iter().map(|one| (one.message.as_str(), one.place.line)).collect();
        assert_eq!(said, [("known", 1), ("image.name is needed", 7)]);
    }
}
