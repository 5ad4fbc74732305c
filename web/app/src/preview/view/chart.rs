//! The chart itself: its files, and what templates refer to.

use std::collections::BTreeMap;
use std::rc::Rc;

use chartwright_kit::{CodeBlock, Highlight, Mark, MarkKind, Slice, markdown};
use chartwright_protocol::ChartFile;
use web_sys::MouseEvent;
use yew::prelude::*;

use super::super::chart_files::{Reference, references};
use super::super::open::Opened;
use super::super::state::{Event, State};
use crate::parts;
use crate::words::bytes;

pub(super) fn view(state: &State, send: &Callback<Event>) -> Html {
    let Some(opened) = state.opened.shown() else { return parts::waiting(&state.progress) };
    let files = &opened.chart.files;
    let chosen =
        state.look.file.as_ref().and_then(|(path, line)| Some((files.iter().find(|file| file.path == *path)?, *line)));
    html! {
        <div class="chart">
            <nav class="files" aria-label="Files">{ tree(files, chosen.map(|(file, _)| file.path.as_str()), send) }</nav>
            <div class="file">
                { match chosen {
                    Some((file, line)) => one(file, line, opened, state, send),
                    None => front(opened, send),
                } }
            </div>
        </div>
    }
}

/// Files with a heading for each folder.
fn tree(files: &[ChartFile], chosen: Option<&str>, send: &Callback<Event>) -> Html {
    let mut folders: Vec<(&str, Vec<&ChartFile>)> = Vec::new();
    for file in files {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        match folders.iter_mut().find(|(name, _)| *name == folder) {
            Some((_, list)) => list.push(file),
            None => folders.push((folder, vec![file])),
        }
    }
    folders.sort_by_key(|(folder, _)| *folder);
    let lists = folders.into_iter().map(|(folder, files)| {
        let items = files.into_iter().map(|file| {
            let path = file.path.clone();
            let name = path.rsplit('/').next().unwrap_or_default().to_owned();
            let current = (chosen == Some(path.as_str())).then_some("true");
            let onclick = send.reform({
                let path = path.clone();
                move |_: MouseEvent| Event::File(path.clone(), 0)
            });
            html! { <li key={path}><button type="button" {onclick} aria-current={current}>{ name }</button></li> }
        });
        html! { <>if !folder.is_empty() { <p title={folder.to_owned()}>{ folder }</p> }<ul>{ for items }</ul></> }
    });
    html! { <>{ for lists }</> }
}

/// What the chart says of itself.
fn front(opened: &Opened, send: &Callback<Event>) -> Html {
    let chart = &opened.chart;
    let pair = |name: &str, value: &str| {
        if value.is_empty() {
            Html::default()
        } else {
            html! { <div><dt>{ name.to_owned() }</dt><dd class="break">{ value.to_owned() }</dd></div> }
        }
    };
    let dependencies = chart.dependencies.iter().map(|one| {
        let present = if one.present { "in the archive" } else { "missing" };
        html! { <tr><td>{ &one.name }</td><td>{ &one.version }</td><td>{ &one.condition }</td><td>{ present }</td></tr> }
    });
    html! {
        <div class="front">
            <h2>{ format!("{} {}", chart.name, chart.version) }</h2>
            <p>{ &chart.description }</p>
            <dl class="pairs">
                { pair("Version of the application", &chart.app_version) }
                { pair("Kubernetes", &chart.kube_version) }
                { pair("Home", &chart.home) }
                { pair("Keywords", &chart.keywords.join(", ")) }
                { pair("Digest", &chart.digest) }
            </dl>
            if !chart.dependencies.is_empty() {
                <h3>{"Dependencies"}</h3>
                <div class="scroll-x"><table>
                    <thead><tr><th>{"Chart"}</th><th>{"Version"}</th><th>{"Turned on by"}</th><th></th></tr></thead>
                    <tbody>{ for dependencies }</tbody>
                </table></div>
            }
            if let Some(readme) = &chart.readme {
                <ReadMe text={readme.clone()} />
            } else {
                <p class="muted">{"This chart has no README. "}
                    <button type="button" class="link" onclick={send.reform(|_: MouseEvent| Event::File("values.yaml".into(), 0))}>{"Look at values.yaml"}</button>
                </p>
            }
        </div>
    }
}

/// A README; read once, not with each render of the page.
#[derive(Clone, PartialEq, Properties)]
struct ReadMeProps {
    text: AttrValue,
}

