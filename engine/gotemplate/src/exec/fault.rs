//! A failure on its way from an instruction to the error.

use govalue::{FuncError, FuncErrorKind, Limit};

use crate::error::ErrorKind;

/// Why an instruction failed; the place is the machine's current node.
pub(super) struct Fault(Box<Parts>);

/// What a [`Fault`] holds.
pub(super) struct Parts {
    pub(super) message: String,
    pub(super) kind: ErrorKind,
    pub(super) cause: Option<FuncError>,
}

impl Fault {
    #[cold]
    pub(super) fn new(message: impl Into<String>) -> Fault {
        Fault(Box::new(Parts { message: message.into(), kind: ErrorKind::Plain, cause: None }))
    }

    #[cold]
    pub(super) fn limit(limit: Limit, message: impl Into<String>) -> Fault {
        Fault(Box::new(Parts { message: message.into(), kind: ErrorKind::Limit(limit), cause: None }))
    }

    /// An error that a function returned.
    #[cold]
    pub(super) fn call(function: &str, error: FuncError) -> Fault {
        let kind = match error.kind() {
            FuncErrorKind::Limit(limit) => ErrorKind::Limit(limit),
            _ => ErrorKind::Call,
        };
        let message = format!("error calling {function}: {error}");
        Fault(Box::new(Parts { message, kind, cause: Some(error) }))
    }

    /// An error of the host itself.
    #[cold]
    pub(super) fn host(error: FuncError) -> Fault {
        let kind = match error.kind() {
            FuncErrorKind::Limit(limit) => ErrorKind::Limit(limit),
            _ => ErrorKind::Plain,
        };
        Fault(Box::new(Parts { message: error.message().to_owned(), kind, cause: Some(error) }))
    }

    pub(super) fn into_parts(self) -> Parts {
        *self.0
    }
}
