//! What a request gets.

use std::future::Future;
use std::pin::Pin;
use std::rc::Weak;
use std::task::{Context, Poll};

use chartwright_protocol::Reply;

use super::Inner;
use crate::queue::Event;
use crate::slot::Receiver;

/// The answer to a request.
#[derive(Debug)]
pub struct Answer {
    /// The reply.
    pub reply: Reply,
    /// Its parts.
    pub parts: Vec<Vec<u8>>,
}

/// A request that waits for its answer; dropping it takes the request back.
#[must_use = "the request is taken back where nobody waits for its answer"]
pub struct Asking {
    receiver: Receiver<Answer>,
    id: u32,
    /// The bridge; gone once the answer is there.
    bridge: Weak<Inner>,
}

impl Asking {
    pub(super) fn new(receiver: Receiver<Answer>, id: u32, bridge: Weak<Inner>) -> Asking {
        Asking { receiver, id, bridge }
    }
}

impl Future for Asking {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Answer> {
        let answer = Pin::new(&mut self.receiver).poll(context);
        if answer.is_ready() {
            self.bridge = Weak::new();
        }
        answer
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        if let Some(bridge) = self.bridge.upgrade() {
            bridge.answers.borrow_mut().remove(&self.id);
            bridge.event(Event::Drop(self.id));
        }
    }
}
