//! All HelmReleases, and those that their charts render in turn.

use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;

use govalue::{Index, Str};
use goyaml::yaml::from_yaml;
use helm::engine::{Objects, World};

use crate::again::render_again;
use crate::charts::{ChartWanted, Charts, FetchError};
use crate::error::RenderError;
use crate::fields::FieldProblem;
use crate::helmrelease::{HelmRelease, ObjectName};
use crate::options::Options;
use crate::order::{Edges, sorted};
use crate::overlay::Overlay;
use crate::read::is_helm_release;
use crate::rendered::{Object, RenderedRelease};

/// What HelmReleases deploy, level by level.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// The HelmReleases in the order in which Flux brings them about: parents
    /// before those that they render, `dependsOn` before those that depend.
    pub releases: Vec<ReleaseNode>,
    /// The charts that are still missing: what a host must fetch. With
    /// them, another call gets further; each is named once.
    pub wanted: Vec<ChartWanted>,
    /// What is wrong, but not the failure of one release, which its
    /// [`ReleaseNode::outcome`] has.
    pub problems: Vec<TreeProblem>,
}

/// A HelmRelease in a [`Tree`].
#[derive(Clone, Debug)]
pub struct ReleaseNode {
    /// The HelmRelease.
    pub release: HelmRelease,
    /// The level of the objects that it deploys: 1 for those that the tree
    /// began with, 2 for those that these deploy …
    pub level: u32,
    /// The place in [`Tree::releases`] of the one whose chart rendered it.
    pub parent: Option<usize>,
    /// The template that rendered it, from the chart's name on; empty for those
    /// that the tree began with.
    pub source: Str,
    /// The chart that it wants.
    pub chart: ChartWanted,
    /// What became of it.
    pub outcome: Outcome,
    /// Fields that the API server would drop.
    pub warnings: Vec<FieldProblem>,
}

/// What became of a HelmRelease.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// What it deploys.
    Rendered(Box<RenderedRelease>),
    /// Why it deploys nothing.
    Failed(RenderError),
    /// It is suspended: Flux leaves it as it is.
    Suspended,
}

/// What is wrong with the HelmReleases together.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TreeProblem {
    /// An object claims to be a HelmRelease, but the API server would refuse it.
    Invalid {
        /// The release whose chart rendered it.
        parent: ObjectName,
        /// The template that rendered it.
        source: Str,
        /// Its own name, as far as it has one.
        name: String,
        /// What is wrong with it.
        fields: Vec<FieldProblem>,
    },
    /// A HelmRelease renders itself, by these steps.
    Cycle(Vec<ObjectName>),
    /// HelmReleases render HelmReleases without end, by these steps.
    TooDeep(Vec<ObjectName>),
    /// There are more HelmReleases than the options allow.
    TooMany(usize),
    /// Two make the same HelmRelease; the first is used.
    Duplicate {
        /// The HelmRelease.
        release: ObjectName,
        /// The release whose chart rendered the second, if any did.
        parent: Option<ObjectName>,
    },
    /// `dependsOn` names a HelmRelease that is not among these.
    UnknownDependency {
        /// Which depends.
        release: ObjectName,
        /// On what.
        dependency: ObjectName,
    },
    /// HelmReleases that wait for each other.
    DependencyCycle(Vec<ObjectName>),
}

impl TreeProblem {
    /// Whether it may be as it is meant: the cluster can have what is not here.
    pub fn is_warning(&self) -> bool {
        matches!(self, TreeProblem::UnknownDependency { .. })
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

impl fmt::Display for TreeProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let steps = |names: &[ObjectName]| names.iter().map(ToString::to_string).collect::<Vec<_>>().join(" → ");
        match self {
            TreeProblem::Invalid { parent, source, name, fields } => {
                let fields: Vec<_> = fields.iter().map(ToString::to_string).collect();
                write!(f, "{source} of release {parent}: HelmRelease {name:?} is not valid: {}", fields.join("; "))
            }
            TreeProblem::Cycle(names) => write!(f, "HelmRelease renders itself: {}", steps(names)),
            TreeProblem::TooDeep(names) => write!(f, "HelmReleases nest too deeply: {}", steps(names)),
            TreeProblem::TooMany(most) => write!(f, "more than {most} HelmReleases"),
            TreeProblem::Duplicate { release, parent: Some(parent) } => {
                write!(f, "HelmRelease {release} exists already, and release {parent} renders it again")
            }
            TreeProblem::Duplicate { release, parent: None } => write!(f, "HelmRelease {release} is given twice"),
            TreeProblem::UnknownDependency { release, dependency } => {
                write!(f, "HelmRelease {release} depends on {dependency}, which is not rendered")
            }
            TreeProblem::DependencyCycle(names) => write!(f, "HelmReleases depend on each other: {}", steps(names)),
        }
    }
}

