//! What happens, as server-sent events.

use std::convert::Infallible;

use axum::response::sse::{Event as Sent, KeepAlive, Sse};
use futures_util::{Stream, stream};
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::access::{Caller, Namespaces};
use crate::error::ApiError;
use crate::types::Event;

/// Events as they come, until the client or the server goes. A client that is too slow gets `reset`, and lists anew.
pub(crate) fn stream_of(
    events: Receiver<Event>,
    namespace: Option<String>,
    caller: &Caller,
) -> Result<Sse<impl Stream<Item = Result<Sent, Infallible>> + Send + use<>>, ApiError> {
    let permit = caller.listen()?;
    let state = Listener { events, namespace, visible: caller.namespaces.clone(), last: 0, _permit: permit };
    let sent = stream::unfold(state, |mut state| async {
        let next = state.next().await?;
        Some((Ok(next), state))
    });
    Ok(Sse::new(sent).keep_alive(KeepAlive::default()))
}

struct Listener {
    events: Receiver<Event>,
    namespace: Option<String>,
    visible: Namespaces,
    /// The number of the last event, counted for this client alone: gaps would tell of events of others.
    last: u64,
    _permit: OwnedSemaphorePermit,
}

impl Listener {
    async fn next(&mut self) -> Option<Sent> {
        loop {
            match self.events.recv().await {
                Ok(event) if self.namespace.as_ref().is_some_and(|wanted| *wanted != event.namespace) => {}
                Ok(event) if !self.visible.contains(&event.namespace) => {}
                Ok(event) => {
                    self.last += 1;
                    let sent = Sent::default().event("descriptor").id(self.last.to_string());
                    if let Ok(sent) = sent.json_data(&event) {
                        return Some(sent);
                    }
                }
                Err(RecvError::Lagged(_)) => return Some(Sent::default().event("reset").data("{}")),
                Err(RecvError::Closed) => return None,
            }
        }
    }
}
