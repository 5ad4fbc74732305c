//! An engine that is fetched when it is asked first.

use std::cell::OnceCell;
use std::rc::Rc;

use chartwright_protocol::{Reply, Request};
use contract::{Failure, FailureKind};
use wasm_bindgen_futures::spawn_local;

use super::{Answer, Engine, Later};
use crate::chunk::views;

/// The engine of the page's part with all views.
#[derive(Clone, Default)]
pub(super) struct LateEngine {
    engine: Rc<OnceCell<Rc<dyn Engine>>>,
}

impl LateEngine {
    async fn engine(&self) -> Result<Rc<dyn Engine>, Answer> {
        match views().await {
            Ok(views) => Ok(self.engine.get_or_init(views.engine).clone()),
            Err(trouble) => {
                let failure = Failure::new(FailureKind::Internal, trouble.what);
                Err(Answer { reply: Reply::Failed(failure), parts: Vec::new() })
            }
        }
    }
}

impl Engine for LateEngine {
    fn ask(&self, request: Request, parts: Vec<Vec<u8>>) -> Later<Answer> {
        let late = self.clone();
        Box::pin(async move {
            match late.engine().await {
                Ok(engine) => engine.ask(request, parts).await,
                Err(answer) => answer,
            }
        })
    }

    fn ask_newest(&self, lane: u32, request: Request, parts: Vec<Vec<u8>>) -> Later<Answer> {
        let late = self.clone();
        Box::pin(async move {
            match late.engine().await {
                Ok(engine) => engine.ask_newest(lane, request, parts).await,
                Err(answer) => answer,
            }
        })
    }

    fn warm(&self, descriptors: bool) {
        let late = self.clone();
        spawn_local(async move {
            // What asks the engine later says why it is not there.
            if let Ok(engine) = late.engine().await {
                engine.warm(descriptors);
            }
        });
    }
}
