//! Icons: strokes on a grid of 16, of our own drawing.

use yew::prelude::*;

/// Which icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// A cross.
    Close,
    /// A lens.
    Search,
    /// Two sheets.
    Copy,
    /// Two links of a chain.
    Link,
    /// A half-filled disc.
    Theme,
    /// A question mark.
    Help,
    /// An arrow that turns back.
    Undo,
    /// An arrow that turns forward.
    Redo,
    /// An angle that points right.
    Right,
    /// An angle that points left.
    Left,
    /// An angle that points down.
    Down,
    /// An arrow into a tray.
    Download,
    /// A plus sign.
    Add,
    /// A box.
    Module,
}

/// The picture of an icon. It says nothing to screen readers: the button around it has a label.
pub fn icon(icon: Icon) -> Html {
    let path = match icon {
        Icon::Close => "M4 4l8 8M12 4l-8 8",
        Icon::Search => "M7 3a4 4 0 1 0 0 8a4 4 0 0 0 0-8M10 10l3.5 3.5",
        Icon::Copy => "M6 5h7v8H6zM10 5V3H3v8h3",
        Icon::Link => "M7 9l2-2M6.5 6.5l-2 2a2.5 2.5 0 0 0 3.5 3.5l1.5-1.5M9.5 9.5l2-2A2.5 2.5 0 0 0 8 4L6.5 5.5",
        Icon::Theme => "M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11",
        Icon::Help => "M6 6a2 2 0 1 1 3 1.7c-.7.4-1 .8-1 1.6M8 11.6v.4",
        Icon::Undo => "M4 6h5.5a3 3 0 0 1 0 6H6M6.5 3.5L4 6l2.5 2.5",
        Icon::Redo => "M12 6H6.5a3 3 0 0 0 0 6H10M9.500 3.500L12 6l-2.500 2.500",
        Icon::Right => "M6.5 4.500l3.500 3.500l-3.500 3.500",
        Icon::Left => "M9.500 4.500L6 8l3.500 3.500",
        Icon::Down => "M4.500 6.500L8 10l3.500-3.500",
        Icon::Download => "M8 3v6.500M5 7l3 3l3-3M3 12.500h10",
        Icon::Add => "M8 3.500v9M3.500 8h9",
        Icon::Module => "M8 2.500l5 2.700v5.600l-5 2.700l-5-2.700V5.200zM3 5.200l5 2.800l5-2.800M8 8v5.500",
    };
    html! { <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d={path} /></svg> }
}
