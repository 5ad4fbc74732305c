//! Flux's HelmRelease, as its helm-controller would apply it.
//!
//! What a HelmRelease deploys is decided by more than a chart and values:
//! values from ConfigMaps and Secrets, the release's name, a suffix on the
//! chart's version, post-renderers, labels of origin. This crate has these rules.
//!
//! [`HelmRelease::read`] reads one, [`render()`] renders it, and [`render_all`]
//! renders many, with those that their charts render in turn.
//!
//! ```
//! let object = goyaml::yaml::from_yaml(
//!     b"{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: web, namespace: shop}, spec: {\
//!       interval: 1m, targetNamespace: apps, chartRef: {kind: OCIRepository, name: web}}}",
//! )?;
//! let (release, problems) = flux::HelmRelease::read(&object, "shop").expect("a HelmRelease");
//! assert_eq!(release.release_name(), "apps-web");
//! assert!(problems.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod admission;
mod again;
mod chart;
pub mod charts;
mod crds;
mod error;
mod fields;
mod folder;
mod helm_version;
mod helmrelease;
mod kustomize;
mod memo;
mod name;
mod options;
mod order;
mod overlay;
mod read;
mod render;
mod rendered;
mod tree;
mod values;
mod version;

pub use charts::{ChartSource, ChartWanted, Charts, FetchError, FetchedChart};
pub use error::{PostRenderError, RenderError};
pub use fields::{FieldProblem, Severity};
pub use folder::{FolderProblem, applied_files};
pub use helm_version::HelmVersion;
pub use helmrelease::{
    Action, ChartRef, ChartTemplate, CommonMetadata, CrdsPolicy, GROUP, HelmRelease, Image, Kustomize, ObjectName,
    Patch, PostRenderStrategy, ReconcileStrategy, Selector, ValuesReference,
};
pub use kustomize::post_render_stream;
pub use memo::Memo;
pub use options::Options;
pub use read::is_helm_release;
pub use render::render;
pub use rendered::{Object, RenderedRelease, Role};
pub use tree::{Outcome, ReleaseNode, Tree, TreeProblem, render_all};
pub use values::{ValuesError, ValuesErrorReason};
pub use version::VersionError;
