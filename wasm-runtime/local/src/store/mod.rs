//! Descriptors in a folder: a YAML file each, its versions beside.
//!
//! ```text
//! FOLDER/
//!   shop/webshop.yaml                         namespace/name.yaml: what is current
//!   .history/shop/webshop/0000000003.yaml     a version each, the current one among them
//!   .lock                                     held while a program has the store
//! ```

mod error;
mod files;
mod head;
#[cfg(all(test, unix))]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use chartwright_api::types::{Action, Descriptor, DescriptorHead, DescriptorList, Event, History, Id, Revision};
use chartwright_api::{Precondition, Selector};
use tokio::sync::broadcast;

pub use error::StoreError;
use files::{Stamp, stamp_of};
use head::{Content, digest, head_of};

/// The folder of versions.
const HISTORY: &str = ".history";
/// The file that is locked.
const LOCK: &str = ".lock";
/// The most versions of a descriptor that are kept.
const MOST_REVISIONS: usize = 50;
/// How old what is known of the folder may be where a list is asked for.
const FRESH: Duration = Duration::from_secs(1);
/// How many events wait for a slow listener.
const EVENTS: usize = 1024;

/// A namespace and a name.
type Key = (String, String);

/// Descriptors in a folder, and an index of them in memory.
#[derive(Debug)]
pub struct Store {
    root: PathBuf,
    index: RwLock<BTreeMap<Key, Entry>>,
    /// Held by whoever changes files or compares them with the index.
    writing: Mutex<()>,
    scanned: Mutex<Instant>,
    events: broadcast::Sender<Event>,
    last_event: AtomicU64,
    _lock: File,
}

#[derive(Clone, Debug)]
struct Entry {
    head: DescriptorHead,
    stamp: Stamp,
}

type Result<T> = std::result::Result<T, StoreError>;

