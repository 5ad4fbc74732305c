//! The API's backend on this machine.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, Weak};
use std::time::{Duration, Instant};

use chartwright_api::types::{
    BaseCharts, Capabilities, Deploys, Descriptor, DescriptorList, Difference, Drift, Event, History, Id, ListQuery,
    Operation, Preview, Release, ReleaseHistory, ReleaseList, Source, SourceInput, SourceList, Verdict, is_label,
};
use chartwright_api::{Answer, ApiError, Backend, Doing, Namespaces, Precondition, Progress, Releases, Selector};
use chartwright_host::{Host, machine_world, native_engine};
use chartwright_sources::Sources;
use contract::{
    Budget, Cancel, ChartGiven, CheckInput, CheckOutput, Engine, ExpandInput, ExpandOutput, ExpandWant, FileGiven,
    Platform, RenderInput, Severity, Subject, TextFile,
};
use descriptor::Parsed;
use descriptor::expand::Expanded;
use descriptor::export::SourceUrl;
use helm::chart::File;
use policy::Policies;
use tokio::sync::broadcast;
use tokio::task::spawn_blocking;

use crate::charts::{CatalogCharts, Charts, Places};
use crate::difference;
use crate::fetcher::Fetcher;
use crate::pool::Pool;
use crate::releases::{GitReleases, ReleaseError};
use crate::store::{Store, StoreError};
use crate::stored::{self, Clients, SourceHosts};

/// How many descriptors a page of a list has, where nobody says how many.
const PAGE: u32 = 100;
/// How often the store is looked at for those who listen.
const WATCH: Duration = Duration::from_millis(500);
/// The most that a page may have.
const MOST_OF_PAGE: u32 = 500;

/// What a backend is made of.
#[derive(Debug)]
pub struct Options {
    /// The descriptors.
    pub store: Store,
    /// Where charts come from.
    pub sources: Sources,
    /// How charts of stored sources are fetched.
    pub source_options: chartwright_sources::Options,
    /// Which servers stored sources may name.
    pub source_hosts: SourceHosts,
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
    /// Where releases are written, if anywhere.
    pub releases: Option<GitReleases>,
    /// What renders.
    pub pool: Pool,
    /// How long a render may take.
    pub time: Duration,
}

/// Descriptors in a store, and renders in this program.
#[derive(Clone)]
pub struct LocalBackend(Arc<Inner>);

struct Inner {
    store: Store,
    places: Places,
    source_hosts: SourceHosts,
    policies: Option<Policies>,
    platform: Option<Platform>,
    hidden: Vec<TextFile>,
    source_names: Vec<String>,
    releases: Option<GitReleases>,
    pool: Pool,
    time: Duration,
    engine: Replaceable,
    /// Whether somebody has asked for events.
    watching: AtomicBool,
}

/// An engine that is replaced after a panic: what the panic has left half done is not used again.
struct Replaceable {
    make: fn() -> Arc<dyn Engine>,
    current: RwLock<Arc<dyn Engine>>,
}

impl Replaceable {
    fn current(&self) -> Arc<dyn Engine> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Replaces an engine if a panic goes through it.
struct Guard<'a>(&'a Replaceable);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            *self.0.current.write().unwrap_or_else(PoisonError::into_inner) = (self.0.make)();
        }
    }
}

/// What a computation has at hand.
struct Work<'a> {
    inner: &'a Inner,
    engine: Arc<dyn Engine>,
    budget: &'a Budget,
    progress: &'a Progress,
    visible: &'a Namespaces,
    until: Instant,
}

impl std::fmt::Debug for LocalBackend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("LocalBackend").field(&self.0.store).finish()
    }
}

impl LocalBackend {
    /// A backend.
    ///
    /// # Errors
    /// If the system has no threads.
    pub fn new(options: Options) -> std::io::Result<LocalBackend> {
        LocalBackend::with_engine(options, || Arc::new(native_engine()))
    }

