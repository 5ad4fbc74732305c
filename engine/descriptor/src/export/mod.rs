//! What a repository that is deployed from has in it: for Flux and for Argo CD.
//!
//! Both take a descriptor and the chart that it expands into, and give files. Nothing is fetched or written.

mod argocd;
mod files;
mod flux;

pub use argocd::{ArgoOptions, argocd};
pub use files::Exported;
pub use flux::{FluxOptions, SourceUrl, flux};
