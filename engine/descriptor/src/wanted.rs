//! The charts that a descriptor needs.

use contract::{ChartSource, ChartWanted};

use crate::types::{Component, HelmChartDescriptor, SourceKind, Spec, Template};

impl SourceKind {
    /// Its name in Kubernetes.
    pub fn name(self) -> &'static str {
        match self {
            SourceKind::GitRepository => "GitRepository",
            SourceKind::HelmRepository => "HelmRepository",
            SourceKind::OCIRepository => "OCIRepository",
            SourceKind::Bucket => "Bucket",
            SourceKind::ExternalArtifact => "ExternalArtifact",
        }
    }

    /// Whether charts are folders in it, named by a path.
    pub fn has_folders(self) -> bool {
        matches!(self, SourceKind::GitRepository | SourceKind::Bucket)
    }

    /// Whether the source is the chart: a `chartRef` of the HelmRelease.
    pub fn is_chart(self) -> bool {
        matches!(self, SourceKind::OCIRepository | SourceKind::ExternalArtifact)
    }
}

impl Template {
    /// The chart as a HelmRelease names it: in a source with folders a bare
    /// name `modulebase` is the path `./charts/modulebase`.
    pub fn chart_path(&self) -> String {
        if self.source_ref.kind.has_folders() && !self.chart.contains('/') {
            format!("./charts/{}", self.chart)
        } else {
            self.chart.clone()
        }
    }

    /// What it asks of its source; `namespace` is the module's.
    pub fn wanted(&self, namespace: &str) -> ChartWanted {
        let from = &self.source_ref;
        let source = ChartSource {
            kind: from.kind.name().to_owned(),
            namespace: from.namespace.clone().unwrap_or_else(|| namespace.to_owned()),
            name: from.name.clone(),
        };
        if from.kind.is_chart() {
            return ChartWanted { source, ..ChartWanted::default() };
        }
        let version = self.version.clone().unwrap_or_default();
        ChartWanted { source, chart: self.chart_path(), version, values_files: Vec::new() }
    }
}

impl Spec {
    /// The base chart of a component, if it has one.
    pub fn template_of<'a>(&'a self, component: &'a Component) -> Option<&'a Template> {
        component.template.as_ref().or(self.template.as_ref())
    }
}

impl HelmChartDescriptor {
    /// The namespace that the module's own HelmRelease is in: named as the module if none is given.
    pub fn namespace(&self) -> &str {
        self.metadata.namespace.as_deref().filter(|n| !n.is_empty()).unwrap_or(&self.metadata.name)
    }

    /// The namespace that the module is deployed to.
    pub fn target_namespace(&self) -> &str {
        self.spec.release.target_namespace.as_deref().filter(|n| !n.is_empty()).unwrap_or(self.namespace())
    }

    /// The charts of all components, each once, in the order of the components.
    pub fn wanted(&self) -> Vec<ChartWanted> {
        let mut wanted = Vec::new();
        for component in &self.spec.components {
            let chart = self.spec.template_of(component).map(|t| t.wanted(self.target_namespace()));
            wanted.extend(chart.filter(|chart| !wanted.contains(chart)));
        }
        wanted
    }
}
