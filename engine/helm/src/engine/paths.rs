//! Slash-separated paths (Go: `path`).

use govalue::Str;

/// The last element of a path (`path.Base`), of paths that have one.
pub(crate) fn base(path: &[u8]) -> &[u8] {
    let end = path.iter().rposition(|&b| b != b'/').map_or(0, |i| i + 1);
    match path[..end].rsplit(|&b| b == b'/').next() {
        Some([]) | None => {
            if path.is_empty() {
                b"."
            } else {
                b"/"
            }
        }
        Some(last) => last,
    }
}

/// Two paths as one, cleaned (`path.Join`).
pub(crate) fn join(dir: &[u8], name: &[u8]) -> Str {
    match (dir.is_empty(), name.is_empty()) {
        (true, true) => Str::EMPTY,
        (true, false) => clean(name),
        (false, true) => clean(dir),
        (false, false) => clean(&[dir, b"/", name].concat()),
    }
}

/// Whether a path is as short as it can be, as most are.
fn is_clean(path: &[u8]) -> bool {
    let mut before = b'/';
    for &b in path {
        if before == b'/' && matches!(b, b'/' | b'.') {
            return false;
        }
        before = b;
    }
    before != b'/'
}

/// The shortest path that means the same (`path.Clean`).
fn clean(path: &[u8]) -> Str {
    if is_clean(path) {
        return Str::from(path);
    }
    let rooted = path.first() == Some(&b'/');
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|&b| b == b'/') {
        match part {
            b"" | b"." => {}
            b".." => {
                if parts.last().is_some_and(|p| *p != b"..") {
                    parts.pop();
                } else if !rooted {
                    parts.push(part);
                }
            }
            _ => parts.push(part),
        }
    }
    let joined = parts.join(&b'/');
    match (rooted, joined.is_empty()) {
        (true, _) => Str::from([b"/", joined.as_slice()].concat()),
        (false, true) => Str::from("."),
        (false, false) => Str::from(joined),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_and_cut_as_in_go() {
        let joins = [
            ("a", "b", "a/b"),
            ("a/", "/b", "a/b"),
            ("a", "../b", "b"),
            ("", "", ""),
            ("a", "..", "."),
            ("/", "..", "/"),
            ("a", ".b/...", "a/.b/..."),
            ("/a", "b", "/a/b"),
        ];
        for (dir, name, want) in joins {
            assert_eq!(join(dir.as_bytes(), name.as_bytes()), want, "{dir} {name}");
        }
        for (path, want) in [("a/b", "b"), ("a/b/", "b"), ("", "."), ("/", "/"), ("b", "b")] {
            assert_eq!(base(path.as_bytes()), want.as_bytes(), "{path}");
        }
    }
}
