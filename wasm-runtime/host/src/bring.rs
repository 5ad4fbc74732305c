//! The loop that brings charts until an engine wants nothing more.

use std::collections::BTreeSet;

use contract::{
    API_VERSION, Budget, ChartGiven, ChartWanted, CheckInput, CheckOutput, Engine, ExpandInput, ExpandOutput, Failure,
    FileGiven, Hint, PlanInput, RenderInput, RenderOutput, Subject, TextFile,
};

/// Where charts come from: [`chartwright_sources::Sources`] on a machine, a table where nothing is fetched.
pub trait ChartSource {
    /// The chart that is wanted, or why it could not be fetched ([`ChartGiven::failed`]); `None` if the place
    /// of its source is not known.
    fn bring(&self, wanted: &ChartWanted) -> Option<ChartGiven>;

    /// A document that a chart's JSON Schema refers to by URL, or why it cannot be had; `None` where documents are not
    /// fetched.
    fn document(&self, _url: &str) -> Option<FileGiven> {
        None
    }
}

/// Hears what a host waits for.
pub trait Progress {
    /// A chart is being brought.
    fn bringing(&self, _wanted: &ChartWanted) {}
}

/// Nobody listens.
impl Progress for () {}

/// What stays the same from call to call of an engine.
///
/// ```
/// use chartwright_host::{ChartSource, Host, native_engine};
/// use contract::{Budget, ChartGiven, ChartWanted, RenderInput, Subject, TextFile};
///
/// /// No charts at all.
/// struct Nothing;
/// impl ChartSource for Nothing {
///     fn bring(&self, _: &ChartWanted) -> Option<ChartGiven> {
///         None
///     }
/// }
///
/// let engine = native_engine();
/// let host = Host { engine: &engine, charts: &Nothing, budget: &Budget::default(), progress: &() };
/// let release = "{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: shop}, spec: {\
///     interval: 1m, chart: {spec: {chart: shop, sourceRef: {kind: HelmRepository, name: charts}}}}}";
/// let file = TextFile { name: "release.yaml".into(), text: release.into() };
/// let output = host.render(RenderInput::new(Subject::Manifests(vec![file]))).unwrap();
/// assert_eq!(output.wanted[0].source.name, "charts");
/// assert_eq!(output.problems[0].code, contract::Code::SourceUnknown);
/// ```
#[derive(Clone, Copy)]
pub struct Host<'a> {
    /// The engine, wherever it runs.
    pub engine: &'a dyn Engine,
    /// Where charts come from.
    pub charts: &'a dyn ChartSource,
    /// How long each call of the engine may take.
    pub budget: &'a Budget,
    /// Who is told what is being waited for.
    pub progress: &'a dyn Progress,
}

impl Host<'_> {
    /// Renders, with all charts that the subject and what is in it want.
    ///
    /// # Errors
    /// As [`Engine::render`]. A chart that cannot be fetched is a problem of the output.
    pub fn render(&self, input: RenderInput) -> Result<RenderOutput, Failure> {
        self.render_with(input).map(|(output, _)| output)
    }

    /// The same, with the charts that were brought.
    pub(crate) fn render_with(&self, mut input: RenderInput) -> Result<(RenderOutput, Vec<ChartGiven>), Failure> {
        let mut asked = BTreeSet::new();
        if !matches!(input.subject, Subject::Chart(_)) {
            let wanted = self.plan(input.subject.clone())?;
            self.bring(&wanted, &mut asked, &mut input.charts);
        }
        loop {
            let result = self.engine.render(&input, self.budget);
            // HelmReleases in charts want more charts, and schemas more documents, which are known only now.
            let documents = match &result {
                Ok(output) => output.wanted_documents.clone(),
                Err(failure) => failure.hints.iter().filter_map(document).collect(),
            };
            let mut more = self.documents(documents, &mut input.files);
            if let Ok(output) = &result {
                more |= self.bring(&output.wanted, &mut asked, &mut input.charts);
            }
            if !more {
                return Ok((result?, input.charts));
            }
        }
    }

    /// Expands a descriptor, with its base charts.
    ///
    /// # Errors
    /// As [`Engine::expand`].
    pub fn expand(&self, mut input: ExpandInput) -> Result<ExpandOutput, Failure> {
        let wanted = self.plan(Subject::Descriptor(input.descriptor.clone()))?;
        self.bring(&wanted, &mut BTreeSet::new(), &mut input.charts);
        self.engine.expand(&input, self.budget)
    }

    /// Finds what is wrong with descriptors, with their base charts.
    ///
    /// # Errors
    /// As [`Engine::check`].
    pub fn check(&self, descriptors: Vec<TextFile>) -> Result<CheckOutput, Failure> {
        let mut input = CheckInput { api_version: API_VERSION.to_owned(), descriptors, charts: Vec::new() };
        // An engine without charts says which are missing, of all descriptors in all files.
        let first = self.engine.check(&input, self.budget)?;
        if !self.bring(&first.missing, &mut BTreeSet::new(), &mut input.charts) {
            return Ok(first);
        }
        self.engine.check(&input, self.budget)
    }

    fn plan(&self, subject: Subject) -> Result<Vec<ChartWanted>, Failure> {
        let input = PlanInput { api_version: API_VERSION.to_owned(), subject };
        Ok(self.engine.plan(&input, self.budget)?.charts)
    }

    /// Brings documents that were not brought before. Whether there is something new to tell the engine.
    fn documents(&self, wanted: Vec<String>, given: &mut Vec<FileGiven>) -> bool {
        let before = given.len();
        for url in wanted {
            if given.iter().all(|file| file.path != url) {
                given.extend(self.charts.document(&url));
            }
        }
        given.len() > before
    }

    /// Brings what was not asked for before. Whether there is something new to tell the engine.
    fn bring(&self, wanted: &[ChartWanted], asked: &mut BTreeSet<ChartWanted>, given: &mut Vec<ChartGiven>) -> bool {
        let before = given.len();
        for wanted in wanted {
            if asked.insert(wanted.clone()) {
                self.progress.bringing(wanted);
                given.extend(self.charts.bring(wanted));
            }
        }
        given.len() > before
    }
}

/// The URL of a document that is missing.
fn document(hint: &Hint) -> Option<String> {
    match hint {
        Hint::Document { url } => Some(url.clone()),
        _ => None,
    }
}

impl std::fmt::Debug for Host<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host").field("budget", self.budget).finish_non_exhaustive()
    }
}
