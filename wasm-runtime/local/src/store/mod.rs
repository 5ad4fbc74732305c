//! Descriptors in a file: a SQLite database with what is current, and its versions.
//!
//! Several programs can have the same store: writers wait for each other, and each program sees at once what another
//! one has written. What lists are made of is in memory, and is brought up to date by what has changed since.

mod error;
mod folder;
mod head;
mod keep;
mod schema;
mod sources;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

use chartwright_api::types::{Action, Descriptor, DescriptorHead, DescriptorList, Event, History, Id, Revision};
use chartwright_api::{Namespaces, Precondition, Selector};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};
use tokio::sync::broadcast;

pub use error::StoreError;
pub use folder::Imported;
use head::{Content, digest};
pub use keep::backup;
pub(crate) use sources::StoredSource;

/// The most versions of a descriptor that are kept.
const MOST_REVISIONS: i64 = 50;
/// How many events wait for a slow listener.
const EVENTS: usize = 1024;

/// A namespace and a name.
type Key = (String, String);
type Result<T> = std::result::Result<T, StoreError>;

/// Descriptors in a file, and what is known of them in memory.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
    watch: Mutex<Watch>,
    index: RwLock<BTreeMap<Key, DescriptorHead>>,
    events: broadcast::Sender<Event>,
}

/// What notices changes, by this program and by others.
#[derive(Debug)]
struct Watch {
    connection: Connection,
    /// SQLite's number of the last state that was looked at; it changes when another connection writes.
    version: Option<i64>,
    /// The last change that is in the index.
    seen: i64,
}

impl Store {
    /// Opens a store, which is made if it is not there.
    ///
    /// # Errors
    /// If the file cannot be read and written, is damaged, or of another program or a newer version of this one.
    pub fn open(path: &Path) -> Result<Store> {
        Store::with(path, schema::open(path, true)?)
    }

    /// Opens a store that must be there.
    ///
    /// # Errors
    /// As [`Store::open`], and if there is none.
    pub fn open_existing(path: &Path) -> Result<Store> {
        Store::with(path, schema::open(path, false)?)
    }

    fn with(path: &Path, writer: Connection) -> Result<Store> {
        let connection = schema::connect(path)?;
        let store = Store {
            path: path.to_path_buf(),
            writer: Mutex::new(writer),
            reader: Mutex::new(schema::connect(path)?),
            watch: Mutex::new(Watch { connection, version: None, seen: 0 }),
            index: RwLock::default(),
            events: broadcast::channel(EVENTS).0,
        };
        store.refresh().map_err(|error| match error {
            StoreError::Corrupt { why, .. } => StoreError::Corrupt { path: path.to_path_buf(), why },
            other => other,
        })?;
        Ok(store)
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What happens from now on.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// Whether anybody listens to events.
    pub fn has_listeners(&self) -> bool {
        self.events.receiver_count() > 0
    }

    /// Brings the index up to date with what any program has written.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn refresh(&self) -> Result<()> {
        let mut watch = lock(&self.watch);
        let version = watch.connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        if watch.version == Some(version) {
            return Ok(());
        }
        let mut changes = Vec::new();
        {
            let mut statement = watch.connection.prepare_cached(
                "SELECT namespace, name, generation, digest, changed, size, version, description, labels, deleted, \
                 sequence FROM descriptors WHERE sequence > ? ORDER BY sequence",
            )?;
            let mut rows = statement.query([watch.seen])?;
            while let Some(row) = rows.next()? {
                changes.push((head_of(row)?, row.get::<_, bool>("deleted")?, row.get::<_, i64>("sequence")?));
            }
        }
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        let first = watch.version.is_none();
        for (head, deleted, sequence) in changes {
            watch.seen = sequence;
            let key = (head.namespace.clone(), head.name.clone());
            let event =
                |action| Event { action, namespace: key.0.clone(), name: key.1.clone(), generation: head.generation };
            let event = match (deleted, index.contains_key(&key)) {
                (true, false) => None,
                (true, true) => Some(event(Action::Deleted)),
                (false, true) => Some(event(Action::Replaced)),
                (false, false) => Some(event(Action::Created)),
            };
            if deleted {
                index.remove(&key);
            } else {
                index.insert(key, head);
            }
            if let Some(event) = event.filter(|_| !first) {
                // Nobody may be listening.
                let _ = self.events.send(event);
            }
        }
        watch.version = Some(version);
        Ok(())
    }

