//! What Go says of errors of the system: Helm's messages end in it.

use std::io::{Error, ErrorKind};

/// The words of Go's `syscall.Errno` for an error.
pub fn go_words(error: &Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "no such file or directory".into(),
        ErrorKind::PermissionDenied => "permission denied".into(),
        ErrorKind::NotADirectory => "not a directory".into(),
        ErrorKind::IsADirectory => "is a directory".into(),
        _ => error.to_string(),
    }
}
