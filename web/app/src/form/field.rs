//! One field of the form. It is drawn anew only when it changed.

use chartwright_kit::{Icon, dom, icon};
use chartwright_values::{Field, Kind, Origin, Value};
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement, InputEvent, MouseEvent};
use yew::prelude::*;

use super::Edit;
use super::collections::{list, map, variants};
use crate::words::count;

/// What the views of one field share.
#[derive(Clone, Copy)]
pub(super) struct How<'p> {
    pub(super) off: bool,
    pub(super) send: &'p Callback<Edit>,
    pub(super) scope: &'static str,
    pub(super) plain: bool,
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
    /// Whether it stands in a row of a map, which has its own way to take it out.
    #[prop_or_default]
    pub(crate) entry: bool,
}

/// A field: label, input, help, and who set its value.
#[component]
pub(crate) fn FieldView(props: &FieldProps) -> Html {
    let field = &props.field;
    let id = id(field, props.scope);
    let off = props.disabled || field.is_read_only;
    let how = How { off, send: &props.send, scope: props.scope, plain: props.plain };
    let enter = {
        let field = field.clone();
        props.send.reform(move |text: String| match field.enter(&text) {
            Ok(Some(value)) => Edit::Set(field.path.clone(), value),
            Ok(None) => Edit::Unset(field.path.clone()),
            // It stays in the field, with what is wrong with it.
            Err(_) => Edit::Hold(field.path.clone(), text),
        })
    };
    let problem = field.problem.as_ref().map(ToString::to_string);
    let below = matches!(field.kind, Kind::List { .. } | Kind::Map { .. } | Kind::Variants { .. });
    let reset = {
        let (path, input) = (field.path.clone(), id.clone());
        props.send.reform(move |_: MouseEvent| {
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
    if field.is_removed {
        class.push_str(" is-removed");
    }
    let label = html! {
        <span>
            { &*field.label }
            if field.is_required { <span class="required" title="A value is required">{" *"}</span> }
            if field.is_deprecated { <span class="chip warn">{"deprecated"}</span> }
        </span>
    };
    if field.is_removed {
        return removed(field, class, label, &id, off, &props.send);
    }
    let remove = {
        let (path, back) = (field.path.clone(), back_id(&id));
        props.send.reform(move |_: MouseEvent| {
            dom::focus_soon(&*back);
            Edit::RemoveKey(path.clone())
        })
    };
    html! {
        <div {class}>
            <div class="setting-head">
                if below {
                    <span class="label" id={format!("{id}-label")} title={field.path.to_string()}>{ label }</span>
                } else {
                    <label class="label" for={id.clone()} title={field.path.to_string()}>{ label }</label>
                }
                if (field.is_changed || field.typed.is_some()) && !off && !props.plain {
                    <button type="button" class="quiet reset" aria-label={format!("Reset {}", field.label)} title="Reset to the default" onclick={reset}>{ icon(Icon::Undo) }</button>
                } else if field.is_removable && !off && !props.entry {
                    <button type="button" class="quiet reset" aria-label={format!("Remove {}", field.label)} title="Remove" onclick={remove}>{ icon(Icon::Close) }</button>
                }
            </div>
            { input(field, &id, &field.shown(), &enter, how, problem.is_some()) }
            if let Some(problem) = problem { <p class="problem-line" id={format!("{id}-problem")}>{ problem }</p> }
            if !props.bare && !props.plain { { origin(field) } }
            if !field.help.is_empty() && !props.bare { <p class="help" id={format!("{id}-help")}>{ crate::parts::prose(&field.help) }</p> }
        </div>
    }
}

/// An entry that was taken out, and the way back.
fn removed(field: &Field, class: String, label: Html, id: &str, off: bool, send: &Callback<Edit>) -> Html {
    let bring_back = {
        let (path, input) = (field.path.clone(), id.to_owned());
        send.reform(move |_: MouseEvent| {
            dom::focus_soon(&*input);
            Edit::Unset(path.clone())
        })
    };
    html! {
        <div {class}>
            <div class="setting-head"><span class="label" title={field.path.to_string()}>{ label }</span></div>
            <p class="removed">
                { format!("Removed. {} ", default_in_words(field)) }
                <button type="button" class="link" id={back_id(id)} disabled={off} onclick={bring_back}>{"Bring it back"}</button>
            </p>
        </div>
    }
}

/// The id of the button that brings an entry back.
fn back_id(id: &str) -> String {
    format!("{id}-back")
}

/// What a reset goes back to: `The developer's value was 2.`
fn default_in_words(field: &Field) -> String {
    let whose = match &field.default_origin {
        Origin::Layer(name) => format!("The {name}'s value"),
        _ => "The default".to_owned(),
    };
    format!("{whose} was {}.", field.default.as_ref().map_or_else(|| "empty".to_owned(), |value| below(field, value)))
}

/// A value of a field that others set: what is secret stays hidden, but not that there is none.
fn below(field: &Field, value: &Value) -> String {
    let is_empty = matches!(value, Value::Null) || *value == Value::from("");
    if field.is_secret && !is_empty { "hidden".to_owned() } else { short(value) }
}

/// Who set the value, and what a reset goes back to. The chart's own value needs no words.
fn origin(field: &Field) -> Html {
    let said = match (&field.origin, &field.default) {
        // Of a list it is said once.
        _ if !field.is_changed => match &field.origin {
            Origin::Layer(name) if field.value.is_some() && !field.is_in_list() => format!("set by {name}"),
            _ => return Html::default(),
        },
        // What a person added has nothing below it: nobody wonders whose it is.
        (_, None) if !field.stays || field.is_in_list() => return Html::default(),
        (_, None) => "yours".to_owned(),
        (_, Some(default)) => format!("yours · {}: {}", field.default_origin.name(), below(field, default)),
    };
    html! { <p class="origin">{ said }</p> }
}

/// A value in a few words.
fn short(value: &Value) -> String {
    match value {
        value if value.is_empty_collection() => "empty".to_owned(),
        Value::List(items) => count(items.len(), "item"),
        Value::Map(map) => count(map.len(), "entry"),
        value => {
            let text = value.shown();
            let line = text.lines().next().unwrap_or_default();
            let cut: String = line.chars().take(60).collect();
            match (cut.is_empty(), cut.len() < text.trim_end().len()) {
                (true, _) => "empty".to_owned(),
                (_, true) => format!("{cut}…"),
                _ => cut,
            }
        }
    }
}

/// The id of a field's input.
pub(crate) fn id(field: &Field, scope: &str) -> String {
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
        Kind::List { items, adding, new, others, min, max } => {
            list(field, (items, *adding), (new, others), (*min, *max), how)
        }
        Kind::Map { entries, new, others } => map(field, entries, (new, others), how),
        Kind::Variants { options, starts, chosen, items } => variants(field, (options, starts), *chosen, items, how),
    }
}
