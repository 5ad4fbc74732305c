//! The last results, for comparisons.

use std::collections::VecDeque;

use chartwright_protocol::{Changes, Rendered};
use contract::{Failure, FailureKind};

use crate::changes;

/// How many results are kept.
const MOST: usize = 8;

/// How many bytes of texts are kept, unless a single one has more.
const MOST_BYTES: usize = 64 << 20;

/// The results; the last one last.
#[derive(Default)]
pub(crate) struct Results(VecDeque<Result>);

/// A result.
pub(crate) struct Result {
    digest: String,
    /// The objects: key and text.
    pub(crate) objects: Vec<(String, Vec<u8>)>,
    bytes: usize,
}

impl Results {
    /// Keeps a result.
    pub(crate) fn keep(&mut self, rendered: &Rendered, text: &[u8]) {
        let object = |head: &chartwright_protocol::ObjectHead| {
            let text = text.get(head.start as usize..head.end as usize).unwrap_or_default();
            (head.key.clone(), text.to_vec())
        };
        let objects = rendered.objects.iter().map(object).collect();
        self.0.retain(|known| known.digest != rendered.digest);
        self.0.push_back(Result { digest: rendered.digest.clone(), objects, bytes: text.len() });
        let bytes = |results: &VecDeque<Result>| results.iter().map(|result| result.bytes).sum::<usize>();
        while self.0.len() > MOST || (self.0.len() > 2 && bytes(&self.0) > MOST_BYTES) {
            self.0.pop_front();
        }
    }

    /// What differs between two results.
    ///
    /// # Errors
    /// If one of them is not kept any more.
    pub(crate) fn changes(&self, before: &str, after: &str) -> std::result::Result<Changes, Failure> {
        Ok(Changes {
            before: before.to_owned(),
            after: after.to_owned(),
            objects: changes::between(&self.get(before)?.objects, &self.get(after)?.objects),
        })
    }

    fn get(&self, digest: &str) -> std::result::Result<&Result, Failure> {
        self.0.iter().find(|result| result.digest == digest).ok_or_else(|| {
            let message = format!("the result {digest} is not kept any more: render it again");
            Failure::new(FailureKind::Input, message)
        })
    }
}
