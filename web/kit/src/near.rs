//! Tells elements when they come near the viewport, once.
//!
//! One observer serves the whole page: a result has hundreds of blocks, and an observer for each would cost more than
//! what it saves.

use std::cell::RefCell;
use std::collections::BTreeMap;

use js_sys::Array;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// The attribute that ties an element to what is called.
const ATTRIBUTE: &str = "data-near";

struct Near {
    observer: Option<IntersectionObserver>,
    next: u32,
    waiting: BTreeMap<u32, Box<dyn FnOnce()>>,
}

thread_local! {
    static NEAR: RefCell<Near> = const { RefCell::new(Near { observer: None, next: 0, waiting: BTreeMap::new() }) };
}

/// Calls `then` when the element comes within a screen of the viewport.
pub(crate) fn when_near(element: &Element, then: impl FnOnce() + 'static) {
    let missing = NEAR.with_borrow_mut(|near| {
        if near.observer.is_none() {
            near.observer = observer();
        }
        let Some(observer) = &near.observer else { return Some(then) };
        near.next += 1;
        near.waiting.insert(near.next, Box::new(then));
        let _ = element.set_attribute(ATTRIBUTE, &near.next.to_string());
        observer.observe(element);
        None
    });
    // Without an observer everything counts as near.
    if let Some(then) = missing {
        then();
    }
}

/// Forgets an element that goes away.
pub(crate) fn forget(element: &Element) {
    let gone = NEAR.with_borrow_mut(|near| {
        let id = element.get_attribute(ATTRIBUTE)?.parse().ok()?;
        if let Some(observer) = &near.observer {
            observer.unobserve(element);
        }
        near.waiting.remove(&id)
    });
    drop(gone);
}

fn observer() -> Option<IntersectionObserver> {
    let seen = Closure::<dyn FnMut(Array)>::new(|entries: Array| {
        for entry in entries.iter() {
            let entry: IntersectionObserverEntry = entry.unchecked_into();
            if !entry.is_intersecting() {
                continue;
            }
            let element = entry.target();
            let then = NEAR.with_borrow_mut(|near| {
                if let Some(observer) = &near.observer {
                    observer.unobserve(&element);
                }
                let id = element.get_attribute(ATTRIBUTE)?.parse().ok()?;
                near.waiting.remove(&id)
            });
            let _ = element.remove_attribute(ATTRIBUTE);
            if let Some(then) = then {
                then();
            }
        }
    });
    let options = IntersectionObserverInit::new();
    options.set_root_margin("100% 0px");
    let made = IntersectionObserver::new_with_options(seen.as_ref().unchecked_ref(), &options);
    // The observer lives as long as the page.
    let _: JsValue = seen.into_js_value();
    made.ok()
}
