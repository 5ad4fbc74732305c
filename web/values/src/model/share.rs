//! The override without its secrets: for links, and for what is kept between visits.

use std::ops::Range;

use super::doubtful::{Known, doubtful, lines};
use super::{Model, Snapshot, diff};
use crate::path::Path;
use crate::secrets::{Secrets, without};
use crate::value::Value;
use crate::yaml::{self, Kind, Node, Source};

impl Model {
    /// The paths of the secrets in the override, those among them that aliases repeat.
    pub fn secret_paths(&self, secrets: &Secrets<'_>) -> Vec<Path> {
        let mut paths = secrets.paths_in(&self.values);
        if paths.is_empty() || !self.text.contains('*') || self.error.is_some() {
            return paths;
        }
        let Ok(source) = Source::parse(&self.text) else { return paths };
        for (alias, anchored) in yaml::aliases(&source) {
            let below = |path: &Path| anchored.contains(path).then(|| path.steps()[anchored.len()..].to_vec());
            let repeated: Vec<_> = paths.iter().filter_map(below).collect();
            for steps in repeated {
                let path = steps.into_iter().fold(alias.clone(), |path, step| path.join(step));
                if self.values.get(&path).is_some() && !paths.contains(&path) {
                    paths.push(path);
                }
            }
        }
        paths
    }

    /// The override's values without the secrets in them; of a text that is not YAML, those of the last one that was.
    pub fn values_without_secrets(&self, secrets: &Secrets<'_>) -> Value {
        without(&self.values, &self.secret_paths(secrets))
    }

    /// The override's text without the secrets in it. Its values are those without secrets; comments and order stay,
    /// unless a secret is written in a way that cannot be cut out. Comments that may have secrets go as well. Of a text
    /// that is not YAML, all lines go that may have one.
    pub fn text_without_secrets(&self, secrets: &Secrets<'_>) -> String {
        let paths = self.secret_paths(secrets);
        let texts = self.secret_lines(&paths);
        let names = secrets.names();
        let known = Known { names: &names, texts: &texts };
        if self.error.is_some() {
            let lines = lines(&self.text);
            let gone = doubtful(&lines, &known);
            return lines.iter().zip(gone).filter(|(_, gone)| !gone).map(|(line, _)| *line).collect();
        }
        let values = without(&self.values, &paths);
        let cut = self.cut(&values, secrets).and_then(|text| without_comments(&text, &values, &known));
        if paths.is_empty() && cut.is_some() {
            return cut.unwrap_or_default();
        }
        let anew = if values.is_empty_collection() { String::new() } else { yaml::to_text(&values) };
        // Names of anchors and tags may be anything.
        let has_more = |text: &str| texts.iter().any(|secret| text.contains(&**secret) && !anew.contains(&**secret));
        cut.filter(|text| !has_more(text)).unwrap_or(anew)
    }

    /// The text with these values, cut out of the override; `None` where that cannot be done, or where the text has more
    /// than its values say.
    fn cut(&self, values: &Value, secrets: &Secrets<'_>) -> Option<String> {
        if self.is_split() && *values != self.values {
            return None;
        }
        let mut text = self.text.to_string();
        for edit in diff::edits(&Path::root(), &self.values, values) {
            text = yaml::apply(&text, &edit)?.0;
        }
        Some(text).filter(|text| !has_more(text, secrets))
    }

    /// The lines of the secrets: what tells that a line of other text has one.
    fn secret_lines(&self, paths: &[Path]) -> Vec<String> {
        let values = paths.iter().filter_map(|path| self.values.get(path)).map(Value::shown);
        let lines = values.flat_map(|text| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>());
        lines.filter(|line| line.len() >= SHORTEST).collect()
    }

    /// [`Model::snapshot`] without secrets.
    pub fn snapshot_without_secrets(&self, secrets: &Secrets<'_>) -> Snapshot {
        let snapshot = self.snapshot();
        Snapshot {
            text: self.text_without_secrets(secrets),
            good: snapshot.good.map(|_| yaml::to_text(&self.values_without_secrets(secrets))),
            made: snapshot.made,
        }
    }
}

/// Shorter lines of a secret are part of other lines by chance.
const SHORTEST: usize = 4;

/// Whether a text has something that no value shows and that may be a secret: behind the end of a document, or at a key
/// that is repeated.
fn has_more(text: &str, secrets: &Secrets<'_>) -> bool {
    let hides_secret = |text: &str| {
        let Ok(Source { root: Some(root), repeated, .. }) = Source::parse(text) else { return false };
        !repeated.is_empty() && shadows_secret(&root, &Path::root(), secrets)
    };
    lines(text).iter().any(|line| line.starts_with("..."))
        || yaml::documents(text).is_ok_and(|all| all.iter().any(|one| hides_secret(one.text)))
}

/// Whether a key that does not count, since it is repeated behind, sets a secret.
fn shadows_secret(node: &Node, path: &Path, secrets: &Secrets<'_>) -> bool {
    match &node.kind {
        Kind::Map { entries, .. } => entries.iter().enumerate().any(|(at, entry)| {
            let path = path.key(&entry.key);
            let is_repeated = !entry.is_merge && entries.iter().skip(at + 1).any(|other| other.key == entry.key);
            let sets = || {
                let values = Value::empty_map().with(path.steps(), entry.value.value());
                // An item of a list stands alone then; all else is at its place.
                !secrets.paths_in(&values).is_empty()
            };
            is_repeated && sets() || shadows_secret(&entry.value, &path, secrets)
        }),
        Kind::List { items, .. } => {
            items.iter().enumerate().any(|(i, item)| shadows_secret(item, &path.index(i), secrets))
        }
        Kind::Scalar(_) | Kind::Alias(_) => false,
    }
}