#[component]
fn ReadMe(props: &ReadMeProps) -> Html {
    markdown(&props.text)
}

fn one(file: &ChartFile, line: u32, opened: &Opened, state: &State, send: &Callback<Event>) -> Html {
    let Some(text) = &file.text else {
        return html! { <><h2>{ &file.path }</h2><p class="muted">{ format!("{}, not text", bytes(file.size)) }</p></> };
    };
    let template = file.path.contains("templates/");
    let yaml = file.path.ends_with(".yaml") || file.path.ends_with(".yml");
    let highlight =
        if template { Some(Highlight(crate::paint::template)) } else { yaml.then_some(Highlight(crate::paint::yaml)) };
    let marks =
        line.checked_sub(1).map(|line| Mark { line, kind: MarkKind::Target }).into_iter().collect::<Rc<[Mark]>>();
    let found = if template { references(text, &opened.chart.files) } else { Vec::new() };
    let titles = found.iter().filter_map(|reference| match reference {
        Reference::Value { path, .. } => Some((format!(".Values.{path}"), now(path, state))),
        Reference::Template { .. } => None,
    });
    html! {
        <>
            <h2>{ &file.path }</h2>
            if template {
                { made(file, opened, state, send) }
                { refers(file, &found, state, send) }
            }
            <CodeBlock
                key={file.path.clone()} text={Slice::from(text.as_str())} {highlight} {marks}
                titles={Rc::new(titles.collect::<BTreeMap<_, _>>())}
            />
        </>
    }
}

/// What a value is now, in words.
fn now(path: &str, state: &State) -> String {
    state.values.as_ref().and_then(|values| values.shown(path)).unwrap_or_else(|| "not set".to_owned())
}

/// The objects that a template made, as links to them.
fn made(file: &ChartFile, opened: &Opened, state: &State, send: &Callback<Event>) -> Html {
    let Some(outcome) = state.result.shown() else { return Html::default() };
    // The source of an object starts with the name of the chart.
    let source = format!("{}/{}", opened.chart.name, file.path);
    let objects = outcome.objects.iter().filter(|object| object.head.source == source);
    let links: Vec<Html> = objects
        .map(|object| {
            let key = object.head.key.clone();
            let onclick = send.reform(move |_: MouseEvent| Event::Select(key.clone(), None));
            html! { <li><button type="button" class="link" {onclick}>{ format!("{} {}", object.head.kind, object.head.name) }</button></li> }
        })
        .collect();
    if links.is_empty() {
        return html! { <p class="muted made">{"No object of the result comes from this file."}</p> };
    }
    html! { <div class="made"><span>{"Makes"}</span><ul>{ for links }</ul></div> }
}

/// What a template refers to: its values with what they are now, and the templates that it includes.
fn refers(file: &ChartFile, found: &[Reference], state: &State, send: &Callback<Event>) -> Html {
    if found.is_empty() {
        return Html::default();
    }
    let jump = |path: &str, line: u32, label: String| {
        let path = path.to_owned();
        html! { <button type="button" class="link" onclick={send.reform(move |_: MouseEvent| Event::File(path.clone(), line))}>{ label }</button> }
    };
    let at =
        |lines: &[u32]| lines.iter().take(6).map(|line| jump(&file.path, *line, line.to_string())).collect::<Html>();
    let rows = found.iter().map(|reference| match reference {
        Reference::Value { path, lines } => {
            let now = now(path, state);
            html! { <tr><td><code class="break">{ format!(".Values.{path}") }</code></td><td class="break">{ now }</td><td class="lines">{ at(lines) }</td></tr> }
        }
        Reference::Template { name, lines, defined } => html! {
            <tr>
                <td><code class="break">{ name }</code></td>
                <td>{ match defined {
                    Some((path, line)) => jump(path, *line, format!("{path}:{line}")),
                    None => html! { <span class="muted">{"not in this chart"}</span> },
                } }</td>
                <td class="lines">{ at(lines) }</td>
            </tr>
        },
    });
    html! {
        <details class="refers">
            <summary>{ format!("Refers to {}", crate::words::count(found.len(), "name")) }</summary>
            <div class="scroll-x"><table>
                <thead><tr><th>{"Name"}</th><th>{"Value now, or definition"}</th><th>{"Lines"}</th></tr></thead>
                <tbody>{ for rows }</tbody>
            </table></div>
        </details>
    }
}
