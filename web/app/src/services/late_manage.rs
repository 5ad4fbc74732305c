//! The management API, whose client is fetched when a server turns out to have one.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use chartwright_kit::dom;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;
use yew::Callback;

use super::web_api::meta;
use super::{Later, Manage, Store};
use crate::chunk::operating;
use crate::manage::{Answered, Ask, Heard, Place, Refusal, Sent};

/// Where the API is, unless the page says otherwise; an empty word in the page: nowhere.
const PLACE: &str = "api/v1alpha1";

/// Under which name is kept that there was one: a server that is away is another thing than none.
pub(super) const THERE: &str = "api";

/// Where the API is.
pub(super) fn address() -> String {
    meta("api").unwrap_or_else(|| PLACE.to_owned())
}

/// The client of the page's part with the operator's views.
#[derive(Clone)]
pub(super) struct LateManage {
    store: Rc<dyn Store>,
    client: Rc<OnceCell<Rc<dyn Manage>>>,
    /// The server has none.
    none: Rc<Cell<bool>>,
}

impl LateManage {
    pub(super) fn new(store: Rc<dyn Store>) -> LateManage {
        LateManage { store, client: Rc::default(), none: Rc::default() }
    }

    async fn client(&self) -> Result<Rc<dyn Manage>, Refusal> {
        let part = operating().await.map_err(|_| Refusal::away())?;
        Ok(self.client.get_or_init(|| (part.manage)(self.store.clone())).clone())
    }

    /// What answers there: a status; none if nobody does.
    async fn status(place: &str) -> Option<u16> {
        let response = JsFuture::from(dom::window().fetch_with_str(place)).await.ok()?;
        Some(response.unchecked_into::<Response>().status())
    }

    async fn look(self) -> Place {
        let place = address();
        if self.none.get() || place.is_empty() {
            return Place::Nowhere;
        }
        if self.client.get().is_none() {
            match LateManage::status(&place).await {
                Some(200 | 401) => {}
                None if self.store.text(THERE).is_some() => return Place::Away,
                answer => {
                    // What answers there with anything else is another program, or a server of files.
                    self.none.set(answer.is_some());
                    self.store.forget(THERE);
                    return Place::Nowhere;
                }
            }
        }
        match self.client().await {
            Ok(client) => client.place().await,
            Err(_) => Place::Away,
        }
    }
}

impl Manage for LateManage {
    fn place(&self) -> Later<Place> {
        Box::pin(self.clone().look())
    }

    fn set_token(&self, token: &str) {
        // Who has been asked for one has the client.
        if let Some(client) = self.client.get() {
            client.set_token(token);
        }
    }

    fn ask(&self, ask: Ask) -> Later<Result<Answered, Refusal>> {
        let late = self.clone();
        Box::pin(async move { late.client().await?.ask(ask).await })
    }

    fn stream(&self, ask: Ask, each: Callback<Sent>) -> Later<Result<(), Refusal>> {
        let late = self.clone();
        Box::pin(async move { late.client().await?.stream(ask, each).await })
    }

    fn listen(&self, wait: u32, each: Callback<Heard>) {
        let late = self.clone();
        spawn_local(async move {
            match late.client().await {
                Ok(client) => client.listen(wait, each),
                Err(_) => each.emit(Heard::Lost),
            }
        });
    }

    fn hush(&self) {
        if let Some(client) = self.client.get() {
            client.hush();
        }
    }
}
