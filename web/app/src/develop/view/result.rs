//! What comes of the descriptor: problems, the chart, a sample render, the report of an import.

use std::rc::Rc;

use chartwright_kit::{CodeBlock, Highlight, Slice, Tab, Tabs};
use contract::{Problem, Severity};
use web_sys::{HtmlSelectElement, MouseEvent};
use yew::prelude::*;

use super::super::effects::FILE;
use super::super::state::{Event, Made, State};
use super::super::update::problem_count;
use crate::load::Load;
use crate::parts;
use crate::words::{self, count};

pub(super) fn pane(state: &State, send: &Callback<Event>) -> Html {
    let (number, alarm) = problem_count(state);
    let (chart_of, chart_stale) = shown(state, |made| !made.files.is_empty());
    let (result_of, result_stale) = shown(state, Made::has_result);
    let mut tabs = vec![
        Tab { alarm, ..Tab::new("check", "Check").count(number) },
        Tab::new("chart", "Chart").count(chart_of.map_or(0, |made| made.files.len())),
        Tab::new("result", "Result")
            .count(result_of.and_then(|made| made.outcome.as_ref()).map_or(0, |outcome| outcome.objects.len())),
    ];
    if !state.report.is_empty() {
        tabs.push(Tab::new("report", "Import report").count(state.report.len()));
    }
    let body = match (&state.made, state.made.shown()) {
        _ if state.look.tab == "report" => report(&state.report),
        (Load::Failed(trouble, None), _) => parts::trouble(trouble),
        (_, Some(made)) => match state.look.tab {
            "chart" => chart(chart_of.unwrap_or(made), state, send),
            "result" => result(result_of.unwrap_or(made), state, send),
            _ => check(made, send),
        },
        _ => parts::waiting("Checking"),
    };
    let stale = match state.look.tab {
        "chart" => chart_stale,
        "result" => result_stale,
        _ => false,
    };
    let class = if stale { "panel stale" } else { "panel" };
    html! {
        <section class="result" aria-label="Result">
            <Tabs label="Result" name="develop" {tabs} selected={state.look.tab} on_select={send.reform(Event::Tab)} />
            if stale {
                <div class="stale-note" role="status">
                    <p><strong>{"Not up to date. "}</strong>{ state.made.shown().map(|made| why(made)).unwrap_or_default() }</p>
                    <button type="button" class="link" onclick={send.reform(|_: MouseEvent| Event::Tab("check"))}>{"Show the problem"}</button>
                </div>
            }
            <div {class} role="tabpanel" id="develop-panel" tabindex="0" aria-labelledby={format!("develop-tab-{}", state.look.tab)}>{ body }</div>
        </section>
    }
}

/// What has a part that is looked at: the newest, else the last that had it. Then it is not up to date.
fn shown(state: &State, has: impl Fn(&Made) -> bool) -> (Option<&Rc<Made>>, bool) {
    let newest = state.made.shown().filter(|made| has(made));
    match (newest, &state.good) {
        (None, Some(good)) => (Some(good), state.made.shown().is_some()),
        (newest, _) => (newest, false),
    }
}

/// Why there is nothing newer, in a line.
fn why(made: &Made) -> String {
    let error = made.problems.iter().find(|problem| problem.severity == Severity::Error);
    let what =
        error.map(|problem| problem.message.as_str()).or(made.trouble.as_ref().map(|trouble| trouble.what.as_str()));
    parts::capital(what.and_then(|what| what.lines().next()).unwrap_or_default())
}

fn check(made: &Made, send: &Callback<Event>) -> Html {
    if made.problems.is_empty() {
        return match &made.trouble {
            Some(trouble) => parts::trouble(trouble),
            None => parts::empty(
                "Nothing is wrong",
                html! { <p>{"The descriptor fits its schema, its values fit the base charts, and all of it renders."}</p> },
            ),
        };
    }
    let items = made.problems.iter().map(|problem| item(problem, Some(send)));
    html! { <div class="problems"><ul>{ for items }</ul></div> }
}

