//! The form: groups that open, and fields.

use chartwright_kit::{Icon, icon};
use chartwright_values::{Form, Group, Item};
use web_sys::MouseEvent;
use yew::prelude::*;

use super::super::state::{Event, State};
use super::super::values::Values;
use super::field::FieldView;
use crate::parts;

/// Forms with at most so many fields are open from the start.
const FEW: usize = 40;

/// What the views of one form share.
#[derive(Clone, Copy)]
struct Shared<'s> {
    state: &'s State,
    send: &'s Callback<Event>,
    /// Everything is open: something is looked for.
    all: bool,
    /// Groups are open unless they were closed.
    open: bool,
    disabled: bool,
}

pub(super) fn view(values: &Values, state: &State, send: &Callback<Event>) -> Html {
    let whole = values.form();
    let narrowed = !state.look.search.trim().is_empty() || state.look.changed_only;
    let form: std::borrow::Cow<'_, Form> = match narrowed {
        true => std::borrow::Cow::Owned(whole.filtered(&state.look.search, state.look.changed_only)),
        false => std::borrow::Cow::Borrowed(whole),
    };
    let shared =
        Shared { state, send, all: narrowed, open: count(&whole.items) <= FEW, disabled: whole.disabled.is_some() };
    if whole.items.is_empty() {
        return parts::empty(
            "This module has no values to change",
            html! {
                <p>{"It has neither a schema, nor questions, nor a values.yaml. Anything that you write as YAML is still given to its templates."}</p>
            },
        );
    }
    html! {
        <div class="form">
            if let Some(error) = &whole.disabled {
                <p class="note" role="status">{ format!("The form rests: your YAML cannot be read ({error}). Nothing is lost.") }</p>
            } else if let Some(notice) = values.notice() {
                <p class="note" role="status">{ parts::sentence(notice) }</p>
            }
            if values.has_secrets() {
                <p class="muted pad-line">{"Passwords are used for this preview, and neither kept nor shared."}</p>
            }
            if form.items.is_empty() {
                { parts::empty(if state.look.changed_only { "Nothing is changed" } else { "No setting fits" }, Html::default()) }
            }
            { items(&form.items, 0, shared) }
            if !form.hidden.is_empty() && !narrowed {
                <section class="aside-group">
                    <h2>{"Set, but hidden by other settings"}</h2>
                    { for form.hidden.iter().map(|field| html! { <FieldView key={&*field.key} field={field.clone()} send={send.clone()} disabled={shared.disabled} /> }) }
                </section>
            }
            if !form.unknown.is_empty() && !narrowed {
                <section class="aside-group">
                    <h2>{"Set, but not known to this module"}</h2>
                    <ul>{ for form.unknown.iter().map(|path| html! { <li><code class="break">{ path.to_string() }</code></li> }) }</ul>
                </section>
            }
        </div>
    }
}

/// How many fields there are on the levels that open.
fn count(items: &[Item]) -> usize {
    items
        .iter()
        .map(|item| match item {
            Item::Group(group) => count(&group.items),
            Item::Field(_) => 1,
        })
        .sum()
}

fn items(items: &[Item], depth: usize, shared: Shared<'_>) -> Html {
    items
        .iter()
        .map(|item| match item {
            Item::Group(group) => self::group(group, depth, shared),
            Item::Field(field) => html! {
                <FieldView key={&*field.key} field={(**field).clone()} send={shared.send.clone()} disabled={shared.disabled} />
            },
        })
        .collect()
}

fn group(group: &Group, depth: usize, shared: Shared<'_>) -> Html {
    let key = group.key.to_string();
    let turned = shared.state.look.open_groups.contains(&key);
    let open = shared.all || ((group.is_question || (shared.open && depth < 2)) != turned);
    let id = format!("group-{key}");
    // Titles of schemas are long, and several groups may have the same one: the key comes first.
    let key_name = group.path.as_ref().and_then(|path| path.last_key()).map(str::to_owned);
    let alike = |key: &str| key.eq_ignore_ascii_case(&group.label.replace(' ', ""));
    let (name, title) = match key_name {
        Some(key) if !alike(&key) && group.label.chars().count() > 24 => (key, Some(group.label.to_string())),
        _ => (group.label.to_string(), None),
    };
    let onclick = shared.send.reform({
        let key = key.clone();
        move |_: MouseEvent| Event::Group(key.clone())
    });
    html! {
        <section class="form-group" key={key}>
            <button type="button" class="group-head" aria-expanded={if open { "true" } else { "false" }} aria-controls={id.clone()} {onclick}>
                { icon(if open { Icon::Down } else { Icon::Right }) }
                <span class="label">{ name }</span>
                if let Some(title) = title { <span class="muted title">{ title }</span> }
                if group.changed > 0 { <span class="badge">{ format!("{} changed", group.changed) }</span> }
                if group.problems > 0 { <span class="badge alarm">{ group.problems }</span> }
            </button>
            <div class="group-body" {id} hidden={!open}>
                if open {
                    if !group.help.is_empty() { <p class="help">{ &*group.help }</p> }
                    { items(&group.items, depth + 1, shared) }
                }
            </div>
        </section>
    }
}
