//! Fields that have others in them: lists, maps, and shapes of which one is chosen.

use chartwright_kit::{Icon, dom, icon};
use chartwright_values::{Field, Item, Kind, Path, Problem, Step, Value};
use web_sys::{HtmlInputElement, HtmlSelectElement, MouseEvent};
use yew::prelude::*;

use super::Edit;
use super::field::{FieldView, How, id};
use super::new_key::NewKey;

/// An edit after which the button that has the focus may be gone: the focus goes to another element before.
fn edit_from(focus: String, edit: Edit, send: &Callback<Edit>) -> Callback<MouseEvent> {
    send.reform(move |_: MouseEvent| {
        dom::focus(&focus);
        edit.clone()
    })
}

/// A list. The last of its items may be one that is being added.
pub(super) fn list(
    field: &Field,
    (items, adding): (&[Item], bool),
    (new, others): (&Value, &[Value]),
    (min, max): (Option<usize>, Option<usize>),
    how: How<'_>,
) -> Html {
    let How { off, send, scope, .. } = how;
    let count = items.len() - usize::from(adding);
    let id = id(field, scope);
    let rows = items.iter().enumerate().map(|(index, item)| {
        let path = field.path.clone();
        let number = index + 1;
        let button = |does: &str, index: usize| format!("{id}-{does}-{index}");
        let moved = |to: usize, does: &str, turned: &str| {
            let end = to == 0 || to + 1 == count;
            edit_from(button(if end { turned } else { does }, to), Edit::MoveItem(path.clone(), index, to), send)
        };
        let up = moved(index.saturating_sub(1), "up", "down");
        let down = moved(index + 1, "down", "up");
        let least = min.is_some_and(|min| count <= min + 1);
        let next = if number < count && !least { button("remove", index) } else { id.clone() };
        let remove = edit_from(next, Edit::RemoveItem(path.clone(), index), send);
        if index == count {
            let close = edit_from(format!("{id}-add"), Edit::CloseItem(path.clone()), send);
            let kinds = kinds(item, (new, others), off, {
                let row = button("item", index);
                send.reform(move |value: Value| {
                    dom::focus_first_soon(row.clone());
                    Edit::OpenItem(path.clone(), value)
                })
            });
            return html! {
                <li key={&**item.key()} id={button("item", index)}>
                    <div class="entry">{ inner(item, how) }</div>
                    <div class="entry-tools">
                        { kinds }
                        <button type="button" class="quiet" disabled={off} aria-label="Do not add this item" title="Do not add it" onclick={close}>{ icon(Icon::Close) }</button>
                    </div>
                </li>
            };
        }
        html! {
            <li key={&**item.key()}>
                <div class="entry">{ inner(item, how) }</div>
                <div class="entry-tools">
                    <button type="button" class="quiet" id={button("up", index)} disabled={off || index == 0} aria-label={format!("Move item {number} up")} title="Up" onclick={up}>{"↑"}</button>
                    <button type="button" class="quiet" id={button("down", index)} disabled={off || number == count} aria-label={format!("Move item {number} down")} title="Down" onclick={down}>{"↓"}</button>
                    <button type="button" class="quiet" id={button("remove", index)} disabled={off || min.is_some_and(|min| count <= min)} aria-label={format!("Remove item {number}")} title="Remove" onclick={remove}>{ icon(Icon::Close) }</button>
                </div>
            </li>
        }
    });
    let add = {
        let (open, added) = (Edit::OpenItem(field.path.clone(), new.clone()), format!("{id}-item-{count}"));
        send.reform(move |_: MouseEvent| {
            dom::focus_first_soon(&added);
            open.clone()
        })
    };
    html! {
        <div class={collection(items.is_empty())} role="group" id={id.clone()} tabindex="-1" aria-labelledby={format!("{id}-label")}>
            if items.is_empty() { <p class="muted">{"Empty list"}</p> }
            <ol>{ for rows }</ol>
            <button type="button" id={format!("{id}-add")} disabled={off || max.is_some_and(|max| count >= max)} onclick={add}>{ icon(Icon::Add) }{"Add"}</button>
        </div>
    }
}

