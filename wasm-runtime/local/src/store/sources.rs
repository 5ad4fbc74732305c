//! Sources of base charts in the store: each in a namespace, with credentials that never leave the program again.

use std::collections::BTreeMap;

use chartwright_api::types::{Id, Source, SourceInput, SourceList};
use chartwright_api::{Namespaces, Precondition};
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::error::StoreError;
use super::head::digest;
use super::{Result, Store, lock, now, signed, unsigned};

/// A source with its credentials, for those who fetch from it.
#[derive(Clone)]
pub(crate) struct StoredSource {
    pub(crate) source: Source,
    pub(crate) credentials: BTreeMap<String, String>,
}

impl Store {
    /// The sources that a caller may see, by namespace and name.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn sources(&self, visible: &Namespaces, namespace: Option<&str>) -> Result<SourceList> {
        let reader = lock(&self.reader);
        let mut statement = reader.prepare_cached("SELECT * FROM sources ORDER BY namespace, name")?;
        let mut items = Vec::new();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let source = stored(row)?.source;
            let wanted = namespace.is_none_or(|namespace| source.namespace == namespace);
            if wanted && visible.contains(&source.namespace) {
                items.push(source);
            }
        }
        Ok(SourceList { items })
    }

    /// A source.
    ///
    /// # Errors
    /// If there is none, or the file cannot be read.
    pub fn source(&self, id: &Id) -> Result<Source> {
        Ok(self.stored_source(id)?.ok_or_else(|| StoreError::NoSource(id.clone()))?.source)
    }

    pub(crate) fn stored_source(&self, id: &Id) -> Result<Option<StoredSource>> {
        let reader = lock(&self.reader);
        let mut statement = reader.prepare_cached("SELECT * FROM sources WHERE namespace = ? AND name = ?")?;
        Ok(statement.query_row([id.namespace(), id.name()], stored).optional()?)
    }

    /// Stores a source, in place of the one that is there. Whether there was none. Without credentials, those that are
    /// stored stay, if the server is the same: they are for no other one.
    ///
    /// # Errors
    /// If the condition does not hold, or the file cannot be written.
    pub fn put_source(&self, id: &Id, input: SourceInput, condition: &Precondition) -> Result<(Source, bool)> {
        self.write(|transaction| {
            let before = current(transaction, id)?;
            let digest_before = before.as_ref().map(|stored| stored.source.digest.as_str());
            if !condition.holds(digest_before) {
                return Err(if before.is_some() {
                    StoreError::SourceChanged(id.clone())
                } else {
                    StoreError::NoSource(id.clone())
                });
            }
            let generation = before.as_ref().map_or(1, |stored| stored.source.generation + 1);
            let created = before.is_none();
            let kept = before.filter(|before| origin(&before.source.url) == origin(&input.url));
            let credentials =
                input.credentials.unwrap_or_else(|| kept.map(|kept| kept.credentials).unwrap_or_default());
            let mut source = Source {
                namespace: id.namespace().to_owned(),
                name: id.name().to_owned(),
                kind: input.kind,
                url: input.url,
                reference: input.reference,
                credentials: credentials.keys().cloned().collect(),
                generation,
                changed: now(),
                digest: String::new(),
            };
            let text = serde_json::to_string(&source).unwrap_or_default();
            // Of what anybody may know: credentials have no part in it.
            source.digest = digest(text.as_bytes());
            transaction.execute(
                "REPLACE INTO sources (namespace, name, generation, digest, changed, source, credentials) \
                 VALUES (?,?,?,?,?,?,?)",
                params![
                    source.namespace,
                    source.name,
                    signed(generation),
                    source.digest,
                    source.changed,
                    text,
                    serde_json::to_string(&credentials).unwrap_or_default()
                ],
            )?;
            Ok((source, created))
        })
    }

    /// Takes a source away.
    ///
    /// # Errors
    /// If there is none, the condition does not hold, or the file cannot be written.
    pub fn delete_source(&self, id: &Id, condition: Option<&Precondition>) -> Result<()> {
        self.write(|transaction| {
            let before = current(transaction, id)?.ok_or_else(|| StoreError::NoSource(id.clone()))?;
            if condition.is_some_and(|condition| !condition.holds(Some(&before.source.digest))) {
                return Err(StoreError::SourceChanged(id.clone()));
            }
            transaction.execute("DELETE FROM sources WHERE namespace = ? AND name = ?", [id.namespace(), id.name()])?;
            Ok(())
        })
    }
}

fn current(transaction: &Transaction<'_>, id: &Id) -> Result<Option<StoredSource>> {
    let mut statement = transaction.prepare_cached("SELECT * FROM sources WHERE namespace = ? AND name = ?")?;
    Ok(statement.query_row([id.namespace(), id.name()], stored).optional()?)
}

fn stored(row: &Row<'_>) -> rusqlite::Result<StoredSource> {
    let (source, credentials): (String, String) = (row.get("source")?, row.get("credentials")?);
    let read: Source = serde_json::from_str(&source).unwrap_or_default();
    let source = Source {
        namespace: row.get("namespace")?,
        name: row.get("name")?,
        generation: unsigned(row.get("generation")?),
        digest: row.get("digest")?,
        changed: row.get("changed")?,
        ..read
    };
    Ok(StoredSource { source, credentials: serde_json::from_str(&credentials).unwrap_or_default() })
}

/// Scheme, host and port of a URL.
fn origin(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url.get(start..).and_then(|rest| rest.find('/')).map_or(url.len(), |at| start + at);
    url.get(..end).unwrap_or(url)
}
