//! A chart with values as a release.

use std::rc::Rc;
use std::sync::Arc;

use govalue::{Map, Str};

use super::error::ReleaseError;
use super::name::validate_name;
use super::options::Options;
use crate::chart::{Bytes, Chart};
use crate::dependencies::{self, Crd};
use crate::engine::{self, Asked, Programs, Top, World, paths};
use crate::manifest::{self, Sorted, Split};
use crate::values::coalesce;
use crate::{Warning, Warnings, schema};

/// What a chart became.
#[derive(Clone, Debug, Default)]
pub struct Release {
    /// The files under `crds/`, of the chart and its subcharts.
    pub crds: Vec<Crd>,
    /// Manifests and hooks, in the order of their installation.
    pub sorted: Sorted,
    /// The notes; empty where the chart has none.
    pub notes: Bytes,
    /// What the templates asked of the world.
    pub asked: Asked,
}

const NOTES: &[u8] = b"NOTES.txt";

/// Checks that a chart can be rendered by itself: it is no library, and its
/// dependencies are there. Says so if it is deprecated.
///
/// # Errors
/// With Helm's text.
pub fn check_installable(chart: &Chart, warnings: &mut Warnings) -> Result<(), ReleaseError> {
    let metadata = chart.metadata();
    if !metadata.kind.is_empty() && metadata.kind != "application" {
        return Err(ReleaseError::NotInstallable(metadata.kind.clone()));
    }
    if metadata.deprecated {
        warnings.push(Warning::new("this chart is deprecated"));
    }
    dependencies::check(chart).map_err(ReleaseError::MissingDependencies)
}

/// Renders a chart with the user's values (`Install.RunWithContext`, without a cluster).
///
/// The user's values are not changed; `programs` keeps what is parsed on the
/// way, `warnings` gets what Helm writes to its log, also where it fails.
///
/// # Errors
/// The first thing that is wrong, in Helm's order and words.
pub fn run(
    chart: &Arc<Chart>,
    values: &Map,
    options: &Options,
    programs: &Arc<Programs>,
    world: Rc<dyn World>,
    warnings: &mut Warnings,
) -> Result<Release, ReleaseError> {
    let (mut release, files) = render_files(chart, values, options, programs, world, warnings)?;
    sort_files(&mut release, files, manifest::split, programs, warnings)?;
    Ok(release)
}

/// The first half of [`run`]: renders the files, which a post-renderer may
/// change before [`sort_files`] makes manifests and hooks of them. Notes are
/// not among them.
///
/// # Errors
/// As [`run`].
pub fn render_files(
    chart: &Arc<Chart>,
    values: &Map,
    options: &Options,
    programs: &Arc<Programs>,
    world: Rc<dyn World>,
    warnings: &mut Warnings,
) -> Result<(Release, Vec<(Str, Bytes)>), ReleaseError> {
    let mut release = Release::default();
    let name = &options.release.name;
    validate_name(name).map_err(|e| ReleaseError::Name(name.clone(), e))?;
    let resolved = dependencies::resolve(chart, values, warnings).map_err(ReleaseError::Dependencies)?;
    let values = coalesce(&resolved, values, warnings).map_err(ReleaseError::Values)?;
    if !options.skip_schema_validation {
        schema::validate(&resolved, &values, programs, &*world, warnings).map_err(ReleaseError::Schema)?;
    }
    check_kube_version(chart, options)?;

    let top = Top { values, release: options.release.to_map(), capabilities: options.capabilities.to_value() };
    let output = engine::render(&resolved, &top, programs, world, options.engine).map_err(ReleaseError::Render)?;
    release.asked = output.asked;
    let (notes, files): (Vec<_>, Vec<_>) = output.files.into_iter().partition(|(name, _)| name.ends_with(NOTES));
    release.notes = chosen_notes(chart, notes, options.subchart_notes);
    release.crds = resolved.crds();
    Ok((release, files))
}

/// The second half of [`run`]: makes manifests and hooks of rendered files,
/// which are sorted by name.
///
/// # Errors
/// If a document cannot be read.
pub fn sort_files(
    release: &mut Release,
    files: Vec<(Str, Bytes)>,
    split: Split,
    programs: &Programs,
    warnings: &mut Warnings,
) -> Result<(), ReleaseError> {
    match programs.with_heads(|heads| manifest::sort_split(&files, split, heads, warnings)) {
        Ok(sorted) => release.sorted = sorted,
        Err(error) => return Err(ReleaseError::Manifest { error, files }),
    }
    Ok(())
}

fn check_kube_version(chart: &Chart, options: &Options) -> Result<(), ReleaseError> {
    let wanted = &chart.metadata().kube_version;
    let found = &options.capabilities.kube_version;
    if wanted.is_empty() || is_compatible(&wanted.to_str_lossy(), &found.to_string()) {
        return Ok(());
    }
    Err(ReleaseError::KubeVersion { wanted: wanted.clone(), found: found.version().to_owned() })
}

/// Whether a version is in a range; not where one of them cannot be read (`IsCompatibleRange`).
fn is_compatible(range: &str, version: &str) -> bool {
    match (gosemver::Constraints::parse(range.as_bytes()), gosemver::Version::parse(version.as_bytes())) {
        (Ok(range), Ok(version)) => range.check(&version),
        _ => false,
    }
}

/// The chart's own notes, or those of its subcharts, too.
fn chosen_notes(chart: &Chart, notes: Vec<(Str, Bytes)>, subcharts: bool) -> Bytes {
    let own = paths::join(chart.name(), b"templates/NOTES.txt");
    let mut chosen = notes.into_iter().filter(|(name, _)| subcharts || *name == own).map(|(_, text)| text);
    let Some(first) = chosen.next() else { return Bytes::default() };
    let mut all: Option<Vec<u8>> = None;
    for text in chosen {
        let all = all.get_or_insert_with(|| first.to_vec());
        if !all.is_empty() {
            all.push(b'\n');
        }
        all.extend_from_slice(&text);
    }
    all.map_or(first, Bytes::from)
}
