//! Rendered manifests: splitting, sorting, hooks.
