//! Tabs by the ARIA authoring pattern: one stop for Tab, arrows go from tab to tab.

use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::dom;

/// A tab.
#[derive(Clone, Debug, PartialEq)]
pub struct Tab {
    /// What events name it by; a part of ids.
    pub id: &'static str,
    /// Its label.
    pub label: &'static str,
    /// A count beside the label.
    pub badge: Option<AttrValue>,
    /// Whether the count means that something is wrong.
    pub alarm: bool,
    /// The key that opens it.
    pub shortcut: Option<&'static str>,
}

impl Tab {
    /// A tab with a label.
    pub fn new(id: &'static str, label: &'static str) -> Tab {
        Tab { id, label, badge: None, alarm: false, shortcut: None }
    }

    /// With a key that opens it.
    #[must_use]
    pub fn key(self, shortcut: &'static str) -> Tab {
        Tab { shortcut: Some(shortcut), ..self }
    }

    /// With a count, unless it is zero.
    #[must_use]
    pub fn count(self, count: usize) -> Tab {
        Tab { badge: (count > 0).then(|| count.to_string().into()), ..self }
    }
}

/// What [`Tabs`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct TabsProps {
    /// What the tabs are for.
    pub label: AttrValue,
    /// Starts the ids of tabs (`NAME-tab-ID`) and panels (`NAME-panel`).
    pub name: &'static str,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// Which one is open.
    pub selected: AttrValue,
    /// Another one was chosen.
    pub on_select: Callback<&'static str>,
}

/// A list of tabs. The panel belongs to the caller: `role="tabpanel"`, `id="NAME-panel"`.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let ids: Vec<&'static str> = props.tabs.iter().map(|tab| tab.id).collect();
    let at = ids.iter().position(|id| *id == props.selected.as_str()).unwrap_or(0);
    let name = props.name;
    let onkeydown = {
        let on_select = props.on_select.clone();
        Callback::from(move |event: KeyboardEvent| {
            let count = ids.len();
            let to = match event.key().as_str() {
                "ArrowRight" => (at + 1) % count,
                "ArrowLeft" => (at + count - 1) % count,
                "Home" => 0,
                "End" => count - 1,
                _ => return,
            };
            event.prevent_default();
            on_select.emit(ids[to]);
            dom::focus(&format!("{name}-tab-{}", ids[to]));
        })
    };
    let tabs = props.tabs.iter().map(|tab| {
        let selected = tab.id == props.selected.as_str();
        let onclick = {
            let (on_select, id) = (props.on_select.clone(), tab.id);
            Callback::from(move |_: MouseEvent| on_select.emit(id))
        };
        html! {
            <button
                key={tab.id} type="button" role="tab" id={format!("{name}-tab-{}", tab.id)} {onclick}
                aria-selected={if selected { "true" } else { "false" }} aria-controls={format!("{name}-panel")}
                tabindex={if selected { "0" } else { "-1" }} aria-keyshortcuts={tab.shortcut}
            >
                { tab.label }
                if let Some(badge) = &tab.badge {
                    <span class={if tab.alarm { "badge alarm" } else { "badge" }}>{ badge }</span>
                }
            </button>
        }
    });
    html! { <div class="tabs" role="tablist" aria-label={&props.label} {onkeydown}>{ for tabs }</div> }
}
