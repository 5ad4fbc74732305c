//! Paths of requests.

use percent_encoding::percent_decode_str;

/// The parts of a path, decoded; `None` where that is not text. The slash at the start is no part.
pub(crate) fn parts(path: &str) -> Option<Vec<String>> {
    let path = path.strip_prefix('/')?;
    let decoded = path.split('/').map(|part| percent_decode_str(part).decode_utf8().map(|part| part.into_owned()));
    decoded.collect::<Result<_, _>>().ok()
}

/// The name of a file below a folder: with `/`, and not leading out of it or to what is hidden. `None` where the parts
/// are not such a name.
pub(crate) fn name(parts: &[String]) -> Option<String> {
    parts.iter().all(|part| is_name(part)).then(|| parts.join("/"))
}

/// Whether a part of a path is the name of a file, on every system.
fn is_name(part: &str) -> bool {
    let fits = |c: char| !c.is_control() && !matches!(c, '/' | '\\' | ':');
    !part.is_empty() && !part.starts_with('.') && part.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside() {
        for (path, want) in [
            ("/index.html", Some("index.html")),
            ("/a/b-c_d.1.js", Some("a/b-c_d.1.js")),
            ("/a%20b", Some("a b")),
            ("/", None),
            ("", None),
            ("/../x", None),
            ("/a/../x", None),
            ("/a/./x", None),
            ("/%2e%2e/x", None),
            ("/a%2fb", None),
            ("/a%5cb", None),
            ("/..%5cx", None),
            ("/c:/x", None),
            ("/a//b", None),
            ("/a/", None),
            ("/.git/config", None),
            ("/a%00b", None),
            ("/%ff", None),
            ("*", None),
        ] {
            assert_eq!(parts(path).and_then(|parts| name(&parts)).as_deref(), want, "{path}");
        }
    }
}
