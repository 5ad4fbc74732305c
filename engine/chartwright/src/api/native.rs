//! The engine in this program, for many threads.

use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use contract::{
    Budget, Cancel, CheckInput, CheckOutput, DescribeOutput, ExpandInput, ExpandOutput, Failure, FailureKind,
    PlanInput, PlanOutput, RenderInput, RenderOutput,
};

use super::Engine;
use super::charts::Loaded;
use super::memory::Memory;
use super::meter::{Meter, NoMeter};
use super::work::Work;
use crate::chart::LoadedChart;

/// The engine in this program: [`contract::Engine`] without a sandbox.
///
/// Threads share the charts that were loaded, by the digests of their archives, and the outcomes of slow work such as
/// primes. All else lives as long as a call: a world and its values belong to one thread.
///
/// ```
/// use contract::{Archive, Budget, Engine, RenderInput, Subject};
/// use chartwright::LoadedChart;
/// use chartwright::api::NativeEngine;
///
/// let file = |name: &str, text: &str| chartwright::File { name: name.into(), data: text.as_bytes().into() };
/// let chart = LoadedChart::from_folder("shop", vec![
///     file("Chart.yaml", "{apiVersion: v2, name: shop, version: 1.0.0}"),
///     file("templates/a.yaml", "kind: ConfigMap"),
/// ])?;
/// let engine = NativeEngine::default();
/// // A host that has loaded a chart hands it over as it is, and names it from then on.
/// engine.keep("sha256:of-its-archive", chart, 100);
/// let archive = Archive { digest: Some("sha256:of-its-archive".into()), ..Archive::default() };
/// let output = engine.render(&RenderInput::new(Subject::Chart(archive)), &Budget::default()).unwrap();
/// assert!(output.text.to_str_lossy().contains("kind: ConfigMap"));
/// # Ok::<(), chartwright::Error>(())
/// ```
pub struct NativeEngine {
    charts: Arc<Mutex<Loaded>>,
    work: Arc<Work>,
    meter: MeterFactory,
}

/// Makes the meter of a call, on the thread of the call: engines have no clock of their own.
type MeterFactory = Box<dyn Fn() -> Rc<dyn Meter> + Send + Sync>;

impl Default for NativeEngine {
    /// An engine without a clock: [`Budget::time`] says nothing to it.
    fn default() -> NativeEngine {
        NativeEngine::new(|| Rc::new(NoMeter))
    }
}

impl NativeEngine {
    /// An engine whose calls are measured by what this makes; a meter's time begins when it is made.
    pub fn new(meter: impl Fn() -> Rc<dyn Meter> + Send + Sync + 'static) -> NativeEngine {
        NativeEngine { charts: Arc::default(), work: Arc::default(), meter: Box::new(meter) }
    }

    /// Keeps a chart that the host has loaded, under the digest of its archive; `bytes` is the archive's size, for the
    /// decision which charts stay.
    pub fn keep(&self, digest: &str, chart: LoadedChart, bytes: usize) {
        super::lock(&self.charts).keep(digest.to_owned(), chart, bytes);
    }

    /// Runs a call.
    fn call<T>(&self, budget: &Budget, call: impl FnOnce(&mut Engine) -> Result<T, Failure>) -> Result<T, Failure> {
        let cancelled = || Failure::new(FailureKind::Cancelled, "the call was cancelled");
        if budget.cancel.is_cancelled() {
            return Err(cancelled());
        }
        let meter = Rc::new(Metered { inner: (self.meter)(), cancel: budget.cancel.clone() });
        let mut engine = Engine {
            charts: Arc::clone(&self.charts),
            memory: Memory::default(),
            work: Arc::clone(&self.work),
            meter,
            time: budget.time,
        };
        // A render that is cancelled looks like one that took too long: it is told apart here.
        engine.time.get_or_insert(Duration::MAX - Duration::from_nanos(1));
        let result = call(&mut engine);
        if budget.cancel.is_cancelled() { Err(cancelled()) } else { result }
    }
}

/// A meter by which no time is left once a call is cancelled.
struct Metered {
    inner: Rc<dyn Meter>,
    cancel: Cancel,
}

impl Meter for Metered {
    fn elapsed(&self) -> Duration {
        if self.cancel.is_cancelled() { Duration::MAX } else { self.inner.elapsed() }
    }

    fn memory(&self) -> usize {
        self.inner.memory()
    }
}

impl contract::Engine for NativeEngine {
    fn plan(&self, input: &PlanInput, budget: &Budget) -> Result<PlanOutput, Failure> {
        self.call(budget, |engine| engine.plan(input))
    }

    fn expand(&self, input: &ExpandInput, budget: &Budget) -> Result<ExpandOutput, Failure> {
        self.call(budget, |engine| engine.expand(input))
    }

    fn check(&self, input: &CheckInput, budget: &Budget) -> Result<CheckOutput, Failure> {
        self.call(budget, |engine| engine.check(input))
    }

    fn render(&self, input: &RenderInput, budget: &Budget) -> Result<RenderOutput, Failure> {
        self.call(budget, |engine| engine.render(input))
    }

    fn describe(&self) -> Result<DescribeOutput, Failure> {
        Ok(super::describe::describe())
    }
}

#[cfg(test)]
mod tests {
    use contract::{Archive, Engine as _, FileGiven, Subject};

    use super::*;

    fn input(template: &str) -> RenderInput {
        let file =
            |path: &str, text: &str| FileGiven { path: path.into(), data: contract::Base64(text.into()), failed: None };
        let chart = "{apiVersion: v2, name: shop, version: 1.0.0}";
        let files = vec![file("Chart.yaml", chart), file("templates/a.yaml", template)];
        RenderInput::new(Subject::Chart(Archive { files: Some(files), ..Archive::default() }))
    }

    #[test]
    fn threads_share_an_engine() {
        let engine: &dyn contract::Engine = &NativeEngine::default();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| engine.render(&input("kind: ConfigMap"), &Budget::default()).unwrap());
            }
        });
        assert!(!engine.describe().unwrap().exports.is_empty());
    }

    #[test]
    fn calls_end_when_they_are_cancelled() {
        let budget = Budget::default();
        budget.cancel.cancel();
        let failure = NativeEngine::default().render(&input("a: b"), &budget).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Cancelled);
        // From within: a meter that cancels when it is first asked.
        struct Impatient(Cancel);
        impl Meter for Impatient {
            fn elapsed(&self) -> Duration {
                self.0.cancel();
                Duration::ZERO
            }
        }
        let budget = Budget::default();
        let cancel = budget.cancel.clone();
        let engine = NativeEngine::new(move || Rc::new(Impatient(cancel.clone())));
        let endless = "{{ range until 1000000 }}{{ range until 1000000 }}{{ end }}{{ end }}";
        assert_eq!(engine.render(&input(endless), &budget).unwrap_err().kind, FailureKind::Cancelled);
    }
}
