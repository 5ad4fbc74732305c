//! Rendering of templates.
