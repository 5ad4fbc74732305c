//! Previews in elements: what `boot.js` calls.

use std::cell::RefCell;
use std::rc::Rc;

use chartwright_app::preview::Told;
use chartwright_kit::dom;
use js_sys::{Function, Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Element;
use yew::{AppHandle, Callback, Renderer};

use crate::element::{Preview, Props};
use crate::{News, Settings};

thread_local! {
    /// The elements with a preview: all of them end with the module that they share.
    static MOUNTED: RefCell<Vec<Element>> = const { RefCell::new(Vec::new()) };
}

/// A preview in an element.
#[wasm_bindgen]
pub struct Handle {
    root: Element,
    app: AppHandle<Preview>,
    tell: Callback<Told>,
}

#[wasm_bindgen]
impl Handle {
    /// The attributes have other values.
    pub fn update(&mut self, settings: &JsValue) {
        self.app.update(Props { settings: Rc::new(read(settings)), tell: self.tell.clone() });
    }

    /// Takes the preview out of its element, and ends its worker.
    pub fn destroy(self) {
        MOUNTED.with_borrow_mut(|all| all.retain(|root| *root != self.root));
        self.app.destroy();
    }
}

/// Shows a preview in an element. `tell` is called with the name of each event and its detail.
#[wasm_bindgen]
pub fn mount(root: Element, settings: &JsValue, tell: Function) -> Handle {
    yew::set_custom_panic_hook(Box::new(|info| died(&info.to_string())));
    let tell = Callback::from(move |told: Told| say(&tell, told.into()));
    let props = Props { settings: Rc::new(read(settings)), tell: tell.clone() };
    MOUNTED.with_borrow_mut(|all| all.push(root.clone()));
    let app = Renderer::<Preview>::with_root_and_props(root.clone(), props).render();
    Handle { root, app, tell }
}

fn read(settings: &JsValue) -> Settings {
    let get = |name: &str| Reflect::get(settings, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let text = |name: &str| get(name).as_string().unwrap_or_default();
    Settings {
        src: text("src"),
        chart: text("chart"),
        version: text("version"),
        values: text("values"),
        installable: get("installable").is_truthy(),
    }
}

fn say(tell: &Function, news: News) {
    let detail = Object::new();
    let texts = news.texts.into_iter().map(|(name, text)| (name, JsValue::from(text)));
    let numbers = news.numbers.into_iter().map(|(name, number)| (name, JsValue::from(number as f64)));
    for (name, value) in texts.chain(numbers) {
        // An object of our own takes every field.
        let _ = Reflect::set(&detail, &name.into(), &value);
    }
    // What a listener throws is reported by the browser.
    let _ = tell.call2(&JsValue::NULL, &news.name.into(), &detail);
}

/// Says in all elements that they have ended by a fault of their own.
fn died(why: &str) {
    web_sys::console::error_1(&why.into());
    MOUNTED.with(|all| {
        let Ok(all) = all.try_borrow() else { return };
        for root in all.iter() {
            let note = dom::element("p");
            note.set_class_name("trouble died");
            let _ = note.set_attribute("role", "alert");
            note.set_text_content(Some("The preview has failed by a fault of its own. Reload the page."));
            let _ = root.prepend_with_node_1(&note);
        }
    });
}
