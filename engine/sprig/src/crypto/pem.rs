//! PEM: DER in base64, between lines that say what it is (Go's `encoding/pem`).

use crate::encoding::{decode64, encode64};

/// A block: its type and its bytes.
pub(super) struct Block {
    pub(super) kind: Vec<u8>,
    pub(super) bytes: Vec<u8>,
}

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"\n-----END ";
const DASHES: &[u8] = b"-----";

/// Writes a block.
pub(super) fn encode(kind: &str, bytes: &[u8]) -> Vec<u8> {
    let mut out = format!("-----BEGIN {kind}-----\n").into_bytes();
    for line in encode64(bytes).chunks(64) {
        out.extend_from_slice(line);
        out.push(b'\n');
    }
    out.extend_from_slice(format!("-----END {kind}-----\n").as_bytes());
    out
}

/// Finds the first block. What looks like one and is not is passed over.
pub(super) fn decode(text: &[u8]) -> Option<Block> {
    let mut rest = text;
    loop {
        let end = find(rest, END)?;
        let (before, from_end) = rest.split_at_checked(end)?;
        let after = from_end.get(END.len()..)?;
        if let Some(block) = block(before, after) {
            return Some(block);
        }
        rest = after;
    }
}

/// The block whose last line starts `after` and whose other lines are the last
/// ones `before`.
fn block(before: &[u8], after: &[u8]) -> Option<Block> {
    let begin = rfind(before, BEGIN)?;
    if begin > 0 && before.get(begin - 1) != Some(&b'\n') {
        return None;
    }
    let (first, mut body) = line(before.get(begin + BEGIN.len()..)?);
    let kind = first.strip_suffix(DASHES)?;
    let last = after.strip_prefix(kind)?.strip_prefix(DASHES)?;
    if !line(last).0.is_empty() {
        return None;
    }
    // Headers: lines with a colon.
    loop {
        let (header, next) = line(body);
        if !header.contains(&b':') {
            break;
        }
        if next.is_empty() {
            // A header must not be the line before the end.
            return None;
        }
        body = next;
    }
    let digits: Vec<u8> = body.iter().copied().filter(|b| !matches!(b, b' ' | b'\t')).collect();
    Some(Block { kind: kind.to_vec(), bytes: decode64(&digits).ok()? })
}

/// The first line without white space at its end, and what follows it.
fn line(text: &[u8]) -> (&[u8], &[u8]) {
    let (line, rest) = match text.iter().position(|b| *b == b'\n') {
        Some(i) => (&text[..i], &text[i + 1..]),
        None => (text, <&[u8]>::default()),
    };
    let line = match line.strip_suffix(b"\r") {
        Some(line) if line.len() + rest.len() + 1 < text.len() => line,
        _ => line,
    };
    let len = line.iter().rposition(|b| !matches!(b, b' ' | b'\t')).map_or(0, |i| i + 1);
    (&line[..len], rest)
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|w| w == part)
}

fn rfind(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).rposition(|w| w == part)
}
