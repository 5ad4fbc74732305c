//! Rendering through HelmReleases: all levels of a descriptor or of manifests.

use std::rc::Rc;
use std::time::Duration;

use contract::{
    Asked, Code, Failure, FluxHelm, Mode, ObjectOut, Problem, ReleaseOut, RenderInput, RenderOutput, Role, Severity,
    Text, TextFile,
};
use flux::{Charts, HelmRelease, HelmVersion, Outcome, ReleaseNode, Tree, render_all};
use govalue::Map;
use helm::engine::{Limits, Objects, World};
use helm::release::append_source;

use super::facts::Watched;
use super::manifests::Manifests;
use super::memory::Memory;
use super::module::{Module, WithModule};
use super::request::request;
use super::{convert, problems};

/// What HelmReleases are rendered with.
pub(super) struct Levels<'a> {
    pub(super) input: &'a RenderInput,
    pub(super) charts: &'a dyn Charts,
    pub(super) world: Rc<dyn World>,
    /// The operator's values, over those of a descriptor's release.
    pub(super) values: Map,
    /// What is kept from call to call.
    pub(super) memory: &'a Memory,
    /// Most time of each release's render.
    pub(super) time: Option<Duration>,
}

impl Levels<'_> {
    /// Renders a descriptor: what its module deploys, and what the HelmReleases in that deploy.
    pub(super) fn descriptor(self, file: &TextFile) -> Result<RenderOutput, Failure> {
        let mut output = RenderOutput::default();
        let watched = Watched::new(self.charts, Rc::clone(&self.world));
        let module = Module::new(&file.name, &file.text, &self.values, &watched, self.memory, &mut output.problems);
        let Some(module) = module else {
            return Ok(output);
        };
        let with_module = WithModule { module: module.fetched(), wanted: module.release.wanted(), others: &watched };
        let releases = vec![module.release.clone()];
        let tree = self.tree(releases, &Objects::default(), &with_module, watched.world())?;
        // Of a chart that is missing, the release that needs it says more.
        output.problems.retain(|p| p.code != Code::MissingChart);
        output.objects.extend(namespace(&module.release));
        self.fill(&mut output, &tree, Some(&module), &watched);
        Ok(output)
    }

    /// Renders the HelmReleases of manifests.
    pub(super) fn manifests(self, files: &[TextFile]) -> Result<RenderOutput, Failure> {
        let Manifests { releases, objects, problems } = Manifests::read(files);
        let watched = Watched::new(self.charts, Rc::clone(&self.world));
        let tree = self.tree(releases, &objects, &watched, watched.world())?;
        let mut output = RenderOutput { problems, ..RenderOutput::default() };
        self.fill(&mut output, &tree, None, &watched);
        Ok(output)
    }

    fn tree(
        &self,
        releases: Vec<HelmRelease>,
        objects: &Objects,
        charts: &dyn Charts,
        world: Rc<dyn World>,
    ) -> Result<Tree, Failure> {
        let request = request(self.input)?;
        let options = flux::Options {
            capabilities: request.options.capabilities,
            limits: Limits { time: self.time, ..request.options.engine.limits },
            upgrade: self.input.release.upgrade,
            as_helm: self.input.mode == Mode::Helm,
            helm: match self.input.world.flux_helm {
                FluxHelm::V4_2_2 => HelmVersion::V4_2_2,
                FluxHelm::V4_2_4 => HelmVersion::V4_2_4,
            },
            max_levels: self.input.want.levels,
            memo: self.memory.releases.clone(),
            ..flux::Options::default()
        };
        Ok(render_all(releases, objects, charts, &options, world))
    }

    fn fill(&self, output: &mut RenderOutput, tree: &Tree, module: Option<&Module>, watched: &Watched<'_>) {
        for node in &tree.releases {
            let component = module.and_then(|m| m.component(&node.release.name));
            if let Outcome::Rendered(rendered) = &node.outcome {
                output.releases.push(ReleaseOut {
                    helm_release: node.release.id().to_string(),
                    name: rendered.name.clone(),
                    namespace: rendered.namespace.clone(),
                    chart: rendered.chart.to_string(),
                    version: rendered.chart_version.to_string(),
                    level: node.level,
                });
                output.warnings.extend(rendered.warnings.iter().map(|w| format!("{}: {w}", node.release.id())));
                output.objects.extend(self.objects(node, component));
                add_notes(&mut output.notes.0, node);
                merge(&mut output.asked, convert::asked(&rendered.asked));
            } else {
                // What it did not find may be why it failed: hosts that can find it ask again.
                let lookups = watched.missed(&node.chart).iter().map(convert::lookup).collect();
                merge(&mut output.asked, Asked { lookups, ..Asked::default() });
            }
            let found = problems::of_release(node, module, watched);
            output.problems.extend(found);
        }
        output.problems.extend(tree.problems.iter().map(|p| problems::of_tree(p, module)));
        output.wanted.clone_from(&tree.wanted);
        if let Some(level) = self.input.want.level {
            output.objects.retain(|object| object.level == level);
        }
        if self.input.want.text {
            output.text = Text(text(&output.objects, &output.releases));
        }
        if !self.input.want.objects {
            output.objects.clear();
        }
    }

    fn objects<'a>(
        &'a self,
        node: &'a ReleaseNode,
        component: Option<&'a str>,
    ) -> impl Iterator<Item = ObjectOut> + 'a {
        let want = &self.input.want;
        let (objects, chart) = match &node.outcome {
            Outcome::Rendered(r) => (r.objects.as_slice(), format!("{}-{}", r.chart, r.chart_version)),
            _ => (&[][..], String::new()),
        };
        objects.iter().filter(move |o| want.hooks || !matches!(o.role, flux::Role::Hook(_))).map(move |object| {
            let (role, hook) = match &object.role {
                flux::Role::Crd => (Role::Crd, None),
                flux::Role::Manifest => (Role::Manifest, None),
                flux::Role::Hook(events) => {
                    let events = events.iter().copied().map(convert::event).collect();
                    (Role::Hook, Some(contract::Hook { events, ..contract::Hook::default() }))
                }
            };
            ObjectOut {
                role,
                source: object.source.to_string(),
                level: node.level,
                api_version: object.head.api_version.to_string(),
                kind: object.head.kind.to_string(),
                name: object.head.name.to_string(),
                namespace: object.namespace.to_string(),
                helm_release: Some(node.release.id().to_string()),
                component: component.map(str::to_owned),
                chart: Some(chart.clone()),
                hook,
                text: Text(object.text.to_vec()),
            }
        })
    }
}