fn item(problem: &Problem, send: Option<&Callback<Event>>) -> Html {
    let (class, word, chip) = match problem.severity {
        Severity::Error => ("problem error", "error", "chip bad"),
        Severity::Warning => ("problem warning", "warning", "chip warn"),
    };
    let (line, column) = (problem.place.line, problem.place.column.max(1));
    let path = problem.path.clone();
    html! {
        <li {class}>
            <p class="what"><span class={chip}>{ word }</span>{ parts::capital(&problem.message) }</p>
            // Messages of schemas do not name the value.
            if !path.is_empty() && !problem.message.contains(&path) { <p class="place">{ &path }</p> }
            if let Some(hint) = &problem.hint { <p>{ parts::prose(&parts::sentence(&words::hint(hint))) }</p> }
            if let (Some(send), true) = (send, line > 0 && problem.place.file == FILE) {
                <p><button type="button" class="link" onclick={send.reform(move |_: MouseEvent| Event::Goto(line, column, path.clone()))}>{ format!("Line {line}") }</button></p>
            } else if !problem.place.file.is_empty() {
                <p class="place">{ problem.place.to_string() }</p>
            }
        </li>
    }
}

/// What an import could not carry, the worst first.
fn report(problems: &[Problem]) -> Html {
    let group = |severity: Severity, title: &str| {
        let items: Vec<Html> =
            problems.iter().filter(|problem| problem.severity == severity).map(|problem| item(problem, None)).collect();
        if items.is_empty() {
            return Html::default();
        }
        html! { <><h2>{ title.to_owned() }</h2><ul>{ for items }</ul></> }
    };
    html! { <div class="problems">{ group(Severity::Error, "Would not run") }{ group(Severity::Warning, "Different from Compose") }</div> }
}

fn chart(made: &Made, state: &State, send: &Callback<Event>) -> Html {
    if let (Some(trouble), true) = (&made.trouble, made.files.is_empty()) {
        return parts::trouble(trouble);
    }
    let chosen = made.files.iter().find(|(path, _)| *path == state.look.file).or(made.files.first());
    let items = made.files.iter().map(|(path, _)| {
        let current = chosen.is_some_and(|(chosen, _)| chosen == path).then_some("true");
        let onclick = send.reform({
            let path = path.clone();
            move |_: MouseEvent| Event::File(path.clone())
        });
        html! { <li key={path.clone()}><button type="button" {onclick} aria-current={current}>{ path }</button></li> }
    });
    html! {
        <div class="chart">
            <nav class="files" aria-label="Files"><ul>{ for items }</ul></nav>
            <div class="file">
                if let Some((path, text)) = chosen {
                    <h2>{ path }</h2>
                    <CodeBlock key={path.clone()} text={Slice::from(text.clone())} highlight={Highlight(if path.contains("templates/") { crate::paint::template } else { crate::paint::yaml })} />
                }
            </div>
        </div>
    }
}

fn result(made: &Made, state: &State, send: &Callback<Event>) -> Html {
    let Some(outcome) = &made.outcome else {
        return match &made.trouble {
            Some(trouble) => parts::trouble(trouble),
            None => parts::waiting("Rendering"),
        };
    };
    let objects = outcome.objects.iter().map(|object| {
        html! {
            <article class="object" key={object.head.key.clone()}>
                <header><h2><span class="kind">{ &object.head.kind }</span>{" "}<span class="name">{ &object.head.name }</span></h2></header>
                <CodeBlock text={object.text.clone()} highlight={Highlight(crate::paint::yaml)} />
            </article>
        }
    });
    html! {
        <>
            <div class="tools">
                <span>{ count(outcome.objects.len(), "object") }</span>
                <label class="inline">{"Sample platform"}{ platforms(state, send) }</label>
            </div>
            <div class="objects">{ for objects }</div>
        </>
    }
}

/// The platforms that a sample can be rendered for.
const PLATFORMS: [(&str, &str); 3] = [("demo", "Demo"), ("local", "This machine"), ("none", "No facts")];

fn platforms(state: &State, send: &Callback<Event>) -> Html {
    let onchange = send.reform(|event: web_sys::Event| {
        let name = event.target_unchecked_into::<HtmlSelectElement>().value();
        let known = PLATFORMS.into_iter().map(|(known, _)| known).find(|known| *known == name);
        Event::Platform(known.unwrap_or("demo"))
    });
    let options = PLATFORMS.into_iter().map(|(name, label)| {
        html! { <option value={name} selected={name == state.platform}>{ label }</option> }
    });
    html! { <select {onchange}>{ for options }</select> }
}
