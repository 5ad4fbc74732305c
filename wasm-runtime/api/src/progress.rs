//! What a long call is doing, told while it does it.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::http::{HeaderMap, Response, StatusCode, header};
use axum::response::IntoResponse;
use axum::response::sse::{Event as Sent, KeepAlive, Sse};
use futures_util::Stream;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use utoipa::ToSchema;

use crate::body::json;
use crate::error::ApiError;
use crate::problem::ProblemDocument;

/// What a call is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Doing {
    /// It waits for a free thread.
    Waiting,
    /// It fetches a chart.
    Fetching,
    /// The engine works.
    Rendering,
    /// It reads the repository.
    Reading,
    /// It makes a commit.
    Committing,
    /// It sends the commit to the repository.
    Pushing,
}

/// A step of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Step {
    /// What it is doing.
    pub doing: Doing,
    /// To what: a chart, a branch.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub what: String,
}

/// Who hears of the steps of a call; perhaps nobody.
#[derive(Clone, Debug, Default)]
pub struct Progress(Option<UnboundedSender<Step>>);

impl Progress {
    /// Says what the call is doing now.
    pub fn tell(&self, doing: Doing, what: impl Into<String>) {
        if let Some(listener) = &self.0 {
            // Whoever listened may be gone.
            let _ = listener.send(Step { doing, what: what.into() });
        }
    }
}

/// A call that is under way.
type Call<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>> + Send>>;

/// Answers with the result of a call; with its steps before it, if the client asks for server-sent events.
pub(crate) async fn answer<T: Serialize + Send + 'static>(
    headers: &HeaderMap,
    call: impl FnOnce(Progress) -> Call<T>,
) -> Result<Response<Body>, ApiError> {
    if !wants_events(headers) {
        return json(StatusCode::OK, &call(Progress::default()).await?);
    }
    let (sender, steps) = unbounded_channel();
    let stream = Steps { call: Some(call(Progress(Some(sender)))), steps };
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()).into_response())
}

fn wants_events(headers: &HeaderMap) -> bool {
    let types = headers.get_all(header::ACCEPT).iter().filter_map(|accept| accept.to_str().ok());
    types.flat_map(|types| types.split(',')).any(|kind| {
        let essence = kind.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("text/event-stream")
    })
}

/// The steps of a call, then its result: `result`, or `problem` with a problem document.
struct Steps<T> {
    /// None once it has ended.
    call: Option<Call<T>>,
    steps: UnboundedReceiver<Step>,
}

impl<T: Serialize + Send + 'static> Stream for Steps<T> {
    type Item = Result<Sent, Infallible>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let Some(call) = &mut this.call else { return Poll::Ready(None) };
        // The call is looked at first, so that it goes on; what it said meanwhile is older than its end.
        let ended = call.as_mut().poll(context);
        if let Poll::Ready(Some(step)) = this.steps.poll_recv(context) {
            if let Poll::Ready(result) = ended {
                this.call = Some(Box::pin(std::future::ready(result)));
            }
            return Poll::Ready(Some(Ok(event("step", &step))));
        }
        let Poll::Ready(result) = ended else { return Poll::Pending };
        this.call = None;
        let last = match result {
            Ok(result) => event("result", &result),
            Err(error) => event("problem", &ProblemDocument::from(error)),
        };
        Poll::Ready(Some(Ok(last)))
    }
}

fn event(name: &str, data: &impl Serialize) -> Sent {
    let sent = Sent::default().event(name);
    sent.json_data(data).unwrap_or_else(|_| Sent::default().event("problem").data("{}"))
}
