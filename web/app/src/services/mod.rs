//! What the page uses of the world, behind traits: catalogs and charts, the engine, what is kept on this machine.
//!
//! Each has an implementation for the browser, and one that answers from a recording: tests run on it, and views
//! whose source does not exist yet.

#[cfg(target_family = "wasm")]
mod late_engine;
#[cfg(target_family = "wasm")]
mod late_manage;
mod recorded;
#[cfg(target_family = "wasm")]
mod web_api;
#[cfg(target_family = "wasm")]
mod web_engine;
#[cfg(target_family = "wasm")]
mod web_manage;
#[cfg(target_family = "wasm")]
mod web_store;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use chartwright_catalog::Catalog;
use chartwright_protocol::{Reply, Request};
use yew::Callback;

use crate::load::Trouble;
use crate::manage::{Answered, Ask, Heard, Place, Refusal, Sent};
use crate::operate::Operations;

pub use recorded::Recorded;

/// An answer that comes later.
pub type Later<T> = Pin<Box<dyn Future<Output = T>>>;

/// Catalogs, files, and what runs in a cluster.
pub trait Api {
    /// The catalog of this site.
    fn catalog(&self) -> Later<Result<Rc<Catalog>, Trouble>>;

    /// The bytes of a file that the catalog names, relative to it. With a digest, other bytes are refused.
    fn file(&self, url: &str, digest: &str) -> Later<Result<Vec<u8>, Trouble>>;

    /// Where an icon that the catalog names is, if it may be shown.
    fn icon(&self, url: &str) -> Option<String>;

    /// What runs, as an operator sees it.
    fn operations(&self) -> Later<Result<Rc<Operations>, Trouble>>;
}

/// The management API of this page's server.
pub trait Manage {
    /// Whether there is one. It is asked once, and again while it cannot be reached or wants a token.
    fn place(&self) -> Later<Place>;

    /// The token of all further requests. It is never kept.
    fn set_token(&self, token: &str);

    /// Asks, and answers with everything that comes.
    fn ask(&self, ask: Ask) -> Later<Result<Answered, Refusal>>;

    /// Asks for server-sent events, and tells each, until they end.
    fn stream(&self, ask: Ask, each: Callback<Sent>) -> Later<Result<(), Refusal>>;

    /// Tells what happens in the store, after so many milliseconds, in place of whoever was told before.
    fn listen(&self, wait: u32, each: Callback<Heard>);

    /// Tells nobody any more.
    fn hush(&self);
}

/// An answer of the engine.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What it says.
    pub reply: Reply,
    /// Its bytes.
    pub parts: Vec<Vec<u8>>,
}

/// The engine.
pub trait Engine {
    /// Asks. Requests are answered in order.
    fn ask(&self, request: Request, parts: Vec<Vec<u8>>) -> Later<Answer>;

    /// Asks, and takes the place of a request of the same lane that still waits, which is then answered with
    /// [`Reply::Superseded`].
    fn ask_newest(&self, lane: u32, request: Request, parts: Vec<Vec<u8>>) -> Later<Answer>;

    /// Begins to fetch the engine, so that it is there when it is needed. Descriptors need more of it.
    fn warm(&self, descriptors: bool);
}

/// What is kept on this machine.
pub trait Store {
    /// The text under a name.
    fn text(&self, name: &str) -> Option<String>;

    /// Keeps a text under a name. Says whether there was room; without it, the text is there until the page is closed.
    fn set_text(&self, name: &str, text: &str) -> bool;

    /// Forgets the text under a name.
    fn forget(&self, name: &str);

    /// All names that start so, sorted.
    fn names(&self, start: &str) -> Vec<String>;

    /// Keeps bytes by their digest. Says whether there was room; without it, they are there until the page is closed.
    fn keep(&self, digest: &str, bytes: &[u8]) -> Later<bool>;

    /// The bytes of a digest.
    fn kept(&self, digest: &str) -> Later<Option<Vec<u8>>>;

    /// The digests of all bytes that are kept, sorted.
    fn digests(&self) -> Later<Vec<String>>;

    /// Bytes used and bytes granted, as far as the browser says.
    fn usage(&self) -> Later<Option<(f64, f64)>>;

    /// Forgets the bytes of a digest.
    fn forget_bytes(&self, digest: &str) -> Later<()>;

    /// Forgets everything.
    fn clear(&self) -> Later<()>;

    /// Tells when another tab keeps another text under a name, or forgets it. One name is watched at a time.
    fn watch(&self, name: &str, changed: Callback<Option<String>>);
}

