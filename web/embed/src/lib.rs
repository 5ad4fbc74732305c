//! The preview as a custom element, `<chartwright-preview>`, in the shadow root of another page's element.
//!
//! `boot.js` has the element's class. It loads styles and module once for all elements of a page, and mounts a preview
//! in each. An element changes nothing outside of itself: neither address nor title, history nor storage; it listens
//! to its own keys only, and what happens in it comes out as events.

mod news;
mod settings;
mod source;

#[cfg(target_family = "wasm")]
mod element;
#[cfg(target_family = "wasm")]
mod mount;

pub use news::News;
pub use settings::Settings;
pub use source::{Source, source};

#[cfg(target_family = "wasm")]
pub use mount::{Handle, mount};
