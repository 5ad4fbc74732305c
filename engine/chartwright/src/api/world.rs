//! The world of a call: what its input says.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use contract::{Failure, FailureKind, FileGiven, WorldGiven};
use govalue::{FuncError, Index, Value};
use helm::engine::{LookupQuery, Objects, World};

use super::meter::Meter;
use super::platform::add_platform;
use super::work::Work;
use crate::random::ChaCha;
use crate::world::FixedWorld;

/// What an input gives.
pub(super) struct GivenWorld {
    fixed: FixedWorld,
    files: Index<Result<Vec<u8>, String>>,
    meter: Rc<dyn Meter>,
    work: Arc<Work>,
    /// Documents that were asked for and not given.
    missing: RefCell<Vec<String>>,
}

impl GivenWorld {
    /// # Errors
    /// Kind `objects` if the objects cannot be read, `input` if the key is not valid.
    pub(super) fn new(
        given: &WorldGiven,
        files: &[FileGiven],
        meter: Rc<dyn Meter>,
        work: Arc<Work>,
    ) -> Result<GivenWorld, Failure> {
        let mut objects = Objects::default();
        for file in &given.objects {
            objects
                .add_yaml(file.text.as_bytes())
                .map_err(|e| Failure::new(FailureKind::Objects, format!("failed to parse {}: {e}", file.name)))?;
        }
        if let Some(platform) = &given.platform {
            add_platform(&mut objects, platform);
        }
        let key = given.key.as_ref().map(|key| {
            let wrong = || Failure::new(FailureKind::Input, format!("world.key has {} bytes, not 32", key.0.len()));
            <[u8; 32]>::try_from(key.0.as_slice()).map(ChaCha::new).map_err(|_| wrong())
        });
        let random = key.transpose()?.or_else(|| given.seed.map(ChaCha::from_seed)).map(Into::into);
        let fixed = FixedWorld { objects, now: (given.now, given.now_nanos), random };
        let mut world = GivenWorld { fixed, files: Index::default(), meter, work, missing: RefCell::default() };
        for file in files {
            let content = file.failed.clone().map_or_else(|| Ok(file.data.0.clone()), Err);
            world.files.insert(file.path.as_str(), content);
        }
        Ok(world)
    }

    /// The documents that schemas refer to and that were not given.
    pub(super) fn missing_documents(&self) -> Vec<String> {
        self.missing.borrow().clone()
    }
}

impl World for GivenWorld {
    fn lookup(&self, query: &LookupQuery) -> Result<Value, FuncError> {
        self.fixed.lookup(query)
    }

    fn now(&self) -> (i64, u32) {
        self.fixed.now()
    }

    fn random(&self, buffer: &mut [u8]) -> Result<(), FuncError> {
        self.fixed.random(buffer)
    }

    fn elapsed(&self) -> Duration {
        self.meter.elapsed()
    }

    fn memory(&self) -> usize {
        self.meter.memory()
    }

    fn document(&self, url: &str) -> Result<Vec<u8>, String> {
        if let Some(content) = self.files.get(url.as_bytes()) {
            return content.clone();
        }
        let mut missing = self.missing.borrow_mut();
        if !missing.iter().any(|known| known == url) {
            missing.push(url.to_owned());
        }
        self.fixed.document(url)
    }

    fn file(&self, path: &str) -> Result<Vec<u8>, String> {
        match self.files.get(path.as_bytes()) {
            Some(content) => content.clone(),
            None => Err(format!("open {path}: no such file or directory")),
        }
    }

    fn kept(&self, key: &[u8; 32]) -> Option<Vec<u8>> {
        self.work.kept(key)
    }

    fn keep(&self, key: [u8; 32], outcome: &[u8]) {
        self.work.keep(key, outcome);
    }
}
