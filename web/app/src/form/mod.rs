//! Forms of values, as the preview and the developer's view draw them: groups that open, and fields.

mod caret;
mod collections;
mod edit;
mod field;
mod new_key;

use std::collections::BTreeSet;

use chartwright_kit::{Icon, icon};
use chartwright_values::{Field, Form, Group, Item, Kind, Path};
use web_sys::MouseEvent;
use yew::prelude::*;

pub(crate) use caret::{position, suggestions};
pub use edit::Edit;
pub(crate) use field::{FieldView, id};

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

/// The field of a path; else the first below it, else the one that it is in.
pub(crate) fn nearest<'f>(form: &'f Form, path: &Path) -> Option<&'f Field> {
    let fields = form.fields();
    let of = |is: &dyn Fn(&&&Field) -> bool| fields.iter().find(is).copied();
    // A shape that is chosen has the path of the choice.
    of(&|field| field.path == *path && !matches!(field.kind, Kind::Variants { .. }))
        .or_else(|| of(&|field| path.contains(&field.path)))
        .or_else(|| form.field_of(path))
}

/// The keys of the groups around a field that are closed.
pub(crate) fn closed_groups(form: &Form, key: &str, turned: &BTreeSet<String>) -> Vec<String> {
    let open = count(&form.items) <= FEW;
    let mut closed = Vec::new();
    let (mut items, mut depth) = (form.items.as_slice(), 0);
    while let Some(group) = items.iter().find_map(|item| match item {
        Item::Group(group) if has_field(&group.items, key) => Some(group),
        _ => None,
    }) {
        if !is_open(group, depth, open, turned) {
            closed.push(group.key.to_string());
        }
        (items, depth) = (&group.items, depth + 1);
    }
    closed
}

fn has_field(items: &[Item], key: &str) -> bool {
    items.iter().any(|item| matches!(item, Item::Field(field) if *field.key == *key) || has_field(item.items(), key))
}

fn is_open(group: &Group, depth: usize, open: bool, turned: &BTreeSet<String>) -> bool {
    (group.is_question || (open && depth < 2)) != turned.contains(&*group.key)
}

/// The id of the input that has the name of a field's key, in a map whose keys a person names; else that of the field.
pub(crate) fn key_id(form: &Form, field: &Field) -> String {
    let fields = form.fields();
    let is_map = |map: &&&Field| {
        let Kind::Map { entries, .. } = &map.kind else { return false };
        entries.iter().any(|entry| entry.path() == Some(&field.path))
    };
    let map = fields.iter().find(is_map).zip(field.path.last_key());
    map.map_or_else(|| id(field, ""), |(map, key)| collections::key_id(&id(map, ""), key))
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
    let open = shared.all || is_open(group, depth, shared.open, shared.turned);
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
                    if !group.help.is_empty() {
                        <p class="help">{ crate::parts::prose(&group.help) }</p>
                    } else if let Some(title) = title {
                        <p class="help">{ title }</p>
                    }
                    { items(&group.items, depth + 1, shared) }
                }
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use chartwright_values::{FormSource, FormState, Model};

    use super::*;

    #[test]
    fn the_way_to_a_field_opens_its_groups() {
        let model = Model::new("web:\n  config: {}\n  image: {deep: {tag: a}}\nport: 1\n").unwrap();
        let mut model = model;
        model.set_text("web: {config: {'a b': c}}");
        let form = Form::draw(&model, &FormSource::default(), &FormState::default());
        let field = |path: &str| nearest(&form, &path.parse().unwrap()).unwrap();
        let tag = field("web.image.deep.tag");
        let closed = |turned: &[&str]| {
            closed_groups(&form, &tag.key, &turned.iter().map(|key| (*key).to_owned()).collect::<BTreeSet<_>>())
        };
        // Forms with few fields are open, but for what is deep in them.
        assert_eq!(closed(&[]), ["web.image.deep"]);
        assert_eq!(closed(&["web", "web.image.deep"]), ["web"]);
        assert_eq!(&*field("web.image").path.to_string(), "web.image.deep.tag");
        assert_eq!(&*field("web.image.deep.tag.x").path.to_string(), "web.image.deep.tag");
        let key = field("web.config.\"a b\"");
        assert_eq!(key_id(&form, key), "field-web.config-key-a b");
        assert_eq!(key_id(&form, tag), "field-web.image.deep.tag");
    }
}
