//! The world outside: files, the clock, the system's randomness.

use std::cell::RefCell;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use chartwright::{ChaCha, FuncError, LookupQuery, Map, Objects, Value, World};
use chartwright_sources::go_words::go_words;
use chartwright_sources::{file_at, safe_text};
use contract::{Base64, FileGiven, TextFile, WorldGiven};

/// What a render on this machine may ask for.
pub struct HostWorld {
    objects: Objects,
    now: Option<(i64, u32)>,
    seeded: Option<RefCell<ChaCha>>,
    started: Instant,
    offline: bool,
}

impl HostWorld {
    /// A world that starts now. Without a time or a seed it takes the system's.
    pub fn new(objects: Objects, now: Option<(i64, u32)>, seed: Option<u64>) -> HostWorld {
        let seeded = seed.map(|seed| RefCell::new(ChaCha::from_seed(seed)));
        HostWorld { objects, now, seeded, started: Instant::now(), offline: false }
    }

    /// The same world without a network: files come from this machine only.
    pub fn offline(self, offline: bool) -> HostWorld {
        HostWorld { offline, ..self }
    }
}

impl HostWorld {
    /// Tells an engine elsewhere of this world: objects as the files have them, the time it is now, and a key of the
    /// system's randomness where no seed is given.
    pub fn give(&self, to: &mut WorldGiven, objects: &[PathBuf], seed: Option<u64>) -> Result<(), String> {
        to.objects.clear();
        for file in objects {
            let name = file.to_string_lossy().into_owned();
            let text = String::from_utf8(read(&name)?).map_err(|_| format!("{name} is not UTF-8"))?;
            to.objects.push(TextFile { name, text });
        }
        (to.now, to.now_nanos) = self.now();
        to.seed = seed;
        if seed.is_none() {
            let mut key = vec![0; 32];
            getrandom::fill(&mut key).map_err(|e| e.to_string())?;
            to.key = Some(Base64(key));
        }
        Ok(())
    }
}

/// A world that remembers the files that were read.
pub struct FilesRead<'a> {
    world: &'a HostWorld,
    files: RefCell<Vec<FileGiven>>,
}

impl FilesRead<'_> {
    /// Nothing was read yet.
    pub fn new(world: &HostWorld) -> FilesRead<'_> {
        FilesRead { world, files: RefCell::default() }
    }

    /// The files.
    pub fn take(self) -> Vec<FileGiven> {
        self.files.into_inner()
    }
}

impl World for FilesRead<'_> {
    fn lookup(&self, query: &LookupQuery) -> Result<Value, FuncError> {
        self.world.lookup(query)
    }

    fn random(&self, buffer: &mut [u8]) -> Result<(), FuncError> {
        self.world.random(buffer)
    }

    fn file(&self, path: &str) -> Result<Vec<u8>, String> {
        let data = self.world.file(path)?;
        self.files.borrow_mut().push(FileGiven { path: path.to_owned(), data: Base64(data.clone()) });
        Ok(data)
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
        crate::allocator::held()
    }

    fn file(&self, path: &str) -> Result<Vec<u8>, String> {
        match path.split_once("://") {
            Some(("http" | "https", _)) => file_at(path, self.offline).map_err(|e| e.to_string()),
            Some(("oci", _)) => Err(format!("{}: a registry has charts, no files of values", safe_text(path))),
            _ => read(path),
        }
    }
}

/// Reads the objects that `lookup` finds.
pub fn objects(files: &[PathBuf]) -> Result<Objects, String> {
    let mut objects = Objects::default();
    for file in files {
        let path = file.to_string_lossy();
        let text = read(&path)?;
        objects.add_yaml(&text).map_err(|e| format!("failed to parse {path}: {e}"))?;
    }
    Ok(objects)
}

/// Reads a file, or standard input for `-`; errors are Go's.
pub fn read(path: &str) -> Result<Vec<u8>, String> {
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
