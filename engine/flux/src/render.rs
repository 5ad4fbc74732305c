//! One HelmRelease: from its chart to what helm-controller installs.

use std::rc::Rc;

use govalue::{Map, Str};
use helm::capabilities::Capabilities;
use helm::engine::{Asked, Limits, World};
use helm::manifest::{Head, HookEvent, Split, split, split_4_2_2};
use helm::release::{self, Release, ReleaseOptions};

use crate::chart::prepared;
use crate::charts::FetchedChart;
use crate::crds::{self, AppliedCrd};
use crate::error::RenderError;
use crate::helmrelease::{Action, CrdsPolicy, HelmRelease};
use crate::kustomize::post_render;
use crate::memo::Memo;
use crate::values::compose;
use helm::chart::Bytes;

/// How HelmReleases are rendered.
#[derive(Clone, Debug)]
pub struct Options {
    /// What templates see of the cluster.
    pub capabilities: Capabilities,
    /// How far one render may go.
    pub limits: Limits,
    /// Whether it is an upgrade: `.Release.IsUpgrade`, and `spec.upgrade` counts.
    pub upgrade: bool,
    /// `.Release.Revision`
    pub revision: i64,
    /// Plain Helm: no post-renderers, no labels of origin, the chart's own version.
    pub as_helm: bool,
    /// Which Helm helm-controller has.
    pub helm: HelmVersion,
    /// How deep HelmReleases may render HelmReleases.
    pub max_levels: u32,
    /// How many HelmReleases there may be.
    pub max_releases: usize,
    /// What is kept from tree to tree.
    pub memo: Memo,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            capabilities: Capabilities::default(),
            limits: Limits::default(),
            upgrade: false,
            revision: 1,
            as_helm: false,
            helm: HelmVersion::default(),
            max_levels: 8,
            max_releases: 1000,
            memo: Memo::default(),
        }
    }
}

impl Options {
    /// Whether one release deploys the same with both.
    pub(crate) fn same(&self, other: &Options) -> bool {
        let Options { capabilities, limits, upgrade, revision, as_helm, helm, max_levels: _, max_releases: _, memo: _ } =
            self;
        *capabilities == other.capabilities
            && *limits == other.limits
            && *upgrade == other.upgrade
            && *revision == other.revision
            && *as_helm == other.as_helm
            && *helm == other.helm
    }
}

/// The Helm that helm-controller is built with, where that makes a difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HelmVersion {
    /// Helm 4.2.2 in helm-controller 1.6.2: where a template has several
    /// documents, each but the last loses the line breaks at its end.
    #[default]
    V4_2_2,
    /// Helm 4.2.4, and what helm-controller has from 1.6.3 on: they stay.
    V4_2_4,
}

impl HelmVersion {
    /// How it parts files into documents.
    pub(crate) fn split(self) -> Split {
        match self {
            HelmVersion::V4_2_2 => split_4_2_2,
            HelmVersion::V4_2_4 => split,
        }
    }
}

/// What a HelmRelease deploys.
#[derive(Clone, Debug, Default)]
pub struct RenderedRelease {
    /// The name of the release.
    pub name: String,
    /// The namespace that objects without one go to.
    pub namespace: String,
    /// The chart's name.
    pub chart: Str,
    /// The chart's version as it is installed.
    pub chart_version: Str,
    /// The version of the application in it.
    pub app_version: Str,
    /// The values that the chart was given.
    pub values: Map,
    /// CRDs, manifests, hooks, each in the order of installation.
    pub objects: Vec<Object>,
    /// The manifests as helm-controller stores them in the release: hooks and
    /// CRDs are apart.
    pub manifest: Bytes,
    /// The chart's notes.
    pub notes: Bytes,
    /// What is odd.
    pub warnings: Vec<String>,
    /// What the templates asked of the world.
    pub asked: Asked,
}

/// An object that a HelmRelease deploys.
#[derive(Clone, Debug)]
pub struct Object {
    /// What it is in the release.
    pub role: Role,
    /// The template that it comes from, from the chart's name on.
    pub source: Str,
    /// `apiVersion`, `kind`, `metadata.name` …
    pub head: Head,
    /// `metadata.namespace`; that of the release if it has none.
    pub namespace: Str,
    /// Its text.
    pub text: Bytes,
}

/// What an object is in its release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// From the chart's `crds/`.
    Crd,
    /// A manifest.
    Manifest,
    /// A hook, with the moments when it runs.
    Hook(Vec<HookEvent>),
}

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
            // Helm prints them unread: what is no object has no head.
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