/// What a dropped file is for the preview that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handed {
    /// Values in place of one's own. They never pass through the address, which the browser's history keeps.
    Values(String),
    /// The file that it waits for is on this machine now.
    Found,
}

/// The way to the preview that is open, for files that are dropped.
#[derive(Clone, Default)]
pub struct Handover(Rc<RefCell<Option<Callback<Handed>>>>);

impl Handover {
    /// From now on, files go here; with `None`, to nobody.
    pub fn go_to(&self, preview: Option<Callback<Handed>>) {
        self.0.replace(preview);
    }

    /// Whether somebody takes them.
    pub fn is_open(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Hands over.
    pub fn hand(&self, handed: Handed) {
        let preview = self.0.borrow().clone();
        if let Some(preview) = preview {
            preview.emit(handed);
        }
    }
}

/// Overrides with the passwords that are never kept: until the page is closed, they come back with what is kept.
#[derive(Clone, Default)]
pub struct Typed(Rc<RefCell<BTreeMap<String, TypedText>>>);

/// What is kept, and the whole that it is of.
struct TypedText {
    kept: String,
    whole: String,
}

impl Typed {
    /// A text was kept under a name, without what only the whole has.
    pub fn set(&self, name: &str, kept: &str, whole: Option<String>) {
        match whole {
            Some(whole) => self.0.borrow_mut().insert(name.to_owned(), TypedText { kept: kept.to_owned(), whole }),
            None => self.0.borrow_mut().remove(name),
        };
    }

    /// The whole of a text that is kept under a name.
    pub fn whole(&self, name: &str, kept: &str) -> Option<String> {
        self.0.borrow().get(name).filter(|typed| typed.kept == kept).map(|typed| typed.whole.clone())
    }

    /// Forgets all.
    pub fn clear(&self) {
        self.0.borrow_mut().clear();
    }
}

/// All services, and the way to the shell.
#[derive(Clone)]
pub struct Services {
    /// Catalogs and files.
    pub api: Rc<dyn Api>,
    /// The management API.
    pub manage: Rc<dyn Manage>,
    /// The engine.
    pub engine: Rc<dyn Engine>,
    /// What is kept.
    pub store: Rc<dyn Store>,
    /// Where files for the open preview go.
    pub handover: Handover,
    /// What was typed and is not kept.
    pub typed: Typed,
    /// Messages, announcements and addresses go here.
    pub shell: Callback<crate::shell::Event>,
}

impl PartialEq for Services {
    fn eq(&self, other: &Services) -> bool {
        Rc::ptr_eq(&self.api, &other.api)
    }
}

#[cfg(target_family = "wasm")]
impl Services {
    /// Those of a browser.
    pub fn web(shell: Callback<crate::shell::Event>) -> Services {
        let store: Rc<dyn Store> = Rc::new(web_store::WebStore::default());
        Services {
            api: Rc::new(web_api::WebApi::new(None, store.clone())),
            manage: Rc::new(late_manage::LateManage::new(store.clone())),
            engine: Rc::new(late_engine::LateEngine::default()),
            store,
            handover: Handover::default(),
            typed: Typed::default(),
            shell,
        }
    }

    /// Those of a part of another page: the catalog is at this address, and nothing is kept on this machine.
    pub fn at(catalog: &str, engine: Rc<dyn Engine>, shell: Callback<crate::shell::Event>) -> Services {
        let recorded = Rc::new(Recorded::default());
        let (manage, store): (Rc<dyn Manage>, Rc<dyn Store>) = (recorded.clone(), recorded);
        let api = Rc::new(web_api::WebApi::new(Some(catalog.to_owned()), store.clone()));
        Services { api, manage, engine, store, handover: Handover::default(), typed: Typed::default(), shell }
    }
}

/// An engine in a worker of its own. It has everything that the engine can be asked, so only the page's second part
/// calls this.
#[cfg(target_family = "wasm")]
pub fn engine() -> Rc<dyn Engine> {
    Rc::new(web_engine::WebEngine::new())
}

/// The client of the management API. It is in the part of the page with the operator's views.
#[cfg(target_family = "wasm")]
pub fn manage(store: Rc<dyn Store>) -> Rc<dyn Manage> {
    Rc::new(web_manage::WebManage::new(store))
}

/// Outside of a browser, there is none.
#[cfg(not(target_family = "wasm"))]
pub fn manage(_: Rc<dyn Store>) -> Rc<dyn Manage> {
    Rc::new(Recorded::default())
}

/// Outside of a browser, answers are recorded.
#[cfg(not(target_family = "wasm"))]
pub fn engine() -> Rc<dyn Engine> {
    Rc::new(Recorded::default())
}