    /// A backend with another engine than that of this program.
    ///
    /// # Errors
    /// If the system has no threads.
    pub fn with_engine(options: Options, engine: fn() -> Arc<dyn Engine>) -> std::io::Result<LocalBackend> {
        let Options { store, sources, source_options, source_hosts, source_names, hidden, catalog, .. } = options;
        let Options { policies, platform, releases, pool, time, .. } = options;
        let places = Places {
            sources: Arc::new(sources),
            clients: Clients::default(),
            options: source_options,
            fetcher: Fetcher::new()?,
            catalog,
        };
        let engine = Replaceable { make: engine, current: RwLock::new(engine()) };
        let watching = AtomicBool::new(false);
        let inner = Inner {
            store,
            places,
            source_hosts,
            policies,
            platform,
            hidden,
            source_names,
            releases,
            pool,
            time,
            engine,
            watching,
        };
        Ok(LocalBackend(Arc::new(inner)))
    }

    /// Reads or writes the store, on a thread that may wait.
    fn store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer<'_, T> {
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            let done = spawn_blocking(move || work(&inner.store)).await;
            done.map_err(|_| ApiError::Internal("the store broke off: this is a bug".to_owned()))?
                .map_err(ApiError::from)
        })
    }

    /// Computes something on a thread of the pool, until nobody wants it any more.
    fn compute<T: Send + 'static>(
        &self,
        visible: Namespaces,
        progress: Progress,
        work: impl FnOnce(&Work<'_>) -> Result<T, ApiError> + Send + 'static,
    ) -> Answer<'_, T> {
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            let budget = Budget { time: Some(inner.time), cancel: Cancel::default() };
            let _unwanted = Unwanted(budget.cancel.clone());
            let (pool, asked) = (inner.pool.clone(), Instant::now());
            progress.tell(Doing::Waiting, "");
            pool.run(move || {
                // Whoever has waited as long as a render may take would wait too long.
                if asked.elapsed() > inner.time {
                    return Err(ApiError::Busy(1));
                }
                progress.tell(Doing::Rendering, "");
                let _guard = Guard(&inner.engine);
                let until = Instant::now() + inner.time;
                let engine = inner.engine.current();
                work(&Work { inner: &inner, engine, budget: &budget, progress: &progress, visible: &visible, until })
            })
            .await?
        })
    }
}

