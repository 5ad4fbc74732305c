//! The model of a chart, and how charts are loaded.

mod archive;
mod bytes;
mod decode;
mod error;
mod gzip;
mod ignore;
mod load;
mod metadata;
mod pack;
mod sniff;
mod tar;
mod validate;

use std::sync::{Arc, OnceLock};

use govalue::sort::sort_by;
use govalue::{Content, Frozen, Map, Str, Value};

pub use archive::Limits;
pub use bytes::Bytes;
pub use error::ChartError;
pub use ignore::Ignore;
pub use load::{load_archive, load_file, load_folder};
pub use metadata::{Dependency, Lock, Maintainer, Metadata};
pub use pack::{pack, tar};

/// A file of a chart. Its name is relative to the chart, with `/`.
#[derive(Clone, Debug)]
pub struct File {
    /// Its path in the chart.
    pub name: Str,
    /// Its content.
    pub data: Bytes,
}

/// A loaded chart: immutable, shared between threads and renders.
///
/// It is what Helm's loader returns, before dependencies are processed:
/// [`crate::dependencies::resolve`] makes the view of it that one render has.
#[derive(Debug, Default)]
pub struct Chart {
    pub(crate) raw: Vec<File>,
    pub(crate) metadata: Metadata,
    pub(crate) lock: Option<Lock>,
    pub(crate) templates: Vec<File>,
    pub(crate) values: Frozen,
    pub(crate) has_nulls: bool,
    pub(crate) schema: Option<Bytes>,
    pub(crate) files: Vec<File>,
    pub(crate) dependencies: Vec<Arc<Chart>>,
    pub(crate) contents: OnceLock<Arc<[(Str, Frozen)]>>,
}

/// The content of a file, as templates see it: copied when one looks at it.
#[derive(Debug)]
struct FileContent {
    data: Bytes,
    text: OnceLock<Str>,
}

impl Content for FileContent {
    fn bytes(&self) -> Str {
        self.text.get_or_init(|| Str::from(self.data.as_bytes())).clone()
    }
}

impl Chart {
    /// All files as they were in the archive or folder, those of subcharts included.
    pub fn raw(&self) -> &[File] {
        &self.raw
    }

    /// `Chart.yaml`, with `requirements.yaml` where a v1 chart has one.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// Its name.
    pub fn name(&self) -> &Str {
        &self.metadata.name
    }

    /// `Chart.lock` or `requirements.lock`.
    pub fn lock(&self) -> Option<&Lock> {
        self.lock.as_ref()
    }

    /// The files under `templates/`, in the order of the archive.
    pub fn templates(&self) -> &[File] {
        &self.templates
    }

    /// The chart's own `values.yaml`, as a fresh map that the caller may change.
    pub fn values(&self) -> Map {
        match self.values.thaw() {
            Value::Map(m) => m,
            _ => Map::new(),
        }
    }

    /// `values.schema.json`.
    pub fn schema(&self) -> Option<&Bytes> {
        self.schema.as_ref()
    }

    /// All other files, in the order of the archive: what `.Files` sees, and `crds/`.
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// The same chart with another version in its metadata: Flux installs a chart
    /// with the revision of its source in the version.
    pub fn with_version(&self, version: Str) -> Chart {
        let mut chart = self.copy();
        chart.metadata.version = version;
        chart
    }

    /// The same chart with other default values: Flux lays files of a source over them.
    pub fn with_values(&self, values: &Map) -> Chart {
        let mut chart = self.copy();
        chart.values = Value::Map(values.clone()).freeze();
        chart.has_nulls = match &chart.values {
            Frozen::Map(values) => crate::values::has_nulls(values),
            _ => false,
        };
        chart
    }

    /// A copy that shares all contents.
    fn copy(&self) -> Chart {
        Chart {
            raw: self.raw.clone(),
            metadata: self.metadata.clone(),
            lock: self.lock.clone(),
            templates: self.templates.clone(),
            values: self.values.clone(),
            has_nulls: self.has_nulls,
            schema: self.schema.clone(),
            files: self.files.clone(),
            dependencies: self.dependencies.clone(),
            contents: self.contents.clone(),
        }
    }

    /// What `.Files` holds: the contents of [`Chart::files`] by name, of equal names the last.
    pub(crate) fn contents(&self) -> Arc<[(Str, Frozen)]> {
        let make = || {
            let content = |data: &Bytes| FileContent { data: data.clone(), text: OnceLock::new() };
            let mut files: Vec<&File> = self.files.iter().collect();
            sort_by(&mut files, |a, b| a.name.cmp(&b.name));
            let of_name = files.chunk_by(|a, b| a.name == b.name).filter_map(<[_]>::last);
            of_name.map(|file| (file.name.clone(), Frozen::Bytes(Arc::new(content(&file.data))))).collect()
        };
        Arc::clone(self.contents.get_or_init(make))
    }

    /// The charts under `charts/`.
    pub fn dependencies(&self) -> &[Arc<Chart>] {
        &self.dependencies
    }
}

#[cfg(test)]
mod tests;
