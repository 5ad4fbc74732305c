//! The form of the platform's facts.

use web_sys::{HtmlInputElement, HtmlSelectElement, InputEvent, MouseEvent};
use yew::prelude::*;

use super::super::input::{PlatformForm, release_name};
use super::super::names::problem;
use super::super::open::Source;
use super::super::state::{Event, Platformed, State};

/// Fields: name, label, help. What a chart is installed with stands first: many charts read nothing else.
const FIELDS: [(&str, &str, &str); 8] = [
    ("release", "Release", "The release's name"),
    ("namespace", "Namespace", "Where it is installed"),
    ("registry", "Registry", "The host that images come from"),
    ("repository", "Repository", "The path in the registry"),
    ("domain", "Domain", "Components get host names below it"),
    ("username", "Account", "In the registry"),
    ("token", "Token", "Not kept and not shared"),
    ("kubeVersion", "Kubernetes", "A version such as 1.33"),
];

/// What is taken for an empty release and an empty namespace.
fn default_release(state: &State) -> (String, String) {
    let release = state.opened.shown().map(|opened| release_name(&opened.chart.name)).unwrap_or_default();
    (release, "default".to_owned())
}

/// What the platform amounts to, for the button that opens it: where a chart is installed, or the domain.
pub(super) fn label(state: &State) -> String {
    let or = |text: &str, other: String| if text.trim().is_empty() { other } else { text.trim().to_owned() };
    match state.opened.shown() {
        Some(opened) if matches!(opened.source, Source::Chart) => {
            let (release, namespace) = default_release(state);
            format!("{}/{}", or(&state.platform.namespace, namespace), or(&state.platform.release, release))
        }
        _ => or(&state.platform.domain, "none".to_owned()),
    }
}

pub(super) fn view(state: &State, send: &Callback<Event>) -> Html {
    let mut form = state.platform.clone();
    // A descriptor says by itself how its release is called, and where it is installed.
    let is_chart = state.opened.shown().is_none_or(|opened| matches!(opened.source, Source::Chart));
    let (release, namespace) = default_release(state);
    let fields: Vec<Html> = FIELDS
        .into_iter()
        .filter(|(name, ..)| is_chart || !matches!(*name, "release" | "namespace"))
        .map(|(name, label, help)| {
            let value = form.field(name).map(std::mem::take).unwrap_or_default();
            let placeholder = match name {
                "release" => release.clone(),
                "namespace" => namespace.clone(),
                _ => String::new(),
            };
            let oninput = send.reform(move |event: InputEvent| {
                Event::Platform(Platformed::Field(name, event.target_unchecked_into::<HtmlInputElement>().value()))
            });
            let kind = if name == "token" { "password" } else { "text" };
            let id = format!("platform-{name}");
            let problem = problem(name, &value);
            let invalid = if problem.is_some() { "true" } else { "false" };
            html! {
                <div class={if problem.is_some() { "field has-problem" } else { "field" }} key={name}>
                    <label class="label" for={id.clone()}>{ label }</label>
                    <input {id} type={kind} {value} {placeholder} {oninput} autocomplete="off" spellcheck="false" aria-invalid={invalid} aria-describedby={format!("platform-{name}-help")} />
                    // In place of the help: fields stay where they are.
                    <small id={format!("platform-{name}-help")} class={problem.map(|_| "problem-line")}>{ problem.unwrap_or(help) }</small>
                </div>
            }
        })
        .collect();
    let same = |name: &str| {
        let current = PlatformForm {
            release: String::new(),
            namespace: String::new(),
            token: String::new(),
            ..state.platform.clone()
        };
        PlatformForm::preset(name).is_some_and(|preset| preset == current)
    };
    let chosen = ["demo", "local", "none"].into_iter().find(|name| same(name)).unwrap_or("own");
    let onchange = send.reform(|event: web_sys::Event| {
        Event::Platform(Platformed::Preset(event.target_unchecked_into::<HtmlSelectElement>().value()))
    });
    let options = [("demo", "Demo"), ("local", "This machine"), ("none", "No facts"), ("own", "Your own")];
    let options = options.into_iter().map(|(name, label)| {
        html! { <option value={name} selected={name == chosen} disabled={name == "own"}>{ label }</option> }
    });
    html! {
        <section class="platform" aria-label="Platform">
            <header>
                <h2>{"Platform"}</h2>
                <label>{"Preset "}<select {onchange}>{ for options }</select></label>
                <button type="button" onclick={send.reform(|_: MouseEvent| Event::PlatformOpen(false))}>{"Done"}</button>
            </header>
            <p class="muted">{ if is_chart {
                "Where the chart is installed, and what base charts read from the cluster. Many charts read only release and namespace."
            } else {
                "What base charts read from the cluster that they are installed in. In a cluster, these come from the cluster itself."
            } }</p>
            if state.platform_of_link {
                <p class="row">
                    <span>{"These facts came with a link, and count for this module only."}</span>
                    <button type="button" onclick={send.reform(|_: MouseEvent| Event::Platform(Platformed::Own))}>{"Use mine"}</button>
                </p>
            }
            <div class="fields">{ for fields }</div>
        </section>
    }
}
