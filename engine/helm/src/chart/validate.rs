//! What `Chart.yaml` must say, and how its texts are cleaned
//! (`Metadata.Validate`).

use govalue::{Index, Str, strconv};

use super::error::ChartError;
use super::metadata::{Dependency, Maintainer, Metadata};

fn invalid<T>(text: impl std::fmt::Display) -> Result<T, ChartError> {
    Err(ChartError::new(format!("validation: {text}")))
}

/// Cleans the texts of the metadata and checks it.
///
/// # Errors
/// With Helm's text: `validation: chart.metadata.name is required`.
pub(super) fn validate(metadata: &mut Metadata) -> Result<(), ChartError> {
    let md = metadata;
    let texts = [
        &mut md.name,
        &mut md.description,
        &mut md.home,
        &mut md.icon,
        &mut md.condition,
        &mut md.tags,
        &mut md.app_version,
        &mut md.kube_version,
    ];
    let lists = [&mut md.sources, &mut md.keywords].into_iter().flatten().flatten();
    texts.into_iter().chain(lists).for_each(sanitize);

    if md.api_version.is_empty() {
        return invalid("chart.metadata.apiVersion is required");
    }
    if md.name.is_empty() {
        return invalid("chart.metadata.name is required");
    }
    if md.name == "." || md.name == ".." {
        return invalid(format_args!("chart.metadata.name {} is not allowed", strconv::quote(&md.name)));
    }
    if md.name.contains(&b'/') && md.name != "/" {
        return invalid(format_args!("chart.metadata.name {} is invalid", strconv::quote(&md.name)));
    }
    if md.version.is_empty() {
        return invalid("chart.metadata.version is required");
    }
    if gosemver::Version::parse(&md.version).is_err() {
        return invalid(format_args!("chart.metadata.version {} is invalid", strconv::quote(&md.version)));
    }
    if !["", "application", "library"].iter().any(|kind| md.kind == *kind) {
        return invalid("chart.metadata.type must be application or library");
    }
    for maintainer in md.maintainers.iter_mut().flatten() {
        validate_maintainer(maintainer)?;
    }
    let mut seen = Index::default();
    for dependency in md.dependencies.iter_mut().flatten() {
        validate_dependency(dependency)?;
        let key = if dependency.alias.is_empty() { &dependency.name } else { &dependency.alias };
        if seen.insert(key.clone(), ()).is_some() {
            return invalid(format_args!("more than one dependency with name or alias {}", strconv::quote(key)));
        }
    }
    Ok(())
}

fn validate_maintainer(maintainer: &mut Maintainer) -> Result<(), ChartError> {
    if maintainer.null {
        return invalid("maintainers must not contain empty or null nodes");
    }
    [&mut maintainer.name, &mut maintainer.email, &mut maintainer.url].into_iter().for_each(sanitize);
    Ok(())
}

fn validate_dependency(dependency: &mut Dependency) -> Result<(), ChartError> {
    if dependency.null {
        return invalid("dependencies must not contain empty or null nodes");
    }
    let d = dependency;
    let texts = [&mut d.name, &mut d.version, &mut d.repository, &mut d.condition];
    texts.into_iter().chain(d.tags.iter_mut().flatten()).for_each(sanitize);
    let legal = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    if !d.alias.iter().all(legal) {
        let name = strconv::quote(&d.name);
        return invalid(format_args!("dependency {name} has disallowed characters in the alias"));
    }
    Ok(())
}

/// Blanks of any kind become spaces, what does not print goes.
fn sanitize(text: &mut Str) {
    if text.iter().all(|b| matches!(b, b' '..=b'~')) {
        return;
    }
    let clean: String = (text.to_str_lossy().chars())
        .filter_map(|c| match c {
            c if c.is_whitespace() => Some(' '),
            c => strconv::is_print(c).then_some(c),
        })
        .collect();
    *text = Str::from(clean);
}
