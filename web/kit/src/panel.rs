//! A pane that scrolls, and keeps its place for each thing that it shows.

use std::collections::BTreeMap;

use web_sys::{Element, Event};
use yew::prelude::*;

/// What a [`Panel`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct PanelProps {
    /// The id of its element.
    pub id: AttrValue,
    /// Its class.
    pub class: AttrValue,
    /// The id of the tab that it belongs to.
    pub tab: AttrValue,
    /// Names what is shown: each has a place of its own.
    pub place: AttrValue,
    /// Something in it is scrolled to by itself, such as a line that was asked for.
    #[prop_or_default]
    pub aimed: bool,
    /// What is in it.
    pub children: Html,
}

/// The panel of a tab.
#[component]
pub fn Panel(props: &PanelProps) -> Html {
    let node = use_node_ref();
    let places = use_mut_ref(BTreeMap::<AttrValue, i32>::new);
    // What the scroll position belongs to: until the pane is at its place, its position means nothing.
    let settled = use_mut_ref(|| None::<AttrValue>);
    // The event of the last scrolling comes with the next frame, which may show something else already: the place is
    // read while what it belongs to still stands.
    if let Some(left) = settled.borrow().as_ref().filter(|left| **left != props.place)
        && let Some(element) = node.cast::<Element>()
    {
        places.borrow_mut().insert(left.clone(), element.scroll_top());
    }
    {
        let (node, places, settled, aimed) = (node.clone(), places.clone(), settled.clone(), props.aimed);
        use_effect_with(props.place.clone(), move |place| {
            let turned = settled.replace(Some(place.clone())).is_some();
            if let Some(element) = node.cast::<Element>().filter(|_| turned && !aimed) {
                element.set_scroll_top(places.borrow().get(place).copied().unwrap_or_default());
            }
        });
    }
    let onscroll = {
        let (node, place) = (node.clone(), props.place.clone());
        Callback::from(move |event: Event| {
            if settled.borrow().as_ref() != Some(&place) {
                return;
            }
            // Panes inside scroll too, and the framework brings their events up here.
            if let Some(element) =
                node.cast::<Element>().filter(|element| event.target().as_ref() == Some(element.as_ref()))
            {
                places.borrow_mut().insert(place.clone(), element.scroll_top());
            }
        })
    };
    html! {
        <div
            ref={node} id={props.id.clone()} class={props.class.clone()} role="tabpanel" tabindex="0" aria-labelledby={props.tab.clone()} {onscroll}
        >{ props.children.clone() }</div>
    }
}