/// Tells listeners of what other programs write to the store.
async fn watch(inner: Weak<Inner>) {
    loop {
        tokio::time::sleep(WATCH).await;
        let Some(inner) = inner.upgrade() else { return };
        if inner.store.has_listeners() {
            // A store that cannot be read now is read next time.
            let _ = spawn_blocking(move || inner.store.refresh()).await;
        }
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
            policies: self.0.policies.is_some(),
            ..Capabilities::default()
        }
    }

    fn list(&self, visible: Namespaces, query: ListQuery) -> Answer<'_, DescriptorList> {
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
            let list = move |store: &Store| {
                store.list(&visible, query.namespace.as_deref(), &selector, limit as usize, after.as_ref())
            };
            self.store(list).await
        })
    }

    fn read(&self, id: Id) -> Answer<'_, Descriptor> {
        self.store(move |store| store.read(&id))
    }

    fn create(&self, within: Namespaces, text: String) -> Answer<'_, Descriptor> {
        Box::pin(async move {
            let create = move |store: &Store| {
                let id = Store::id_of(&text)?;
                let allowed = within.contains(id.namespace());
                if allowed { store.create(&text).map(Ok) } else { Ok(Err(id)) }
            };
            self.store(create).await?.map_err(|id| {
                ApiError::Forbidden(format!("this token has no access to the namespace {}", id.namespace()))
            })
        })
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

    fn check(&self, visible: Namespaces, input: CheckInput) -> Answer<'_, CheckOutput> {
        self.compute(visible, Progress::default(), move |work| {
            let charts = work.charts(input.charts);
            Ok(work.host(&charts).check(input.descriptors)?)
        })
    }

    fn expand(&self, visible: Namespaces, mut input: ExpandInput) -> Answer<'_, ExpandOutput> {
        self.compute(visible, Progress::default(), move |work| {
            let charts = work.charts(std::mem::take(&mut input.charts));
            Ok(work.host(&charts).expand(input)?)
        })
    }

    fn preview(&self, visible: Namespaces, input: RenderInput, progress: Progress) -> Answer<'_, Preview> {
        self.compute(visible, progress, move |work| work.preview(work.inner.complete(input)?, true))
    }

    fn difference(&self, visible: Namespaces, from: RenderInput, to: TextFile) -> Answer<'_, Difference> {
        self.compute(visible, Progress::default(), move |work| {
            // The same time and the same randomness: what differs is the descriptors.
            let mut from = work.inner.complete(from)?;
            (from.want.objects, from.want.text, from.want.level) = (true, false, None);
            let other = RenderInput { subject: Subject::Descriptor(to), ..from.clone() };
            let from = work.preview(from, false)?;
            Ok(difference::between(from, work.preview(other, false)?))
        })
    }

    fn base_charts(&self) -> Answer<'_, BaseCharts> {
        let charts = BaseCharts { items: self.0.places.catalog.list(), sources: self.0.source_names.clone() };
        Box::pin(std::future::ready(Ok(charts)))
    }

    fn sources(&self, visible: Namespaces, namespace: Option<String>) -> Answer<'_, SourceList> {
        self.store(move |store| store.sources(&visible, namespace.as_deref()))
    }

    fn source(&self, id: Id) -> Answer<'_, Source> {
        self.store(move |store| store.source(&id))
    }

    fn put_source(&self, id: Id, input: SourceInput, condition: Precondition) -> Answer<'_, (Source, bool)> {
        Box::pin(async move {
            stored::check(&input, &self.0.source_hosts)?;
            self.store(move |store| store.put_source(&id, input, &condition)).await
        })
    }

    fn delete_source(&self, id: Id, condition: Option<Precondition>) -> Answer<'_, ()> {
        self.store(move |store| store.delete_source(&id, condition.as_ref()))
    }

    fn releases(&self) -> Option<&dyn Releases> {
        self.0.releases.is_some().then_some(self as &dyn Releases)
    }

    fn events(&self) -> broadcast::Receiver<Event> {
        let events = self.0.store.events();
        if !self.0.watching.swap(true, Ordering::Relaxed) {
            tokio::spawn(watch(Arc::downgrade(&self.0)));
        }
        events
    }
}

/// The namespace of a descriptor: the stored sources that its release may use.
fn own(id: &Id) -> Namespaces {
    Namespaces::Only(Arc::new([id.namespace().to_owned()].into()))
}

impl LocalBackend {
    /// Where the stored sources of a descriptor's namespace are.
    async fn urls(&self, id: &Id) -> Result<Vec<SourceUrl>, ApiError> {
        let namespace = id.namespace().to_owned();
        let list = self.store(move |store| store.sources(&Namespaces::All, Some(&namespace))).await?;
        let url = |source: Source| SourceUrl {
            name: format!("{}/{}", source.namespace, source.name),
            url: source.url,
            branch: source.reference.branch.unwrap_or_else(|| "main".to_owned()),
        };
        Ok(list.items.into_iter().map(url).collect())
    }

    /// Reads or writes the repository, on a thread that may wait.
    fn in_repository<T: Send + 'static>(
        &self,
        work: impl FnOnce(&GitReleases) -> Result<T, ReleaseError> + Send + 'static,
    ) -> Answer<'_, T> {
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            let none = || ApiError::Unsupported("this server deploys nothing".to_owned());
            let run = move || inner.releases.as_ref().map(work);
            let done = spawn_blocking(run).await;
            let done = done.map_err(|_| ApiError::Internal("the repository broke off: this is a bug".to_owned()))?;
            Ok(done.ok_or_else(none)??)
        })
    }
}

impl Releases for LocalBackend {
    fn kind(&self) -> Deploys {
        Deploys::Git
    }

