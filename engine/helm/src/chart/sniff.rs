//! What kind of file something is that should have been a chart archive
//! (`EnsureArchive`, `http.DetectContentType`).

use super::ChartError;

/// Checks that a file looks like gzip.
///
/// # Errors
/// With Helm's text, which says what it looks like instead.
pub(super) fn check(path: &str, data: &[u8]) -> Result<(), ChartError> {
    // Go looks at a buffer of 512 bytes, however short the file is.
    let mut start = [0; 512];
    let length = data.len().min(512);
    start[..length].copy_from_slice(&data[..length]);
    if start.starts_with(b"\x1f\x8b\x08") {
        return Ok(());
    }
    let kind = content_type(&start);
    Err(ChartError::new(if path.ends_with(".yml") || path.ends_with(".yaml") {
        format!("file '{path}' seems to be a YAML file, but expected a gzipped archive")
    } else {
        format!("file '{path}' does not appear to be a gzipped archive; got '{kind}'")
    }))
}

/// Starts of files, `?` for any byte, and their types.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF-", "application/pdf"),
    (b"%!PS-Adobe-", "application/postscript"),
    (b"\xfe\xff??", "text/plain; charset=utf-16be"),
    (b"\xff\xfe??", "text/plain; charset=utf-16le"),
    (b"\xef\xbb\xbf?", "text/plain; charset=utf-8"),
    (b"\x00\x00\x01\x00", "image/x-icon"),
    (b"\x00\x00\x02\x00", "image/x-icon"),
    (b"BM", "image/bmp"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"RIFF????WEBPVP", "image/webp"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"FORM????AIFF", "audio/aiff"),
    (b"ID3", "audio/mpeg"),
    (b"OggS\x00", "application/ogg"),
    (b"MThd\x00\x00\x00\x06", "audio/midi"),
    (b"RIFF????AVI ", "video/avi"),
    (b"RIFF????WAVE", "audio/wave"),
    (b"????ftyp", "video/mp4"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"??????????????????????????????????LP", "application/vnd.ms-fontobject"),
    (b"\x00\x01\x00\x00", "font/ttf"),
    (b"OTTO", "font/otf"),
    (b"ttcf", "font/collection"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
    (b"PK\x03\x04", "application/zip"),
    (b"Rar!\x1a\x07\x00", "application/x-rar-compressed"),
    (b"Rar!\x1a\x07\x01\x00", "application/x-rar-compressed"),
    (b"\x00asm", "application/wasm"),
];

/// Tags that start HTML, where a blank or `>` follows.
const HTML: &[&str] = &[
    "<!DOCTYPE HTML",
    "<HTML",
    "<HEAD",
    "<SCRIPT",
    "<IFRAME",
    "<H1",
    "<DIV",
    "<FONT",
    "<TABLE",
    "<A",
    "<STYLE",
    "<TITLE",
    "<B",
    "<BODY",
    "<BR",
    "<P",
    "<!--",
];

fn content_type(data: &[u8; 512]) -> &'static str {
    let blanks = data.iter().take_while(|b| matches!(b, b'\t' | b'\n' | 0x0c | b'\r' | b' ')).count();
    let text = &data[blanks..];
    let is_html = HTML.iter().any(|tag| {
        text.split_at_checked(tag.len()).is_some_and(|(start, rest)| {
            start.eq_ignore_ascii_case(tag.as_bytes()) && matches!(rest, [b' ' | b'>', ..])
        })
    });
    if is_html {
        return "text/html; charset=utf-8";
    }
    if text.starts_with(b"<?xml") {
        return "text/xml; charset=utf-8";
    }
    let matches = |pattern: &[u8]| pattern.iter().zip(data).all(|(p, b)| *p == b'?' || p == b);
    for (pattern, kind) in SIGNATURES {
        if matches(pattern) && (*kind != "video/mp4" || is_mp4(data)) {
            return kind;
        }
    }
    let is_binary = |b: &u8| matches!(b, 0..=0x08 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f);
    if text.iter().any(is_binary) { "application/octet-stream" } else { "text/plain; charset=utf-8" }
}

/// Whether one of the brands is MP4's.
fn is_mp4(data: &[u8; 512]) -> bool {
    let size = u32::from_be_bytes([data[0], data[1], data[2], data[3]]) as usize;
    size <= data.len()
        && size.is_multiple_of(4)
        && (8..size).step_by(4).any(|at| at != 12 && data[at..].starts_with(b"mp4"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_their_start() {
        let full = [b'x'; 600];
        for (path, data, want) in [
            (
                "a.tgz",
                b"name: web".as_slice(),
                "file 'a.tgz' does not appear to be a gzipped archive; got 'application/octet-stream'",
            ),
            ("a.tgz", &full, "file 'a.tgz' does not appear to be a gzipped archive; got 'text/plain; charset=utf-8'"),
            (
                "a.tgz",
                b" <html>",
                "file 'a.tgz' does not appear to be a gzipped archive; got 'text/html; charset=utf-8'",
            ),
            ("a.tgz", b"PK\x03\x04", "file 'a.tgz' does not appear to be a gzipped archive; got 'application/zip'"),
            ("a.yaml", b"a: 1", "file 'a.yaml' seems to be a YAML file, but expected a gzipped archive"),
        ] {
            assert_eq!(check(path, data).map_err(|e| e.to_string()), Err(want.to_owned()));
        }
        assert_eq!(check("a.tgz", b"\x1f\x8b\x08"), Ok(()));
    }
}
