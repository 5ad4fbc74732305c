//! From a descriptor to a chart that renders.
//!
//! Nothing here is published. A chart that does not render in this cluster, or that breaks a policy, is refused: the
//! one before stays in use.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chartwright_host::{Host, machine_world};
use contract::{
    API_VERSION, Budget, CapabilitiesGiven, Engine, ExpandInput, Failure, FailureKind, Problem, RenderInput, Severity,
    Subject, TextFile,
};
use policy::Policies;
use tokio::runtime::Handle;

use crate::cluster::{Cluster, message};
use crate::inputs::{InputId, Inputs};
use crate::inventory::ObjectId;
use crate::publish::Chart;
use crate::sources::{Bring, ChartStore, Trouble};
use crate::world::{self, Seen};

/// How often templates may come up with further objects to look up.
const ROUNDS: usize = 8;
/// How many problems a message names.
const SHOWN: usize = 5;

/// What a build needs, beside the descriptor.
pub struct Build<'a> {
    /// Runs what waits for the API: a build blocks.
    pub handle: Handle,
    /// The engine.
    pub engine: &'a dyn Engine,
    /// The controller's view of the API.
    pub cluster: &'a Cluster,
    /// The view of the account that installs the chart: what it may not read, templates do not find.
    pub account: &'a Cluster,
    /// Where charts are kept.
    pub store: &'a ChartStore,
    /// Rules that everything deployed must keep.
    pub policies: Option<&'a Policies>,
    /// Whether sources of other namespaces may be used.
    pub cross_namespace: bool,
    /// What the cluster can do.
    pub capabilities: CapabilitiesGiven,
    /// How long each call of the engine may take.
    pub time: Duration,
    /// Hears of each object before it is read.
    pub depends: &'a (dyn Fn(&InputId) + Sync),
}

/// The descriptor that is built.
#[derive(Clone, Copy, Debug)]
pub struct Subjects<'a> {
    /// Its namespace.
    pub namespace: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
    /// Objects that its values come from, and whether each may be missing.
    pub values_from: &'a [(InputId, bool)],
    /// Objects that its templates are likely to look up: those of the last time.
    pub likely: &'a [InputId],
}

/// A chart that passed.
#[derive(Debug)]
pub struct Built {
    /// The chart.
    pub chart: Chart,
    /// What it was made from.
    pub inputs: Inputs,
    /// The `HelmChart`s that were made for it.
    pub helm_charts: BTreeSet<ObjectId>,
    /// What may not be as meant.
    pub warnings: usize,
}

/// Why there is no chart.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// A chart cannot be had now.
    #[error(transparent)]
    Source(#[from] Trouble),
    /// The descriptor is not valid.
    #[error("{}", list(.0))]
    Invalid(Vec<Problem>),
    /// The chart does not render.
    #[error("{}", list(.0))]
    Render(Vec<Problem>),
    /// What it deploys breaks policies.
    #[error("{}", list(.0))]
    Policy(Vec<Problem>),
    /// The engine gave no answer.
    #[error("{}", .0.message)]
    Engine(Failure),
    /// An object that values come from does not exist.
    #[error("values come from the {0}, which does not exist")]
    NoValues(InputId),
    /// An object that is looked up cannot be read.
    #[error("the {id} cannot be read: {}", message(.why))]
    LookUp {
        /// The object.
        id: InputId,
        /// Why.
        why: kube::Error,
    },
}

impl Refused {
    /// Whether trying again may help, without a change of anything that is watched.
    pub fn may_pass(&self) -> bool {
        match self {
            Refused::Source(trouble) => trouble.may_pass(),
            Refused::Engine(failure) => !matches!(
                failure.kind,
                FailureKind::LimitSteps | FailureKind::LimitDepth | FailureKind::LimitOutput | FailureKind::LimitMemory
            ),
            Refused::LookUp { .. } | Refused::NoValues(_) => true,
            _ => false,
        }
    }
}

/// A build that failed, with what it had read by then.
#[derive(Debug)]
pub struct Unbuilt {
    /// Why.
    pub why: Refused,
    /// What was read.
    pub inputs: Inputs,
    /// The `HelmChart`s that were made for it.
    pub helm_charts: BTreeSet<ObjectId>,
}

