//! Archives that were given to a plugin, so that later calls can name them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chartwright::api::digest;
use contract::{Archive, Base64, CheckInput, ExpandInput, PlanInput, RenderInput, Subject};

/// How many bytes of archives are kept.
const MOST_BYTES: usize = 64 << 20;

/// Inputs with archives in them.
pub(crate) trait Archives {
    fn archives(&mut self) -> Vec<&mut Archive>;
}

fn subject(subject: &mut Subject) -> Option<&mut Archive> {
    match subject {
        Subject::Chart(archive) => Some(archive),
        _ => None,
    }
}

impl Archives for RenderInput {
    fn archives(&mut self) -> Vec<&mut Archive> {
        let given = self.charts.iter_mut().map(|c| &mut c.archive);
        given.chain(subject(&mut self.subject)).collect()
    }
}

impl Archives for PlanInput {
    fn archives(&mut self) -> Vec<&mut Archive> {
        subject(&mut self.subject).into_iter().collect()
    }
}

impl Archives for ExpandInput {
    fn archives(&mut self) -> Vec<&mut Archive> {
        self.charts.iter_mut().map(|c| &mut c.archive).collect()
    }
}

impl Archives for CheckInput {
    fn archives(&mut self) -> Vec<&mut Archive> {
        self.charts.iter_mut().map(|c| &mut c.archive).collect()
    }
}

/// The archives of a host, by digest; the least recently used go first.
#[derive(Default)]
pub(crate) struct Sent(Mutex<Kept>);

impl std::fmt::Debug for Sent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Sent").field(&self.kept().archives.len()).finish()
    }
}

#[derive(Default)]
struct Kept {
    archives: BTreeMap<String, (u64, Arc<Vec<u8>>)>,
    clock: u64,
}

impl Sent {
    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the bytes out of an input: only their digests stay in it. A digest that does not fit stays with its
    /// bytes, for the engine to refuse.
    pub(crate) fn take(&self, input: &mut impl Archives) {
        for archive in input.archives() {
            let Some(data) = &archive.data else { continue };
            let found = digest(&data.0);
            if archive.digest.as_ref().is_some_and(|given| *given != found) {
                continue;
            }
            let data = archive.data.take().unwrap_or_default();
            self.kept().add(found.clone(), Arc::new(data.0));
            archive.digest = Some(found);
        }
    }

    /// Puts the bytes of archives in again, save of those that the engine has.
    pub(crate) fn fill(&self, input: &mut impl Archives, has: &mut dyn FnMut(&str) -> bool) -> Vec<String> {
        let mut sent = Vec::new();
        for archive in input.archives() {
            let Some(digest) = archive.digest.clone().filter(|_| archive.data.is_none()) else { continue };
            if has(&digest) {
                continue;
            }
            if let Some(data) = self.kept().get(&digest) {
                archive.data = Some(Base64(data.to_vec()));
                sent.push(digest);
            }
        }
        sent
    }
}

impl Kept {
    fn get(&mut self, digest: &str) -> Option<Arc<Vec<u8>>> {
        self.clock += 1;
        let clock = self.clock;
        let (used, data) = self.archives.get_mut(digest)?;
        *used = clock;
        Some(Arc::clone(data))
    }

    fn add(&mut self, digest: String, data: Arc<Vec<u8>>) {
        self.clock += 1;
        self.archives.insert(digest, (self.clock, data));
        while self.archives.len() > 1 && self.archives.values().map(|(_, d)| d.len()).sum::<usize>() > MOST_BYTES {
            let oldest = self.archives.iter().min_by_key(|(_, (used, _))| *used).map(|(digest, _)| digest.clone());
            oldest.and_then(|digest| self.archives.remove(&digest));
        }
    }
}
