//! What a chart became.

use std::sync::Arc;

use govalue::Str;
use helm::Warning;
use helm::chart::Chart;
use helm::engine::Asked;
use helm::manifest::{Head, Hook, split};
use helm::release::{self, Release, ReleaseOptions, ShowError};

/// A rendered chart: its objects, notes and what was noticed on the way.
#[derive(Clone, Debug)]
pub struct Rendered {
    release: Release,
    name: String,
    namespace: String,
    chart: Arc<Chart>,
    pub(crate) warnings: Vec<Warning>,
}

/// Which parts [`Rendered::text`] has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextOptions {
    /// The files under `crds/`.
    pub crds: bool,
    /// Hooks.
    pub hooks: bool,
    /// Hooks that are tests.
    pub tests: bool,
}

impl Default for TextOptions {
    fn default() -> TextOptions {
        TextOptions { crds: false, hooks: true, tests: true }
    }
}

/// A rendered object.
#[derive(Clone, Debug)]
pub struct Object<'a> {
    /// What it is in the release.
    pub role: Role<'a>,
    /// The template that it comes from.
    pub source: Str,
    /// `apiVersion`
    pub api_version: Str,
    /// `kind`
    pub kind: Str,
    /// `metadata.name`
    pub name: Str,
    /// `metadata.namespace`; that of the release if it has none.
    pub namespace: Str,
    /// 1: rendered from the chart itself; 2: from a chart that a HelmRelease names.
    pub level: u32,
    /// Its text.
    pub text: &'a [u8],
}

/// What an object is in its release.
#[derive(Clone, Copy, Debug)]
pub enum Role<'a> {
    /// A file under `crds/`.
    Crd,
    /// A manifest.
    Manifest,
    /// A hook.
    Hook(&'a Hook),
}

impl Rendered {
    pub(crate) fn new(release: Release, options: &ReleaseOptions, chart: Arc<Chart>) -> Rendered {
        let (name, namespace) = (options.name.clone(), options.namespace.clone());
        Rendered { release, name, namespace, chart, warnings: Vec::new() }
    }

    /// The release's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The release's namespace.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The chart.
    pub fn chart(&self) -> &Chart {
        &self.chart
    }

    /// The text that `helm template` prints.
    pub fn text(&self, options: TextOptions) -> Vec<u8> {
        release::manifests_text(&self.release, options.crds, options.hooks, !options.tests)
    }

    /// The part of the text that comes from templates which these shell patterns match.
    ///
    /// # Errors
    /// If a pattern matches nothing.
    pub fn show_only(&self, options: TextOptions, patterns: &[String]) -> Result<Vec<u8>, ShowError> {
        release::show_only(&self.text(options), patterns)
    }

    /// The objects: CRDs, manifests, hooks, each in the order of installation.
    pub fn objects(&self) -> impl Iterator<Item = Object<'_>> {
        let crds = self.release.crds.iter().flat_map(|crd| {
            let text = crd.file.data.as_bytes();
            split(text).into_iter().map(|range| {
                let text = text.get(range).unwrap_or_default();
                self.object(Role::Crd, Str::from(crd.filename.as_str()), text, &Head::parse(text).unwrap_or_default())
            })
        });
        let sorted = &self.release.sorted;
        let manifests =
            sorted.manifests.iter().map(|m| self.object(Role::Manifest, m.source.clone(), &m.text, &m.head));
        let hooks = sorted.hooks.iter().map(|h| self.object(Role::Hook(h), h.source.clone(), &h.text, &h.head));
        crds.chain(manifests).chain(hooks)
    }

    fn object<'a>(&'a self, role: Role<'a>, source: Str, text: &'a [u8], head: &Head) -> Object<'a> {
        Object {
            role,
            source,
            api_version: head.api_version.clone(),
            kind: head.kind.clone(),
            name: head.name.clone(),
            namespace: if head.namespace.is_empty() {
                Str::from(self.namespace.as_str())
            } else {
                head.namespace.clone()
            },
            level: 1,
            text,
        }
    }

    /// The files under `crds/`: source and text.
    pub fn crds(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.release.crds.iter().map(|crd| (crd.filename.as_str(), crd.file.data.as_bytes()))
    }

    /// The notes; empty where the chart has none.
    pub fn notes(&self) -> &[u8] {
        &self.release.notes
    }

    /// What Helm writes to its log.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// What the templates asked of the world.
    pub fn asked(&self) -> &Asked {
        &self.release.asked
    }
}
