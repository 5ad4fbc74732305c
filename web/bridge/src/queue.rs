//! Which request goes to the worker next, and what becomes of those that a worker breaks on.
//!
//! It is pure: events come in, actions go out, and a host does them. Parts are whatever the host carries bytes in.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use chartwright_protocol::{Reply, Request};
use contract::{Failure, FailureKind};

use crate::failure::{self, Trap};
use crate::options::{Kit, Lane, Options, State};

/// A request with its parts.
#[derive(Debug, PartialEq)]
pub struct Message<P> {
    /// What is asked.
    pub request: Request,
    /// Its parts.
    pub parts: Vec<P>,
    /// How many bytes they have.
    pub bytes: usize,
}

/// What happened.
#[derive(Debug)]
pub enum Event<P> {
    /// The page asks. The number is its own.
    Ask(u32, Option<Lane>, Message<P>),
    /// The page wants this engine to be there, or a larger one.
    Want(Kit),
    /// Nobody waits for the answer to this request any more.
    Drop(u32),
    /// The page wants none of what it asked for.
    Cancel,
    /// The worker has started.
    Started,
    /// The worker could not be started, and why.
    NotStarted(String),
    /// The worker answers a post.
    Answer(u32, Reply, Vec<P>),
    /// The worker broke.
    Trapped(Trap),
    /// The time of a start or post is over.
    Overdue(u32),
}

/// What the worker is sent.
#[derive(Debug)]
pub struct Post<P> {
    /// Its number: the answer has it.
    pub post: u32,
    /// The request.
    pub message: Rc<Message<P>>,
    /// When the engine should stop by itself.
    pub time: Duration,
}

/// What a host must do.
#[derive(Debug)]
pub enum Action<P> {
    /// Start a worker with this engine; an older one is ended.
    Start(Kit),
    /// End the worker.
    Stop,
    /// Send this to the worker.
    Post(Post<P>),
    /// Send [`Event::Overdue`] with this number after this time. Older ones no longer matter.
    Watch(u32, Duration),
    /// Answer a request of the page.
    Answer(u32, Reply, Vec<P>),
}

/// The state of a bridge.
#[derive(Debug)]
pub struct Queue<P> {
    options: Options,
    /// The engine that the worker has, or gets.
    kit: Kit,
    /// The number of the start that is under way.
    starting: Option<u32>,
    /// Whether there is a worker that has started.
    started: bool,
    waiting: VecDeque<Asked<P>>,
    current: Option<Current<P>>,
    /// Charts that the worker had; those that were loaded last come last.
    kept: Vec<Kept<P>>,
    /// The number of the next start or post.
    next: u32,
}

/// A request of the page.
#[derive(Debug)]
struct Asked<P> {
    id: u32,
    lane: Option<Lane>,
    message: Rc<Message<P>>,
}

/// The request that the worker has.
#[derive(Debug)]
struct Current<P> {
    post: u32,
    asked: Asked<P>,
    /// Whether the worker is loading a chart that this request needs.
    loading: bool,
    /// The charts that were loaded again for this request: none is twice.
    loaded: Vec<String>,
    /// Whether somebody waits for the answer.
    wanted: bool,
}

/// A chart that can be loaded again.
#[derive(Debug)]
struct Kept<P> {
    digest: String,
    message: Rc<Message<P>>,
}

impl<P> Queue<P> {
    /// A queue without a worker.
    pub fn new(options: Options) -> Queue<P> {
        Queue {
            options,
            kit: Kit::default(),
            starting: None,
            started: false,
            waiting: VecDeque::new(),
            current: None,
            kept: Vec::new(),
            next: 0,
        }
    }

    /// What the worker does.
    pub fn state(&self) -> State {
        match (self.starting, self.started, &self.current) {
            (Some(_), ..) => State::Starting,
            (None, true, Some(_)) => State::Busy,
            (None, true, None) => State::Idle,
            (None, false, _) => State::None,
        }
    }

    /// The engine that the worker has, or would get.
    pub fn kit(&self) -> Kit {
        self.kit
    }

