//! Forms of values, as the preview and the developer's view draw them: groups that open, and fields.

mod caret;
mod collections;
mod edit;
mod field;
mod new_key;

use std::collections::BTreeSet;

use chartwright_kit::{Icon, icon};
use chartwright_values::{Group, Item, Path};
use web_sys::MouseEvent;
use yew::prelude::*;

pub(crate) use caret::{position, suggestions};
pub use edit::Edit;
pub(crate) use field::FieldView;

/// Forms with at most so many fields are open from the start.
pub(crate) const FEW: usize = 40;

/// What the views of one form share.
#[derive(Clone, Copy)]
pub(crate) struct Shared<'s> {
    /// Where edits go.
    pub(crate) send: &'s Callback<Edit>,
    /// A group with this key opens or closes.
    pub(crate) on_group: &'s Callback<String>,
    /// The groups that were opened or closed by hand.
    pub(crate) turned: &'s BTreeSet<String>,
    /// Everything is open: something is looked for.
    pub(crate) all: bool,
    /// Groups are open unless they were closed.
    pub(crate) open: bool,
    /// Nothing can be changed now.
    pub(crate) disabled: bool,
    /// Starts the ids of elements: several forms may be on a page.
    pub(crate) scope: &'static str,
    /// All values are the person's own: who set them is not said.
    pub(crate) plain: bool,
}

impl<'s> Shared<'s> {
    /// What the views of a form share whose values are all the person's own, and whose groups are closed at first.
    pub(crate) fn own(
        send: &'s Callback<Edit>,
        on_group: &'s Callback<String>,
        turned: &'s BTreeSet<String>,
        disabled: bool,
        scope: &'static str,
    ) -> Shared<'s> {
        Shared { send, on_group, turned, all: false, open: false, disabled, scope, plain: true }
    }
}

/// How many fields there are on the levels that open.
pub(crate) fn count(items: &[Item]) -> usize {
    items
        .iter()
        .map(|item| match item {
            Item::Group(group) => count(&group.items),
            Item::Field(_) => 1,
        })
        .sum()
}

/// Groups and fields, below so many groups.
pub(crate) fn items(items: &[Item], depth: usize, shared: Shared<'_>) -> Html {
    let Shared { send, disabled, scope, plain, .. } = shared;
    items
        .iter()
        .map(|item| match item {
            Item::Group(group) => self::group(group, depth, shared),
            Item::Field(field) => html! {
                <FieldView key={&*field.key} field={(**field).clone()} send={send.clone()} {disabled} {scope} {plain} />
            },
        })
        .collect()
}

/// What is set and nobody knows, below a heading.
pub(crate) fn unknown(heading: Html, paths: &[Path]) -> Html {
    if paths.is_empty() {
        return Html::default();
    }
    html! {
        <section class="aside-group">
            { heading }
            <ul>{ for paths.iter().map(|path| html! { <li><code class="break">{ path.to_string() }</code></li> }) }</ul>
        </section>
    }
}

fn group(group: &Group, depth: usize, shared: Shared<'_>) -> Html {
    let key = group.key.to_string();
    let turned = shared.turned.contains(&key);
    let open = shared.all || ((group.is_question || (shared.open && depth < 2)) != turned);
    let id = format!("group-{}{key}", shared.scope);
    // Titles of schemas are long, and several groups may have the same one: the key comes first.
    let key_name = group.path.as_ref().and_then(|path| path.last_key()).map(str::to_owned);
    let alike = |key: &str| key.eq_ignore_ascii_case(&group.label.replace(' ', ""));
    let (name, title) = match key_name {
        Some(key) if !alike(&key) && group.label.chars().count() > 24 => (key, Some(group.label.to_string())),
        _ => (group.label.to_string(), None),
    };
    let onclick = shared.on_group.reform({
        let key = key.clone();
        move |_: MouseEvent| key.clone()
    });
    html! {
        <section class="form-group" key={key}>
            <button type="button" class="group-head" aria-expanded={if open { "true" } else { "false" }} aria-controls={id.clone()} {onclick}>
                { icon(if open { Icon::Down } else { Icon::Right }) }
                <span class="label">{ name }</span>
                if group.changed > 0 { <span class="badge">{ format!("{} changed", group.changed) }</span> }
                if group.problems > 0 { <span class="badge alarm">{ group.problems }</span> }
            </button>
            <div class="group-body" {id} hidden={!open}>
                if open {
                    if let Some(title) = title { <p class="help">{ title }</p> }
                    if !group.help.is_empty() { <p class="help">{ crate::parts::prose(&group.help) }</p> }
                    { items(&group.items, depth + 1, shared) }
                }
            </div>
        </section>
    }
}