impl Tree {
    /// All objects, with the release that deploys each.
    pub fn objects(&self) -> impl Iterator<Item = (&ReleaseNode, &Object)> {
        self.releases.iter().flat_map(|node| {
            let objects = match &node.outcome {
                Outcome::Rendered(rendered) => rendered.objects.as_slice(),
                _ => &[],
            };
            objects.iter().map(move |object| (node, object))
        })
    }

    /// The releases that led to one, the outermost first, it last.
    pub fn path(&self, node: &ReleaseNode) -> Vec<ObjectName> {
        let mut path = vec![node.release.id()];
        let mut parent = node.parent;
        while let Some(above) = parent {
            let node = &self.releases[above];
            path.push(node.release.id());
            parent = node.parent;
        }
        path.reverse();
        path
    }
}

/// Renders HelmReleases, the HelmReleases that their charts render, and so on.
///
/// A release that fails stops no other, and one that rendered before with the same [`Options::memo`] and depends on
/// nothing that has changed is not rendered again. `lookup` and `valuesFrom` see `objects`
/// and what the releases on the way to a HelmRelease have deployed, as they
/// would in a cluster.
pub fn render_all(
    releases: Vec<HelmRelease>,
    objects: &Objects,
    charts: &dyn Charts,
    options: &Options,
    world: Rc<dyn World>,
) -> Tree {
    options.memo.begin(options.settings());
    let world = Overlay::over(world, objects.clone());
    let mut walk = Walk { tree: Tree::default(), ids: Index::default(), charts, options };
    let mut queue: VecDeque<(usize, Rc<dyn World>)> = VecDeque::new();
    for release in releases {
        if let Some(index) = walk.add(release, None, Str::EMPTY, Vec::new()) {
            queue.push_back((index, Rc::clone(&world)));
        }
    }
    while let Some((index, world)) = queue.pop_front() {
        for (index, world) in walk.render(index, &world) {
            queue.push_back((index, world));
        }
    }
    walk.finish()
}

struct Walk<'a> {
    tree: Tree,
    /// Where each HelmRelease is.
    ids: Index<usize>,
    charts: &'a dyn Charts,
    options: &'a Options,
}

