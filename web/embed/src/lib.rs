//! The preview as a custom element.
