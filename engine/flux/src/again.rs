//! Renders a release, unless what it deployed before still holds.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use govalue::{Frozen, FuncError, Value};
use helm::engine::{LookupQuery, World};

use crate::charts::FetchedChart;
use crate::error::RenderError;
use crate::helmrelease::HelmRelease;
use crate::memo::Render;
use crate::options::Options;
use crate::render::render;
use crate::rendered::RenderedRelease;

/// Renders, or says again what came out before ([`Options::memo`]).
pub(crate) fn render_again(
    release: &HelmRelease,
    fetched: &FetchedChart,
    options: &Options,
    world: &Rc<dyn World>,
) -> Result<RenderedRelease, RenderError> {
    if let Some(known) = options.memo.known(release, fetched, world) {
        return Ok(known);
    }
    let recorder = Rc::new(Recorder {
        world: Rc::clone(world),
        answers: RefCell::default(),
        lasting: Cell::new(fetched.values_files.is_empty()),
    });
    let rendered = render(release, fetched, options, Rc::<Recorder>::clone(&recorder))?;
    if recorder.lasting.get() {
        options.memo.keep(Render {
            release: release.clone(),
            chart: Arc::clone(&fetched.chart),
            revision: fetched.revision.clone(),
            answers: recorder.answers.take(),
            rendered: rendered.clone(),
        });
    }
    Ok(rendered)
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

    fn document(&self, url: &str) -> Result<Vec<u8>, String> {
        self.lasting.set(false);
        self.world.document(url)
    }

    fn file(&self, path: &str) -> Result<Vec<u8>, String> {
        self.lasting.set(false);
        self.world.file(path)
    }

    fn kept(&self, key: &[u8; 32]) -> Option<Vec<u8>> {
        self.world.kept(key)
    }

    fn keep(&self, key: [u8; 32], outcome: &[u8]) {
        self.world.keep(key, outcome);
    }
}
