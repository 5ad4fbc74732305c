//! What surrounds all pages: header, theme, addresses, messages, dropped files, the service worker.

mod drop;
mod effects;
mod state;
mod view;

pub use drop::{Dropped, DroppedFile, read_drop, read_list};
pub use effects::{FOUND, FOUND_FOR, base_path, current, download, press};
pub use state::{Effect, Event, PAGE_KEYS, State, Theme, Toasted, update};
pub use view::App;
