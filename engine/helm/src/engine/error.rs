//! Why a render failed, in Helm's words.

use std::error::Error;
use std::fmt;

use gotemplate::{ErrorKind, ExecError, ParseError, Site};
use govalue::{Limit, Str};

/// What marks the messages of `fail` and `required` inside other messages.
pub(super) const WARN_START: &str = "HELM_ERR_START";
pub(super) const WARN_END: &str = "HELM_ERR_END";

/// A template that could not be parsed or executed. `Display` is Helm's text.
#[derive(Clone, Debug)]
pub struct RenderError(Box<Repr>);

#[derive(Clone, Debug)]
struct Repr {
    kind: RenderErrorKind,
    message: String,
    reason: String,
    file: Str,
    line: usize,
    column: Option<usize>,
    sites: Vec<Site>,
}

/// What kind of failure a [`RenderError`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RenderErrorKind {
    /// A file is no template.
    Parse,
    /// A template did something that cannot be done.
    Exec,
    /// The chart's author wanted it to fail (`fail`, `required`).
    Fail,
    /// A limit was exceeded.
    Limit(Limit),
}

impl RenderError {
    /// What kind of failure it is.
    pub fn kind(&self) -> RenderErrorKind {
        self.0.kind
    }

    /// What went wrong, without where.
    pub fn reason(&self) -> &str {
        &self.0.reason
    }

    /// The template file in which it went wrong.
    pub fn file(&self) -> &Str {
        &self.0.file
    }

    /// The line in it, counted from 1.
    pub fn line(&self) -> usize {
        self.0.line
    }

    /// The column in bytes, counted from 1, where it is known.
    pub fn column(&self) -> Option<usize> {
        self.0.column
    }

    /// The places on the way there: the rendered file first, then what it
    /// included. Empty for parse errors.
    pub fn sites(&self) -> &[Site] {
        &self.0.sites
    }

    pub(super) fn parse(error: ParseError) -> RenderError {
        RenderError(Box::new(Repr {
            kind: RenderErrorKind::Parse,
            message: parse_text(&error.name, &error.to_string()),
            line: error.line,
            reason: error.message,
            file: error.name,
            column: None,
            sites: Vec::new(),
        }))
    }

