//! Charts while their dependencies are processed.
//!
//! Helm changes its charts in place, and copies of a chart under several
//! aliases share what Helm does not copy: the metadata of their subcharts, and
//! the subcharts of these. That shows where a shared chart is processed twice,
//! so it is kept here, too: nodes share metadata, and parents share nodes. A
//! shared node knows one parent only, the one that took it last, and its path
//! leads through that one: under the folder's name where the alias belongs to a copy.

use std::sync::Arc;

use govalue::{Frozen, Str};

use super::resolved::Resolved;
use crate::chart::{Chart, ChartError, Dependency};

/// The charts of a render and their metadata, by number.
#[derive(Default)]
pub(super) struct Nodes {
    nodes: Vec<Node>,
    metadata: Vec<Metadata>,
}

/// A chart.
#[derive(Clone)]
pub(super) struct Node {
    pub(super) chart: Arc<Chart>,
    /// The number of its metadata.
    metadata: usize,
    pub(super) values: Frozen,
    pub(super) has_nulls: bool,
    /// The number of the chart that took it last; none for the root.
    parent: Option<usize>,
    /// The numbers of its subcharts.
    pub(super) dependencies: Vec<usize>,
}

/// What processing changes of a chart's metadata.
#[derive(Clone)]
pub(super) struct Metadata {
    /// The name: the alias, where it has one.
    pub(super) name: Str,
    /// The dependencies; none if the list is nil.
    pub(super) requirements: Option<Vec<Requirement>>,
}

/// A dependency in the chart's metadata.
#[derive(Clone, Debug)]
pub(super) struct Requirement {
    /// Its name is the alias once subcharts have been found.
    pub(super) dependency: Dependency,
    /// The imports as pairs of child and parent, once they are done.
    pub(super) imports: Option<Vec<(Str, Str)>>,
}

impl Nodes {
    /// Adds a chart with its subcharts.
    pub(super) fn add(&mut self, chart: &Arc<Chart>) -> Result<usize, ChartError> {
        let requirement = |d: &Dependency| Requirement { dependency: d.clone(), imports: None };
        let requirements = chart.metadata.dependencies.as_ref().map(|list| list.iter().map(requirement).collect());
        self.metadata.push(Metadata { name: chart.name().clone(), requirements });
        let node = Node {
            chart: Arc::clone(chart),
            metadata: self.metadata.len() - 1,
            values: chart.values.clone(),
            has_nulls: chart.has_nulls,
            parent: None,
            dependencies: chart.dependencies.iter().map(|sub| self.add(sub)).collect::<Result<_, _>>()?,
        };
        self.push(node)
    }

    fn push(&mut self, node: Node) -> Result<usize, ChartError> {
        if self.nodes.len() >= Resolved::MOST {
            return Err(too_many());
        }
        let at = self.nodes.len();
        for sub in &node.dependencies {
            self.nodes[*sub].parent = Some(at);
        }
        self.nodes.push(node);
        Ok(at)
    }

    /// Gives a chart its subcharts, which take it for their parent (`SetDependencies`).
    pub(super) fn set_dependencies(&mut self, at: usize, subcharts: Vec<usize>) {
        for sub in &subcharts {
            self.nodes[*sub].parent = Some(at);
        }
        self.nodes[at].dependencies = subcharts;
    }

    /// Where the chart is below the root, as its parents are called now (`ChartFullPath`).
    fn path(&self, at: usize) -> Str {
        let mut names = vec![self.metadata(at).name.as_bytes()];
        let mut above = self.nodes[at].parent;
        while let Some(parent) = above {
            names.push(self.metadata(parent).name.as_bytes());
            above = self.nodes[parent].parent;
        }
        names.reverse();
        Str::from(names.join(b"/charts/".as_slice()))
    }

    /// Whether the values of a chart or of one below it may have nulls.
    pub(super) fn has_nulls(&self, at: usize) -> bool {
        let node = self.node(at);
        node.has_nulls || node.dependencies.iter().any(|sub| self.has_nulls(*sub))
    }

    pub(super) fn node(&self, at: usize) -> &Node {
        &self.nodes[at]
    }

    pub(super) fn node_mut(&mut self, at: usize) -> &mut Node {
        &mut self.nodes[at]
    }

    pub(super) fn metadata(&self, at: usize) -> &Metadata {
        &self.metadata[self.nodes[at].metadata]
    }

    pub(super) fn metadata_mut(&mut self, at: usize) -> &mut Metadata {
        &mut self.metadata[self.nodes[at].metadata]
    }

    /// Copies a chart for an alias, if it has one (`getAliasDependency`): with
    /// metadata of its own and copies of its subcharts, which share theirs.
    pub(super) fn copy(&mut self, at: usize, alias: &Str) -> Result<usize, ChartError> {
        let mut node = self.nodes[at].clone();
        let mut metadata = self.metadata[node.metadata].clone();
        if !alias.is_empty() {
            metadata.name = alias.clone();
        }
        self.metadata.push(metadata);
        node.metadata = self.metadata.len() - 1;
        for sub in &mut node.dependencies {
            // Not pushed as a chart of its own: what is below it stays with the chart that it is a copy of.
            if self.nodes.len() >= Resolved::MOST {
                return Err(too_many());
            }
            let copy = self.nodes[*sub].clone();
            self.nodes.push(copy);
            *sub = self.nodes.len() - 1;
        }
        self.push(node)
    }

    /// The chart as it is now.
    pub(super) fn resolved(&self, at: usize) -> Result<Resolved, ChartError> {
        self.tree(at, &mut 0)
    }

    fn tree(&self, at: usize, count: &mut usize) -> Result<Resolved, ChartError> {
        *count += 1;
        if *count > Resolved::MOST {
            return Err(too_many());
        }
        let (node, metadata) = (self.node(at), self.metadata(at));
        Ok(Resolved {
            chart: Arc::clone(&node.chart),
            name: metadata.name.clone(),
            path: self.path(at),
            is_root: node.parent.is_none(),
            values: node.values.clone(),
            has_nulls: node.has_nulls,
            requirements: metadata.requirements.clone().unwrap_or_default(),
            dependencies: node.dependencies.iter().map(|sub| self.tree(*sub, count)).collect::<Result<_, _>>()?,
        })
    }
}

fn too_many() -> ChartError {
    ChartError::new(format!("chart has more than {} subcharts", Resolved::MOST))
}
