//! HTTP: GET with limits, retries and credentials that stay where they belong.
//!
//! A blocking client serves us best: a run fetches a handful of files one after
//! another, and an asynchronous runtime would cost start-up time and size for nothing.
//! Nothing here is set up before the first request.

mod agent;
pub(crate) mod error;
mod patience;
mod public;

use std::io::Read;
use std::sync::OnceLock;

use ureq::Agent;
use ureq::http::{HeaderMap, StatusCode};
use ureq::unversioned::transport::DefaultConnector;

pub(crate) use error::HttpError;
pub use patience::Patience;

use crate::access::{Access, Authorization, Grant};
use crate::address::Address;
use public::PublicResolver;
pub(crate) use public::Reach;

/// The most redirects, as in Go.
const REDIRECTS: usize = 10;

/// What is asked of a server.
#[derive(Clone, Debug)]
pub(crate) struct Request<'a> {
    pub(crate) address: &'a Address,
    pub(crate) accept: &'a str,
    /// `Authorization`: sent to its own origin only, whoever asks for more.
    pub(crate) authorization: Option<&'a Authorization>,
    /// `If-None-Match`
    pub(crate) etag: Option<&'a str>,
    /// A form that is posted. It may have secrets: it never leaves the origin of `address`.
    pub(crate) form: Option<&'a [(&'a str, &'a str)]>,
    /// The most bytes of the answer.
    pub(crate) most: u64,
}

impl<'a> Request<'a> {
    /// A GET of at most so many bytes.
    pub(crate) fn get(address: &'a Address, most: u64) -> Request<'a> {
        Request { address, accept: "*/*", authorization: None, etag: None, form: None, most }
    }
}

/// An answer, whatever its status.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// A header's text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body of an answer that is fine.
    pub(crate) fn fine(self, address: &Address) -> Result<Vec<u8>, HttpError> {
        match self.status {
            StatusCode::OK => Ok(self.body),
            status => Err(HttpError::Status { address: address.clone(), status }),
        }
    }
}

/// A client with one source's trust and credentials.
///
/// It is here, and not with those who ask, that a credential is kept from other origins: an [`Authorization`] knows
/// its own, and our certificate is shown where the [`Grant`] covers the origin. After a redirect to another origin
/// neither is sent any more, not even if a second redirect leads back: the address was a stranger's choice.
pub(crate) struct Client {
    grant: Grant,
    patience: Patience,
    reach: Reach,
    /// Shows our certificate.
    known: OnceLock<Result<Agent, HttpError>>,
    /// Shows none.
    anonymous: OnceLock<Result<Agent, HttpError>>,
}

impl Client {
    pub(crate) fn new(grant: Grant, patience: Patience) -> Client {
        Client { grant, patience, reach: Reach::Anywhere, known: OnceLock::new(), anonymous: OnceLock::new() }
    }

    /// The same client, which goes elsewhere.
    pub(crate) fn reaching(self, reach: Reach) -> Client {
        Client { reach, ..self }
    }

    pub(crate) fn grant(&self) -> &Grant {
        &self.grant
    }

    pub(crate) fn access(&self) -> &Access {
        self.grant.access()
    }

    /// Asks, again after failures that may pass.
    pub(crate) fn send(&self, request: &Request<'_>) -> Result<Response, HttpError> {
        let mut pause = self.patience.pause;
        let mut attempt = 1;
        loop {
            let result = self.follow(request);
            let again = match &result {
                Ok(response) => response.status.is_server_error() || response.status == StatusCode::TOO_MANY_REQUESTS,
                Err(HttpError::Unreachable { .. }) => true,
                Err(_) => false,
            };
            if !again || attempt >= self.patience.attempts {
                return match result {
                    Ok(response) if response.status.is_server_error() => {
                        Err(HttpError::Status { address: request.address.clone(), status: response.status })
                    }
                    result => result,
                };
            }
            attempt += 1;
            std::thread::sleep(pause);
            pause *= 2;
        }
    }

    /// Asks, and follows redirects.
    fn follow(&self, request: &Request<'_>) -> Result<Response, HttpError> {
        let home = request.address.origin();
        let mut address = request.address.clone();
        let mut form = request.form;
        let mut strayed = false;
        for _ in 0..=REDIRECTS {
            if !address.is_web() {
                return Err(HttpError::Scheme(address.scheme().to_owned()));
            }
            let here = address.origin();
            strayed |= here != home;
            let authorization = request.authorization.filter(|_| !strayed).and_then(|a| a.value_for(&here));
            let agent = self.agent(!strayed && self.grant.covers(&here))?;
            let response = once(agent, request, &address, authorization, form)?;
            let status = response.status.as_u16();
            let moved = matches!(status, 301 | 302 | 303 | 307 | 308);
            let Some(to) = response.header("location").filter(|_| moved) else { return Ok(response) };
            let next = address.join(to).map_err(|cause| HttpError::NoUrl { address: address.clone(), cause })?;
            // The body is sent again after these two only (RFC 9110, section 15.4).
            form = form.filter(|_| matches!(status, 307 | 308));
            let downgrade = address.scheme() == "https" && next.scheme() != "https";
            if downgrade || !next.is_web() || (form.is_some() && next.origin() != home) {
                return Err(HttpError::Redirect { from: address, to: next });
            }
            address = next;
        }
        Err(HttpError::TooManyRedirects { address: request.address.clone(), most: REDIRECTS })
    }

    /// The client below, which shows our certificate or not.
    fn agent(&self, with_certificate: bool) -> Result<&Agent, HttpError> {
        let cell = if with_certificate { &self.known } else { &self.anonymous };
        let made = cell.get_or_init(|| {
            let config = agent::config(self.grant.access(), &self.patience, with_certificate, self.reach)?;
            Ok(match self.reach {
                Reach::Anywhere => Agent::from(config),
                Reach::Public { loopback } => {
                    Agent::with_parts(config, DefaultConnector::default(), PublicResolver::new(loopback))
                }
            })
        });
        made.as_ref().map_err(Clone::clone)
    }
}

fn once(
    agent: &Agent,
    request: &Request<'_>,
    address: &Address,
    authorization: Option<&str>,
    form: Option<&[(&str, &str)]>,
) -> Result<Response, HttpError> {
    let url = address.whole_with_secrets();
    let header = |name: &'static str, value: Option<&str>| value.map(|v| (name, v.to_owned()));
    let headers = [
        header("accept", Some(request.accept)),
        header("authorization", authorization),
        header("if-none-match", request.etag),
    ];
    let headers = headers.into_iter().flatten();
    let result = match form {
        Some(form) => {
            let post = headers.fold(agent.post(url), |r, (name, value)| r.header(name, value));
            post.send_form(form.iter().copied())
        }
        None => headers.fold(agent.get(url), |r, (name, value)| r.header(name, value)).call(),
    };
    let (parts, body) = result.map_err(|e| HttpError::of(address, e))?.into_parts();
    let too_large = || HttpError::TooLarge { address: address.clone(), most: request.most };
    if body.content_length().is_some_and(|length| length > request.most) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let read = body.into_reader().take(request.most + 1).read_to_end(&mut bytes);
    read.map_err(|e| HttpError::of(address, ureq::Error::from(e)))?;
    if bytes.len() as u64 > request.most {
        return Err(too_large());
    }
    Ok(Response { status: parts.status, headers: parts.headers, body: bytes })
}
