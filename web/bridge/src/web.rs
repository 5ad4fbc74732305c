//! The bridge in a browser.

mod answer;
mod engine;
mod worker;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::rc::{Rc, Weak};
use std::time::Duration;

use chartwright_protocol::Request;
use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use crate::options::{Kit, Lane, Options, State};
use crate::queue::{Action, Event, Message, Queue};
use crate::slot::{Sender, slot};

pub use answer::{Answer, Asking};
use worker::Running;

/// The page's side of a worker. Clones are of the same worker; it ends with the last of them.
#[derive(Clone)]
pub struct Bridge(Rc<Inner>);

struct Inner {
    queue: RefCell<Queue<Uint8Array>>,
    worker: RefCell<Option<Running>>,
    answers: RefCell<BTreeMap<u32, Sender<Answer>>>,
    /// The number of the last request.
    last: Cell<u32>,
    /// Events that wait until those before them are done.
    events: RefCell<VecDeque<Event<Uint8Array>>>,
    /// Whether events are being done: one may cause the next.
    busy: Cell<bool>,
    timer: Timer,
    listener: RefCell<Option<Listener>>,
    told: Cell<State>,
}

/// What is told of states.
type Listener = Rc<dyn Fn(State)>;

/// The one timer: what it watches, and its number in the browser.
struct Timer {
    watched: Cell<u32>,
    handle: Cell<Option<i32>>,
    over: Closure<dyn FnMut()>,
}

impl Bridge {
    /// A bridge; the worker starts when it is first needed.
    pub fn new(options: Options) -> Bridge {
        Bridge(Rc::new_cyclic(|inner: &Weak<Inner>| {
            let weak = Weak::clone(inner);
            let over = Closure::new(move || {
                if let Some(inner) = weak.upgrade() {
                    inner.timer.handle.set(None);
                    inner.event(Event::Overdue(inner.timer.watched.get()));
                }
            });
            Inner {
                queue: RefCell::new(Queue::new(options)),
                worker: RefCell::default(),
                answers: RefCell::default(),
                last: Cell::default(),
                events: RefCell::default(),
                busy: Cell::default(),
                timer: Timer { watched: Cell::default(), handle: Cell::default(), over },
                listener: RefCell::default(),
                told: Cell::default(),
            }
        }))
    }

    /// Asks the worker. Requests that are asked in this way are answered one by one, in their order.
    pub fn ask(&self, request: Request, parts: Vec<Vec<u8>>) -> Asking {
        self.0.ask(None, request, &parts)
    }

    /// Asks the worker; an older request of the lane that still waits is answered with
    /// [`Reply::Superseded`](chartwright_protocol::Reply::Superseded).
    pub fn ask_newest(&self, lane: Lane, request: Request, parts: Vec<Vec<u8>>) -> Asking {
        self.0.ask(Some(lane), request, &parts)
    }

    /// Fetches, compiles and starts an engine before it is needed; does nothing where it is there, or a larger one.
    pub fn start(&self, kit: Kit) {
        self.0.event(Event::Want(kit));
    }

    /// Ends everything that was asked and has no answer yet: it fails with the kind `cancelled`.
    pub fn cancel(&self) {
        self.0.event(Event::Cancel);
    }

    /// What the worker does.
    pub fn state(&self) -> State {
        self.0.queue.borrow().state()
    }

    /// The engine that the worker has, or would get.
    pub fn kit(&self) -> Kit {
        self.0.queue.borrow().kit()
    }

    /// Calls this whenever the state changes, in place of what was to be called before.
    pub fn on_state(&self, listener: impl Fn(State) + 'static) {
        *self.0.listener.borrow_mut() = Some(Rc::new(listener));
    }
}

impl Inner {
    fn ask(self: &Rc<Inner>, lane: Option<Lane>, request: Request, parts: &[Vec<u8>]) -> Asking {
        let id = self.last.get().wrapping_add(1);
        self.last.set(id);
        let (sender, receiver) = slot();
        self.answers.borrow_mut().insert(id, sender);
        // They are kept until the answer is there, for another worker if need be. So they are copied once here, out of
        // the page's memory, and once more by the browser on their way.
        let bytes = parts.iter().map(Vec::len).sum();
        let parts = parts.iter().map(|part| Uint8Array::from(part.as_slice())).collect();
        self.event(Event::Ask(id, lane, Message { request, parts, bytes }));
        Asking::new(receiver, id, Rc::downgrade(self))
    }

    /// Something happened.
    fn event(self: &Rc<Inner>, event: Event<Uint8Array>) {
        self.events.borrow_mut().push_back(event);
        if self.busy.replace(true) {
            return;
        }
        while let Some(event) = self.next_event() {
            let actions = self.queue.borrow_mut().update(event);
            for action in actions {
                self.act(action);
            }
        }
        self.busy.set(false);
        self.tell();
    }

    fn next_event(&self) -> Option<Event<Uint8Array>> {
        self.events.borrow_mut().pop_front()
    }

    fn tell(&self) {
        let state = self.queue.borrow().state();
        if self.told.replace(state) != state {
            let listener = self.listener.borrow().clone();
            if let Some(listener) = listener {
                listener(state);
            }
        }
    }

    fn act(self: &Rc<Inner>, action: Action<Uint8Array>) {
        match action {
            Action::Start(kit) => {
                // The old one goes first: two engines need twice the memory.
                self.worker.take();
                match Running::start(kit, self) {
                    Ok(running) => *self.worker.borrow_mut() = Some(running),
                    Err(why) => self.events.borrow_mut().push_back(Event::NotStarted(why)),
                }
            }
            Action::Stop => drop(self.worker.take()),
            Action::Post(post) => {
                let sent = self.worker.borrow().as_ref().map(|running| running.post(&post));
                if let Some(Err(error)) = sent {
                    let trap = crate::Trap { error, ..crate::Trap::default() };
                    self.events.borrow_mut().push_back(Event::Trapped(trap));
                }
            }
            Action::Watch(number, after) => self.watch(number, after),
            Action::Answer(id, reply, parts) => {
                let sender = self.answers.borrow_mut().remove(&id);
                if let Some(sender) = sender {
                    sender.send(Answer { reply, parts: parts.iter().map(Uint8Array::to_vec).collect() });
                }
            }
        }
    }

    fn watch(&self, number: u32, after: Duration) {
        let Some(window) = web_sys::window() else { return };
        if let Some(handle) = self.timer.handle.take() {
            window.clear_timeout_with_handle(handle);
        }
        self.timer.watched.set(number);
        let over = self.timer.over.as_ref().unchecked_ref();
        let after = i32::try_from(after.as_millis()).unwrap_or(i32::MAX);
        self.timer.handle.set(window.set_timeout_with_callback_and_timeout_and_arguments_0(over, after).ok());
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let (Some(handle), Some(window)) = (self.timer.handle.take(), web_sys::window()) {
            window.clear_timeout_with_handle(handle);
        }
    }
}
