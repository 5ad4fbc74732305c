//! The chart itself: its files, and what templates refer to.

use std::collections::BTreeMap;
use std::rc::Rc;

use chartwright_kit::{CodeBlock, Highlight, Listed, Mark, MarkKind, Slice, markdown};
use chartwright_protocol::{ChartFile, ChartInfo};
use chartwright_values::Path;
use web_sys::{HtmlSelectElement, MouseEvent};
use yew::prelude::*;

use super::super::chart_files::{Reference, references};
use super::super::open::Opened;
use super::super::places;
use super::super::state::{Event, FileAt, State};
use super::super::update::FILE_HEADING;
use super::problems;
use crate::parts;
use crate::words::bytes;

pub(super) fn view(state: &State, send: &Callback<Event>) -> Html {
    let Some(opened) = state.opened.shown() else { return parts::waiting(&state.progress) };
    let chosen = state.look.file.as_ref().and_then(|at| {
        let chart = opened.charts().nth(at.chart)?;
        Some((at, chart, chart.files.iter().find(|file| file.path == at.path)?))
    });
    let in_chart = |chart: usize| chosen.filter(|(at, ..)| at.chart == chart).map(|(at, ..)| at.path.as_str());
    let bases = opened.bases.iter().enumerate().map(|(at, base)| {
        let place = at + 1;
        html! {
            <details key={base.digest.clone()} open={in_chart(place).is_some()}>
                <summary>{ format!("{} {}", base.name, base.version) }</summary>
                { tree(place, &base.files, in_chart(place), send) }
            </details>
        }
    });
    let current = chosen.map(|(at, ..)| AttrValue::from(format!("{}/{}", at.chart, at.path)));
    html! {
        <div class="chart">
            <Listed class="files" label="Files" {current}>{ tree(0, &opened.chart.files, in_chart(0), send) }if !opened.bases.is_empty() { <p>{"Base charts"}</p>{ for bases } }</Listed>
            <div class="file">
                { match chosen {
                    Some((at, chart, file)) => one(at, chart, file, state, send),
                    None => front(opened, send),
                } }
            </div>
        </div>
    }
}

/// Files of a chart with a heading for each folder.
fn tree(chart: usize, files: &[ChartFile], chosen: Option<&str>, send: &Callback<Event>) -> Html {
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
            let at = FileAt { chart, path: path.clone(), ..FileAt::default() };
            let onclick = send.reform(move |_: MouseEvent| Event::File(at.clone()));
            html! { <li key={path.clone()}><button type="button" {onclick} title={path} aria-current={current}>{ name }</button></li> }
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
    // A README often begins with the same sentence.
    let described = chart.readme.as_ref().is_some_and(|text| text.contains(chart.description.trim()));
    let dependencies = chart.dependencies.iter().map(|one| {
        let present = if one.present { "in the archive" } else { "missing" };
        html! { <tr><td>{ &one.name }</td><td>{ &one.version }</td><td>{ &one.condition }</td><td>{ present }</td></tr> }
    });
    html! {
        <div class="front">
            <h2>{ format!("{} {}", chart.name, chart.version) }</h2>
            if !described { <p>{ &chart.description }</p> }
            <dl class="pairs">
                { pair("Software", &chart.app_version) }
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
                    <button type="button" class="link" onclick={send.reform(|_: MouseEvent| Event::File(FileAt { path: "values.yaml".into(), ..FileAt::default() }))}>{"Look at values.yaml"}</button>
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

fn one(at: &FileAt, chart: &ChartInfo, file: &ChartFile, state: &State, send: &Callback<Event>) -> Html {
    let heading = html! { <h2 id={FILE_HEADING} tabindex="-1"><span class="muted">{ format!("{}/", chart.name) }</span>{ &file.path }</h2> };
    let Some(text) = &file.text else {
        return html! { <>{ heading }<p class="muted">{ format!("{}, not text", bytes(file.size)) }</p></> };
    };
    let template = file.path.contains("templates/");
    let yaml = file.path.ends_with(".yaml") || file.path.ends_with(".yml");
    let highlight =
        if template { Some(Highlight(crate::paint::template)) } else { yaml.then_some(Highlight(crate::paint::yaml)) };
    let marks =
        at.line.checked_sub(1).map(|line| Mark { line, kind: MarkKind::Target }).into_iter().collect::<Rc<[Mark]>>();
    let found = if template { references(text, &chart.files) } else { Vec::new() };
    let users = components(at, state);
    let component = component(at, &users, state);
    // The values of a base chart are those of a component; without one, nobody knows them.
    let below = (at.chart == 0 || component.is_some()).then(|| places::below(Some(at), component));
    let value = |name: &str| places::under(below.as_ref()?, name);
    let titles = found.iter().filter_map(|reference| match reference {
        Reference::Value { path, .. } => Some((format!(".Values.{path}"), now(&value(path)?, state))),
        Reference::Template { .. } => None,
    });
    let on_part = {
        let ways: BTreeMap<String, Callback<MouseEvent>> = found
            .iter()
            .filter_map(|reference| match reference {
                Reference::Value { path, .. } => {
                    Some((format!(".Values.{path}"), problems::go_to_value(&value(path)?, state, send)?))
                }
                Reference::Template { .. } => None,
            })
            .collect();
        Callback::from(move |(part, event): (String, MouseEvent)| {
            if let Some(way) = ways.get(&part) {
                way.emit(event);
            }
        })
    };
    html! {
        <>
            { heading }
            { back(at, state, send) }
            if template {
                { made(at, state, send) }
                { of_component(at, &users, component, send) }
                { refers(at, &found, &value, state, send) }
            }
            <CodeBlock
                key={format!("{}/{}", at.chart, file.path)} text={Slice::from(text.as_str())} {highlight} {marks}
                titles={Rc::new(titles.collect::<BTreeMap<_, _>>())} {on_part}
            />
        </>
    }
}

/// What a value is now, in words.
fn now(path: &Path, state: &State) -> String {
    state.values.as_ref().and_then(|values| values.shown_at(path)).unwrap_or_else(|| "not set".to_owned())
}

/// The components that have the chart of a file as their base chart, each with an object that it made.
fn components(at: &FileAt, state: &State) -> Vec<(String, String)> {
    let (Some(opened), Some(outcome)) = (state.opened.shown(), state.result.shown()) else { return Vec::new() };
    let mut found: Vec<(String, String)> = Vec::new();
    for object in outcome.objects.iter().filter(|_| at.chart > 0) {
        if let Some(component) = &object.head.component
            && !found.iter().any(|(known, _)| known == component)
            && opened.template(&object.head).is_some_and(|(chart, _)| chart == at.chart)
        {
            found.push((component.clone(), object.head.key.clone()));
        }
    }
    found
}

/// The component whose values are shown: that of the object that led to the file, else the first.
fn component<'c>(at: &FileAt, users: &'c [(String, String)], state: &State) -> Option<&'c str> {
    let from = at.from.as_ref().and_then(|key| state.result.shown()?.object(key)?.head.component.as_ref());
    let used = users.iter().find(|(name, _)| Some(name) == from).or(users.first());
    used.map(|(name, _)| name.as_str())
}

