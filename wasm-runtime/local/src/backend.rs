//! The API's backend on this machine.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chartwright_api::types::{
    BaseCharts, Capabilities, Descriptor, DescriptorList, Difference, Event, History, Id, ListQuery, Preview, Verdict,
    is_label,
};
use chartwright_api::{Answer, ApiError, Backend, Precondition, Selector};
use chartwright_host::{Host, machine_world, native_engine};
use chartwright_sources::Sources;
use contract::{
    Budget, Cancel, ChartGiven, CheckInput, CheckOutput, Engine, ExpandInput, ExpandOutput, Platform, RenderInput,
    Severity, Subject, TextFile,
};
use policy::Policies;
use tokio::sync::broadcast;
use tokio::task::spawn_blocking;

use crate::charts::{CatalogCharts, Charts};
use crate::difference;
use crate::pool::Pool;
use crate::store::{Store, StoreError};

/// How many descriptors a page of a list has, where nobody says how many.
const PAGE: u32 = 100;
/// The most that a page may have.
const MOST_OF_PAGE: u32 = 500;

/// What a backend is made of.
#[derive(Debug)]
pub struct Options {
    /// The descriptors.
    pub store: Store,
    /// Where charts come from.
    pub sources: Sources,
    /// The names of the sources, for people.
    pub source_names: Vec<String>,
    /// The objects that say where sources are: what their Secrets hold is shown nowhere.
    pub hidden: Vec<TextFile>,
    /// Further charts.
    pub catalog: CatalogCharts,
    /// The rules that previews are judged by.
    pub policies: Option<Policies>,
    /// The platform's facts, where a request has none.
    pub platform: Option<Platform>,
    /// What renders.
    pub pool: Pool,
    /// How long a render may take.
    pub time: Duration,
}

/// Descriptors in a folder, and renders in this program.
#[derive(Clone)]
pub struct LocalBackend(Arc<Inner>);

struct Inner {
    options: Options,
    engine: Box<dyn Engine>,
}

impl std::fmt::Debug for LocalBackend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("LocalBackend").field(&self.0.options).finish()
    }
}

impl LocalBackend {
    /// A backend.
    pub fn new(options: Options) -> LocalBackend {
        LocalBackend(Arc::new(Inner { options, engine: Box::new(native_engine()) }))
    }

    /// Reads or writes the store, on a thread that may wait.
    fn store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer<'_, T> {
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            let done = spawn_blocking(move || work(&inner.options.store)).await;
            done.map_err(|_| ApiError::Internal("the store broke off: this is a bug".to_owned()))?
                .map_err(ApiError::from)
        })
    }

    /// Computes something on a thread of the pool, until nobody wants it any more.
    fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner, &Budget) -> Result<T, ApiError> + Send + 'static,
    ) -> Answer<'_, T> {
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            let budget = Budget { time: Some(inner.options.time), cancel: Cancel::default() };
            let _unwanted = Unwanted(budget.cancel.clone());
            let (pool, asked) = (inner.options.pool.clone(), Instant::now());
            pool.run(move || {
                // Whoever has waited as long as a render may take would wait too long.
                if asked.elapsed() > inner.options.time { Err(ApiError::Busy(1)) } else { work(&inner, &budget) }
            })
            .await?
        })
    }
}

/// Cancels a render whose client is gone.
struct Unwanted(Cancel);

