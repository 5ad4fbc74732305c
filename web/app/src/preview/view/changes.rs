//! What differs from the defaults, from the last result, from saved values or from another version.

use chartwright_protocol::{Change, Changed};
use web_sys::{HtmlSelectElement, MouseEvent};
use yew::prelude::*;

use super::super::state::{Base, Event, State};
use super::super::update::changed_count;
use super::manifests;
use crate::load::Load;
use crate::words::count;
use crate::{hunks, parts};

pub(super) fn view(state: &State, send: &Callback<Event>) -> Html {
    html! {
        <>
            { tools(state, send) }
            { match (&state.base_result, &state.changes) {
                (Load::Failed(trouble, _) | Load::Again(trouble, _), _) | (_, Load::Failed(trouble, None)) => parts::trouble(trouble),
                (Load::Idle, _) => parts::empty("There is no result to compare with yet", html! { <p>{"Change a value first."}</p> }),
                (Load::Loading(None), _) | (_, Load::Idle | Load::Loading(None)) => parts::waiting("Comparing"),
                (_, Load::Ready(changes) | Load::Loading(Some(changes)) | Load::Failed(_, Some(changes)) | Load::Again(_, changes)) => {
                    objects(state, &changes.objects, send)
                }
            } }
        </>
    }
}

fn tools(state: &State, send: &Callback<Event>) -> Html {
    let onchange = send.reform(|event: web_sys::Event| {
        let value = event.target_unchecked_into::<HtmlSelectElement>().value();
        Event::Base(match value.split_once(':') {
            Some(("set", name)) => Base::Saved(name.to_owned()),
            Some(("version", version)) => Base::Version(version.to_owned()),
            _ if value == "last" => Base::Last,
            _ => Base::Defaults,
        })
    });
    let sets = state.saved.iter().map(|(name, _)| {
        let selected = state.base == Base::Saved(name.clone());
        html! { <option value={format!("set:{name}")} {selected}>{ format!("Set {name}") }</option> }
    });
    let opened = state.opened.shown();
    let versions =
        opened.and_then(|opened| opened.module.as_ref()).map(|module| module.versions.as_slice()).unwrap_or_default();
    let current = opened.map(|opened| opened.version.clone()).unwrap_or_default();
    let versions = versions.iter().filter(|version| version.version != current).map(|version| {
        let selected = state.base == Base::Version(version.version.clone());
        html! { <option value={format!("version:{}", version.version)} {selected}>{ format!("Version {} with your values", version.version) }</option> }
    });
    let side = state.look.side_by_side;
    html! {
        <div class="tools">
            <label class="inline">{"Compared with "}
                <select {onchange}>
                    <option value="defaults" selected={state.base == Base::Defaults}>{"The module's defaults"}</option>
                    <option value="last" selected={state.base == Base::Last}>{"The last result"}</option>
                    { for sets }{ for versions }
                </select>
            </label>
            <span class="muted">{ count(changed_count(state), "object") }{" differ"}{ if changed_count(state) == 1 { "s" } else { "" } }</span>
            <span class="space" />
            { hunks::layout(side, &send.reform(Event::SideBySide)) }
        </div>
    }
}

fn objects(state: &State, objects: &[Changed], send: &Callback<Event>) -> Html {
    if objects.is_empty() {
        return parts::empty("Nothing differs", html! { <p>{"Both results are the same, byte by byte."}</p> });
    }
    let shown = objects.get(..state.look.drawn).unwrap_or(objects);
    let articles = shown.iter().map(|object| article(state, object, send));
    html! { <div class="objects diff">{ for articles }{ manifests::rest(objects.len() - shown.len(), send) }</div> }
}

fn article(state: &State, object: &Changed, send: &Callback<Event>) -> Html {
    let known = |load: &Load<std::rc::Rc<super::super::Outcome>>| {
        load.shown().and_then(|result| result.object(&object.key)).cloned()
    };
    let found = known(&state.result).or_else(|| known(&state.base_result));
    let (kind, name) = match &found {
        Some(found) => (found.head.kind.clone(), found.head.name.clone()),
        None => (String::new(), object.key.clone()),
    };
    let (word, class) = match object.change {
        Change::Added => ("added", "chip ok"),
        Change::Removed => ("removed", "chip bad"),
        Change::Modified => ("changed", "chip"),
    };
    let key = object.key.clone();
    let gone = object.change == Change::Removed;
    let side = state.look.side_by_side;
    html! {
        <article class="object" key={object.key.clone()}>
            <header>
                <h2><span class="kind">{ kind }</span>{" "}<span class="name">{ name }</span></h2>
                <span class={class}>{ word }</span>
                <span class="space" />
                <span class="tally">
                    <span class="plus">{ format!("+{}", object.added) }</span>
                    <span class="minus">{ format!("−{}", object.removed) }</span>
                    if !gone {
                        <button type="button" class="link" onclick={send.reform(move |_: MouseEvent| Event::Select(key.clone(), None))}>{"Open"}</button>
                    }
                </span>
            </header>
            { hunks::view(&object.hunks, side) }
        </article>
    }
}
