//! Templates without a chart around them: for playgrounds and tests.

use std::rc::Rc;
use std::sync::Arc;

use govalue::{Map, Str};

use super::{Options, Output, Programs, Top, World, render};
use crate::Warnings;
use crate::capabilities::Capabilities;
use crate::chart::{Chart, File, Metadata};
use crate::dependencies;
use crate::release::{ReleaseError, ReleaseOptions};
use crate::values::coalesce;

/// Templates that are rendered as those of a chart `demo` 1.2.3.
#[derive(Clone, Debug, Default)]
pub struct Snippet {
    /// The files under `templates/`.
    pub templates: Vec<File>,
    /// What `.Files` sees.
    pub files: Vec<File>,
}

impl Snippet {
    /// Renders it with these values as release `demo` in namespace `shop`.
    ///
    /// # Errors
    /// As [`crate::release::run`].
    pub fn render(self, values: &Map, world: Rc<dyn World>, options: Options) -> Result<Output, ReleaseError> {
        let metadata = Metadata {
            name: Str::from("demo"),
            version: Str::from("1.2.3"),
            app_version: Str::from("4.5.6"),
            api_version: Str::from("v2"),
            ..Metadata::default()
        };
        let chart = Arc::new(Chart { metadata, templates: self.templates, files: self.files, ..Chart::default() });
        let mut warnings = Warnings::default();
        let resolved = dependencies::resolve(&chart, values, &mut warnings).map_err(ReleaseError::Dependencies)?;
        let values = coalesce(&resolved, values, &mut warnings).map_err(ReleaseError::Values)?;
        let release = ReleaseOptions { name: "demo".into(), namespace: "shop".into(), ..ReleaseOptions::default() };
        let top = Top { values, release: release.to_map(), capabilities: Capabilities::default().to_value() };
        render(&resolved, &top, &Arc::new(Programs::default()), world, options).map_err(ReleaseError::Render)
    }
}