impl Walk<'_> {
    /// Takes a HelmRelease into the tree, if it has a place there.
    fn add(
        &mut self,
        release: HelmRelease,
        parent: Option<usize>,
        source: Str,
        warnings: Vec<FieldProblem>,
    ) -> Option<usize> {
        let id = release.id();
        let above = parent.map(|p| &self.tree.releases[p]);
        let level = above.map_or(1, |p| p.level + 1);
        let mut path = above.map(|p| self.tree.path(p)).unwrap_or_default();
        let problem = if path.contains(&id) {
            path.push(id);
            TreeProblem::Cycle(path)
        } else if level > self.options.max_levels {
            path.push(id);
            TreeProblem::TooDeep(path)
        } else if self.ids.contains(&id.key()) {
            TreeProblem::Duplicate { release: id, parent: path.pop() }
        } else if self.tree.releases.len() >= self.options.max_releases {
            TreeProblem::TooMany(self.options.max_releases)
        } else {
            self.ids.insert(id.key(), self.tree.releases.len());
            let chart = release.wanted();
            let outcome = Outcome::Suspended;
            self.tree.releases.push(ReleaseNode { release, level, parent, source, chart, outcome, warnings });
            return Some(self.tree.releases.len() - 1);
        };
        if !self.tree.problems.contains(&problem) {
            self.tree.problems.push(problem);
        }
        None
    }

    /// Renders one, and takes in the HelmReleases that come out, each with the
    /// world that it sees.
    fn render(&mut self, index: usize, world: &Rc<dyn World>) -> Vec<(usize, Rc<dyn World>)> {
        let node = &self.tree.releases[index];
        if node.release.suspend {
            return Vec::new();
        }
        let outcome = match self.charts.chart(&node.chart) {
            Ok(fetched) => render_again(&node.release, &fetched, self.options, world),
            Err(error) => {
                if error == FetchError::Unknown && !self.tree.wanted.contains(&node.chart) {
                    self.tree.wanted.push(node.chart.clone());
                }
                Err(RenderError::Fetch(error))
            }
        };
        let parent = node.release.id();
        match outcome {
            Err(error) => {
                self.settle(index, Outcome::Failed(error));
                Vec::new()
            }
            Ok(rendered) => {
                let (releases, objects) = sort_out(&rendered);
                self.settle(index, Outcome::Rendered(Box::new(rendered)));
                if releases.is_empty() {
                    return Vec::new();
                }
                let world = Overlay::over(Rc::clone(world), objects);
                let mut added = Vec::new();
                for (object, name, namespace, source) in releases {
                    match HelmRelease::read(&object, &namespace) {
                        Ok((release, warnings)) => {
                            if let Some(index) = self.add(release, Some(index), source, warnings) {
                                added.push((index, Rc::clone(&world)));
                            }
                        }
                        Err(fields) => {
                            let parent = parent.clone();
                            self.tree.problems.push(TreeProblem::Invalid { parent, source, name, fields });
                        }
                    }
                }
                added
            }
        }
    }

    fn settle(&mut self, index: usize, outcome: Outcome) {
        self.tree.releases[index].outcome = outcome;
    }

    /// Brings the releases into the order of their installation.
    fn finish(self) -> Tree {
        let Walk { mut tree, ids, .. } = self;
        let mut edges: Edges = vec![Vec::new(); tree.releases.len()];
        for (node, before) in tree.releases.iter().zip(&mut edges) {
            before.extend(node.parent);
            for dependency in &node.release.depends_on {
                match ids.get(&dependency.key()) {
                    Some(index) => before.push(*index),
                    None => {
                        let (release, dependency) = (node.release.id(), dependency.clone());
                        tree.problems.push(TreeProblem::UnknownDependency { release, dependency });
                    }
                }
            }
        }
        let (order, cycles) = sorted(&edges);
        for cycle in cycles {
            let names = cycle.iter().map(|&i| tree.releases[i].release.id()).collect();
            tree.problems.push(TreeProblem::DependencyCycle(names));
        }
        let mut place = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old] = new;
        }
        let mut nodes: Vec<(usize, ReleaseNode)> = place.iter().copied().zip(tree.releases).collect();
        govalue::sort::sort_by(&mut nodes, |a, b| a.0.cmp(&b.0));
        tree.releases = nodes
            .into_iter()
            .map(|(_, mut node)| {
                node.parent = node.parent.map(|p| place[p]);
                node
            })
            .collect();
        tree
    }
}

/// The HelmReleases that a release deploys (object, name, namespace, template),
/// and all other objects.
fn sort_out(rendered: &RenderedRelease) -> (Vec<(govalue::Value, String, String, Str)>, Objects) {
    let mut releases = Vec::new();
    let mut objects = Objects::default();
    let any = rendered.objects.iter().any(|o| is_helm_release(&o.head.api_version, &o.head.kind));
    for object in rendered.objects.iter().filter(|_| any) {
        let Ok(value) = from_yaml(&object.text) else { continue };
        let namespace = object.namespace.to_str_lossy().into_owned();
        if is_helm_release(&object.head.api_version, &object.head.kind) {
            let name = object.head.name.to_str_lossy().into_owned();
            releases.push((value, name, namespace, object.source.clone()));
        } else if matches!(&*object.head.kind, b"ConfigMap" | b"Secret") {
            if let govalue::Value::Map(map) = &value
                && let Some(govalue::Value::Map(metadata)) = map.get("metadata")
            {
                metadata.insert("namespace", govalue::Value::Str(object.namespace.clone()));
            }
            // What is not an object cannot be looked up; Helm has reported it before.
            let _ = objects.add(&value);
        }
    }
    (releases, objects)
}