/// Of which component values are shown, and the choice where a base chart has several.
fn of_component(at: &FileAt, users: &[(String, String)], shown: Option<&str>, send: &Callback<Event>) -> Html {
    let Some(shown) = shown else { return Html::default() };
    if users.len() == 1 {
        return html! { <p class="muted made">{ format!("With the values of {shown}") }</p> };
    }
    let onchange = send.reform({
        let at = at.clone();
        move |event: web_sys::Event| {
            let key = event.target_unchecked_into::<HtmlSelectElement>().value();
            Event::File(FileAt { from: Some(key), ..at.clone() })
        }
    });
    let options = users.iter().map(|(name, key)| {
        html! { <option key={key.clone()} value={key.clone()} selected={name == shown}>{ name.clone() }</option> }
    });
    html! { <p class="made"><label class="inline">{"With the values of "}<select {onchange}>{ for options }</select></label></p> }
}

/// The way back to the object that led to the file.
fn back(at: &FileAt, state: &State, send: &Callback<Event>) -> Html {
    let from = at.from.as_ref().and_then(|key| state.result.shown()?.object(key));
    let Some(object) = from else { return Html::default() };
    let key = object.head.key.clone();
    let onclick = send.reform(move |_: MouseEvent| Event::Select(key.clone(), None));
    html! { <p class="made"><button type="button" class="link" {onclick}>{ format!("Back to {} {}", object.head.kind, object.head.name) }</button></p> }
}

/// A name that breaks behind dots and slashes, where it is too long for its line.
fn breaking(name: &str) -> Html {
    html! { <>{ for name.split_inclusive(['.', '/']).map(|part| html! { <>{ part.to_owned() }<wbr /></> }) }</> }
}

/// The objects that a template made, as links to them.
fn made(at: &FileAt, state: &State, send: &Callback<Event>) -> Html {
    let (Some(opened), Some(outcome)) = (state.opened.shown(), state.result.shown()) else { return Html::default() };
    let place = Some((at.chart, at.path.as_str()));
    let objects = outcome.objects.iter().filter(|object| opened.template(&object.head) == place);
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
fn refers(
    at: &FileAt,
    found: &[Reference],
    value: &dyn Fn(&str) -> Option<Path>,
    state: &State,
    send: &Callback<Event>,
) -> Html {
    if found.is_empty() {
        return Html::default();
    }
    let jump = |path: &str, line: u32, label: String| {
        let to = FileAt { path: path.to_owned(), line, ..at.clone() };
        html! { <button type="button" class="link" onclick={send.reform(move |_: MouseEvent| Event::File(to.clone()))}>{ label }</button> }
    };
    let numbers =
        |lines: &[u32]| lines.iter().take(6).map(|line| jump(&at.path, *line, line.to_string())).collect::<Html>();
    let rows = found.iter().map(|reference| match reference {
        Reference::Value { path, lines } => {
            let own = value(path);
            let name = format!(".Values.{path}");
            let way = own.as_ref().and_then(|own| problems::go_to_value(own, state, send));
            let now = own.map_or_else(|| "–".to_owned(), |own| now(&own, state));
            html! {
                <tr>
                    <td>{ match way {
                        Some(onclick) => html! { <button type="button" class="link" {onclick}><code>{ breaking(&name) }</code></button> },
                        None => html! { <code>{ breaking(&name) }</code> },
                    } }</td>
                    <td class="break">{ now }</td>
                    <td><span class="lines">{ numbers(lines) }</span></td>
                </tr>
            }
        }
        Reference::Template { name, lines, defined } => html! {
            <tr>
                <td><code>{ breaking(name) }</code></td>
                <td>{ match defined {
                    Some((path, line)) => jump(path, *line, format!("{path}:{line}")),
                    None => html! { <span class="muted">{"not in this chart"}</span> },
                } }</td>
                <td><span class="lines">{ numbers(lines) }</span></td>
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
