//! Answers from a recording.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use chartwright_catalog::Catalog;
use chartwright_protocol::{Reply, Request};
use contract::{Failure, FailureKind};
use yew::Callback;

use super::{Answer, Api, Engine, Later, Manage, Store};
use crate::load::Trouble;
use crate::manage::{Answered, Ask, Heard, Place, Refusal, Sent};
use crate::operate::Operations;

/// Catalog, files and answers that are given beforehand. What is stored is kept until it is dropped.
#[derive(Default)]
pub struct Recorded {
    /// The catalog.
    pub catalog: Rc<Catalog>,
    /// Files by address.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Requests, and what answers them.
    pub answers: Vec<(Request, Answer)>,
    /// What runs.
    pub operations: Rc<Operations>,
    /// The management API: whether there is one.
    pub place: Place,
    /// What it is asked, and what it answers; the first answer counts once, the last for ever.
    pub managed: RefCell<Vec<(Ask, Result<Answered, Refusal>)>>,
    /// What streams say.
    pub streams: Vec<(Ask, Vec<Sent>)>,
    texts: RefCell<BTreeMap<String, String>>,
    bytes: RefCell<BTreeMap<String, Vec<u8>>>,
}

fn now<T: 'static>(value: T) -> Later<T> {
    Box::pin(std::future::ready(value))
}

impl Api for Recorded {
    fn catalog(&self) -> Later<Result<Rc<Catalog>, Trouble>> {
        now(Ok(self.catalog.clone()))
    }

    fn file(&self, url: &str, _: &str) -> Later<Result<Vec<u8>, Trouble>> {
        let file = self.files.get(url).cloned();
        now(file.ok_or_else(|| Trouble::new("the recording does not have this file").at(url)))
    }

    fn icon(&self, url: &str) -> Option<String> {
        Some(url.to_owned())
    }

    fn operations(&self) -> Later<Result<Rc<Operations>, Trouble>> {
        now(Ok(self.operations.clone()))
    }
}

impl Manage for Recorded {
    fn place(&self) -> Later<Place> {
        now(self.place.clone())
    }

    fn set_token(&self, _: &str) {}

    fn ask(&self, ask: Ask) -> Later<Result<Answered, Refusal>> {
        let mut managed = self.managed.borrow_mut();
        let Some(at) = managed.iter().position(|(asked, _)| *asked == ask) else {
            return now(Err(Refusal::of(404, b"")));
        };
        let again = managed.iter().skip(at + 1).any(|(asked, _)| *asked == ask);
        now(if again { managed.remove(at).1 } else { managed[at].1.clone() })
    }

    fn stream(&self, ask: Ask, each: Callback<Sent>) -> Later<Result<(), Refusal>> {
        let Some((_, events)) = self.streams.iter().find(|(asked, _)| *asked == ask) else {
            return now(Err(Refusal::of(404, b"")));
        };
        events.iter().cloned().for_each(|event| each.emit(event));
        now(Ok(()))
    }

    fn listen(&self, _: u32, _: Callback<Heard>) {}

    fn hush(&self) {}
}

impl Engine for Recorded {
    fn ask(&self, request: Request, _: Vec<Vec<u8>>) -> Later<Answer> {
        let answer = self.answers.iter().find(|(asked, _)| *asked == request).map(|(_, answer)| answer.clone());
        now(answer.unwrap_or_else(|| {
            let failure = Failure::new(FailureKind::Input, "the recording has no answer to this");
            Answer { reply: Reply::Failed(failure), parts: Vec::new() }
        }))
    }

    fn ask_newest(&self, _: u32, request: Request, parts: Vec<Vec<u8>>) -> Later<Answer> {
        Engine::ask(self, request, parts)
    }

    fn warm(&self, _: bool) {}
}

impl Store for Recorded {
    fn text(&self, name: &str) -> Option<String> {
        self.texts.borrow().get(name).cloned()
    }

    fn set_text(&self, name: &str, text: &str) -> bool {
        self.texts.borrow_mut().insert(name.to_owned(), text.to_owned());
        true
    }

    fn forget(&self, name: &str) {
        self.texts.borrow_mut().remove(name);
    }

    fn names(&self, start: &str) -> Vec<String> {
        self.texts.borrow().keys().filter(|name| name.starts_with(start)).cloned().collect()
    }

    fn keep(&self, digest: &str, bytes: &[u8]) -> Later<bool> {
        self.bytes.borrow_mut().insert(digest.to_owned(), bytes.to_vec());
        now(true)
    }

    fn kept(&self, digest: &str) -> Later<Option<Vec<u8>>> {
        now(self.bytes.borrow().get(digest).cloned())
    }

    fn digests(&self) -> Later<Vec<String>> {
        now(self.bytes.borrow().keys().cloned().collect())
    }

    fn usage(&self) -> Later<Option<(f64, f64)>> {
        now(None)
    }

    fn forget_bytes(&self, digest: &str) -> Later<()> {
        self.bytes.borrow_mut().remove(digest);
        now(())
    }

    fn clear(&self) -> Later<()> {
        self.texts.borrow_mut().clear();
        self.bytes.borrow_mut().clear();
        now(())
    }

    /// There is no other tab.
    fn watch(&self, _: &str, _: Callback<Option<String>>) {}
}
