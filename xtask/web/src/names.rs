//! Names with the digests of contents, and texts that refer to them.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// The first 64 bits of a digest: enough that no two versions of a file have the same name.
pub(crate) fn hash(content: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(content).iter().take(8) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A path with the digest before the ending of its name: `styles/app.css` becomes `styles/app-0123456789abcdef.css`.
pub(crate) fn hashed(path: &str, content: &[u8]) -> String {
    let hash = hash(content);
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    match path.get(name..).and_then(|file| file.rfind('.')) {
        Some(dot) if dot > 0 => {
            let (stem, ending) = path.split_at(name + dot);
            format!("{stem}-{hash}{ending}")
        }
        _ => format!("{path}-{hash}"),
    }
}

/// A text of the file at `from` with new names for files: `renamed` has pairs of old and new paths below the root.
/// References are paths in quotes, parentheses or after a space, from the root or from the file's own folder.
pub(crate) fn rename(from: &str, text: &str, renamed: &[(String, String)]) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut text = text.to_owned();
    for (old, new) in renamed {
        text = replace(&text, old, new);
        let (old, new) = (relative(folder, old), relative(folder, new));
        text = replace(&text, &old, &new);
    }
    text
}

/// Replaces a path where it stands alone; `./` and `/` may stand before it.
fn replace(text: &str, old: &str, new: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(old) {
        let (before, found) = rest.split_at(at);
        let after = found.get(old.len()..).unwrap_or_default();
        out.push_str(before);
        let begins = out.strip_suffix("./").or_else(|| out.strip_suffix('/')).unwrap_or(&out);
        let begins = begins.ends_with(['"', '\'', '`', '(', ' ', '=', ',']);
        let ends = after.starts_with(['"', '\'', '`', ')', ' ', '?', '#', '>', ',']);
        out.push_str(if begins && ends { new } else { old });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A path as it is seen from a folder, both below the root.
fn relative(folder: &str, path: &str) -> String {
    if folder.is_empty() {
        return path.to_owned();
    }
    let (mut from, mut to): (Vec<&str>, Vec<&str>) = (folder.split('/').collect(), path.split('/').collect());
    while to.len() > 1 && !from.is_empty() && from.first() == to.first() {
        from.remove(0);
        to.remove(0);
    }
    "../".repeat(from.len()) + &to.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_digests() {
        assert_eq!(hashed("a/b.min.js", b""), "a/b.min-e3b0c44298fc1c14.js");
        assert_eq!(hashed("a.d/plain", b""), "a.d/plain-e3b0c44298fc1c14");
        assert_eq!(hashed(".hidden", b""), ".hidden-e3b0c44298fc1c14");
    }

    #[test]
    fn references_are_renamed() {
        let renamed = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(old, new)| ((*old).into(), (*new).into())).collect()
        };
        let names =
            renamed(&[("app.js", "app-1.js"), ("icons/a.svg", "icons/a-2.svg"), ("styles/x.css", "styles/x-3.css")]);
        for (from, text, want) in [
            ("index.html", r#"<script src="app.js">"#, r#"<script src="app-1.js">"#),
            ("index.html", r#"<script src="./app.js">"#, r#"<script src="./app-1.js">"#),
            ("index.html", "href='/styles/x.css'", "href='/styles/x-3.css'"),
            ("index.html", r#""my-app.js" "#, r#""my-app.js" "#),
            ("index.html", r#""app.json""#, r#""app.json""#),
            ("styles/x.css", "url(../icons/a.svg#top)", "url(../icons/a-2.svg#top)"),
            ("styles/y.css", r#"@import "x.css";"#, r#"@import "x-3.css";"#),
        ] {
            assert_eq!(rename(from, text, &names), want);
        }
    }
}
