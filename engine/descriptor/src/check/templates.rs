//! Base charts: where they come from, and in which version.

use crate::places::{field, item};
use crate::types::{ReconcileStrategy, SourceKind, Template};
use contract::{Code, Hint};

use super::Check;
use super::text::{is_label, is_subdomain};

pub(super) fn check(check: &mut Check<'_>) {
    let spec = &check.parsed.descriptor.spec;
    if let Some(shared) = &spec.template {
        template(check, "spec.template", shared);
        if !spec.components.is_empty() && spec.components.iter().all(|c| c.template.is_some()) {
            let message = "no component uses spec.template: each has its own";
            check.warning(Code::UnusedTemplate, "spec.template", message, Hint::text("remove it"));
            check.at_key();
        }
    }
    let mut without = Vec::new();
    for (i, component) in spec.components.iter().enumerate() {
        let path = item("spec.components", i);
        match &component.template {
            Some(own) => template(check, &field(&path, "template"), own),
            None if component.name.is_empty() => without.push(path),
            None => without.push(component.name.clone()),
        }
    }
    if spec.template.is_none() && !without.is_empty() {
        let message = format!("spec.template is missing: it is the base chart of {}", without.join(", "));
        let hint = "name a chart and its source there, or in each component".to_owned();
        check.error(Code::NoTemplate, "spec.template", message, Hint::text(hint));
    }
}

/// A kind with its article.
fn a(kind: SourceKind) -> String {
    let article = if matches!(kind, SourceKind::OCIRepository | SourceKind::ExternalArtifact) { "an" } else { "a" };
    format!("{article} {}", kind.name())
}

fn template(check: &mut Check<'_>, path: &str, template: &Template) {
    let kind = template.source_ref.kind;
    let chart = field(path, "chart");
    if template.chart.is_empty() {
        check.error(Code::ChartName, &chart, format!("{chart} is empty"), None);
    }
    if kind.has_folders() && template.chart.split('/').any(|part| part == "..") {
        let message = format!("{} leads out of the source", template.chart);
        check.error(Code::ChartName, &chart, message, Hint::text("paths start at the root of the source"));
    }
    let source = field(path, "sourceRef");
    if !is_subdomain(&template.source_ref.name) {
        let message = format!("{:?} cannot be the name of {}", template.source_ref.name, a(kind));
        check.error(Code::Name, &field(&source, "name"), message, None);
    }
    if let Some(namespace) = &template.source_ref.namespace
        && !is_label(namespace)
    {
        check.error(
            Code::Name,
            &field(&source, "namespace"),
            format!("{namespace:?} cannot be the name of a namespace"),
            None,
        );
    }
    version(check, path, template);
    strategy(check, path, template);
}

fn version(check: &mut Check<'_>, path: &str, template: &Template) {
    let kind = template.source_ref.kind;
    let at = field(path, "version");
    let Some(range) = template.version.as_deref().filter(|v| !v.is_empty()) else {
        if kind == SourceKind::HelmRepository {
            let message =
                format!("{} has no version: every new version is installed when it is released", template.chart);
            check.warning(
                Code::UnpinnedChart,
                &field(path, "chart"),
                message,
                Hint::text("add version: with a version or range"),
            );
        }
        return;
    };
    if kind != SourceKind::HelmRepository {
        let name = kind.name();
        let message = format!("Flux ignores the version of a chart in {}: it uses the version in the source", a(kind));
        let hint = format!("pin it in the {name}'s spec.ref, and leave version out");
        check.warning(Code::VersionIgnored, &at, message, Hint::text(hint));
    } else if let Err(error) = gosemver::Constraints::parse(range.as_bytes()) {
        let hint = "write a version, or a range such as 1.x or >=1.2.0 <2.0.0".to_owned();
        check.error(Code::VersionRange, &at, format!("{range:?} is not a version range: {error}"), Hint::text(hint));
    } else if matches!(range.trim(), "*" | "x" | "X" | ">0.0.0" | ">=0.0.0") {
        let message = format!("{range:?} accepts every version of {}", template.chart);
        check.warning(Code::UnpinnedChart, &at, message, Hint::text("write a version, or a range such as 1.x"));
    }
}

fn strategy(check: &mut Check<'_>, path: &str, template: &Template) {
    let kind = template.source_ref.kind;
    let at = field(path, "reconcileStrategy");
    match template.reconcile_strategy {
        Some(ReconcileStrategy::ChartVersion) if kind.has_folders() => {
            let message = "with ChartVersion Flux upgrades to a changed chart only when the version in its Chart.yaml \
                           changes: other commits are never deployed";
            check.warning(
                Code::ChartVersion,
                &at,
                message,
                Hint::text("write Revision, or leave it out: that is the default here"),
            );
        }
        Some(ReconcileStrategy::Revision) if kind == SourceKind::HelmRepository => {
            let message = "Revision has no meaning for a HelmRepository: its charts change only with their version";
            check.warning(Code::StrategyIgnored, &at, message, Hint::text("leave it out"));
        }
        Some(_) if kind.is_chart() => {
            let message =
                format!("Flux upgrades to every new revision of {}: reconcileStrategy has no effect", a(kind));
            check.warning(Code::StrategyIgnored, &at, message, Hint::text("leave it out"));
        }
        _ => {}
    }
}
