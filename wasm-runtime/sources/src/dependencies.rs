//! Subcharts that a chart in a folder or Git repository names and does not have:
//! they are fetched as Flux's source-controller does when it builds the chart.

use gosemver::{Constraints, Version};
use govalue::Str;
use helm::Warnings;
use helm::chart::{self, Bytes, Dependency, File, Limits};

use crate::archive::inside;
use crate::content::Content;
use crate::error::{Error, MissingDependency};
use crate::tree::Tree;

/// Fetches a chart from a repository: its URL, the chart, the version.
pub(crate) type FromRepository<'a> = &'a dyn Fn(&str, &str, &str) -> Result<Bytes, Error>;

/// Adds the missing subcharts of the chart at a path of a tree.
///
/// What `Chart.lock` has counts more than `Chart.yaml`. A chart that has as many
/// subcharts as it names has them all, whatever they are: so says source-controller.
pub(crate) fn add_missing(
    tree: &Tree,
    path: &str,
    files: &mut Vec<File>,
    from_repository: FromRepository<'_>,
) -> Result<(), Error> {
    let loaded = chart::load_folder(path, files.clone(), Limits::default(), &mut Warnings::default());
    // What is wrong with the chart itself is said when it is loaded.
    let Ok(chart) = loaded else { return Ok(()) };
    let wanted = match chart.lock() {
        Some(lock) => lock.dependencies.as_deref(),
        None => chart.metadata().dependencies.as_deref(),
    };
    let wanted = wanted.unwrap_or_default();
    if wanted.len() == chart.dependencies().len() {
        return Ok(());
    }
    for dependency in wanted.iter().filter(|d| chart.dependencies().iter().all(|c| *c.name() != d.name)) {
        let context = |error: Error| error.within(format!("dependency {:?}", dependency.name.to_string()));
        let repository = dependency.repository.to_string();
        if repository.is_empty() {
            return Err(context(MissingDependency::NoRepository.into()));
        }
        match repository.strip_prefix("file://") {
            Some(relative) => add_local(tree, path, relative, dependency, files).map_err(context)?,
            None => {
                let (name, version) = (dependency.name.to_string(), dependency.version.to_string());
                let data = from_repository(&repository, &name, &version).map_err(context)?;
                files.push(File { name: Str::from(format!("charts/{name}.tgz")), data });
            }
        }
    }
    Ok(())
}

/// Adds a subchart that lies elsewhere in the tree.
fn add_local(
    tree: &Tree,
    path: &str,
    relative: &str,
    dependency: &Dependency,
    files: &mut Vec<File>,
) -> Result<(), Error> {
    let missing = || MissingDependency::NotThere(relative.to_owned());
    let folder = match tree {
        // A folder is its owner's: what lies beside the chart may be used.
        Tree::Folder(_) => format!("{path}/{relative}"),
        _ => inside(&format!("{path}/{relative}")).ok_or_else(missing)?,
    };
    if !tree.has(&format!("{folder}/Chart.yaml")) {
        return Err(missing().into());
    }
    let found = tree.chart(&folder)?;
    let chart = Content::Files(tree.shown(&folder), found.clone()).load()?;
    let version = &chart.metadata().version;
    let range = Constraints::parse(&dependency.version)
        .map_err(|cause| MissingDependency::Range { text: dependency.version.to_string(), cause })?;
    if !Version::parse(version).is_ok_and(|v| range.check(&v)) {
        return Err(Error::Missing(MissingDependency::OtherVersion {
            place: relative.to_owned(),
            found: version.to_string(),
            wanted: dependency.version.to_string(),
        }));
    }
    let name = chart.name();
    files
        .extend(found.into_iter().map(|f| File { name: Str::from(format!("charts/{name}/{}", f.name)), data: f.data }));
    Ok(())
}
