//! What a release looked up in vain.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use contract::ChartWanted;
use flux::{Charts, FetchError, FetchedChart};
use govalue::sorted::Sorted;
use govalue::{FuncError, Value};
use helm::engine::{LookupQuery, World};

/// Charts and a world that are watched: which chart looked up what in vain?
pub(super) struct Watched<'a> {
    charts: &'a dyn Charts,
    world: Rc<WatchedWorld>,
}

struct WatchedWorld {
    inner: Rc<dyn World>,
    log: RefCell<Log>,
}

#[derive(Default)]
struct Log {
    /// The chart that was asked for last: it is the one being rendered.
    current: ChartWanted,
    missed: Sorted<ChartWanted, Vec<LookupQuery>>,
}

impl<'a> Watched<'a> {
    pub(super) fn new(charts: &'a dyn Charts, world: Rc<dyn World>) -> Watched<'a> {
        Watched { charts, world: Rc::new(WatchedWorld { inner: world, log: RefCell::default() }) }
    }

    /// The watched world.
    pub(super) fn world(&self) -> Rc<dyn World> {
        Rc::<WatchedWorld>::clone(&self.world)
    }

    /// A chart that was not asked for here is rendered now.
    pub(super) fn renders(&self, wanted: &ChartWanted) {
        self.world.log.borrow_mut().current = wanted.clone();
    }

    /// What a chart looked up by name and did not find.
    pub(super) fn missed(&self, wanted: &ChartWanted) -> Vec<LookupQuery> {
        self.world.log.borrow().missed.get(wanted).cloned().unwrap_or_default()
    }
}

impl Charts for Watched<'_> {
    fn chart(&self, wanted: &ChartWanted) -> Result<FetchedChart, FetchError> {
        self.renders(wanted);
        self.charts.chart(wanted)
    }
}

impl World for WatchedWorld {
    fn lookup(&self, query: &LookupQuery) -> Result<Value, FuncError> {
        let found = self.inner.lookup(query)?;
        if !query.name.is_empty() && matches!(&found, Value::Map(map) if map.is_empty()) {
            let mut log = self.log.borrow_mut();
            let current = log.current.clone();
            let missed = log.missed.or_default(current);
            if !missed.contains(query) {
                missed.push(query.clone());
            }
        }
        Ok(found)
    }

    fn now(&self) -> (i64, u32) {
        self.inner.now()
    }

    fn random(&self, buffer: &mut [u8]) -> Result<(), FuncError> {
        self.inner.random(buffer)
    }

    fn elapsed(&self) -> Duration {
        self.inner.elapsed()
    }

    fn memory(&self) -> usize {
        self.inner.memory()
    }

    fn document(&self, url: &str) -> Result<Vec<u8>, String> {
        self.inner.document(url)
    }

    fn file(&self, path: &str) -> Result<Vec<u8>, String> {
        self.inner.file(path)
    }

    fn kept(&self, key: &[u8; 32]) -> Option<Vec<u8>> {
        self.inner.kept(key)
    }

    fn keep(&self, key: [u8; 32], outcome: &[u8]) {
        self.inner.keep(key, outcome);
    }
}