impl Drop for Unwanted {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

impl Backend for LocalBackend {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            api_version: chartwright_api::VERSION.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            policies: self.0.options.policies.is_some(),
            ..Capabilities::default()
        }
    }

    fn list(&self, query: ListQuery) -> Answer<'_, DescriptorList> {
        Box::pin(async move {
            let limit = query.limit.unwrap_or(PAGE);
            if !(1..=MOST_OF_PAGE).contains(&limit) {
                return Err(ApiError::input(format!("limit: a number from 1 to {MOST_OF_PAGE} is wanted")));
            }
            if query.namespace.as_deref().is_some_and(|namespace| !is_label(namespace)) {
                return Err(ApiError::Name("namespace"));
            }
            let selector = Selector::parse(query.labels.as_deref().unwrap_or_default());
            let selector = selector.map_err(|term| ApiError::input(format!("labels: {term:?} is not a term")))?;
            let after = query.after.as_deref().map(|after| {
                let (namespace, name) = after.split_once('/').unwrap_or_default();
                let wrong = |_| ApiError::input("continue: only what an earlier answer has fits here");
                Id::new(namespace, name).map_err(wrong)
            });
            let after = after.transpose()?.map(|id| (id.namespace().to_owned(), id.name().to_owned()));
            let store = &self.0.options.store;
            if store.is_stale() {
                self.store(Store::scan).await?;
            }
            Ok(store.list(query.namespace.as_deref(), &selector, limit as usize, after.as_ref()))
        })
    }

    fn read(&self, id: Id) -> Answer<'_, Descriptor> {
        self.store(move |store| store.read(&id))
    }

    fn create(&self, text: String) -> Answer<'_, Descriptor> {
        self.store(move |store| store.create(&text))
    }

    fn replace(&self, id: Id, text: String, condition: Precondition) -> Answer<'_, (Descriptor, bool)> {
        self.store(move |store| store.replace(&id, &text, &condition))
    }

    fn delete(&self, id: Id, condition: Option<Precondition>) -> Answer<'_, ()> {
        self.store(move |store| store.delete(&id, condition.as_ref()))
    }

    fn history(&self, id: Id) -> Answer<'_, History> {
        self.store(move |store| store.history(&id))
    }

    fn revision(&self, id: Id, generation: u64) -> Answer<'_, Descriptor> {
        self.store(move |store| store.revision(&id, generation))
    }

    fn rollback(&self, id: Id, generation: u64, condition: Option<Precondition>) -> Answer<'_, Descriptor> {
        self.store(move |store| store.rollback(&id, generation, condition.as_ref()))
    }

    fn check(&self, input: CheckInput) -> Answer<'_, CheckOutput> {
        self.compute(move |inner, budget| {
            let charts = inner.charts(input.charts);
            Ok(inner.host(&charts, budget).check(input.descriptors)?)
        })
    }

    fn expand(&self, mut input: ExpandInput) -> Answer<'_, ExpandOutput> {
        self.compute(move |inner, budget| {
            let charts = inner.charts(std::mem::take(&mut input.charts));
            Ok(inner.host(&charts, budget).expand(input)?)
        })
    }

    fn preview(&self, input: RenderInput) -> Answer<'_, Preview> {
        self.compute(move |inner, budget| inner.preview(inner.complete(input)?, budget, true))
    }

    fn difference(&self, from: RenderInput, to: TextFile) -> Answer<'_, Difference> {
        self.compute(move |inner, budget| {
            // The same time and the same randomness: what differs is the descriptors.
            let mut from = inner.complete(from)?;
            (from.want.objects, from.want.text, from.want.level) = (true, false, None);
            let other = RenderInput { subject: Subject::Descriptor(to), ..from.clone() };
            let from = inner.preview(from, budget, false)?;
            Ok(difference::between(from, inner.preview(other, budget, false)?))
        })
    }

    fn base_charts(&self) -> Answer<'_, BaseCharts> {
        let options = &self.0.options;
        let charts = BaseCharts { items: options.catalog.list(), sources: options.source_names.clone() };
        Box::pin(std::future::ready(Ok(charts)))
    }

    fn events(&self) -> broadcast::Receiver<Event> {
        self.0.options.store.events()
    }
}

impl Inner {
    fn charts(&self, given: Vec<ChartGiven>) -> Charts<'_> {
        Charts { given, sources: &self.options.sources, catalog: &self.options.catalog }
    }

    fn host<'a>(&'a self, charts: &'a Charts<'_>, budget: &'a Budget) -> Host<'a> {
        Host { engine: &*self.engine, charts, budget, progress: &() }
    }

    /// What a request leaves open: the time, randomness, the platform; and its limits, which may only be lower.
    fn complete(&self, mut input: RenderInput) -> Result<RenderInput, ApiError> {
        let world = &mut input.world;
        let machine = machine_world(None, world.seed).map_err(ApiError::Internal)?;
        if (world.now, world.now_nanos) == (0, 0) {
            (world.now, world.now_nanos) = (machine.now, machine.now_nanos);
        }
        if world.key.is_none() {
            world.key = machine.key;
        }
        if world.platform.is_none() {
            world.platform.clone_from(&self.options.platform);
        }
        world.hidden.extend(self.options.hidden.iter().cloned());
        let most = chartwright::Limits::default();
        let limits = &mut input.limits;
        limits.steps = Some(limits.steps.unwrap_or(u64::MAX).min(most.steps));
        limits.depth = Some(limits.depth.unwrap_or(usize::MAX).min(most.depth));
        limits.output = Some(limits.output.unwrap_or(usize::MAX).min(most.output));
        limits.memory = Some(limits.memory.unwrap_or(usize::MAX).min(most.memory));
        // Text behind the JSON is for hosts of the plugin.
        input.want.raw = false;
        Ok(input)
    }

    fn preview(&self, mut input: RenderInput, budget: &Budget, judged: bool) -> Result<Preview, ApiError> {
        let digest = digest(&input.subject);
        let charts = self.charts(std::mem::take(&mut input.charts));
        let host = self.host(&charts, budget);
        let Some(policies) = self.options.policies.as_ref().filter(|_| judged) else {
            return Ok(Preview { digest, output: host.render(input)?, verdict: None });
        };
        let (output, problems) = host.judge(input, policies)?;
        let allowed = problems.iter().all(|problem| problem.severity != Severity::Error);
        Ok(Preview { digest, output, verdict: Some(Verdict { allowed, problems }) })
    }
}

/// The digest of what is rendered: of a descriptor, that of its text.
fn digest(subject: &Subject) -> String {
    let of = chartwright::api::digest;
    match subject {
        Subject::Descriptor(file) => of(file.text.as_bytes()),
        Subject::Chart(archive) => match (&archive.digest, &archive.data, &archive.files) {
            (_, Some(data), _) => of(&data.0),
            (Some(digest), ..) => digest.clone(),
            (None, None, files) => {
                let parts = files.iter().flatten().flat_map(|file| [file.path.as_bytes(), &file.data.0]);
                of(&joined(parts))
            }
        },
        Subject::Manifests(files) => of(&joined(files.iter().map(|file| file.text.as_bytes()))),
    }
}

/// Parts with their lengths, so that no two lists of parts are the same text.
fn joined<'a>(parts: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut all = Vec::new();
    for part in parts {
        all.extend_from_slice(&part.len().to_le_bytes());
        all.extend_from_slice(part);
    }
    all
}