/// The namespace that a module is deployed to.
fn namespace(release: &HelmRelease) -> Option<ObjectOut> {
    let name = release.release_namespace();
    (name != "default").then(|| ObjectOut {
        role: Role::Manifest,
        level: 1,
        api_version: "v1".into(),
        kind: "Namespace".into(),
        name: name.to_owned(),
        text: Text::from(format!("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {name}\n").into_bytes()),
        ..ObjectOut::default()
    })
}

/// All objects as one text, release by release.
fn text(objects: &[ObjectOut], releases: &[ReleaseOut]) -> Vec<u8> {
    let mut text = Vec::new();
    let mut current: Option<&str> = None;
    for object in objects {
        let of = object.helm_release.as_deref();
        if of != current {
            current = of;
            if let Some(release) = releases.iter().find(|r| Some(r.helm_release.as_str()) == of) {
                let ReleaseOut { helm_release, name, namespace, chart, version, level } = release;
                let line = format!(
                    "# HelmRelease {helm_release}, level {level}: chart {chart} {version}, \
                     release {name} in namespace {namespace}\n"
                );
                text.extend_from_slice(line.as_bytes());
            }
        }
        if object.source.is_empty() {
            text.extend_from_slice(b"---\n");
            text.extend_from_slice(&object.text.0);
        } else {
            append_source(&mut text, object.source.as_bytes(), &object.text.0);
        }
    }
    text
}

fn add_notes(notes: &mut Vec<u8>, node: &ReleaseNode) {
    let Outcome::Rendered(rendered) = &node.outcome else { return };
    let own = rendered.notes.trim_ascii_end();
    if own.is_empty() {
        return;
    }
    if !notes.is_empty() {
        notes.push(b'\n');
    }
    notes.extend_from_slice(format!("{}:\n", node.release.id()).as_bytes());
    notes.extend_from_slice(own);
    notes.push(b'\n');
}

fn merge(all: &mut Asked, asked: Asked) {
    all.lookups.extend(asked.lookups);
    govalue::sort::sort_by(&mut all.lookups, Ord::cmp);
    all.lookups.dedup();
    all.clock |= asked.clock;
    all.random |= asked.random;
}

/// Whether something in an output is an error.
pub fn has_errors(problems: &[Problem]) -> bool {
    problems.iter().any(|p| p.severity == Severity::Error)
}