    /// What must be done when this happens.
    pub fn update(&mut self, event: Event<P>) -> Vec<Action<P>> {
        let mut actions = Vec::new();
        let to = &mut actions;
        match event {
            Event::Ask(id, lane, message) => self.ask(id, lane, message, to),
            Event::Want(kit) => self.want(kit, to),
            Event::Drop(id) => {
                self.waiting.retain(|asked| asked.id != id);
                if let Some(current) = self.current.as_mut().filter(|current| current.asked.id == id) {
                    current.wanted = false;
                }
            }
            Event::Cancel => {
                let busy = self.current.is_some();
                self.fail_all(&failure::cancelled(), to);
                if busy {
                    self.start(to);
                }
            }
            Event::Started => {
                self.starting = None;
                self.started = true;
            }
            Event::NotStarted(why) => self.not_started(&why, to),
            Event::Answer(post, reply, parts) => self.answer(post, reply, parts, to),
            // What breaks while it starts has no request to break on.
            Event::Trapped(trap) if self.starting.is_some() => self.not_started(&trap.error, to),
            Event::Trapped(trap) => self.broken(failure::trapped(&trap), to),
            Event::Overdue(post) if self.starting == Some(post) => {
                let seconds = self.options.loading.as_secs_f32();
                self.not_started(&format!("it took longer than {seconds} s"), to);
            }
            Event::Overdue(post) => {
                if let Some(current) = self.current.as_ref().filter(|current| current.post == post) {
                    let patience = self.patience(&current.asked.message.request);
                    self.broken(failure::overdue(patience), to);
                }
            }
        }
        self.advance(to);
        actions
    }

    fn ask(&mut self, id: u32, lane: Option<Lane>, message: Message<P>, to: &mut Vec<Action<P>>) {
        if lane.is_some() {
            let (older, others) = std::mem::take(&mut self.waiting).into_iter().partition(|asked| asked.lane == lane);
            self.waiting = others;
            let older: VecDeque<Asked<P>> = older;
            to.extend(older.into_iter().map(|asked| Action::Answer(asked.id, Reply::Superseded, Vec::new())));
        }
        self.waiting.push_back(Asked { id, lane, message: Rc::new(message) });
    }

    fn want(&mut self, kit: Kit, to: &mut Vec<Action<P>>) {
        let larger = kit > self.kit;
        if larger {
            self.kit = kit;
        }
        // What the worker has begun goes to the new one: there is no better moment, for a keystroke comes at any time.
        if larger || self.state() == State::None {
            if let Some(current) = self.current.take().filter(|current| current.wanted) {
                self.waiting.push_front(current.asked);
            }
            self.start(to);
        }
    }

    fn answer(&mut self, post: u32, reply: Reply, parts: Vec<P>, to: &mut Vec<Action<P>>) {
        let Some(mut current) = self.current.take_if(|current| current.post == post) else { return };
        if current.loading {
            // Whether it worked shows when the request itself is asked again.
            return self.post(current, to);
        }
        match &reply {
            Reply::NeedsModules if self.kit < Kit::Modules => {
                self.kit = Kit::Modules;
                self.waiting.push_front(current.asked);
                return self.start(to);
            }
            Reply::Failed(failure) if failure.kind == FailureKind::UnknownDigest => {
                if let Some(digest) = self.known(failure).filter(|digest| !current.loaded.contains(digest)) {
                    current.loaded.push(digest);
                    return self.load(current, to);
                }
            }
            Reply::Loaded(chart) => self.keep(&chart.digest, &current.asked.message),
            _ => {}
        }
        let reply = match reply {
            Reply::NeedsModules => {
                let message = "the engine that has everything says that it needs more";
                Reply::Failed(Failure::new(FailureKind::Internal, message))
            }
            reply => reply,
        };
        // The memory of a module never shrinks: what a render took in vain comes back with a new worker only.
        let is_full = matches!(&reply, Reply::Failed(failure) if failure.kind == FailureKind::LimitMemory);
        if current.wanted {
            to.push(Action::Answer(current.asked.id, reply, parts));
        }
        if is_full {
            self.start(to);
        }
    }

