//! The form of a module's values.

use chartwright_values::Form;
use yew::prelude::*;

use super::super::state::{Event, State};
use super::super::values::Values;
use crate::form::{FEW, FieldView, Shared, count, items, unknown};
use crate::parts;

pub(super) fn view(values: &Values, state: &State, send: &Callback<Event>) -> Html {
    let whole = values.form();
    let narrowed = !state.look.search.trim().is_empty() || state.look.changed_only;
    let form: std::borrow::Cow<'_, Form> = match narrowed {
        true => std::borrow::Cow::Owned(whole.filtered(&state.look.search, state.look.changed_only)),
        false => std::borrow::Cow::Borrowed(&*whole),
    };
    let (edits, groups) = (send.reform(Event::Edit), send.reform(Event::Group));
    let shared = Shared {
        send: &edits,
        on_group: &groups,
        turned: &state.look.open_groups,
        all: narrowed,
        open: count(&whole.items) <= FEW,
        disabled: whole.disabled.is_some() || whole.is_split,
        scope: "",
        plain: false,
    };
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
                <p class="note" role="status">{ match error.is_yaml {
                    true => format!("The form is paused: {error}. Nothing is lost."),
                    false => format!("The form is paused: your YAML cannot be read ({error}). Nothing is lost."),
                } }</p>
            } else if whole.is_split {
                <p class="note" role="status">{"The form is paused: your YAML has several documents. Helm merges them, the later over the earlier, and the form cannot tell which one to change. Change them as YAML."}</p>
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
                    { for form.hidden.iter().map(|field| html! { <FieldView key={&*field.key} field={field.clone()} send={edits.clone()} disabled={shared.disabled} /> }) }
                </section>
            }
            if !narrowed { { unknown(html! { <h2>{"Set, but not known to this module"}</h2> }, &form.unknown) } }
        </div>
    }
}