    /// A page of the descriptors that a caller may see.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn list(
        &self,
        visible: &Namespaces,
        namespace: Option<&str>,
        selector: &Selector,
        limit: usize,
        after: Option<&(String, String)>,
    ) -> Result<DescriptorList> {
        self.refresh()?;
        let start = match (after, namespace) {
            (Some(after), Some(namespace)) if after.0.as_str() < namespace => {
                Bound::Included((namespace.to_owned(), String::new()))
            }
            (Some(after), _) => Bound::Excluded(after.clone()),
            (None, Some(namespace)) => Bound::Included((namespace.to_owned(), String::new())),
            (None, None) => Bound::Unbounded,
        };
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
        let rest = index.range((start, Bound::Unbounded));
        let inside = rest.take_while(|(key, _)| namespace.is_none_or(|namespace| key.0 == namespace));
        let mut fitting =
            inside.filter(|(key, head)| visible.contains(&key.0) && selector.fits(&head.labels)).peekable();
        let mut list = DescriptorList::default();
        while let Some((key, head)) = fitting.next() {
            list.items.push(head.clone());
            if list.items.len() == limit {
                list.next = fitting.peek().map(|_| format!("{}/{}", key.0, key.1));
                break;
            }
        }
        Ok(list)
    }

    /// A descriptor.
    ///
    /// # Errors
    /// If there is none, or the file cannot be read.
    pub fn read(&self, id: &Id) -> Result<Descriptor> {
        let reader = lock(&self.reader);
        let mut statement = reader.prepare_cached(
            "SELECT d.namespace, d.name, d.generation, d.digest, d.changed, d.size, d.version, d.description, \
             d.labels, r.text FROM descriptors d JOIN revisions r USING (namespace, name, generation) \
             WHERE d.namespace = ? AND d.name = ? AND NOT d.deleted",
        )?;
        let read = |row: &Row<'_>| Ok(Descriptor { metadata: head_of(row)?, text: row.get("text")? });
        let found = statement.query_row([id.namespace(), id.name()], read).optional()?;
        found.ok_or_else(|| StoreError::NotFound(id.clone()))
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

    /// Whose descriptor a text is.
    ///
    /// # Errors
    /// If it is no descriptor.
    pub fn id_of(text: &str) -> Result<Id> {
        Ok(head::content(text)?.id)
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
        self.write(|transaction| {
            let before = current(transaction, id)?;
            let digest_before = before.as_ref().filter(|row| !row.deleted).map(|row| row.head.digest.as_str());
            if !condition.holds(digest_before) {
                return Err(match digest_before {
                    // What must not exist and does, or must be of a version and is of another.
                    Some(_) => StoreError::Changed(id.clone()),
                    None => StoreError::NotFound(id.clone()),
                });
            }
            let created = digest_before.is_none();
            let (head, _) = put(transaction, text, content, before)?;
            Ok((Descriptor { metadata: head, text: text.to_owned() }, created))
        })
    }

    /// Takes a descriptor away.
    ///
    /// # Errors
    /// If there is none, the condition does not hold, or the file cannot be written.
    pub fn delete(&self, id: &Id, condition: Option<&Precondition>) -> Result<()> {
        self.write(|transaction| {
            let row = current(transaction, id)?.filter(|row| !row.deleted);
            let row = row.ok_or_else(|| StoreError::NotFound(id.clone()))?;
            if condition.is_some_and(|condition| !condition.holds(Some(&row.head.digest))) {
                return Err(StoreError::Changed(id.clone()));
            }
            let sequence = next_sequence(transaction)?;
            transaction.execute(
                "UPDATE descriptors SET deleted = 1, sequence = ? WHERE namespace = ? AND name = ?",
                params![sequence, id.namespace(), id.name()],
            )?;
            Ok(())
        })
    }

    /// The versions of a descriptor.
    ///
    /// # Errors
    /// If it never existed, or the file cannot be read.
    pub fn history(&self, id: &Id) -> Result<History> {
        let reader = lock(&self.reader);
        let mut statement = reader.prepare_cached(
            "SELECT r.generation, r.digest, r.changed, length(CAST(r.text AS BLOB)) AS size, \
             d.generation = r.generation AND NOT d.deleted AS current \
             FROM revisions r JOIN descriptors d USING (namespace, name) \
             WHERE r.namespace = ? AND r.name = ? ORDER BY r.generation DESC",
        )?;
        let read = |row: &Row<'_>| {
            Ok(Revision {
                generation: unsigned(row.get("generation")?),
                digest: row.get("digest")?,
                changed: row.get("changed")?,
                size: unsigned(row.get("size")?),
                current: row.get("current")?,
            })
        };
        let items: Vec<Revision> =
            statement.query_map([id.namespace(), id.name()], read)?.collect::<rusqlite::Result<_>>()?;
        if items.is_empty() { Err(StoreError::NotFound(id.clone())) } else { Ok(History { items }) }
    }

    /// A version of a descriptor.
    ///
    /// # Errors
    /// If there is no such version, or the file cannot be read.
    pub fn revision(&self, id: &Id, generation: u64) -> Result<Descriptor> {
        let missing = || StoreError::NoRevision { id: id.clone(), generation };
        let number = i64::try_from(generation).map_err(|_| missing())?;
        let found = lock(&self.reader)
            .prepare_cached("SELECT changed, text FROM revisions WHERE namespace = ? AND name = ? AND generation = ?")?
            .query_row(params![id.namespace(), id.name(), number], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (changed, text): (i64, String) = found.ok_or_else(missing)?;
        let metadata = head::content(&text)?.head(digest(text.as_bytes()), generation, changed);
        Ok(Descriptor { metadata, text })
    }

    /// Stores a version of a descriptor as its newest one.
    ///
    /// # Errors
    /// If there is no such version, the condition does not hold, or the file cannot be written.
    pub fn rollback(&self, id: &Id, generation: u64, condition: Option<&Precondition>) -> Result<Descriptor> {
        let old = self.revision(id, generation)?;
        let content = head::content(&old.text)?;
        self.write(|transaction| {
            let before = current(transaction, id)?;
            let digest_before = before.as_ref().filter(|row| !row.deleted).map(|row| row.head.digest.as_str());
            if condition.is_some_and(|condition| !condition.holds(digest_before)) {
                return Err(StoreError::Changed(id.clone()));
            }
            let (head, _) = put(transaction, &old.text, content, before)?;
            Ok(Descriptor { metadata: head, text: old.text.clone() })
        })
    }

    /// Changes the file: all of it, or nothing.
    fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let done = {
            let mut writer = lock(&self.writer);
            let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&transaction)?;
            transaction.commit()?;
            done
        };
        // It is stored; should this fail, the next list tries again.
        let _ = self.refresh();
        Ok(done)
    }

    #[cfg(test)]
    fn limit_pages(&self, pages: i64) {
        lock(&self.writer).pragma_update(None, "max_page_count", pages).expect("a limit");
    }
}

