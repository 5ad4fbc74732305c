//! View parts without a domain word.
//!
//! Each part is a small component, or a function that makes one. Parts keep no state that belongs to the page: what
//! they show comes in, and what a person does goes out as a callback. Positions and sizes are set through CSSOM
//! properties, never through `style` attributes, so that a content security policy without `unsafe-inline` holds.

mod code;
mod dialog;
pub mod dom;
mod editor;
mod icon;
mod lines;
mod listed;
mod markdown;
mod menu;
mod near;
mod panel;
mod split;
mod tabs;
mod toast;

pub use code::{CodeBlock, Highlight, Mark, MarkKind, Slice, Span};
pub use dialog::Dialog;
pub use editor::{Editor, EditorMark, Suggestion};
pub use icon::{Icon, icon};
pub use lines::changed_lines;
pub use listed::Listed;
pub use markdown::markdown;
pub use menu::Menu;
pub use panel::Panel;
pub use split::Split;
pub use tabs::{Tab, Tabs};
pub use toast::{Toast, Toasts};
