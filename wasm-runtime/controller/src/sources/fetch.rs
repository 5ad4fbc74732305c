//! Artifacts over HTTP: at most so many bytes, and only those that the digest is of.

use std::io::Read;
use std::thread;
use std::time::Duration;

use sha2::{Digest, Sha256, Sha384, Sha512};
use ureq::Agent;
use ureq::http::StatusCode;

use super::ready::Artifact;

/// How far a fetch may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of an artifact.
    pub bytes: u64,
    /// How long one attempt may take.
    pub time: Duration,
    /// How often it is tried.
    pub attempts: u32,
    /// How long to wait before the second attempt; each further one waits twice as long.
    pub pause: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { bytes: 100 << 20, time: Duration::from_secs(30), attempts: 4, pause: Duration::from_millis(250) }
    }
}

/// Why an artifact could not be fetched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// It is no longer there: the status is older than what is served.
    #[error("{0} does not exist: the source's status is out of date")]
    NotFound(String),
    /// The server did not answer as it should.
    #[error("{url}: {why}")]
    Unreachable {
        /// The address.
        url: String,
        /// What happened.
        why: String,
    },
    /// It is larger than it may be.
    #[error("{url} has more than {most} bytes")]
    TooLarge {
        /// The address.
        url: String,
        /// The limit.
        most: u64,
    },
    /// What came is not what the status names.
    #[error("{url} has the digest {found}, not {wanted}")]
    Digest {
        /// The address.
        url: String,
        /// The digest of what came.
        found: String,
        /// The digest in the status.
        wanted: String,
    },
    /// The digest in the status cannot be compared.
    #[error("{0:?} is not a digest that can be verified: sha256, sha384 and sha512 are")]
    Algorithm(String),
}

/// Fetches artifacts.
#[derive(Clone, Debug)]
pub struct Fetch {
    agent: Agent,
    limits: Limits,
}

impl Fetch {
    /// Fetches within these limits. Addresses lead to other programs of the cluster: no proxy, and no redirects.
    pub fn new(limits: Limits) -> Fetch {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent(concat!("chartwright-controller/", env!("CARGO_PKG_VERSION")))
            .timeout_global(Some(limits.time))
            .build();
        Fetch { agent: config.into(), limits }
    }

    /// The bytes of an artifact. It blocks.
    ///
    /// # Errors
    /// Why they cannot be had, after the last attempt.
    pub fn get(&self, artifact: &Artifact) -> Result<Vec<u8>, FetchError> {
        let mut attempt = 1;
        loop {
            match self.once(artifact) {
                Err(FetchError::Unreachable { .. }) if attempt < self.limits.attempts => {
                    thread::sleep(self.limits.pause.saturating_mul(1 << (attempt - 1).min(8)));
                    attempt += 1;
                }
                result => return result,
            }
        }
    }

    fn once(&self, artifact: &Artifact) -> Result<Vec<u8>, FetchError> {
        let url = &artifact.url;
        let failed = |why: String| FetchError::Unreachable { url: url.clone(), why };
        let response = self.agent.get(url).call().map_err(|e| failed(e.to_string()))?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(FetchError::NotFound(url.clone())),
            status => return Err(failed(format!("the server answers {status}"))),
        }
        let most = self.limits.bytes;
        let mut bytes = Vec::new();
        let mut reader = response.into_body().into_reader().take(most + 1);
        reader.read_to_end(&mut bytes).map_err(|e| failed(e.to_string()))?;
        if bytes.len() as u64 > most {
            return Err(FetchError::TooLarge { url: url.clone(), most });
        }
        let found = digest_like(&artifact.digest, &bytes)?;
        if !found.eq_ignore_ascii_case(&artifact.digest) {
            return Err(FetchError::Digest { url: url.clone(), found, wanted: artifact.digest.clone() });
        }
        Ok(bytes)
    }
}

/// The digest of bytes by the algorithm of another digest.
fn digest_like(wanted: &str, bytes: &[u8]) -> Result<String, FetchError> {
    let hex = |sum: &[u8]| sum.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let sum = match wanted.split_once(':') {
        Some(("sha256", _)) => hex(&Sha256::digest(bytes)),
        Some(("sha384", _)) => hex(&Sha384::digest(bytes)),
        Some(("sha512", _)) => hex(&Sha512::digest(bytes)),
        _ => return Err(FetchError::Algorithm(wanted.to_owned())),
    };
    let algorithm = wanted.split(':').next().unwrap_or_default();
    Ok(format!("{algorithm}:{sum}"))
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::net::TcpListener;

    use super::*;
    use crate::artifact::digest;

    /// Serves these answers, one a connection, and says where.
    fn serve(answers: Vec<(&'static str, Vec<u8>)>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/a.tar.gz", listener.local_addr().expect("an address"));
        thread::spawn(move || {
            for (status, body) in answers {
                let (mut stream, _) = listener.accept().expect("a connection");
                let mut head = [0; 4096];
                let _ = stream.read(&mut head);
                let _ =
                    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
                let _ = stream.write_all(&body);
            }
        });
        url
    }

    fn fetch(bytes: u64) -> Fetch {
        Fetch::new(Limits { bytes, pause: Duration::from_millis(1), ..Limits::default() })
    }

    fn artifact(url: String, digest: &str) -> Artifact {
        Artifact { url, revision: "main@sha1:1".into(), digest: digest.into() }
    }

    #[test]
    fn what_comes_must_be_what_the_status_names() {
        let url = serve(vec![("200 OK", b"other".to_vec())]);
        let error = fetch(100).get(&artifact(url, &digest(b"one"))).expect_err("another digest");
        assert!(matches!(error, FetchError::Digest { .. }), "{error}");
        let url = serve(vec![("200 OK", b"one".to_vec())]);
        let error = fetch(100).get(&artifact(url, "blake3:00")).expect_err("an unknown algorithm");
        assert_eq!(error, FetchError::Algorithm("blake3:00".into()));
    }

    #[test]
    fn a_server_that_stumbles_is_asked_again() {
        let url = serve(vec![("503 Busy", Vec::new()), ("200 OK", b"one".to_vec())]);
        assert_eq!(fetch(100).get(&artifact(url, &digest(b"one"))).expect("the bytes"), b"one");
    }

    #[test]
    fn what_is_gone_or_too_large_is_not_asked_for_again() {
        let url = serve(vec![("404 Not Found", Vec::new())]);
        let error = fetch(100).get(&artifact(url, &digest(b"one"))).expect_err("gone");
        assert!(matches!(error, FetchError::NotFound(_)), "{error}");
        let url = serve(vec![("200 OK", vec![0; 101])]);
        let error = fetch(100).get(&artifact(url, &digest(b"one"))).expect_err("too large");
        assert!(matches!(error, FetchError::TooLarge { .. }), "{error}");
    }
}
