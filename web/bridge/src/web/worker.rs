//! A worker that runs.

use std::cell::Cell;
use std::rc::{Rc, Weak};

use chartwright_protocol::Reply;
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::Inner;
use super::engine::{module, script, text};
use crate::Trap;
use crate::options::Kit;
use crate::queue::{Event, Post};

/// A worker, which ends when it is dropped.
pub(super) struct Running {
    worker: Worker,
    /// Whether it is still the one that counts: its module may come later than its end.
    alive: Rc<Cell<bool>>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _error: Closure<dyn FnMut(ErrorEvent)>,
    _message_error: Closure<dyn FnMut(MessageEvent)>,
}

impl Running {
    /// Starts one.
    pub(super) fn start(kit: Kit, inner: &Rc<Inner>) -> Result<Running, String> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&script(kit)?, &options).map_err(|error| text(&error))?;
        let alive = Rc::new(Cell::new(true));
        let to = |event: fn(&JsValue) -> Option<Event<Uint8Array>>| {
            let (inner, alive) = (Rc::downgrade(inner), Rc::clone(&alive));
            move |data: &JsValue| {
                if let (true, Some(inner), Some(event)) = (alive.get(), inner.upgrade(), event(data)) {
                    inner.event(event);
                }
            }
        };
        let (said, broke, garbled) = (to(event), to(error), to(garbled));
        let message = Closure::<dyn FnMut(_)>::new(move |event: MessageEvent| said(&event.data()));
        let error = Closure::<dyn FnMut(_)>::new(move |event: ErrorEvent| broke(&event));
        let message_error = Closure::<dyn FnMut(_)>::new(move |event: MessageEvent| garbled(&event));
        worker.set_onmessage(Some(message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(error.as_ref().unchecked_ref()));
        worker.set_onmessageerror(Some(message_error.as_ref().unchecked_ref()));
        wasm_bindgen_futures::spawn_local(give(kit, worker.clone(), Rc::clone(&alive), Rc::downgrade(inner)));
        Ok(Running { worker, alive, _message: message, _error: error, _message_error: message_error })
    }

    /// Sends it a request.
    pub(super) fn post(&self, post: &Post<Uint8Array>) -> Result<(), String> {
        let head = serde_json::to_string(&post.message.request).map_err(|error| error.to_string())?;
        let message = Object::new();
        let time = u32::try_from(post.time.as_millis()).unwrap_or(u32::MAX);
        let parts: Array = post.message.parts.iter().collect();
        for (key, value) in
            [("id", post.post.into()), ("head", head.into()), ("time", time.into()), ("parts", parts.into())]
        {
            Reflect::set(&message, &key.into(), &value).map_err(|error| text(&error))?;
        }
        self.worker.post_message(&message).map_err(|error| text(&error))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.alive.set(false);
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.set_onmessageerror(None);
        self.worker.terminate();
    }
}

/// Gives a worker its module: as it is compiled, so that the next one need not compile it again.
async fn give(kit: Kit, worker: Worker, alive: Rc<Cell<bool>>, inner: Weak<Inner>) {
    let module = module(kit).await;
    if !alive.get() {
        return;
    }
    let sent = module.and_then(|module| {
        let message = Object::new();
        Reflect::set(&message, &"module".into(), &module).map_err(|error| text(&error))?;
        worker.post_message(&message).map_err(|error| text(&error))
    });
    if let (Err(why), Some(inner)) = (sent, inner.upgrade()) {
        inner.event(Event::NotStarted(why));
    }
}

/// What a message of the worker says; `boot.js` of the worker writes them.
fn event(data: &JsValue) -> Option<Event<Uint8Array>> {
    let get = |key: &str| Reflect::get(data, &key.into()).unwrap_or(JsValue::UNDEFINED);
    if get("ready").is_truthy() {
        return Some(Event::Started);
    }
    if let Some(why) = get("failed").as_string() {
        return Some(Event::NotStarted(why));
    }
    if let Some(error) = get("trap").as_string() {
        let memory = get("memory").as_f64().unwrap_or_default() as u64;
        return Some(Event::Trapped(Trap { error, panic: get("panic").as_string(), memory }));
    }
    let post = get("id").as_f64()? as u32;
    let parts = Array::from(&get("parts")).iter().filter_map(|part| part.dyn_into().ok()).collect();
    let reply = match serde_json::from_str::<Reply>(&get("head").as_string()?) {
        Ok(reply) => reply,
        Err(error) => {
            let message = format!("the worker's answer cannot be read: {error}");
            Reply::Failed(contract::Failure::new(contract::FailureKind::Output, message))
        }
    };
    Some(Event::Answer(post, reply, parts))
}

/// An error that nobody caught in the worker, or a script that cannot be loaded: browsers say nothing of why then.
fn error(event: &JsValue) -> Option<Event<Uint8Array>> {
    let message = Reflect::get(event, &"message".into()).ok().and_then(|text| text.as_string());
    let error = message.filter(|text| !text.is_empty()).unwrap_or_else(|| "its script cannot be loaded".to_owned());
    Some(Event::Trapped(Trap { error, ..Trap::default() }))
}

/// A message that the browser could not carry over.
fn garbled(_: &JsValue) -> Option<Event<Uint8Array>> {
    Some(Event::Trapped(Trap { error: "its message could not be read".to_owned(), ..Trap::default() }))
}
