//! One answer, from who has it to who waits for it.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

enum State<T> {
    Empty(Option<Waker>),
    Full(T),
    Taken,
}

/// Gives the answer.
pub(crate) struct Sender<T>(Rc<RefCell<State<T>>>);

/// Waits for the answer. Dropping it before says that nobody wants it any more.
pub(crate) struct Receiver<T>(Rc<RefCell<State<T>>>);

/// A slot for one answer.
pub(crate) fn slot<T>() -> (Sender<T>, Receiver<T>) {
    let state = Rc::new(RefCell::new(State::Empty(None)));
    (Sender(Rc::clone(&state)), Receiver(state))
}

impl<T> Sender<T> {
    /// Gives the answer.
    pub(crate) fn send(self, answer: T) {
        let before = self.0.replace(State::Full(answer));
        if let State::Empty(Some(waker)) = before {
            waker.wake();
        }
    }
}

impl<T> Future for Receiver<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let mut state = self.0.borrow_mut();
        match std::mem::replace(&mut *state, State::Taken) {
            State::Full(answer) => Poll::Ready(answer),
            State::Empty(_) | State::Taken => {
                *state = State::Empty(Some(context.waker().clone()));
                Poll::Pending
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_comes_before_or_after_the_question() {
        let mut context = Context::from_waker(Waker::noop());
        let (sender, receiver) = slot();
        sender.send(1);
        assert_eq!(Box::pin(receiver).as_mut().poll(&mut context), Poll::Ready(1));
        let (sender, receiver) = slot();
        let mut receiver = Box::pin(receiver);
        assert_eq!(receiver.as_mut().poll(&mut context), Poll::Pending);
        sender.send(2);
        assert_eq!(receiver.as_mut().poll(&mut context), Poll::Ready(2));
    }
}
