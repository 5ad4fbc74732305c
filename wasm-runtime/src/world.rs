//! The world outside: files, the clock, the system's randomness.

use std::cell::RefCell;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use chartwright::{ChaCha, FuncError, LookupQuery, Map, Objects, Value, World};
use chartwright_host::go_words::go_words;
use chartwright_host::sources::file_at;

/// What a render on this machine may ask for.
pub(crate) struct HostWorld {
    objects: Objects,
    now: Option<(i64, u32)>,
    seeded: Option<RefCell<ChaCha>>,
    started: Instant,
    offline: bool,
}

impl HostWorld {
    /// A world that starts now. Without a time or a seed it takes the system's.
    pub(crate) fn new(objects: Objects, now: Option<(i64, u32)>, seed: Option<u64>) -> HostWorld {
        let seeded = seed.map(|seed| RefCell::new(ChaCha::from_seed(seed)));
        HostWorld { objects, now, seeded, started: Instant::now(), offline: false }
    }

    /// The same world without a network: files come from this machine only.
    pub(crate) fn offline(self, offline: bool) -> HostWorld {
        HostWorld { offline, ..self }
    }
}

impl World for HostWorld {
    fn lookup(&self, query: &LookupQuery) -> Result<Value, FuncError> {
        Ok(Value::Map(if self.objects.is_empty() { Map::new() } else { self.objects.lookup(query) }))
    }

    fn now(&self) -> (i64, u32) {
        self.now.unwrap_or_else(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            (i64::try_from(since.as_secs()).unwrap_or(i64::MAX), since.subsec_nanos())
        })
    }

    fn random(&self, buffer: &mut [u8]) -> Result<(), FuncError> {
        match &self.seeded {
            Some(random) => random.borrow_mut().fill(buffer),
            None => getrandom::fill(buffer).map_err(|e| FuncError::new(e.to_string()))?,
        }
        Ok(())
    }

    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    fn memory(&self) -> usize {
        crate::MEMORY.allocated()
    }

    fn file(&self, path: &str) -> Result<Vec<u8>, String> {
        match path.split_once("://") {
            Some(("http" | "https", _)) => file_at(path, self.offline),
            Some(("oci", _)) => Err(format!("{path}: a registry has charts, no files of values")),
            _ => read(path),
        }
    }
}

/// Reads the objects that `lookup` finds.
pub(crate) fn objects(files: &[PathBuf]) -> Result<Objects, String> {
    let mut objects = Objects::default();
    for file in files {
        let path = file.to_string_lossy();
        let text = read(&path)?;
        objects.add_yaml(&text).map_err(|e| format!("failed to parse {path}: {e}"))?;
    }
    Ok(objects)
}

/// Reads a file, or standard input for `-`; errors are Go's.
pub(crate) fn read(path: &str) -> Result<Vec<u8>, String> {
    if path.trim() == "-" {
        let mut text = Vec::new();
        return match std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut text) {
            Ok(_) => Ok(text),
            Err(error) => Err(go_words(&error)),
        };
    }
    match std::fs::read(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::IsADirectory => Err(format!("read {path}: is a directory")),
        Err(error) => Err(format!("open {path}: {}", go_words(&error))),
    }
}