    /// The digest of a kept chart that a failure is about: its message names it, and is the only place that does.
    fn known(&self, failure: &Failure) -> Option<String> {
        self.kept.iter().map(|kept| &kept.digest).find(|digest| failure.message.contains(*digest)).cloned()
    }

    /// Keeps a chart; those that were loaded longest ago go.
    fn keep(&mut self, digest: &str, message: &Rc<Message<P>>) {
        self.kept.retain(|kept| kept.digest != digest);
        self.kept.push(Kept { digest: digest.to_owned(), message: Rc::clone(message) });
        let size = |kept: &[Kept<P>]| kept.iter().map(|kept| kept.message.bytes).sum::<usize>();
        while size(&self.kept) > self.options.keep {
            self.kept.remove(0);
        }
    }

    /// Sends the chart that was found missing last.
    fn load(&mut self, current: Current<P>, to: &mut Vec<Action<P>>) {
        let chart = self.kept.iter().find(|kept| Some(&kept.digest) == current.loaded.last());
        let Some(message) = chart.map(|kept| Rc::clone(&kept.message)) else { return };
        let post = self.send(message, to);
        self.current = Some(Current { post, loading: true, ..current });
    }

    /// Sends the request itself.
    fn post(&mut self, current: Current<P>, to: &mut Vec<Action<P>>) {
        let post = self.send(Rc::clone(&current.asked.message), to);
        self.current = Some(Current { post, loading: false, ..current });
    }

    fn send(&mut self, message: Rc<Message<P>>, to: &mut Vec<Action<P>>) -> u32 {
        let post = self.number();
        let patience = self.patience(&message.request);
        to.push(Action::Post(Post { post, message, time: patience * 4 / 5 }));
        to.push(Action::Watch(post, patience));
        post
    }

    fn patience(&self, request: &Request) -> Duration {
        match request {
            Request::Load { .. } => self.options.loading,
            _ => self.options.patience,
        }
    }

    fn number(&mut self) -> u32 {
        self.next = self.next.wrapping_add(1);
        self.next
    }

    fn start(&mut self, to: &mut Vec<Action<P>>) {
        let start = self.number();
        self.starting = Some(start);
        self.started = false;
        to.push(Action::Start(self.kit));
        to.push(Action::Watch(start, self.options.loading));
    }

    /// The worker broke on what it has; the others go to a new one.
    fn broken(&mut self, failure: Failure, to: &mut Vec<Action<P>>) {
        if let Some(current) = self.current.take().filter(|current| current.wanted) {
            to.push(Action::Answer(current.asked.id, Reply::Failed(failure), Vec::new()));
        }
        self.start(to);
    }

    fn not_started(&mut self, why: &str, to: &mut Vec<Action<P>>) {
        self.starting = None;
        self.started = false;
        to.push(Action::Stop);
        let failure = failure::not_started(why);
        match self.kit {
            Kit::Charts => self.fail_all(&failure, to),
            // The large engine may be missing where the small one is not, such as offline. What needed it comes first.
            Kit::Modules => {
                self.kit = Kit::Charts;
                if let Some(asked) = self.waiting.pop_front() {
                    to.push(Action::Answer(asked.id, Reply::Failed(failure), Vec::new()));
                }
            }
        }
    }

    fn fail_all(&mut self, failure: &Failure, to: &mut Vec<Action<P>>) {
        let current = self.current.take().filter(|current| current.wanted).map(|current| current.asked);
        for asked in current.into_iter().chain(std::mem::take(&mut self.waiting)) {
            to.push(Action::Answer(asked.id, Reply::Failed(failure.clone()), Vec::new()));
        }
    }

    /// Begins what can be begun.
    fn advance(&mut self, to: &mut Vec<Action<P>>) {
        match self.state() {
            State::None if !self.waiting.is_empty() => self.start(to),
            State::Idle => {
                if let Some(asked) = self.waiting.pop_front() {
                    let current = Current { post: 0, asked, loading: false, loaded: Vec::new(), wanted: true };
                    self.post(current, to);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
