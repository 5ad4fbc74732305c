//! The releases of a module: which charts, where, and which waits for which.

use std::collections::BTreeMap;

use web_sys::MouseEvent;
use yew::prelude::*;

use super::super::outcome::Outcome;
use super::super::state::{Event, State};
use crate::words::count;

pub(super) fn view(result: &Outcome, state: &State, send: &Callback<Event>) -> Html {
    let mut objects: BTreeMap<&str, usize> = BTreeMap::new();
    for object in &result.objects {
        if let Some(release) = &object.head.helm_release {
            *objects.entry(release).or_default() += 1;
        }
    }
    let waits = depends(result);
    let rows = result.releases.iter().filter(|release| release.level > 1).map(|release| {
        let number = objects.get(release.helm_release.as_str()).copied().unwrap_or_default();
        let own = result.objects.iter().find(|object| {
            object.head.kind == "HelmRelease" && format!("{}/{}", object.head.namespace, object.head.name) == release.helm_release
        });
        let key = own.map(|object| object.head.key.clone()).unwrap_or_default();
        let name = release.helm_release.rsplit('/').next().unwrap_or_default().to_owned();
        let needs = waits.get(&name).cloned().unwrap_or_default();
        html! {
            <tr key={release.helm_release.clone()}>
                <td><button type="button" class="link" onclick={send.reform(move |_: MouseEvent| Event::Select(key.clone(), None))}>{ name }</button></td>
                <td data-label="Chart">{ format!("{} {}", release.chart, release.version) }</td>
                <td data-label="Namespace">{ &release.namespace }</td>
                <td class="number" data-label="Objects">{ number }</td>
                <td data-label="Waits for">{ if needs.is_empty() { "–".to_owned() } else { needs.join(", ") } }</td>
            </tr>
        }
    });
    let steps = order(&waits).into_iter().enumerate().map(|(index, names)| {
        let boxes = names.into_iter().map(|name| html! { <li>{ name }</li> });
        html! { <li><span class="step">{ format!("Step {}", index + 1) }</span><ul>{ for boxes }</ul></li> }
    });
    let title = state.opened.shown().map(|opened| opened.title.clone()).unwrap_or_default();
    html! {
        <div class="cards-page">
            <h2>{ format!("{} of {title}", count(result.releases.len().saturating_sub(1), "release")) }</h2>
            <div class="scroll-x">
                <table class="as-cards">
                    <thead><tr><th>{"Release"}</th><th>{"Chart"}</th><th>{"Namespace"}</th><th class="number">{"Objects"}</th><th>{"Waits for"}</th></tr></thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
            <h2>{"Order of installation"}</h2>
            <ol class="graph">{ for steps }</ol>
        </div>
    }
}

/// Which HelmRelease names which others in `dependsOn`, by name. The text is our own skeleton's or Flux's form.
fn depends(result: &Outcome) -> BTreeMap<String, Vec<String>> {
    let releases = result.objects.iter().filter(|object| object.head.kind == "HelmRelease");
    releases.map(|object| (object.head.name.clone(), depends_on(object.text.as_str()))).collect()
}

/// The names below `dependsOn:` in the text of a HelmRelease.
fn depends_on(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut inside = None;
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        let line = line.trim();
        match inside {
            Some(outer) if indent < outer || (indent == outer && !line.starts_with('-')) => break,
            Some(_) => {
                if let Some(name) = line.trim_start_matches("- ").strip_prefix("name:") {
                    names.push(name.trim().trim_matches('"').to_owned());
                }
            }
            None if line == "dependsOn:" => inside = Some(indent),
            None => {}
        }
    }
    names
}

/// Names in steps: each step waits for those before it only. What waits in a circle comes last.
fn order(waits: &BTreeMap<String, Vec<String>>) -> Vec<Vec<String>> {
    let mut steps: Vec<Vec<String>> = Vec::new();
    let mut left: Vec<&String> = waits.keys().collect();
    while !left.is_empty() {
        let done = |name: &String| !left.contains(&name);
        let (ready, waiting): (Vec<&String>, Vec<&String>) =
            left.iter().partition(|name| waits.get(**name).is_some_and(|needs| needs.iter().all(done)));
        if ready.is_empty() {
            steps.push(waiting.into_iter().cloned().collect());
            break;
        }
        steps.push(ready.into_iter().cloned().collect());
        left = waiting;
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_are_read() {
        let text =
            "spec:\n  dependsOn:\n    - name: db\n    - name: \"api\"\n      namespace: x\n  chart:\n    name: no\n";
        assert_eq!(depends_on(text), ["db", "api"]);
        assert_eq!(depends_on("spec:\n  dependsOn:\n  - name: db\n  values: {}\n"), ["db"]);
        assert!(depends_on("spec: {}\n").is_empty());
    }

    #[test]
    fn steps_follow_dependencies() {
        let waits = |pairs: &[(&str, &[&str])]| -> BTreeMap<String, Vec<String>> {
            pairs
                .iter()
                .map(|(name, needs)| ((*name).to_owned(), needs.iter().map(|need| (*need).to_owned()).collect()))
                .collect()
        };
        assert_eq!(order(&waits(&[("web", &["api"]), ("api", &["db"]), ("db", &[])])), [["db"], ["api"], ["web"]]);
        assert_eq!(order(&waits(&[("a", &["b"]), ("b", &["a"]), ("c", &[])])), [vec!["c"], vec!["a", "b"]]);
        assert_eq!(order(&waits(&[("a", &["elsewhere"])])), [["a"]]);
    }
}
