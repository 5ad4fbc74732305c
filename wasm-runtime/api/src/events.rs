//! What happens, as server-sent events.

use std::convert::Infallible;
use std::sync::Arc;

use axum::response::sse::{Event as Sent, KeepAlive, Sse};
use futures_util::{Stream, stream};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::ApiError;
use crate::types::Event;

/// The most clients that listen at a time: each holds a connection.
pub(crate) const MOST_LISTENERS: usize = 32;

/// Events as they come, until the client or the server goes. A client that is too slow gets `reset`, and lists anew.
pub(crate) fn stream_of(
    events: Receiver<Event>,
    namespace: Option<String>,
    listeners: &Arc<Semaphore>,
) -> Result<Sse<impl Stream<Item = Result<Sent, Infallible>> + Send + use<>>, ApiError> {
    let permit = Arc::clone(listeners).try_acquire_owned().map_err(|_| ApiError::Busy(10))?;
    let state = Listener { events, namespace, _permit: permit };
    let sent = stream::unfold(state, |mut state| async {
        let next = state.next().await?;
        Some((Ok(next), state))
    });
    Ok(Sse::new(sent).keep_alive(KeepAlive::default()))
}

struct Listener {
    events: Receiver<Event>,
    namespace: Option<String>,
    _permit: OwnedSemaphorePermit,
}

impl Listener {
    async fn next(&mut self) -> Option<Sent> {
        loop {
            match self.events.recv().await {
                Ok(event) if self.namespace.as_ref().is_some_and(|wanted| *wanted != event.namespace) => {}
                Ok(event) => {
                    let sent = Sent::default().event("descriptor").id(event.id.to_string());
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
