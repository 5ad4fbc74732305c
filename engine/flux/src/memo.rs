//! What HelmReleases deployed when they were rendered before.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use govalue::{Frozen, FuncError, Index, Value};
use helm::chart::Chart;
use helm::engine::{LookupQuery, World};

use crate::charts::FetchedChart;
use crate::error::RenderError;
use crate::helmrelease::{HelmRelease, ObjectName};
use crate::render::{Options, RenderedRelease, render};

/// Keeps what the HelmReleases of one tree deployed, for the next: who changes one of many waits for one.
///
/// A render is only kept if it asked for neither time nor randomness, and only used again for the same release, chart
/// and options if all that it looked up is as it was. A clone is the same memory.
#[derive(Clone, Default)]
pub struct Memo(Rc<RefCell<Memory>>);

#[derive(Default)]
struct Memory {
    options: Option<Options>,
    /// Of the tree before; what was used again is gone.
    before: Kept,
    /// Of this tree.
    now: Kept,
}

#[derive(Default)]
struct Kept {
    renders: Index<Option<Render>>,
}

/// A render, and all that it came from.
struct Render {
    release: HelmRelease,
    chart: Arc<Chart>,
    revision: Option<String>,
    answers: Vec<(LookupQuery, Frozen)>,
    rendered: RenderedRelease,
}

impl Kept {
    fn insert(&mut self, render: Render) {
        self.renders.insert(render.release.id().key(), Some(render));
    }

    fn take(&mut self, id: &ObjectName) -> Option<Render> {
        self.renders.get_mut(&id.key()).and_then(Option::take)
    }
}

impl Memo {
    /// A new tree begins: what the one before it did not render is forgotten.
    pub(crate) fn begin(&self, options: &Options) {
        let memory = &mut *self.0.borrow_mut();
        memory.before = std::mem::take(&mut memory.now);
        if !memory.options.as_ref().is_some_and(|known| known.same(options)) {
            memory.before = Kept::default();
            // This is not kept in itself.
            memory.options = Some(Options { memo: Memo::default(), ..options.clone() });
        }
    }

    /// Renders, or says again what came out before.
    pub(crate) fn render(
        &self,
        release: &HelmRelease,
        fetched: &FetchedChart,
        options: &Options,
        world: &Rc<dyn World>,
    ) -> Result<RenderedRelease, RenderError> {
        let before = self.0.borrow_mut().before.take(&release.id());
        if let Some(known) = before.filter(|known| known.is_of(release, fetched, &**world)) {
            let rendered = known.rendered.clone();
            self.0.borrow_mut().now.insert(known);
            return Ok(rendered);
        }
        let recorder = Rc::new(Recorder {
            world: Rc::clone(world),
            answers: RefCell::default(),
            lasting: Cell::new(fetched.values_files.is_empty()),
        });
        let rendered = render(release, fetched, options, Rc::<Recorder>::clone(&recorder))?;
        if recorder.lasting.get() {
            self.0.borrow_mut().now.insert(Render {
                release: release.clone(),
                chart: Arc::clone(&fetched.chart),
                revision: fetched.revision.clone(),
                answers: recorder.answers.take(),
                rendered: rendered.clone(),
            });
        }
        Ok(rendered)
    }
}

impl Render {
    fn is_of(&self, release: &HelmRelease, fetched: &FetchedChart, world: &dyn World) -> bool {
        Arc::ptr_eq(&self.chart, &fetched.chart)
            && self.revision == fetched.revision
            && fetched.values_files.is_empty()
            && self.release == *release
            // All are asked, as a render would: hosts watch what is looked up.
            && self.answers.iter().fold(true, |same, (query, answer)| {
                world.lookup(query).is_ok_and(|found| found.freeze() == *answer) && same
            })
    }
}

impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Memo({} releases)", self.0.borrow().now.renders.len())
    }
}

/// Notes what is looked up, and whether the outcome depends on more than that.
struct Recorder {
    world: Rc<dyn World>,
    answers: RefCell<Vec<(LookupQuery, Frozen)>>,
    lasting: Cell<bool>,
}

impl World for Recorder {
    fn lookup(&self, query: &LookupQuery) -> Result<Value, FuncError> {
        let found = self.world.lookup(query);
        match &found {
            // Frozen now: templates may change what they get.
            Ok(found) => self.answers.borrow_mut().push((query.clone(), found.freeze())),
            Err(_) => self.lasting.set(false),
        }
        found
    }

    fn now(&self) -> (i64, u32) {
        self.lasting.set(false);
        self.world.now()
    }

    fn random(&self, buffer: &mut [u8]) -> Result<(), FuncError> {
        self.lasting.set(false);
        self.world.random(buffer)
    }

    fn elapsed(&self) -> Duration {
        self.world.elapsed()
    }

    fn memory(&self) -> usize {
        self.world.memory()
    }

    fn file(&self, path: &str) -> Result<Vec<u8>, String> {
        self.lasting.set(false);
        self.world.file(path)
    }
}
