//! What must not be seen: found where it is given, hidden where it comes out.
//!
//! The values of Secrets and the platform's token may come out anywhere: in manifests, notes, warnings, in the message
//! of a template that fails. So they are collected from the input before a call ([`secrets`]), and taken out of
//! everything that the call answers ([`output`]), in every form in which text usually carries other text (the crate
//! `redact`).

mod output;
mod secrets;

pub(super) use output::Hide;
pub use redact::Redactor;
pub(super) use secrets::{hidden, hidden_in, nothing_to_hide};
