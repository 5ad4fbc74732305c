//! A chart with values as a release: what `helm template` does after loading
//! (Helm: `pkg/action/install.go`).

mod error;
mod name;
mod options;
mod run;
mod text;

pub use crate::dependencies::Crd;
pub use error::ReleaseError;
pub use name::{NameError, render_name, validate_name};
pub use options::{Options, ReleaseOptions};
pub use run::{Release, check_installable, render_files, run, sort_files};
pub use text::{ShowError, append_source, manifests_text, show_only};