/// A row of the table of descriptors.
struct Current {
    head: DescriptorHead,
    deleted: bool,
}

fn current(transaction: &Transaction<'_>, id: &Id) -> Result<Option<Current>> {
    let found = transaction
        .prepare_cached("SELECT * FROM descriptors WHERE namespace = ? AND name = ?")?
        .query_row([id.namespace(), id.name()], |row| Ok(Current { head: head_of(row)?, deleted: row.get("deleted")? }))
        .optional()?;
    Ok(found)
}

/// Writes a version, unless it is the one that is there. Whether it has written.
fn put(
    transaction: &Transaction<'_>,
    text: &str,
    content: Content,
    before: Option<Current>,
) -> Result<(DescriptorHead, bool)> {
    let digest = digest(text.as_bytes());
    let generation = match before {
        Some(row) if !row.deleted && row.head.digest == digest => return Ok((row.head, false)),
        Some(row) => row.head.generation + 1,
        None => 1,
    };
    let head = content.head(digest, generation, now());
    let number = signed(generation);
    transaction
        .prepare_cached(
            "INSERT INTO revisions (namespace, name, generation, digest, changed, text) VALUES (?,?,?,?,?,?)",
        )?
        .execute(params![head.namespace, head.name, number, head.digest, head.changed, text])?;
    transaction
        .prepare_cached("DELETE FROM revisions WHERE namespace = ? AND name = ? AND generation <= ?")?
        .execute(params![head.namespace, head.name, number - MOST_REVISIONS])?;
    let labels = serde_json::to_string(&head.labels).unwrap_or_else(|_| "{}".to_owned());
    let sequence = next_sequence(transaction)?;
    transaction
        .prepare_cached(
            "REPLACE INTO descriptors (namespace, name, generation, digest, changed, size, version, description, \
             labels, deleted, sequence) VALUES (?,?,?,?,?,?,?,?,?,0,?)",
        )?
        .execute(params![
            head.namespace,
            head.name,
            number,
            head.digest,
            head.changed,
            signed(head.size),
            head.version,
            head.description,
            labels,
            sequence
        ])?;
    Ok((head, true))
}

fn next_sequence(transaction: &Transaction<'_>) -> Result<i64> {
    let mut statement = transaction.prepare_cached("SELECT coalesce(max(sequence), 0) + 1 FROM descriptors")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

/// The head of a descriptor in a row that has its columns.
fn head_of(row: &Row<'_>) -> rusqlite::Result<DescriptorHead> {
    let labels: String = row.get("labels")?;
    Ok(DescriptorHead {
        namespace: row.get("namespace")?,
        name: row.get("name")?,
        version: row.get("version")?,
        description: row.get("description")?,
        labels: serde_json::from_str(&labels).unwrap_or_default(),
        generation: unsigned(row.get("generation")?),
        digest: row.get("digest")?,
        changed: row.get("changed")?,
        size: unsigned(row.get("size")?),
    })
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// Seconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    signed(since.as_secs())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
