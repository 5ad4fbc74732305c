//! From requests to replies.

use std::rc::Rc;
use std::time::Duration;

use chartwright::api::{self, Engine, Meter};
use chartwright_protocol::{RefusedField, Rendered, Reply, Request};
use contract::{Failure, FailureKind, RenderInput, RenderOutput};

use crate::results::Results;
use crate::{chart, pack, place};

/// Time and memory of the program that the desk is in.
pub trait Clock: Meter {
    /// A request begins: time and memory count from here.
    fn begin(&self);
}

/// Answers requests.
pub struct Desk {
    pub(crate) engine: Engine,
    clock: Rc<dyn Clock>,
    results: Results,
}

/// A reply with its parts, or why there is none.
pub(crate) type Answer = Result<(Reply, Vec<Vec<u8>>), Failure>;

impl Desk {
    /// A desk with this clock.
    pub fn new<C: Clock + 'static>(clock: Rc<C>) -> Desk {
        Desk { engine: Engine::new(Rc::clone(&clock) as _), clock, results: Results::default() }
    }

    /// Answers a request; `time` is when a render should stop by itself. It never fails: what goes wrong is a reply.
    pub fn answer(&mut self, head: &str, parts: Vec<Vec<u8>>, time: Duration) -> (Reply, Vec<Vec<u8>>) {
        self.clock.begin();
        self.engine.limit_time(Some(time));
        let request = serde_json::from_str::<Request>(head)
            .map_err(|error| Failure::new(FailureKind::Input, format!("the request cannot be read: {error}")));
        match request.and_then(|request| self.reply(request, parts)) {
            Ok(answer) => answer,
            Err(failure) => (Reply::Failed(failure), Vec::new()),
        }
    }

    fn reply(&mut self, request: Request, parts: Vec<Vec<u8>>) -> Answer {
        match request {
            Request::Load { name, files } => {
                let info = chart::load(&mut self.engine, &name, files, parts)?;
                Ok((Reply::Loaded(Box::new(info)), Vec::new()))
            }
            Request::Render => self.render(first(&parts)?),
            Request::Changes { before, after } => {
                Ok((Reply::Changes(self.results.changes(&before, &after)?), Vec::new()))
            }
            Request::Pack { files, charts } => {
                let (files, parts) = pack::with_charts(files, charts, parts)?;
                Ok((Reply::Packed, vec![pack::zip(&files, &parts)?]))
            }
            #[cfg(feature = "modules")]
            Request::Call { call } => {
                let input = parts.into_iter().next().unwrap_or_default();
                Ok((Reply::Answer, vec![self.engine.call(call.as_str(), &input)]))
            }
            #[cfg(feature = "modules")]
            Request::Import { files } => crate::import::compose(files, parts),
            #[cfg(feature = "modules")]
            Request::Export { to } => crate::export::export(&mut self.engine, first(&parts)?, &to),
            #[cfg(not(feature = "modules"))]
            Request::Call { .. } | Request::Import { .. } | Request::Export { .. } => {
                Ok((Reply::NeedsModules, Vec::new()))
            }
            _ => Err(Failure::new(FailureKind::Input, "the worker is of another version than the page")),
        }
    }

    fn render(&mut self, json: &[u8]) -> Answer {
        let mut input = contract::read::<RenderInput>(json)?;
        input.want.text = true;
        input.want.objects = true;
        input.want.raw = false;
        let Some(output) = self.output(&input) else { return Ok((Reply::NeedsModules, Vec::new())) };
        let output = output?;
        let summary = api::summary(&output.objects);
        let refused = api::refused(&output.objects);
        let placed = place::place(output.text.0, output.objects);
        let key = |index: usize| placed.heads.get(index).map(|head| head.key.clone()).unwrap_or_default();
        let refused = refused.into_iter().map(|one| RefusedField {
            object: key(one.object),
            path: one.path,
            line: one.line,
            value: one.value,
            what: one.what,
        });
        let refused = refused.collect();
        let rendered = Rendered {
            digest: api::digest(json),
            printed: place::count(placed.printed),
            objects: placed.heads,
            releases: output.releases,
            summary,
            notes: output.notes.to_str_lossy().into_owned(),
            warnings: output.warnings,
            problems: output.problems,
            refused,
            wanted: output.wanted,
            asked: output.asked,
            took: self.clock.elapsed().as_secs_f64() * 1000.0,
        };
        self.results.keep(&rendered, &placed.text);
        Ok((Reply::Rendered(Box::new(rendered)), vec![placed.text]))
    }

    /// What the engine makes of an input.
    #[cfg(feature = "modules")]
    fn output(&mut self, input: &RenderInput) -> Option<Result<RenderOutput, Failure>> {
        Some(self.engine.render(input))
    }

    /// What the engine makes of an input; `None` where this build cannot.
    #[cfg(not(feature = "modules"))]
    fn output(&mut self, input: &RenderInput) -> Option<Result<RenderOutput, Failure>> {
        let left_out = |failure: &Failure| failure.message.contains(chartwright::LEFT_OUT);
        self.engine.render_plain_chart(input).filter(|result| !result.as_ref().is_err_and(left_out))
    }
}

/// The first part.
fn first(parts: &[Vec<u8>]) -> Result<&[u8], Failure> {
    parts.first().map(Vec::as_slice).ok_or_else(|| Failure::new(FailureKind::Input, "the request has no part"))
}

/// The paths of files with their contents.
pub(crate) fn pairs(
    files: Vec<String>,
    parts: Vec<Vec<u8>>,
) -> Result<impl Iterator<Item = (String, Vec<u8>)>, Failure> {
    if files.len() != parts.len() {
        let message = format!("{} files have {} parts", files.len(), parts.len());
        return Err(Failure::new(FailureKind::Input, message));
    }
    Ok(files.into_iter().zip(parts))
}