impl Store {
    /// Opens a folder, which is made if it is not there, and reads everything in it.
    ///
    /// # Errors
    /// If it cannot be read, or another program has it.
    pub fn open(folder: &Path) -> Result<Store> {
        let failed = |cause| StoreError::File { path: folder.to_path_buf(), cause };
        fs::create_dir_all(folder).map_err(failed)?;
        let root = folder.canonicalize().map_err(failed)?;
        let lock = File::options().create(true).truncate(false).write(true).open(root.join(LOCK)).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::InUse(root)),
            Err(TryLockError::Error(cause)) => return Err(failed(cause)),
        }
        let store = Store {
            root,
            index: RwLock::default(),
            writing: Mutex::default(),
            scanned: Mutex::new(Instant::now()),
            events: broadcast::channel(EVENTS).0,
            last_event: AtomicU64::new(0),
            _lock: lock,
        };
        store.scan()?;
        Ok(store)
    }

    /// What happens from now on.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// Whether it is time to look for changes that were made by hand. Says so to one of many who ask.
    pub fn is_stale(&self) -> bool {
        let mut scanned = lock(&self.scanned);
        let stale = scanned.elapsed() > FRESH;
        if stale {
            *scanned = Instant::now();
        }
        stale
    }

    /// Compares the folder with what is known of it.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn scan(&self) -> Result<()> {
        let _writing = lock(&self.writing);
        let mut found = BTreeSet::new();
        for namespace in files::folders(&self.root)? {
            for (name, stamp) in files::yaml_files(&self.root.join(&namespace))? {
                let key = (namespace.clone(), name);
                let known = self.entry(&key).is_some_and(|entry| entry.stamp == stamp);
                if !known && let Ok(id) = Id::new(key.0.as_str(), key.1.as_str()) {
                    self.notice(&id)?;
                }
                found.insert(key);
            }
        }
        let gone: Vec<Key> = self.read_index().keys().filter(|key| !found.contains(*key)).cloned().collect();
        for (namespace, name) in gone {
            if let Ok(id) = Id::new(namespace, name) {
                self.notice(&id)?;
            }
        }
        Ok(())
    }

    /// A page of the descriptors.
    pub fn list(
        &self,
        namespace: Option<&str>,
        selector: &Selector,
        limit: usize,
        after: Option<&(String, String)>,
    ) -> DescriptorList {
        let start = match (after, namespace) {
            (Some(after), _) => Bound::Excluded(after.clone()),
            (None, Some(namespace)) => Bound::Included((namespace.to_owned(), String::new())),
            (None, None) => Bound::Unbounded,
        };
        let index = self.read_index();
        let inside = |key: &Key| namespace.is_none_or(|namespace| key.0 == namespace);
        let rest = index.range((start, Bound::Unbounded)).skip_while(|(key, _)| {
            // Where `after` is of a namespace before the wanted one.
            namespace.is_some_and(|namespace| key.0.as_str() < namespace)
        });
        let mut fitting =
            rest.take_while(|(key, _)| inside(key)).filter(|(_, entry)| selector.fits(&entry.head.labels)).peekable();
        let mut list = DescriptorList::default();
        while let Some((_, entry)) = fitting.next() {
            list.items.push(entry.head.clone());
            if list.items.len() == limit {
                let last = (&entry.head.namespace, &entry.head.name);
                list.next = fitting.peek().map(|_| format!("{}/{}", last.0, last.1));
                break;
            }
        }
        list
    }

    /// A descriptor, as the folder has it now.
    ///
    /// # Errors
    /// If there is none, or it cannot be read.
    pub fn read(&self, id: &Id) -> Result<Descriptor> {
        let path = self.path(id);
        let text = files::read(&path)?.ok_or_else(|| StoreError::NotFound(id.clone()))?;
        let known = self.entry(&key(id)).filter(|entry| entry.head.digest == digest(&text));
        let head = match known {
            Some(entry) => entry.head,
            None => {
                // Somebody has changed it by hand, or is writing right now.
                let _writing = lock(&self.writing);
                let text = files::read(&path)?.ok_or_else(|| StoreError::NotFound(id.clone()))?;
                let head = self.notice(id)?.ok_or_else(|| StoreError::NotFound(id.clone()))?;
                return Ok(Descriptor { metadata: head, text: readable(id, text)? });
            }
        };
        Ok(Descriptor { metadata: head, text: readable(id, text)? })
    }

    /// Stores a new descriptor.
    ///
    /// # Errors
    /// If it is no descriptor, there is such a one, or it cannot be written.
    pub fn create(&self, text: &str) -> Result<Descriptor> {
        let Content { id, .. } = head::content(text)?;
        match self.replace(&id, text, &Precondition::Absent) {
            Err(StoreError::Changed(id)) => Err(StoreError::Exists(id)),
            other => other.map(|(descriptor, _)| descriptor),
        }
    }

    /// Stores another version of a descriptor. Whether there was none.
    ///
    /// # Errors
    /// If it is no descriptor, or of another name; if the condition does not hold, or it cannot be written.
    pub fn replace(&self, id: &Id, text: &str, condition: &Precondition) -> Result<(Descriptor, bool)> {
        let content = head::content(text)?;
        if content.id != *id {
            return Err(StoreError::OtherName { path: id.clone(), text: content.id });
        }
        let _writing = lock(&self.writing);
        let before = self.notice(id)?;
        if !condition.holds(before.as_ref().map(|head| head.digest.as_str())) {
            return Err(match (condition, &before) {
                // What must not exist and does, or must be of a version and is of another.
                (_, Some(_)) => StoreError::Changed(id.clone()),
                (_, None) => StoreError::NotFound(id.clone()),
            });
        }
        let head = match &before {
            Some(head) if head.digest == digest(text.as_bytes()) => head.clone(),
            _ => self.write(id, text, content)?,
        };
        Ok((Descriptor { metadata: head, text: text.to_owned() }, before.is_none()))
    }

    /// Takes a descriptor away.
    ///
    /// # Errors
    /// If there is none, the condition does not hold, or the folder cannot be written.
    pub fn delete(&self, id: &Id, condition: Option<&Precondition>) -> Result<()> {
        let _writing = lock(&self.writing);
        let head = self.notice(id)?.ok_or_else(|| StoreError::NotFound(id.clone()))?;
        if condition.is_some_and(|condition| !condition.holds(Some(&head.digest))) {
            return Err(StoreError::Changed(id.clone()));
        }
        files::remove(&self.path(id))?;
        self.forget(id);
        Ok(())
    }

    /// The versions of a descriptor.
    ///
    /// # Errors
    /// If it never existed, or the folder cannot be read.
    pub fn history(&self, id: &Id) -> Result<History> {
        let _writing = lock(&self.writing);
        let current = self.notice(id)?;
        let mut items = Vec::new();
        for generation in self.generations(id)? {
            let path = self.revision_path(id, generation);
            let (Some(text), Some(stamp)) = (files::read(&path)?, stamp_of(&path)?) else { continue };
            items.push(Revision {
                generation,
                digest: digest(&text),
                changed: stamp.seconds(),
                size: text.len() as u64,
                current: current.as_ref().is_some_and(|head| head.generation == generation),
            });
        }
        items.reverse();
        if items.is_empty() { Err(StoreError::NotFound(id.clone())) } else { Ok(History { items }) }
    }

    /// A version of a descriptor.
    ///
    /// # Errors
    /// If there is no such version, or it cannot be read.
    pub fn revision(&self, id: &Id, generation: u64) -> Result<Descriptor> {
        let missing = || StoreError::NoRevision { id: id.clone(), generation };
        let path = self.revision_path(id, generation);
        let (Some(text), Some(stamp)) = (files::read(&path)?, stamp_of(&path)?) else { return Err(missing()) };
        let metadata = head_of(id, &text, generation, stamp);
        Ok(Descriptor { metadata, text: readable(id, text)? })
    }

    /// Makes a version the newest one again.
    ///
    /// # Errors
    /// As [`Store::revision`] and [`Store::replace`].
    pub fn rollback(&self, id: &Id, generation: u64, condition: Option<&Precondition>) -> Result<Descriptor> {
        let text = self.revision(id, generation)?.text;
        if let Some(condition) = condition {
            return self.replace(id, &text, condition).map(|(descriptor, _)| descriptor);
        }
        // One that was deleted comes back.
        match self.replace(id, &text, &Precondition::Present) {
            Err(StoreError::NotFound(_)) => self.replace(id, &text, &Precondition::Absent),
            other => other,
        }
        .map(|(descriptor, _)| descriptor)
    }

    /// Writes a version: both files whole beside their places first, so that a full disk changes nothing.
    fn write(&self, id: &Id, text: &str, content: Content) -> Result<DescriptorHead> {
        let generation = self.generations(id)?.last().copied().unwrap_or_default() + 1;
        let (path, revision) = (self.path(id), self.revision_path(id, generation));
        let version = files::prepare(&revision, text.as_bytes(), true)?;
        let current = files::prepare(&path, text.as_bytes(), true)?;
        // Should the program end in between, the next one finds a file that is in no history, and adds it.
        current.put(&path)?;
        version.put(&revision)?;
        self.prune(id)?;
        let stamp = stamp_of(&path)?.ok_or_else(|| StoreError::NotFound(id.clone()))?;
        let head = content.head(digest(text.as_bytes()), generation, stamp);
        self.remember(id, Entry { head: head.clone(), stamp });
        Ok(head)
    }

    /// Compares a file with what is known of it; what it is now. The caller holds `writing`.
    fn notice(&self, id: &Id) -> Result<Option<DescriptorHead>> {
        let path = self.path(id);
        let known = self.entry(&key(id));
        let Some(stamp) = stamp_of(&path)? else {
            if known.is_some() {
                self.forget(id);
            }
            return Ok(None);
        };
        let text = match files::read(&path) {
            // Too large to be one.
            Ok(None) | Err(StoreError::TooLarge { .. }) => {
                self.forget(id);
                return Ok(None);
            }
            Ok(Some(text)) => text,
            Err(error) => return Err(error),
        };
        let digest = digest(&text);
        if let Some(known) = known
            && known.head.digest == digest
        {
            let head = DescriptorHead { changed: stamp.seconds(), ..known.head };
            self.write_index().insert(key(id), Entry { head: head.clone(), stamp });
            return Ok(Some(head));
        }
        let newest = self.generations(id)?.last().copied();
        let is_newest = match newest {
            Some(newest) => files::read(&self.revision_path(id, newest))?.is_some_and(|last| last == text),
            None => false,
        };
        let generation = if is_newest { newest.unwrap_or(1) } else { newest.unwrap_or_default() + 1 };
        if !is_newest {
            let revision = self.revision_path(id, generation);
            // The file itself is there; losing this copy in a crash loses nothing.
            files::prepare(&revision, &text, false)?.put(&revision)?;
            self.prune(id)?;
        }
        let head = head_of(id, &text, generation, stamp);
        self.remember(id, Entry { head: head.clone(), stamp });
        Ok(Some(head))
    }

    fn remember(&self, id: &Id, entry: Entry) {
        let generation = entry.head.generation;
        let before = self.write_index().insert(key(id), entry);
        self.tell(id, if before.is_some() { Action::Replaced } else { Action::Created }, generation);
    }

    fn forget(&self, id: &Id) {
        let before = self.write_index().remove(&key(id));
        if let Some(before) = before {
            self.tell(id, Action::Deleted, before.head.generation);
        }
    }

    fn tell(&self, id: &Id, action: Action, generation: u64) {
        let event = Event {
            id: self.last_event.fetch_add(1, Ordering::Relaxed) + 1,
            action,
            namespace: id.namespace().to_owned(),
            name: id.name().to_owned(),
            generation,
        };
        // Nobody may be listening.
        let _ = self.events.send(event);
    }

    /// The versions that are kept, the oldest first.
    fn generations(&self, id: &Id) -> Result<Vec<u64>> {
        let folder = self.history_path(id);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(cause) => return Err(StoreError::File { path: folder, cause }),
        };
        let number = |name: &str| name.strip_suffix(".yaml")?.parse().ok();
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut found: Vec<u64> = names.filter_map(|name| number(&name)).collect();
        found.sort_unstable();
        Ok(found)
    }

    fn prune(&self, id: &Id) -> Result<()> {
        let all = self.generations(id)?;
        let old = all.len().saturating_sub(MOST_REVISIONS);
        all.into_iter().take(old).try_for_each(|generation| files::remove(&self.revision_path(id, generation)))
    }

    fn path(&self, id: &Id) -> PathBuf {
        self.root.join(id.namespace()).join(format!("{}.yaml", id.name()))
    }

    fn history_path(&self, id: &Id) -> PathBuf {
        self.root.join(HISTORY).join(id.namespace()).join(id.name())
    }

    fn revision_path(&self, id: &Id, generation: u64) -> PathBuf {
        self.history_path(id).join(format!("{generation:010}.yaml"))
    }

    fn entry(&self, key: &Key) -> Option<Entry> {
        self.read_index().get(key).cloned()
    }

    fn read_index(&self) -> std::sync::RwLockReadGuard<'_, BTreeMap<Key, Entry>> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_index(&self) -> std::sync::RwLockWriteGuard<'_, BTreeMap<Key, Entry>> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(id: &Id) -> Key {
    (id.namespace().to_owned(), id.name().to_owned())
}

fn readable(id: &Id, text: Vec<u8>) -> Result<String> {
    String::from_utf8(text).map_err(|_| StoreError::NotText(id.clone()))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
