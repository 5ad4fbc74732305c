//! The engine in a web worker.

use chartwright_bridge::{Bridge, Kit, Lane, Options};
use chartwright_protocol::Request;

use super::{Answer, Engine, Later};

/// The engine behind a bridge.
pub(super) struct WebEngine {
    bridge: Bridge,
}

impl WebEngine {
    pub(super) fn new() -> WebEngine {
        WebEngine { bridge: Bridge::new(Options::default()) }
    }
}

impl Engine for WebEngine {
    fn ask(&self, request: Request, parts: Vec<Vec<u8>>) -> Later<Answer> {
        let bridge = self.bridge.clone();
        Box::pin(async move {
            let answer = bridge.ask(request, parts).await;
            Answer { reply: answer.reply, parts: answer.parts }
        })
    }

    fn ask_newest(&self, lane: u32, request: Request, parts: Vec<Vec<u8>>) -> Later<Answer> {
        let bridge = self.bridge.clone();
        Box::pin(async move {
            let answer = bridge.ask_newest(Lane(lane), request, parts).await;
            Answer { reply: answer.reply, parts: answer.parts }
        })
    }

    fn warm(&self, descriptors: bool) {
        self.bridge.start(if descriptors { Kit::Modules } else { Kit::Charts });
    }
}
