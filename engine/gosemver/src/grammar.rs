//! The shapes of versions and constraints. The library describes them by
//! regular expressions; all of them can be read left to right without going
//! back.

/// The pieces of a version.
pub(crate) struct Parts<'a> {
    /// The first segment.
    pub(crate) major: &'a str,
    /// The second without its dot; empty if missing.
    pub(crate) minor: &'a str,
    /// The third without its dot; empty if missing.
    pub(crate) patch: &'a str,
    /// The pre-release without its `-`.
    pub(crate) pre: &'a str,
    /// The build metadata without its `+`.
    pub(crate) metadata: &'a str,
}

/// Splits a whole text of a version's form.
pub(crate) fn version(text: &str) -> Option<Parts<'_>> {
    let (parts, len) = prefix(text, |c| c.is_ascii_digit())?;
    (len == text.len()).then_some(parts)
}

/// Reads the longest version at the start of a text whose numbers may be
/// wildcards, and says how long it is.
pub(crate) fn constraint_version(text: &str) -> Option<(Parts<'_>, usize)> {
    // The library's character class holds its own separators.
    prefix(text, |c| c.is_ascii_digit() || matches!(c, b'|' | b'x' | b'X' | b'*'))
}

/// Whether the byte may stand in a pre-release or in metadata.
pub(crate) fn is_identifier(c: u8) -> bool {
    c.is_ascii_alphanumeric() || c == b'-'
}

/// Whether the byte is white space to Go's regular expressions.
pub(crate) fn is_space(c: u8) -> bool {
    matches!(c, b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

fn prefix(text: &str, segment: impl Fn(u8) -> bool) -> Option<(Parts<'_>, usize)> {
    let run = |at: usize, class: &dyn Fn(u8) -> bool| {
        at + text.as_bytes().get(at..).unwrap_or_default().iter().take_while(|c| class(**c)).count()
    };
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();

    let start = usize::from(text.starts_with('v'));
    let mut end = run(start, &segment);
    if end == start {
        return None;
    }
    let mut parts = Parts { major: part(start, end), minor: "", patch: "", pre: "", metadata: "" };
    for slot in [&mut parts.minor, &mut parts.patch] {
        let next = run(end + 1, &segment);
        if text.as_bytes().get(end) != Some(&b'.') || next == end + 1 {
            break;
        }
        *slot = part(end + 1, next);
        end = next;
    }
    for (sign, slot) in [(b'-', &mut parts.pre), (b'+', &mut parts.metadata)] {
        let mut to = run(end + 1, &is_identifier);
        if text.as_bytes().get(end) != Some(&sign) || to == end + 1 {
            continue;
        }
        while text.as_bytes().get(to) == Some(&b'.') && run(to + 1, &is_identifier) > to + 1 {
            to = run(to + 1, &is_identifier);
        }
        *slot = part(end + 1, to);
        end = to;
    }
    Some((parts, end))
}
