//! One field of the form. It is drawn anew only when it changed.

use chartwright_kit::{Icon, dom, icon};
use chartwright_values::{Field, Item, Kind, Origin, Path, Step, Value};
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement, InputEvent, MouseEvent};
use yew::prelude::*;

use super::Edit;

/// What the views of one field share.
#[derive(Clone, Copy)]
struct How<'p> {
    off: bool,
    send: &'p Callback<Edit>,
    scope: &'static str,
    plain: bool,
}

/// What a [`FieldView`] shows.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct FieldProps {
    /// The field.
    pub(crate) field: Field,
    /// Where edits go.
    pub(crate) send: Callback<Edit>,
    /// Whether nothing can be changed now.
    pub(crate) disabled: bool,
    /// Whether label and help stand above already: a shape that is one value only.
    #[prop_or_default]
    pub(crate) bare: bool,
    /// Starts the ids of its elements: several forms may be on a page.
    #[prop_or_default]
    pub(crate) scope: &'static str,
    /// Whether all values are the person's own: who set them is not said then.
    #[prop_or_default]
    pub(crate) plain: bool,
}

/// A field: label, input, help, and who set its value.
#[component]
pub(crate) fn FieldView(props: &FieldProps) -> Html {
    // What was typed and is no value of this kind stays here, with what is wrong with it.
    // It goes when the value changes from elsewhere.
    let held = use_state(|| None::<(String, String, Option<Value>)>);
    let field = &props.field;
    let typed = held.as_ref().filter(|(_, _, at)| *at == field.value);
    let id = id(field, props.scope);
    let off = props.disabled || field.is_read_only;
    let how = How { off, send: &props.send, scope: props.scope, plain: props.plain };
    let enter = {
        let (field, send, held) = (field.clone(), props.send.clone(), held.clone());
        Callback::from(move |text: String| match field.enter(&text) {
            Ok(entered) => {
                held.set(None);
                let path = field.path.clone();
                send.emit(match entered {
                    Some(value) => Edit::Set(path, value),
                    None => Edit::Unset(path),
                });
            }
            Err(problem) => held.set(Some((text, problem.to_string(), field.value.clone()))),
        })
    };
    let shown = typed.map_or_else(|| field.shown(), |(text, ..)| text.clone());
    let problem =
        typed.map(|(_, problem, _)| problem.clone()).or_else(|| field.problem.as_ref().map(ToString::to_string));
    let below = matches!(field.kind, Kind::List { .. } | Kind::Map { .. } | Kind::Variants { .. });
    let reset = {
        let (path, held, input) = (field.path.clone(), held.clone(), id.clone());
        props.send.reform(move |_: MouseEvent| {
            held.set(None);
            // The button goes: the focus stays at its field.
            dom::focus(&input);
            Edit::Unset(path.clone())
        })
    };
    let mut class = "setting".to_owned();
    if props.bare {
        class.push_str(" bare");
    }
    if field.is_changed && !props.plain {
        class.push_str(" is-changed");
    }
    if problem.is_some() {
        class.push_str(" has-problem");
    }
    let label = html! {
        <span>
            { &*field.label }
            if field.is_required { <span class="required" title="A value is required">{" *"}</span> }
            if field.is_deprecated { <span class="chip warn">{"deprecated"}</span> }
        </span>
    };
    html! {
        <div {class}>
            <div class="setting-head">
                if below {
                    <span class="label" id={format!("{id}-label")} title={field.path.to_string()}>{ label }</span>
                } else {
                    <label class="label" for={id.clone()} title={field.path.to_string()}>{ label }</label>
                }
                if field.is_changed && !off && !props.plain {
                    <button type="button" class="quiet reset" aria-label={format!("Reset {}", field.label)} title="Reset to the default" onclick={reset}>{ icon(Icon::Undo) }</button>
                }
            </div>
            { input(field, &id, &shown, &enter, how, problem.is_some()) }
            if let Some(problem) = problem { <p class="problem-line" id={format!("{id}-problem")}>{ problem }</p> }
            if !props.bare && !props.plain { { origin(field) } }
            if !field.help.is_empty() && !props.bare { <p class="help" id={format!("{id}-help")}>{ &*field.help }</p> }
        </div>
    }
}

/// What a reset goes back to, and who set what.
fn origin(field: &Field) -> Html {
    let default = field.default.as_ref().map(|value| short(&value.shown()));
    if field.is_changed {
        let who = field.default_origin.name();
        let was = default.unwrap_or_else(|| "not set".to_owned());
        let was = if field.is_secret { "hidden".to_owned() } else { was };
        return html! { <p class="origin">{ format!("yours · {who}: {was}") }</p> };
    }
    match &field.origin {
        Origin::Layer(name) => html! { <p class="origin">{ format!("set by {name}") }</p> },
        _ => Html::default(),
    }
}

fn short(text: &str) -> String {
    let text = text.lines().next().unwrap_or_default();
    let cut: String = text.chars().take(60).collect();
    match (cut.is_empty(), cut.len() < text.len()) {
        (true, _) => "empty".to_owned(),
        (_, true) => format!("{cut}…"),
        _ => cut,
    }
}

/// The id of a field's input.
fn id(field: &Field, scope: &str) -> String {
    format!("field-{scope}{}", field.key)
}