    fn list(&self, visible: Namespaces) -> Answer<'_, ReleaseList> {
        self.in_repository(move |releases| releases.list(&visible))
    }

    fn read(&self, id: Id) -> Answer<'_, Release> {
        self.in_repository(move |releases| releases.read(&id))
    }

    fn operate(&self, id: Id, operation: Operation, within: Namespaces, progress: Progress) -> Answer<'_, Release> {
        if operation != Operation::Install {
            return self.in_repository(move |releases| releases.operate(&id, operation, &progress));
        }
        Box::pin(async move {
            let wanted = id.clone();
            let (parsed, chart) = self.compute(own(&id), progress.clone(), move |work| work.expanded(&wanted)).await?;
            let urls = self.urls(&id).await?;
            let target = parsed.descriptor.spec.release.target_namespace.as_deref();
            if let Some(other) = target.filter(|target| !within.contains(target)) {
                return Err(ApiError::Forbidden(format!("this token has no access to the target namespace {other}")));
            }
            self.in_repository(move |releases| releases.install(&id, &parsed, &chart, urls, &progress)).await
        })
    }

    fn drift(&self, id: Id) -> Answer<'_, Drift> {
        Box::pin(async move {
            let wanted = id.clone();
            let (parsed, chart) =
                self.compute(own(&id), Progress::default(), move |work| work.expanded(&wanted)).await?;
            let urls = self.urls(&id).await?;
            self.in_repository(move |releases| releases.drift(&id, &parsed, &chart, urls)).await
        })
    }

    fn history(&self, id: Id) -> Answer<'_, ReleaseHistory> {
        self.in_repository(move |releases| releases.history(&id))
    }

    fn rollback(&self, id: Id, revision: String, progress: Progress) -> Answer<'_, Release> {
        self.in_repository(move |releases| releases.rollback(&id, &revision, &progress))
    }
}

impl Work<'_> {
    /// A stored descriptor, and its chart.
    fn expanded(&self, id: &Id) -> Result<(Parsed, Expanded), ApiError> {
        let text = self.inner.store.read(id)?.text;
        let name = format!("{id}.yaml");
        let (parsed, problems) = descriptor::read::parse(&name, &text);
        let message = "the stored text is not one whole HelmChartDescriptor".to_owned();
        let parsed = parsed.ok_or(ApiError::Descriptor { message, problems })?;
        let want = ExpandWant { archive: false, files: true };
        let descriptor = TextFile { name, text };
        let api_version = contract::API_VERSION.to_owned();
        let charts = self.charts(Vec::new());
        let output =
            self.host(&charts).expand(ExpandInput { api_version, descriptor, want, ..ExpandInput::default() })?;
        let file = |file: FileGiven| File { name: file.path.into(), data: file.data.0.into() };
        let files = output.chart_files.into_iter().map(file).collect();
        Ok((parsed, Expanded { name: output.name, version: output.version, files, ..Expanded::default() }))
    }

    fn charts(&self, given: Vec<ChartGiven>) -> Charts<'_> {
        let Inner { places, store, .. } = self.inner;
        Charts { given, places, store, visible: self.visible, until: self.until, progress: self.progress }
    }

    fn host<'a>(&'a self, charts: &'a Charts<'_>) -> Host<'a> {
        Host { engine: &*self.engine, charts, budget: self.budget, progress: &() }
    }

    fn preview(&self, mut input: RenderInput, judged: bool) -> Result<Preview, ApiError> {
        let digest = digest(&input.subject);
        let charts = self.charts(std::mem::take(&mut input.charts));
        let host = self.host(&charts);
        let Some(policies) = self.inner.policies.as_ref().filter(|_| judged) else {
            return Ok(Preview { digest, output: host.render(input)?, verdict: None });
        };
        let (output, problems) = host.judge(input, policies)?;
        let allowed = problems.iter().all(|problem| problem.severity != Severity::Error);
        Ok(Preview { digest, output, verdict: Some(Verdict { allowed, problems }) })
    }
}

impl Inner {
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
            world.platform.clone_from(&self.platform);
        }
        world.hidden.extend(self.hidden.iter().cloned());
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