/// A map whose keys a person names.
pub(super) fn map(field: &Field, entries: &[Item], (new, others): (&Value, &[Value]), how: How<'_>) -> Html {
    let How { off, send, scope, .. } = how;
    let id = id(field, scope);
    let keys: Vec<String> = entries.iter().filter_map(|entry| key_of(entry.path()?)).collect();
    let rows = entries.iter().map(|entry| {
        let path = entry.path().cloned().unwrap_or_default();
        let key = key_of(&path).unwrap_or_default();
        let is_removed = matches!(entry, Item::Field(field) if field.is_removed);
        let wrong = matches!(entry, Item::Field(field) if matches!(field.problem, Some(Problem::Key(_))));
        let invalid = if wrong { "true" } else { "false" };
        let value = format!("{id}-value-{key}");
        // What others set has its type.
        let is_blank = matches!(entry, Item::Field(field) if field.default.is_none() && field.value.as_ref().is_some_and(|value| {
            value == new || others.contains(value)
        }));
        let kinds = if is_blank {
            let (path, value) = (path.clone(), value.clone());
            kinds(entry, (new, others), off, send.reform(move |blank: Value| {
                dom::focus_first_soon(value.clone());
                Edit::Set(path.clone(), blank)
            }))
        } else {
            Html::default()
        };
        let rename = {
            let (path, before) = (path.clone(), key.clone());
            send.reform(move |event: web_sys::Event| {
                let name = event.target_unchecked_into::<HtmlInputElement>().value();
                match name.trim().is_empty() || name == before {
                    true => Edit::Checkpoint,
                    false => Edit::RenameKey(path.clone(), name),
                }
            })
        };
        html! {
            <li key={&**entry.key()}>
                <input
                    id={key_id(&id, &key)} class={if wrong { "map-key is-wrong" } else { "map-key" }} value={key.clone()} disabled={off || is_removed}
                    onchange={rename} aria-label={format!("Name of {key}")} aria-invalid={invalid}
                />
                <div class="entry" id={value}>
                    { match entry {
                        Item::Field(field) => html! {
                            <FieldView
                                key={&*field.key} field={(**field).clone()} send={send.clone()} disabled={off} {scope} plain={how.plain} entry=true
                            />
                        },
                        group => inner(group, how),
                    } }
                </div>
                if !is_removed {
                    <div class="entry-tools">
                        { kinds }
                        <button type="button" class="quiet" disabled={off} aria-label={format!("Remove {key}")} title="Remove" onclick={edit_from(format!("{id}-add"), Edit::RemoveKey(path), send)}>{ icon(Icon::Close) }</button>
                    </div>
                }
            </li>
        }
    });
    html! {
        <div class={collection(entries.is_empty())} role="group" id={id.clone()} tabindex="-1" aria-labelledby={format!("{id}-label")}>
            if entries.is_empty() { <p class="muted">{"Empty map"}</p> }
            <ul>{ for rows }</ul>
            <NewKey {id} map={field.path.clone()} {keys} new={new.clone()} others={others.to_vec()} {off} send={send.clone()} />
        </div>
    }
}

/// The id of the input with the name of a key.
pub(super) fn key_id(map: &str, key: &str) -> String {
    format!("{map}-key-{key}")
}

/// The choice of what a new item or entry is, where nothing tells.
fn kinds(item: &Item, (new, others): (&Value, &[Value]), off: bool, pick: Callback<Value>) -> Html {
    if others.is_empty() {
        return Html::default();
    }
    let name = |value: &Value| match value {
        Value::Map(_) => "map",
        Value::List(_) => "list",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "number",
        Value::Text(_) | Value::Null => "string",
    };
    let now = match item {
        Item::Group(_) => "map",
        Item::Field(field) => match (&field.value, &field.kind) {
            (Some(value), _) => name(value),
            (None, Kind::Map { .. }) => "map",
            (None, Kind::List { .. }) => "list",
            (None, Kind::Boolean { .. }) => "true or false",
            (None, Kind::Number { .. }) => "number",
            (None, _) => "string",
        },
    };
    let mut all: Vec<Value> = [new].into_iter().chain(others).cloned().collect();
    all.sort_by_key(|value| {
        ["string", "number", "true or false", "map", "list"].iter().position(|one| *one == name(value))
    });
    let options: Vec<Html> = all
        .iter()
        .map(|value| html! { <option value={name(value)} selected={name(value) == now}>{ name(value) }</option> })
        .collect();
    let onchange = pick.reform(move |event: web_sys::Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
        all.iter().find(|value| name(value) == chosen).cloned().unwrap_or_default()
    });
    html! { <select class="kinds" disabled={off} {onchange} aria-label="Type of the new value" title="Type">{ options }</select> }
}

/// The class of a list or a map. Styles that ask for what is in an element make browsers slow where much changes.
fn collection(is_empty: bool) -> &'static str {
    if is_empty { "collection bare" } else { "collection" }
}

fn key_of(path: &Path) -> Option<String> {
    path.last().and_then(Step::key).map(str::to_owned)
}

/// One of several shapes.
pub(super) fn variants(
    field: &Field,
    (options, starts): (&[std::rc::Rc<str>], &[Value]),
    chosen: Option<usize>,
    items: &[Item],
    how: How<'_>,
) -> Html {
    let How { off, send, scope, .. } = how;
    let id = id(field, scope);
    let (path, starts) = (field.path.clone(), starts.to_vec());
    let onchange = send.reform(move |event: web_sys::Event| {
        let branch: usize = event.target_unchecked_into::<HtmlSelectElement>().value().parse().unwrap_or_default();
        Edit::Pick(path.clone(), branch, starts.get(branch).cloned().unwrap_or_else(Value::empty_map))
    });
    let choices = options.iter().enumerate().map(|(index, name)| {
        html! { <option value={index.to_string()} selected={chosen == Some(index)}>{ &**name }</option> }
    });
    html! {
        <div class="collection" role="group" id={id.clone()} tabindex="-1" aria-labelledby={format!("{id}-label")}>
            <select disabled={off} {onchange} aria-label={format!("Shape of {}", field.label)}>
                if chosen.is_none() { <option selected=true disabled=true>{"choose"}</option> }
                { for choices }
            </select>
            { for items.iter().map(|item| match item {
                Item::Field(own) if own.path == field.path => html! {
                    <FieldView
                        key={&*own.key} field={(**own).clone()} send={send.clone()} disabled={off} {scope} plain={how.plain} bare=true
                    />
                },
                item => inner(item, how),
            }) }
        </div>
    }
}

/// What is in a list, a map or a variant.
fn inner(item: &Item, how: How<'_>) -> Html {
    let How { off, send, scope, plain } = how;
    match item {
        Item::Field(field) => {
            html! { <FieldView key={&*field.key} field={(**field).clone()} send={send.clone()} disabled={off} {scope} {plain} /> }
        }
        Item::Group(group) => html! {
            <fieldset class="inner" key={&*group.key}>
                <legend class="label">{ &*group.label }</legend>
                { for group.items.iter().map(|item| inner(item, how)) }
            </fieldset>
        },
    }
}
