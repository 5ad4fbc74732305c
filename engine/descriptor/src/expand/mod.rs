//! From a descriptor to a full Helm chart: the module's chart.

use std::sync::Arc;

use contract::Problem;
use helm::chart::{Chart, File, pack};

use crate::read::Parsed;
use crate::types::Template;

/// How a descriptor is expanded.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Skeletons that replace built-in ones of the same path, or come on top of them.
    pub skeletons: Vec<Skeleton>,
}

/// A template that a file of the chart is made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skeleton {
    /// Its layout and the path in the chart: `releases/templates/NOTES.txt`. With `{component}` in the path, a file
    /// is made for each component.
    pub path: String,
    /// Its text.
    pub text: String,
    /// The file that it comes from, for messages.
    pub file: String,
}

/// A descriptor as a chart.
#[derive(Clone, Debug, Default)]
pub struct Expanded {
    /// The chart's name: that of the module.
    pub name: String,
    /// The chart's version.
    pub version: String,
    /// The chart's files: `Chart.yaml` first, the rest by name.
    pub files: Vec<File>,
    /// What is not as it should be, yet no obstacle.
    pub warnings: Vec<Problem>,
}

impl Expanded {
    /// The chart as an archive that Helm and Flux load: the same bytes for the same files, on every platform.
    pub fn archive(&self) -> Vec<u8> {
        pack(&self.name, &self.files)
    }
}

/// Expands a descriptor into the module's chart.
///
/// `base` gives the base charts that are at hand. In layout `releases` a chart goes without: values are then checked
/// less. In layout `umbrella` it cannot.
///
/// # Errors
/// Everything that is in the way: names that cannot be used, base charts that are missing, skeletons that fail.
pub fn expand(
    parsed: &Parsed,
    base: &dyn Fn(&Template) -> Option<Arc<Chart>>,
    options: &Options,
) -> Result<Expanded, Vec<Problem>> {
    let _ = (base, options);
    let module = &parsed.descriptor.spec.module;
    let name = parsed.descriptor.metadata.name.clone();
    let version = module.version.clone();
    let text = format!("apiVersion: v2\nname: {name}\nversion: {version}\n");
    let files = vec![File { name: "Chart.yaml".into(), data: text.into_bytes().into() }];
    Ok(Expanded { name, version, files, warnings: Vec::new() })
}
