//! Why a pattern does not compile.

use std::fmt;

/// Why a pattern does not compile (`regexp/syntax.Error`). `Display` is Go's text, such as
/// ``error parsing regexp: missing closing ): `a(b` ``.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    code: ErrorCode,
    expr: Vec<u8>,
}

/// What is wrong with a pattern (`regexp/syntax.ErrorCode`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the variants carry Go's own names")]
pub enum ErrorCode {
    InvalidCharRange,
    InvalidEscape,
    InvalidNamedCapture,
    InvalidPerlOp,
    InvalidRepeatOp,
    InvalidRepeatSize,
    InvalidUtf8,
    MissingBracket,
    MissingParen,
    MissingRepeatArgument,
    TrailingBackslash,
    UnexpectedParen,
    NestingDepth,
    Large,
}

impl ErrorCode {
    fn text(self) -> &'static str {
        match self {
            ErrorCode::InvalidCharRange => "invalid character class range",
            ErrorCode::InvalidEscape => "invalid escape sequence",
            ErrorCode::InvalidNamedCapture => "invalid named capture",
            ErrorCode::InvalidPerlOp => "invalid or unsupported Perl syntax",
            ErrorCode::InvalidRepeatOp => "invalid nested repetition operator",
            ErrorCode::InvalidRepeatSize => "invalid repeat count",
            ErrorCode::InvalidUtf8 => "invalid UTF-8",
            ErrorCode::MissingBracket => "missing closing ]",
            ErrorCode::MissingParen => "missing closing )",
            ErrorCode::MissingRepeatArgument => "missing argument to repetition operator",
            ErrorCode::TrailingBackslash => "trailing backslash at end of expression",
            ErrorCode::UnexpectedParen => "unexpected )",
            ErrorCode::NestingDepth => "expression nests too deeply",
            ErrorCode::Large => "expression too large",
        }
    }
}

impl Error {
    pub(crate) fn new(code: ErrorCode, expr: &[u8]) -> Error {
        Error { code, expr: expr.to_vec() }
    }

    /// What is wrong.
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// The part of the pattern that is wrong; maybe not UTF-8.
    pub fn expr(&self) -> &[u8] {
        &self.expr
    }

    /// Go's text as bytes: it quotes the pattern, which may not be UTF-8.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = b"error parsing regexp: ".to_vec();
        out.extend_from_slice(self.code.text().as_bytes());
        out.extend_from_slice(b": `");
        out.extend_from_slice(&self.expr);
        out.push(b'`');
        out
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error parsing regexp: {}: `", self.code.text())?;
        // Each byte that is no UTF-8 becomes one U+FFFD, as where Go makes JSON of the text.
        for chunk in self.expr.utf8_chunks() {
            f.write_str(chunk.valid())?;
            for _ in chunk.invalid() {
                f.write_str("\u{fffd}")?;
            }
        }
        f.write_str("`")
    }
}

impl std::error::Error for Error {}
