//! One HelmRelease: from its chart to what helm-controller installs.

use std::rc::Rc;

use govalue::Str;
use helm::chart::Bytes;
use helm::engine::World;
use helm::manifest::{Head, split};
use helm::release::{self, Release, ReleaseOptions};

use crate::chart::prepared;
use crate::charts::FetchedChart;
use crate::crds::{self, AppliedCrd};
use crate::error::RenderError;
use crate::helmrelease::{Action, CrdsPolicy, HelmRelease};
use crate::kustomize::post_render;
use crate::options::Options;
use crate::rendered::{Object, RenderedRelease, Role};
use crate::values::compose;

/// Renders what a HelmRelease deploys.
///
/// Values come from the HelmRelease and, through [`World::lookup`], from
/// ConfigMaps and Secrets in its namespace.
///
/// # Errors
/// The first thing that is wrong, as the HelmRelease's condition would say it.
pub fn render(
    release: &HelmRelease,
    fetched: &FetchedChart,
    options: &Options,
    world: Rc<dyn World>,
) -> Result<RenderedRelease, RenderError> {
    let mut notes = Vec::new();
    let values = compose(release, &*world, &mut notes)?;
    let mut warnings: Vec<String> = notes.iter().map(ToString::to_string).collect();
    let chart = if options.as_helm { fetched.chart.clone() } else { prepared(release, fetched)? };
    let mut odd = helm::Warnings::default();
    if let Err(error) = release::check_installable(&chart, &mut odd) {
        // helm-controller does not ask; what is missing is left out.
        warnings.push(error.to_string());
    }
    let action = if options.upgrade { release.upgrade } else { release.install };
    let helm_options = release::Options {
        release: ReleaseOptions {
            name: release.release_name(),
            namespace: release.release_namespace().to_owned(),
            revision: options.revision,
            upgrade: options.upgrade,
        },
        capabilities: options.capabilities.clone(),
        skip_schema_validation: action.disable_schema_validation,
        subchart_notes: false,
        engine: helm::engine::Options { strict: false, limits: options.limits },
    };
    let (mut output, files) =
        release::render_files(&chart, &values, &helm_options, &fetched.programs, world, &mut odd)?;
    let files = if options.as_helm { files } else { post_render(files, release, options.helm.split(), &mut warnings)? };
    let parted = if options.as_helm { split } else { options.helm.split() };
    release::sort_files(&mut output, files, parted, &fetched.programs, &mut odd)?;
    let crds = match action.crds {
        CrdsPolicy::Skip => Vec::new(),
        _ if options.as_helm => crds_of_helm(&output),
        _ => crds::applied(&output.crds, release, &mut warnings)?,
    };
    warnings.extend(odd.iter().map(ToString::to_string));
    let metadata = chart.metadata();
    Ok(RenderedRelease {
        name: helm_options.release.name,
        namespace: helm_options.release.namespace.clone(),
        chart: metadata.name.clone(),
        chart_version: metadata.version.clone(),
        app_version: metadata.app_version.clone(),
        values,
        manifest: stored_manifest(&output),
        objects: objects(crds, &output, action, &helm_options.release.namespace),
        notes: output.notes,
        warnings,
        asked: output.asked,
    })
}

/// The text of all manifests (`renderResources`).
fn stored_manifest(output: &Release) -> Bytes {
    let mut text = Vec::new();
    for manifest in &output.sorted.manifests {
        release::append_source(&mut text, &manifest.source, &manifest.text);
    }
    Bytes::from(text)
}

/// The objects of `crds/` as Helm prints them.
fn crds_of_helm(output: &Release) -> Vec<AppliedCrd> {
    let mut crds = Vec::new();
    for crd in &output.crds {
        for range in split(&crd.file.data) {
            let text = crd.file.data.slice(range);
            // Helm prints them unread: what is not an object has no head.
            let head = Head::parse(&text).unwrap_or_default();
            crds.push(AppliedCrd { source: Str::from(crd.filename.as_str()), head, text });
        }
    }
    crds
}

fn objects(crds: Vec<AppliedCrd>, output: &Release, action: Action, namespace: &str) -> Vec<Object> {
    let object = |role: Role, source: Str, head: Head, text: Bytes| {
        let namespace = if head.namespace.is_empty() { Str::from(namespace) } else { head.namespace.clone() };
        Object { role, source, head, namespace, text }
    };
    let mut objects = Vec::new();
    for AppliedCrd { source, head, text } in crds {
        objects.push(object(Role::Crd, source, head, text));
    }
    for manifest in &output.sorted.manifests {
        objects.push(object(Role::Manifest, manifest.source.clone(), manifest.head.clone(), manifest.text.clone()));
    }
    if !action.disable_hooks {
        for hook in &output.sorted.hooks {
            let role = Role::Hook(hook.events.clone());
            objects.push(object(role, hook.source.clone(), hook.head.clone(), hook.text.clone()));
        }
    }
    objects
}