    pub(super) fn exec(file: &Str, error: ExecError) -> RenderError {
        let (kind, message) = match error.kind {
            ErrorKind::Limit(limit) => {
                let text = if error.sites.len() > MOST_PLACES { None } else { trace_text(&error) };
                (RenderErrorKind::Limit(limit), text.unwrap_or_else(|| limit_text(file, &error)))
            }
            _ => exec_text(file, &error),
        };
        let (file, line, column) = match error.sites.last() {
            Some(site) => (site.source.clone(), site.line, Some(site.column + 1)),
            None => (file.clone(), 1, None),
        };
        let reason = if kind == RenderErrorKind::Fail {
            authors_message(&error.message).unwrap_or(&error.message).to_owned()
        } else {
            error.message
        };
        RenderError(Box::new(Repr { kind, message, reason, file, line, column, sites: error.sites }))
    }
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl Error for RenderError {}

/// `cleanupParseError`: the place, and what stands last.
fn parse_text(file: &Str, text: &str) -> String {
    match text.split(": ").collect::<Vec<_>>().as_slice() {
        [_, location, .., last] => format!("parse error at ({location}): {last}"),
        [_, location] => format!("parse error at ({location}): {location}"),
        _ => format!("parse error in ({file}): {text}"),
    }
}

/// How many places a trace to an exceeded limit may have.
const MOST_PLACES: usize = 100;

/// Where a limit was exceeded, without how it came there.
fn limit_text(file: &Str, error: &ExecError) -> String {
    let reason = error.message.rsplit("error calling ").next().expect("a split has a first part");
    let reason = reason.split_once(": ").map_or(error.message.as_str(), |(_, r)| r);
    match error.sites.last() {
        Some(site) => format!("execution error at ({}:{}:{}): {reason}", site.source, site.line, site.column),
        None => format!("execution error in ({file}): {reason}"),
    }
}

/// `reformatExecErrorMsg`: the message of the chart's author, or a trace of
/// the places, or the text as it is where Helm cannot take it apart.
fn exec_text(file: &Str, error: &ExecError) -> (RenderErrorKind, String) {
    if error.sites.is_empty() {
        return (RenderErrorKind::Exec, error.message.clone());
    }
    if error.message.contains(WARN_START)
        || error.sites.iter().any(|s| s.context.contains(WARN_START) || s.via.contains(WARN_START))
    {
        let text = error.to_string();
        let mut tokens = text.splitn(3, ": ").skip(1);
        if let (Some(location), Some(rest)) = (tokens.next(), tokens.next())
            && let Some(message) = authors_message(rest)
        {
            return (RenderErrorKind::Fail, format!("execution error at ({location}): {message}"));
        }
    }
    let text = || error.to_string();
    if text().splitn(3, ": ").count() < 3 {
        return (RenderErrorKind::Exec, format!("execution error in ({file}): {}", text()));
    }
    (RenderErrorKind::Exec, trace_text(error).unwrap_or_else(text))
}

/// What stands between the first start mark and the last end mark.
fn authors_message(text: &str) -> Option<&str> {
    let start = text.find(WARN_START)? + WARN_START.len();
    let end = text.rfind(WARN_END)?;
    text.get(start..end)
}

/// The places of a failure, three lines each. `None` where an error on the way
/// is none of `text/template`'s: Helm then leaves the text as it is.
fn trace_text(error: &ExecError) -> Option<String> {
    let mut places: Vec<Place> = Vec::new();
    let mut add = |place: Place| {
        if places.last() != Some(&place) {
            places.push(place);
        }
    };
    let limit = matches!(error.kind, ErrorKind::Limit(_));
    if error.kind == ErrorKind::Call {
        let cause = error.cause.as_ref()?.to_string();
        if !cause.starts_with(PREFIX) {
            return None;
        }
    }
    for (i, site) in error.sites.iter().enumerate() {
        let last = i + 1 == error.sites.len();
        if !last && !limit && site.via.matches(": ").count() > 1 {
            return None;
        }
        let text = if last { error.text_from(i) } else { format!("{}{}{PREFIX}", site.head(), site.via) };
        let place = match Place::executing(text.strip_prefix(PREFIX)?) {
            Some(place) => place,
            None => Place::parse(&error.text_from(i))?,
        };
        add(place);
    }
    if let (ErrorKind::Call, Some(cause)) = (error.kind, &error.cause) {
        add(Place::parse(&cause.to_string())?);
    }
    if error.kind == ErrorKind::NoTemplate {
        add(Place::parse(&error.message)?);
    }
    let text: String = places.iter().map(Place::to_string).collect();
    Some(text.trim().to_owned())
}

const PREFIX: &str = "template: ";

/// One error of `text/template`, taken apart (`TraceableError`).
#[derive(Default, PartialEq)]
struct Place {
    location: String,
    executing: String,
    message: String,
}

impl Place {
    fn parse(text: &str) -> Option<Place> {
        let rest = text.strip_prefix(PREFIX)?;
        if rest.starts_with("no template ") {
            return Some(Place { message: text.to_owned(), ..Place::default() });
        }
        Place::executing(rest).or_else(|| {
            let (location, message) = rest.rsplit_once(": ")?;
            Some(Place { location: location.to_owned(), message: up_to_next(message), ..Place::default() })
        })
    }

    /// `name:1:2: executing "name" at <.x>: message`
    fn executing(rest: &str) -> Option<Place> {
        let (location, after) = rest.split_once(": executing ")?;
        let (name, after) = after.strip_prefix('"')?.split_once('"')?;
        let (context, message) = after.strip_prefix(" at <")?.split_once(">: ")?;
        Some(Place {
            location: location.to_owned(),
            executing: format!("executing \"{name}\" at <{context}>:"),
            message: up_to_next(message),
        })
    }
}

/// A message up to the next error in the chain.
fn up_to_next(message: &str) -> String {
    message.split(" template:").next().unwrap_or_default().to_owned()
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.location.is_empty() {
            write!(f, "{}\n  ", self.location)?;
        }
        if !self.executing.is_empty() {
            write!(f, "{}\n    ", self.executing)?;
        }
        if !self.message.is_empty() {
            writeln!(f, "{}", self.message)?;
        }
        Ok(())
    }
}
