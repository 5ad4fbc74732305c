//! The page: catalog, preview, developer's and operator's views.
//!
//! Logic and view are apart. Each page is a [`program::Program`]: its state, its events and what they do are plain
//! Rust that runs and is tested anywhere; its view is a function of the state. What the page uses of the world is in
//! [`services`].

pub mod about;
pub mod catalog;
pub mod develop;
pub mod digest;
pub mod load;
pub mod opened;
pub mod operate;
pub mod paint;
pub mod preview;
pub mod program;
pub mod route;
pub mod services;
pub mod shell;
pub mod words;

mod parts;

/// The services of this page.
#[cfg(target_family = "wasm")]
fn services(shell: yew::Callback<shell::Event>) -> services::Services {
    services::Services::web(shell)
}

/// Outside of a browser, everything is recorded.
#[cfg(not(target_family = "wasm"))]
fn services(shell: yew::Callback<shell::Event>) -> services::Services {
    let recorded = std::rc::Rc::new(services::Recorded::default());
    services::Services { api: recorded.clone(), engine: recorded.clone(), store: recorded, shell }
}

/// Starts the page in the element `app`.
#[cfg(target_family = "wasm")]
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn start() {
    if let Some(root) = chartwright_kit::dom::document().get_element_by_id("app") {
        root.set_text_content(None);
        yew::Renderer::<shell::App>::with_root(root).render();
    }
}