impl Build<'_> {
    /// Builds a chart. It blocks.
    ///
    /// # Errors
    /// Why there is none, with what is known of the inputs.
    pub fn run(&self, subject: &Subjects<'_>) -> Result<Built, Box<Unbuilt>> {
        let bring = Bring::new(
            self.handle.clone(),
            self.cluster,
            self.store,
            (subject.namespace, subject.name),
            self.cross_namespace,
            self.depends,
        );
        let mut seen = Seen::default();
        let result = self.passed(subject, &bring, &mut seen);
        let mut inputs = Inputs(bring.inputs());
        inputs.0.extend(seen.inputs);
        let helm_charts = bring.made();
        match result {
            Ok((chart, warnings)) => Ok(Built { chart, inputs, helm_charts, warnings }),
            Err(why) => {
                // What kept a chart away says more than what follows from that.
                let why = bring.take_troubles().into_iter().next().map_or(why, Refused::Source);
                Err(Box::new(Unbuilt { why, inputs, helm_charts }))
            }
        }
    }

    fn passed(&self, subject: &Subjects<'_>, bring: &Bring<'_>, seen: &mut Seen) -> Result<(Chart, usize), Refused> {
        let budget = Budget { time: Some(self.time), ..Budget::default() };
        let host = Host { engine: self.engine, charts: bring, budget: &budget, progress: &() };
        let file = TextFile { name: format!("{}/{}", subject.namespace, subject.name), text: subject.text.to_owned() };
        let checked = host.check(vec![file.clone()]).map_err(Refused::Engine)?;
        let errors = errors(&checked.problems);
        if !errors.is_empty() {
            return Err(Refused::Invalid(errors));
        }
        let input =
            ExpandInput { api_version: API_VERSION.to_owned(), descriptor: file.clone(), ..ExpandInput::default() };
        let expanded = host.expand(input).map_err(Refused::Engine)?;
        let errors = self::errors(&expanded.problems);
        if !errors.is_empty() || expanded.archive.0.is_empty() {
            return Err(Refused::Invalid(errors));
        }
        self.gate(subject, &host, &file, seen)?;
        let chart = Chart { version: expanded.version, archive: Arc::new(expanded.archive.0) };
        Ok((chart, checked.problems.len()))
    }

    /// Renders everything that the descriptor deploys, with the objects that this cluster has.
    fn gate(&self, subject: &Subjects<'_>, host: &Host<'_>, file: &TextFile, seen: &mut Seen) -> Result<(), Refused> {
        let values: Vec<InputId> = subject.values_from.iter().map(|(id, _)| id.clone()).collect();
        self.look_up(seen, values)?;
        for (id, optional) in subject.values_from {
            if !optional && seen.objects.get(id).is_none_or(Vec::is_empty) {
                return Err(Refused::NoValues(id.clone()));
            }
        }
        self.look_up(seen, subject.likely.iter().filter(|id| !id.is_source()).cloned())?;
        let mut rounds = 0;
        loop {
            let mut input = RenderInput::new(Subject::Descriptor(file.clone()));
            input.capabilities = self.capabilities.clone();
            input.world =
                machine_world(None, None).map_err(|why| Refused::Engine(Failure::new(FailureKind::Internal, why)))?;
            input.world.objects = seen.texts();
            (input.want.text, input.want.objects) = (false, false);
            let (output, refused) = match self.policies {
                Some(policies) => host.judge(input, policies).map_err(Refused::Engine)?,
                None => (host.render(input).map_err(Refused::Engine)?, Vec::new()),
            };
            rounds += 1;
            if rounds < ROUNDS && self.look_up(seen, world::ids(&output.asked.lookups))? {
                continue;
            }
            let errors = errors(&output.problems);
            if !errors.is_empty() {
                return Err(Refused::Render(errors));
            }
            let broken = self::errors(&refused);
            return if broken.is_empty() { Ok(()) } else { Err(Refused::Policy(broken)) };
        }
    }

    fn look_up(&self, seen: &mut Seen, ids: impl IntoIterator<Item = InputId>) -> Result<bool, Refused> {
        self.handle.block_on(seen.add(self.account, ids, self.depends)).map_err(|(id, why)| Refused::LookUp { id, why })
    }
}

fn errors(problems: &[Problem]) -> Vec<Problem> {
    problems.iter().filter(|problem| problem.severity == Severity::Error).cloned().collect()
}

/// Problems in one line: the first few, each with the field or the place that it is about.
fn list(problems: &[Problem]) -> String {
    let mut shown: Vec<String> = problems.iter().take(SHOWN).map(line).collect();
    match problems.len() {
        0 => shown.push("the engine made no chart".to_owned()),
        all if all > SHOWN => shown.push(format!("and {} more", all - SHOWN)),
        _ => {}
    }
    shown.join("; ")
}

fn line(problem: &Problem) -> String {
    // The descriptor's lines are those of a text that nobody sees: its fields have names.
    let place = if problem.path.is_empty() { problem.place.to_string() } else { problem.path.clone() };
    let hint = problem.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
    let concerns = problem.concerns().map(|concerns| format!(" [{concerns}]")).unwrap_or_default();
    format!("{place}: {}{hint}{concerns}", problem.message)
}