/// A text without the comments that may have secrets; `None` if it would have other values then.
fn without_comments(text: &str, values: &Value, known: &Known<'_>) -> Option<String> {
    let mut gone: Vec<Range<usize>> = Vec::new();
    for document in yaml::documents(text).ok()? {
        // What follows one another is judged together: a secret may be commented out line by line.
        let mut block: Vec<Range<usize>> = Vec::new();
        let comments = yaml::comments(document.text)?.into_iter();
        for comment in comments.map(|at| at.start + document.start..at.end + document.start) {
            let between = block.last().and_then(|last| text.get(last.end..comment.start));
            if between.is_some_and(|between| !between.trim().is_empty()) {
                add_doubtful(text, &block, known, &mut gone);
                block.clear();
            }
            block.push(comment);
        }
        add_doubtful(text, &block, known, &mut gone);
    }
    let is_same = |text: &String| yaml::parse_values(text).is_ok_and(|read| read == *values);
    if gone.is_empty() {
        return Some(text.to_owned()).filter(is_same);
    }
    // Blank lines that a comment kept from a text above it may not become part of that.
    let cut = without_ranges(text, gone.iter().map(|comment| whole(text, comment)));
    let emptied = || without_ranges(text, gone.iter().map(|comment| comment.start + 1..comment.end));
    Some(cut).filter(is_same).or_else(|| Some(emptied()).filter(is_same))
}

fn add_doubtful(text: &str, block: &[Range<usize>], known: &Known<'_>, gone: &mut Vec<Range<usize>>) {
    let lines: Vec<&str> = block.iter().filter_map(|at| text.get(at.clone())).collect();
    let judged = doubtful(&lines, known);
    gone.extend(block.iter().zip(judged).filter(|(_, gone)| *gone).map(|(at, _)| at.clone()));
}

/// What goes with a comment: its line where it stands alone on it, else the spaces before it.
fn whole(text: &str, comment: &Range<usize>) -> Range<usize> {
    let before = text.get(..comment.start).unwrap_or_default();
    let kept = before.trim_end_matches([' ', '\t']);
    let behind = text.get(comment.end..).unwrap_or_default();
    match kept.is_empty() || kept.ends_with(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
        true => kept.len()..comment.end + lines(behind).first().map_or(0, |line| line.len()),
        false => kept.len()..comment.end,
    }
}

fn without_ranges(text: &str, ranges: impl Iterator<Item = Range<usize>>) -> String {
    let mut out = String::new();
    let mut at = 0;
    for range in ranges {
        out.push_str(text.get(at..range.start).unwrap_or_default());
        at = range.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_without_secrets() {
        let secrets = Secrets::new(None, None);
        for (text, want) in [
            ("# c\na: 1\nauth:\n  # d\n  password: x # e\n  user: u\n", "# c\na: 1\nauth:\n  # d\n  user: u\n"),
            ("password: |\n  a\n  b\nc: 1\n", "c: 1\n"),
            ("# password: old\na: 1\n", "a: 1\n"),
            ("users: [{name: a, token: b}]\n", "users: [{name: a}]\n"),
            ("users: [{token: b}, {token: c}]\n", "users: [{}, {}]\n"),
            ("passwords: [x, z]\n", "passwords: [\"\", \"\"]\n"),
            ("auth: {password: x}\n", ""),
            ("# c\nauth:\n  password: x\nb: 1\n", "# c\nb: 1\n"),
            ("a: &x {token: t}\nb: *x\n", ""),
            ("password: &p abc\nother: *p\nc: abc # d\n", "c: abc # d\n"),
            // What looks like a comment.
            ("motd: \"see # token: none here\"\n", "motd: \"see # token: none here\"\n"),
            ("motd: 'see # token: none here'\n", "motd: 'see # token: none here'\n"),
            (
                "a: |\n  # password: see the vault\n  x # token: none\nb: 1\n",
                "a: |\n  # password: see the vault\n  x # token: none\nb: 1\n",
            ),
            ("k: 1 # password: old\rname: mine\r", "k: 1\rname: mine\r"),
            ("a: 1 # password: x\nb: 2\n", "a: 1\nb: 2\n"),
            ("a: 1 # password: |\n# x\nb: 2 # c\n", "a: 1\nb: 2 # c\n"),
            ("a: |+\n  x\n\n# password: x\n\nb: 1\n", "a: |+\n  x\n\n#\n\nb: 1\n"),
            ("# postgres://u:W@h\n# c\na: 1\n", "# c\na: 1\n"),
            // What no value shows.
            ("password: x\na: 1 # c\npassword: z\n", "a: 1 # c\n"),
            ("a: {password: x} # c\na: {b: 1}\n", "a:\n  b: 1\n"),
            ("a: 1 # c\n...\npassword: x\n", "a: 1\n"),
            ("a: 1 # token: x\n---\nb: 1 # c\n", "a: 1\n---\nb: 1 # c\n"),
            ("a: 1 # c\n---\npassword: x\n", "a: 1\n"),
            ("password: longS3cret\na: &longS3cret 1\nb: *longS3cret # c\n", "a: 1\nb: 1\n"),
            // What is not YAML.
            ("a: [\npassword: x\nb: 1\n", "a: [\nb: 1\n"),
            // What was a secret when it was YAML.
            ("a: [\nother: s3cret!\n", "a: [\n"),
        ] {
            let mut model = Model::new("").unwrap();
            model.set_text("kept: 1\nmyToken: s3cret!\n");
            model.set_text(text);
            assert_eq!(model.text_without_secrets(&secrets), want, "{text:?}");
            let snapshot = model.snapshot_without_secrets(&secrets);
            assert_eq!(snapshot.good.as_deref().unwrap_or("kept: 1\n"), "kept: 1\n");
        }
    }
}
