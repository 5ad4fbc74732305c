//! The management API by HTTP, below the page's base.

use std::cell::RefCell;
use std::rc::Rc;

use chartwright_kit::dom;
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, Headers, ReadableStreamDefaultReader, ReadableStreamReadResult, RequestInit, Response};
use yew::Callback;

use super::late_manage::{THERE, address};
use super::{Later, Manage, Store};
use crate::manage::{Answered, Ask, Condition, Heard, Parser, Place, Refusal, Sent, Why};

/// The API of the server that the page is from.
pub(super) struct WebManage {
    place: Rc<str>,
    store: Rc<dyn Store>,
    token: Rc<RefCell<String>>,
    /// What it said of itself.
    known: Rc<RefCell<Option<Place>>>,
    /// Ends the stream that is listened to.
    listening: RefCell<Option<AbortController>>,
}

impl WebManage {
    pub(super) fn new(store: Rc<dyn Store>) -> WebManage {
        WebManage {
            place: address().into(),
            store,
            token: Rc::default(),
            known: Rc::default(),
            listening: RefCell::default(),
        }
    }

    fn fetch(&self, ask: &Ask, events: bool) -> Later<Result<Response, Refusal>> {
        let url = format!("{}{}", self.place, ask.path);
        Box::pin(answered(send(&url, ask, &self.token.borrow(), events, None)))
    }
}

/// The answer to a request, unless it is refused.
async fn answered(sent: Result<js_sys::Promise, JsValue>) -> Result<Response, Refusal> {
    let promise = sent.map_err(|_| Refusal::away())?;
    let response: Response = JsFuture::from(promise).await.map_err(|_| Refusal::away())?.unchecked_into();
    if response.ok() { Ok(response) } else { Err(Refusal::of(response.status(), &body(&response).await?)) }
}

fn send(
    url: &str,
    ask: &Ask,
    token: &str,
    events: bool,
    stop: Option<&AbortController>,
) -> Result<js_sys::Promise, JsValue> {
    let (options, headers) = (RequestInit::new(), Headers::new()?);
    options.set_method(ask.method.word());
    headers.set("Accept", if events { "text/event-stream" } else { "application/json" })?;
    if let Some(body) = &ask.body {
        headers.set("Content-Type", "application/json")?;
        options.set_body(&body.as_str().into());
    }
    match &ask.condition {
        Condition::None => {}
        Condition::New => headers.set("If-None-Match", "*")?,
        Condition::Tag(tag) => headers.set("If-Match", tag)?,
    }
    if !token.is_empty() {
        headers.set("Authorization", &format!("Bearer {token}"))?;
    }
    options.set_headers(&headers);
    if let Some(stop) = stop {
        options.set_signal(Some(&stop.signal()));
    }
    Ok(dom::window().fetch_with_str_and_init(url, &options).unchecked_into())
}

async fn body(response: &Response) -> Result<Vec<u8>, Refusal> {
    let buffer = response.array_buffer().map_err(|_| Refusal::away())?;
    let buffer = JsFuture::from(buffer).await.map_err(|_| Refusal::away())?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Tells each event of an answer, until it ends.
async fn follow(response: &Response, each: &dyn Fn(Sent)) -> Result<(), Refusal> {
    let Some(body) = response.body() else { return Ok(()) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut parser = Parser::default();
    loop {
        let part = JsFuture::from(reader.read()).await.map_err(|_| Refusal::away())?;
        let part: ReadableStreamReadResult = part.unchecked_into();
        if part.get_done() == Some(true) {
            return Ok(());
        }
        let part: Uint8Array = part.get_value().unchecked_into();
        parser.take(&part.to_vec()).into_iter().for_each(each);
    }
}

impl Manage for WebManage {
    fn place(&self) -> Later<Place> {
        if let Some(known) = self.known.borrow().clone() {
            return Box::pin(std::future::ready(known));
        }
        let (known, store, wrong) = (self.known.clone(), self.store.clone(), !self.token.borrow().is_empty());
        let asked = self.fetch(&Ask::get(""), false);
        Box::pin(async move {
            let read = match asked.await {
                Ok(response) => body(&response).await.and_then(|body| Answered { body, ..Answered::default() }.read()),
                Err(refusal) => Err(refusal),
            };
            let place = match read {
                Ok(capabilities) => Place::Here(Rc::new(capabilities)),
                Err(refusal) => match refusal.why {
                    Why::Token => Place::Locked { wrong },
                    Why::Away if store.text(THERE).is_some() => Place::Away,
                    // What answers there with anything else is another program, or a server of files.
                    _ => Place::Nowhere,
                },
            };
            match place {
                Place::Here(_) => drop(store.set_text(THERE, "yes")),
                Place::Nowhere => store.forget(THERE),
                _ => {}
            }
            if matches!(place, Place::Here(_) | Place::Nowhere) {
                known.replace(Some(place.clone()));
            }
            place
        })
    }

    fn set_token(&self, token: &str) {
        self.token.replace(token.trim().to_owned());
        self.known.replace(None);
    }

    fn ask(&self, ask: Ask) -> Later<Result<Answered, Refusal>> {
        let asked = self.fetch(&ask, false);
        Box::pin(async move {
            let response = asked.await?;
            let tag = response.headers().get("etag").ok().flatten().unwrap_or_default();
            Ok(Answered { tag, body: body(&response).await? })
        })
    }

    fn stream(&self, ask: Ask, each: Callback<Sent>) -> Later<Result<(), Refusal>> {
        let asked = self.fetch(&ask, true);
        Box::pin(async move { follow(&asked.await?, &|sent| each.emit(sent)).await })
    }

    fn listen(&self, wait: u32, each: Callback<Heard>) {
        self.hush();
        let Ok(stop) = AbortController::new() else { return };
        self.listening.replace(Some(stop.clone()));
        let (url, token) = (format!("{}/events", self.place), self.token.clone());
        spawn_local(async move {
            if wait > 0 {
                gloo_timers::future::TimeoutFuture::new(wait).await;
            }
            let signal = stop.signal();
            if signal.aborted() {
                return;
            }
            let sent = send(&url, &Ask::get(""), &token.borrow(), true, Some(&stop));
            if let Ok(response) = answered(sent).await {
                each.emit(Heard::Open);
                // Whatever ends the stream, it is over.
                let _ended = follow(&response, &|_| each.emit(Heard::Changed)).await;
            }
            if !signal.aborted() {
                each.emit(Heard::Lost);
            }
        });
    }

    fn hush(&self) {
        if let Some(stop) = self.listening.take() {
            stop.abort();
        }
    }
}