fn input(field: &Field, id: &str, shown: &str, enter: &Callback<String>, how: How<'_>, wrong: bool) -> Html {
    let How { off, send, .. } = how;
    let id = id.to_owned();
    let describes = format!("{id}-problem {id}-help");
    let oninput = enter.reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    let onblur = send.reform(|_: FocusEvent| Edit::Checkpoint);
    let invalid = if wrong { "true" } else { "false" };
    let line = |kind: &'static str, mode: &'static str| {
        html! {
            <input
                id={id.clone()} type={kind} inputmode={mode} value={shown.to_owned()} placeholder={field.placeholder.to_string()} disabled={off}
                oninput={oninput.clone()} onblur={onblur.clone()} aria-invalid={invalid} aria-describedby={describes.clone()}
                autocomplete="off" spellcheck="false"
            />
        }
    };
    let lines = |rows: usize, mono: bool| {
        let onchange =
            enter.reform(|event: web_sys::Event| event.target_unchecked_into::<HtmlTextAreaElement>().value());
        let rows = shown.lines().count().clamp(rows, 14).to_string();
        html! {
            <textarea
                id={id.clone()} class={if mono { "plain mono" } else { "plain" }} {rows} value={shown.to_owned()} disabled={off} {onchange}
                onblur={onblur.clone()} aria-invalid={invalid} aria-describedby={describes.clone()} spellcheck="false"
            />
        }
    };
    match &field.kind {
        Kind::Text { .. } => line("text", "text"),
        Kind::Password => line("password", "text"),
        Kind::Number { is_integer, .. } => line("text", if *is_integer { "numeric" } else { "decimal" }),
        Kind::Quantity { .. } => line("text", "text"),
        Kind::Multiline => lines(3, false),
        Kind::Yaml => lines(2, true),
        Kind::Boolean { .. } => {
            let checked = shown == "true";
            let onchange =
                enter.reform(move |_: web_sys::Event| if checked { "false".to_owned() } else { "true".to_owned() });
            html! {
                <label class="switch">
                    <input {id} type="checkbox" {checked} disabled={off} {onchange} aria-describedby={describes} />
                    <span>{ if checked { "on" } else if field.value.is_none() { "not set" } else { "off" } }</span>
                </label>
            }
        }
        Kind::Choice { options } => {
            let onchange =
                enter.reform(|event: web_sys::Event| event.target_unchecked_into::<HtmlSelectElement>().value());
            let none = !options.iter().any(|option| option.id() == shown);
            let items = options.iter().map(|option| {
                let value = option.id();
                let selected = value == shown;
                html! { <option {selected} {value}>{ &*option.label }</option> }
            });
            html! {
                <select {id} disabled={off} {onchange} aria-describedby={describes}>
                    if none { <option selected=true disabled=true value="">{ if shown.is_empty() { "choose" } else { shown } }</option> }
                    { for items }
                </select>
            }
        }
        Kind::List { items, new, min, max } => list(field, items, new, (*min, *max), how),
        Kind::Map { entries, new } => map(field, entries, new, how),
        Kind::Variants { options, starts, chosen, items } => variants(field, (options, starts), *chosen, items, how),
    }
}

fn edit(edit: Edit, send: &Callback<Edit>) -> Callback<MouseEvent> {
    send.reform(move |_: MouseEvent| edit.clone())
}

/// An edit after which the button that has the focus may be gone: the focus goes to another element before.
fn edit_from(focus: String, edit: Edit, send: &Callback<Edit>) -> Callback<MouseEvent> {
    send.reform(move |_: MouseEvent| {
        dom::focus(&focus);
        edit.clone()
    })
}

fn list(field: &Field, items: &[Item], new: &Value, (min, max): (Option<usize>, Option<usize>), how: How<'_>) -> Html {
    let How { off, send, scope, .. } = how;
    let count = items.len();
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
    html! {
        <div class="collection" role="group" id={id.clone()} tabindex="-1" aria-labelledby={format!("{id}-label")}>
            if count == 0 { <p class="muted">{"Empty list"}</p> }
            <ol>{ for rows }</ol>
            <button type="button" disabled={off || max.is_some_and(|max| count >= max)} onclick={edit(Edit::InsertItem(field.path.clone(), count, new.clone()), send)}>{ icon(Icon::Add) }{"Add"}</button>
        </div>
    }
}

fn map(field: &Field, entries: &[Item], new: &Value, how: How<'_>) -> Html {
    let How { off, send, scope, .. } = how;
    let id = id(field, scope);
    let keys: Vec<String> = entries.iter().filter_map(|entry| key_of(entry.path()?)).collect();
    let rows = entries.iter().map(|entry| {
        let path = entry.path().cloned().unwrap_or_default();
        let key = key_of(&path).unwrap_or_default();
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
                <input class="map-key" value={key.clone()} disabled={off} onchange={rename} aria-label={format!("Name of {key}")} />
                <div class="entry">{ inner(entry, how) }</div>
                <div class="entry-tools">
                    <button type="button" class="quiet" disabled={off} aria-label={format!("Remove {key}")} title="Remove" onclick={edit_from(id.clone(), Edit::RemoveKey(path), send)}>{ icon(Icon::Close) }</button>
                </div>
            </li>
        }
    });
    let name = (1..)
        .map(|number| if number == 1 { "name".to_owned() } else { format!("name{number}") })
        .find(|name| !keys.contains(name));
    let add = Edit::AddKey(field.path.clone(), name.unwrap_or_default(), new.clone());
    html! {
        <div class="collection" role="group" id={id.clone()} tabindex="-1" aria-labelledby={format!("{id}-label")}>
            if entries.is_empty() { <p class="muted">{"Empty map"}</p> }
            <ul>{ for rows }</ul>
            <button type="button" disabled={off} onclick={edit(add, send)}>{ icon(Icon::Add) }{"Add"}</button>
        </div>
    }
}

fn key_of(path: &Path) -> Option<String> {
    path.last().and_then(Step::key).map(str::to_owned)
}

fn variants(
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
