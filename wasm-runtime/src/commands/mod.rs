//! The subcommands, a module each.

pub(crate) mod check;
pub(crate) mod completion;
pub(crate) mod eval;
pub(crate) mod expand;
pub(crate) mod export;
pub(crate) mod files;
pub(crate) mod import;
pub(crate) mod new;
pub(crate) mod plugin;
pub(crate) mod problems;
pub(crate) mod render;
pub(crate) mod template;
