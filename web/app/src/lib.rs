//! The page: catalog, preview, developer's and operator's views.
//!
//! Logic and view are apart. Each page is a [`program::Program`]: its state, its events and what they do are plain
//! Rust that runs and is tested anywhere; its view is a function of the state. What the page uses of the world is in
//! [`services`].

pub mod about;
pub mod catalog;
pub mod chunk;
pub mod deploy;
pub mod develop;
pub mod digest;
pub mod elsewhere;
pub mod form;
pub mod hunks;
pub mod load;
pub mod manage;
pub mod opened;
pub mod operate;
pub mod paint;
pub mod parts;
pub mod preview;
pub mod program;
pub mod route;
pub mod services;
pub mod shell;
pub mod sources;
pub mod words;

/// The services of this page.
#[cfg(target_family = "wasm")]
fn services(shell: yew::Callback<shell::Event>) -> services::Services {
    services::Services::web(shell)
}

/// Outside of a browser, everything is recorded.
#[cfg(not(target_family = "wasm"))]
fn services(shell: yew::Callback<shell::Event>) -> services::Services {
    let recorded = std::rc::Rc::new(services::Recorded::default());
    services::Services {
        api: recorded.clone(),
        manage: recorded.clone(),
        engine: recorded.clone(),
        store: recorded,
        handover: services::Handover::default(),
        typed: services::Typed::default(),
        shell,
    }
}

/// Starts the page in the element `app`.
#[cfg(all(target_family = "wasm", feature = "page"))]
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn start() {
    yew::set_custom_panic_hook(Box::new(|info| died(&info.to_string())));
    if let Some(root) = chartwright_kit::dom::document().get_element_by_id("app") {
        root.set_text_content(None);
        yew::Renderer::<shell::App>::with_root(root).render();
    }
}

/// Says that the page has ended by a fault of its own, and offers the way out. What was typed is kept.
#[cfg(all(target_family = "wasm", feature = "page"))]
fn died(why: &str) {
    use chartwright_kit::dom;
    web_sys::console::error_1(&why.into());
    let note = dom::element("div");
    note.set_class_name("trouble died");
    let _ = note.set_attribute("role", "alert");
    note.set_text_content(Some("The page has failed by a fault of its own. Your values are kept. "));
    let link = dom::element("a");
    link.set_text_content(Some("Reload the page"));
    let _ = link.set_attribute("href", &dom::window().location().href().unwrap_or_default());
    let _ = link.set_attribute("target", "_self");
    let _ = note.append_child(&link);
    if let Some(body) = dom::document().body() {
        let _ = body.prepend_with_node_1(&note);
    }
}
