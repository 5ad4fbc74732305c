//! The descriptor as a form: the module, its base chart, its components, its release.

use chartwright_kit::{Icon, icon};
use chartwright_values::{Group, Item, Path, Value};
use web_sys::{HtmlSelectElement, MouseEvent};
use yew::prelude::*;

use super::super::bases::Bases;
use super::super::state::{Dialog, Event, State};
use super::super::update::{ADD, FIRST as FIRST_TEXT};
use super::component;
use crate::form::{FieldView, Shared, items};
use crate::parts;
use crate::words::count;

/// What stands on top, in this order; the rest of the module's facts is folded.
const FIRST: [&str; 5] =
    ["metadata.name", "metadata.namespace", "spec.module.version", "spec.module.description", "spec.module.keywords"];

pub(super) fn view(state: &State, send: &Callback<Event>) -> Html {
    let draft = &state.draft;
    let disabled = draft.form().disabled.is_some();
    let (edits, groups) = (send.reform(Event::Edit), send.reform(Event::Group));
    let shared = Shared::own(&edits, &groups, &state.look.turned, disabled, "descriptor-");
    let first = FIRST.into_iter().filter_map(|path| field(state, path, shared));
    let components = draft.components();
    let missing = draft.item(&path("spec.module")).is_none();
    html! {
        <div class="form descriptor-form">
            if let Some(error) = &draft.form().disabled {
                <p class="note" role="status">{ match error.is_yaml {
                    true => format!("The form is paused: this text is not a descriptor, since {error}. It shows the last one; nothing is lost."),
                    false => format!("The form is paused: your YAML cannot be read ({error}). It shows the last text that could be read; nothing is lost."),
                } }</p>
            } else if let Some(refused) = draft.refused() {
                <p class="note" role="status">{ parts::sentence(refused) }</p>
            }
            if missing {
                <p class="note">{"This text is not a descriptor: it has no module. Fix it as YAML, or choose a new one under New."}</p>
            } else if *draft.text() == *FIRST_TEXT {
                <p class="note">{"This is an example to try things on. For a module of your own, change it, or choose an empty one under New."}</p>
            }
            <section class="part" aria-labelledby="part-module">
                <h2 id="part-module">{"Module"}</h2>
                <div class="part-fields">{ for first }</div>
                { items(&[more(state, "more:module", "More about the module", &["spec.module", "spec.layout"])], 1, shared) }
            </section>
            <section class="part" aria-labelledby="part-base">
                <h2 id="part-base">{"Base chart"}</h2>
                <p class="help">{"For components without one of their own."}</p>
                { base(state, None, draft.template(), send) }
                if draft.template().is_some() {
                    { items(&[more(state, "more:template", "Where it comes from", &["spec.template"])], 1, shared) }
                }
            </section>
            <section class="part" aria-labelledby="part-components">
                <h2 id="part-components">{ "Components" }<span class="badge">{ components.len() }</span></h2>
                <ul class="components">
                    { for components.iter().enumerate().map(|(index, one)| component::view(state, index, one, send)) }
                </ul>
                <button type="button" id={ADD} {disabled} onclick={send.reform(|_: MouseEvent| Event::Dialog(Some(Dialog::Gallery)))}>{ icon(Icon::Add) }{"Add a component"}</button>
            </section>
            <section class="part" aria-labelledby="part-release">
                <h2 id="part-release">{"Release"}</h2>
                { items(&[more(state, "more:release", "How the module is released", &["spec.release"])], 1, shared) }
            </section>
        </div>
    }
}

fn path(text: &str) -> Path {
    text.parse().unwrap_or_default()
}

fn field(state: &State, at: &str, shared: Shared<'_>) -> Option<Html> {
    match state.draft.item(&path(at))? {
        Item::Field(field) => Some(html! {
            <FieldView
                key={&*field.key} field={(**field).clone()} send={shared.send.clone()} disabled={shared.disabled}
                scope={shared.scope} plain=true
            />
        }),
        Item::Group(_) => None,
    }
}

/// What stands at these paths, without what stands on top, as one group that is folded.
fn more(state: &State, key: &str, label: &str, paths: &[&str]) -> Item {
    let first = FIRST.map(path);
    let mut inside: Vec<Item> = Vec::new();
    for at in paths {
        match state.draft.item(&path(at)) {
            Some(Item::Group(group)) => inside.extend(group.items.iter().cloned()),
            Some(field) => inside.push(field.clone()),
            None => {}
        }
    }
    inside.retain(|item| item.path().is_none_or(|path| !first.contains(path)));
    let problems = inside.iter().map(problems).sum();
    Item::Group(Group { key: key.into(), label: label.into(), items: inside, problems, ..Group::default() })
}

fn problems(item: &Item) -> usize {
    match item {
        Item::Group(group) => group.problems,
        Item::Field(field) => {
            usize::from(field.problem.is_some()) + field.kind.items().iter().map(problems).sum::<usize>()
        }
    }
}

/// The choice of a base chart: of a component by its place, or of the module.
pub(super) fn base(state: &State, index: Option<usize>, template: Option<&Value>, send: &Callback<Event>) -> Html {
    let nothing = Bases::default();
    let bases = state.bases.shown().unwrap_or(&nothing);
    let known = template.and_then(|template| bases.find(template));
    let own = match index {
        Some(index) => state.draft.components().get(index).is_some_and(|component| component.own_template),
        None => true,
    };
    let onchange = send.reform(move |event: web_sys::Event| {
        Event::Choose(index, event.target_unchecked_into::<HtmlSelectElement>().value().parse().ok())
    });
    let name = |template: &Value| {
        let chart = template.as_map().and_then(|map| map.get("chart")).and_then(Value::as_text);
        chart.unwrap_or("no name").to_owned()
    };
    let none = match (index, state.draft.template()) {
        (Some(_), Some(template)) => format!("As the module: {}", name(template)),
        (Some(_), None) => "None: the module names none".to_owned(),
        (None, _) => "None".to_owned(),
    };
    let options = bases.0.iter().enumerate().map(|(place, base)| {
        let selected = own && known == Some(place);
        html! { <option value={place.to_string()} {selected}>{ format!("{} · {} {}", base.name(), base.chart.wanted.source.kind, base.chart.wanted.source.name) }</option> }
    });
    let elsewhere = template.filter(|_| own && known.is_none());
    let off = state.draft.form().disabled.is_some();
    let id = index.map_or_else(|| "base-module".to_owned(), |index| format!("base-{index}"));
    let about = known.and_then(|place| bases.0.get(place)).and_then(|base| base.read.shown());
    html! {
        <div class="setting">
            if index.is_some() { <label class="label" for={id.clone()}>{"Base chart"}</label> }
            <select {id} disabled={off} {onchange} aria-label={index.is_none().then_some("Base chart of the module")}>
                <option value="" selected={!own || template.is_none()}>{ none }</option>
                { for options }
                if let Some(template) = elsewhere {
                    <option value="elsewhere" selected=true disabled=true>{ format!("{} (not in this catalog)", name(template)) }</option>
                }
            </select>
            if let Some(read) = about {
                <p class="help">{ format!("{} {}: {}", read.info.name, read.info.version, read.info.description) }</p>
            } else if elsewhere.is_some() {
                <p class="help">{"The check and the preview cannot look into it. Its values are edited as YAML."}</p>
            }
        </div>
    }
}

/// A component's numbers, in words.
pub(super) fn numbers(component: &super::super::draft::Component) -> String {
    let mut words = vec![count(component.values, "value")];
    if component.settings > 0 {
        words.push(count(component.settings, "setting"));
    }
    words.join(", ")
}
