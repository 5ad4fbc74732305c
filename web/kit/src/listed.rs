//! A list that keeps its current item in view.

use web_sys::Element;
use yew::prelude::*;

/// What a [`Listed`] shows.
#[derive(Clone, PartialEq, Properties)]
pub struct ListedProps {
    /// Its class.
    pub class: AttrValue,
    /// What it is a list of.
    pub label: AttrValue,
    /// Names the current item, which has `aria-current`.
    pub current: Option<AttrValue>,
    /// The items.
    pub children: Html,
}

/// A list to navigate by. When another item becomes the current one, the list scrolls to it; nothing around it does.
#[component]
pub fn Listed(props: &ListedProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.current.clone(), move |_| {
            let Some(list) = node.cast::<Element>() else { return };
            let Ok(Some(item)) = list.query_selector("[aria-current]") else { return };
            let (outer, inner) = (list.get_bounding_client_rect(), item.get_bounding_client_rect());
            if inner.top() < outer.top() || inner.bottom() > outer.bottom() {
                let middle = inner.top() - outer.top() - (outer.height() - inner.height()) / 2.0;
                list.set_scroll_top(list.scroll_top() + middle as i32);
            }
        });
    }
    html! { <nav ref={node} class={props.class.clone()} aria-label={props.label.clone()}>{ props.children.clone() }</nav> }
}
