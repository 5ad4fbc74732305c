//! What HelmReleases deploy.

use govalue::{Map, Str};
use helm::chart::Bytes;
use helm::engine::Asked;
use helm::manifest::{Head, HookEvent};

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
