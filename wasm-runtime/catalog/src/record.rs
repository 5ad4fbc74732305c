//! A render, and what it deploys.

use chartwright::api::summary;
use chartwright_catalog::{Facts, Reach};
use contract::{Failure, ObjectOut, RenderOutput, Runs, Severity};

/// What a render deploys; what a failed one would deploy is not known.
pub(crate) fn facts(result: &Result<RenderOutput, Failure>, components: usize) -> Facts {
    let components = count(components);
    match result {
        Ok(output) => of_output(output, components),
        Err(failure) => Facts { components, problems: 1, problem: sentence(&failure.message), ..Facts::default() },
    }
}

fn of_output(output: &RenderOutput, components: u32) -> Facts {
    let summary = summary(&output.objects);
    let crds = output.objects.iter().filter(|object| object.kind == "CustomResourceDefinition").count();
    // A module that makes its own namespace stays within it.
    let cluster_scoped = summary.cluster_scoped.iter().filter(|object| !object.starts_with("Namespace/")).count();
    let mut errors = output.problems.iter().filter(|problem| problem.severity == Severity::Error);
    let first = errors.next();
    Facts {
        objects: count(summary.kinds.iter().map(|kind| kind.count).sum()),
        images: count(summary.images.iter().filter(|image| image.runs != Runs::Test).count()),
        urls: count(summary.urls.len()),
        exposed: count(summary.exposed.len()),
        storage: summary.resources.storage,
        components,
        crds: count(crds),
        cluster_scoped: count(cluster_scoped),
        permissions: reach(&output.objects),
        problems: count(first.iter().count() + errors.count()),
        problem: first.map(|problem| sentence(&problem.message)).unwrap_or_default(),
    }
}

/// How far the rights reach that objects create.
fn reach(objects: &[ObjectOut]) -> Reach {
    let of_kind = |kind: &str| match kind {
        "ClusterRole" | "ClusterRoleBinding" => Reach::Cluster,
        "Role" | "RoleBinding" => Reach::Namespace,
        _ => Reach::None,
    };
    objects.iter().map(|object| of_kind(&object.kind)).max().unwrap_or_default()
}

/// The first line of a message, and not too much of it.
pub(crate) fn sentence(message: &str) -> String {
    const MOST: usize = 300;
    let line = message.trim().lines().next().unwrap_or_default();
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
