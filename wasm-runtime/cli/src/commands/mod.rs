//! The subcommands, a module each.

pub(crate) mod catalog;
pub(crate) mod check;
pub(crate) mod complete;
pub(crate) mod completion;
pub(crate) mod eval;
pub(crate) mod expand;
pub(crate) mod export;
pub(crate) mod helm_getter;
pub(crate) mod hint;
pub(crate) mod import;
pub(crate) mod install_docs;
pub(crate) mod new;
pub(crate) mod plugin;
pub(crate) mod post_render;
pub(crate) mod problems;
pub(crate) mod render;
#[cfg(feature = "serve")]
pub(crate) mod serve;
#[cfg(feature = "serve")]
pub(crate) mod store;
pub(crate) mod template;
