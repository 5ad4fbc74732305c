//! The override without its secrets: for links, and for what is kept between visits.

use std::borrow::Cow;
use std::rc::Rc;

use super::{Model, Snapshot};
use crate::path::Step;
use crate::secrets::{Secrets, is_secret_name};
use crate::value::Value;
use crate::yaml::{self, Edit};

impl Model {
    /// The override's text without the secrets in it; comments stay. Of a text that is not YAML, the values of keys with
    /// telling names go.
    pub fn text_without_secrets(&self, secrets: &Secrets<'_>) -> String {
        if self.error.is_some() {
            return self.broken_without_secrets(secrets);
        }
        if self.is_split() {
            return yaml::to_text(&secrets.without_secrets(&self.values));
        }
        let mut text = self.text.to_string();
        for path in secrets.paths_in(&self.values) {
            // An item that went would change what the others mean.
            let edit = match path.last() {
                Some(Step::Key(_)) => Edit::Remove(path),
                _ => Edit::Replace(path, Value::from("")),
            };
            match yaml::apply(&text, &edit) {
                Some((without, _)) => text = without,
                // Written in a way that cannot be cut: then without comments.
                None => return yaml::to_text(&secrets.without_secrets(&self.values)),
            }
        }
        // What is commented out is a secret still.
        let has_own = |line: &str| comment_of(line).is_some_and(|at| has_secret(&line[at..], &[]));
        if text.lines().any(has_own) {
            text = text.split_inclusive('\n').map(|line| without_comment(line, has_own)).collect();
        }
        text
    }

    /// A text that is not YAML cannot be told apart: what goes are the lines that set keys with telling names, and those
    /// that have what was a secret when the text was YAML last.
    fn broken_without_secrets(&self, secrets: &Secrets<'_>) -> String {
        let known = secrets.paths_in(&self.values);
        let known: Vec<&str> = known
            .iter()
            .filter_map(|path| self.values.get(path)?.as_text())
            .flat_map(str::lines)
            .map(str::trim)
            .filter(|line| line.len() >= SHORTEST)
            .collect();
        let text = without_secret_lines(&self.text, &secrets.names());
        text.split_inclusive('\n').filter(|line| !known.iter().any(|secret| line.contains(secret))).collect()
    }

    /// [`Model::snapshot`] without secrets.
    pub fn snapshot_without_secrets(&self, secrets: &Secrets<'_>) -> Snapshot {
        let snapshot = self.snapshot();
        Snapshot {
            text: self.text_without_secrets(secrets),
            good: snapshot.good.map(|_| yaml::to_text(&secrets.without_secrets(&self.values))),
            made: snapshot.made,
        }
    }
}

/// Shorter lines of a secret are part of other lines by chance.
const SHORTEST: usize = 4;

/// Where a comment begins in a line.
fn comment_of(line: &str) -> Option<usize> {
    let start = line.trim_start();
    if start.starts_with('#') {
        return Some(line.len() - start.len());
    }
    line.find(" #").or_else(|| line.find("\t#"))
}

/// A line without its comment, if that has something of its own; a line that is only a comment goes.
fn without_comment(line: &str, has_own: impl Fn(&str) -> bool) -> Cow<'_, str> {
    match comment_of(line).filter(|_| has_own(line)) {
        Some(at) if line[..at].trim().is_empty() => Cow::Borrowed(""),
        Some(at) => Cow::Owned(format!("{}\n", line[..at].trim_end())),
        None => Cow::Borrowed(line),
    }
}

/// Whether a line sets a key whose name tells that it is a secret, or is one of these names.
fn has_secret(line: &str, names: &[Rc<str>]) -> bool {
    key_of(line, names).is_some_and(|value| !value.is_empty())
}

/// What a line says behind a key that is a secret.
fn key_of<'l>(line: &'l str, names: &[Rc<str>]) -> Option<&'l str> {
    let line =
        line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '-' | '?' | '{' | '[' | '"' | '\''));
    let (key, value) = line.split_once(':').or_else(|| line.trim_end().strip_suffix('?').map(|key| (key, "")))?;
    let key = key.trim_end().trim_end_matches(['"', '\'']);
    let is_secret = is_secret_name(key) || names.iter().any(|name| **name == *key);
    is_secret.then_some(value.trim())
}

/// A broken text without the lines that set secrets, and without the lines of text that belong to them.
fn without_secret_lines(text: &str, names: &[Rc<str>]) -> String {
    let mut below: Option<usize> = None;
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        let item = line.trim_start().starts_with("- ");
        // The items of a list may stand as far left as its key; a value behind `?` as far left as that.
        let belongs = |at: usize| {
            indent > at || line.trim().is_empty() || indent == at && (item || line.trim_start().starts_with(':'))
        };
        if below.is_some_and(belongs) {
            continue;
        }
        below = None;
        let is_question = line.trim_start().starts_with("? ");
        let asked = line.trim_start().trim_start_matches("? ").trim();
        if key_of(line, names).is_some()
            || is_question && (is_secret_name(asked) || names.iter().any(|name| **name == *asked))
        {
            below = Some(indent);
            continue;
        }
        // Within one line, as in braces, nothing can be told apart. A text in quotes may go on in the next.
        let mut parts = line.split([',', '{', '[', '#']);
        if parts.by_ref().skip(1).any(|part| key_of(part, names).is_some()) {
            below = Some(indent);
            continue;
        }
        out.push_str(line);
    }
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
            ("auth: {password: x}\n", "auth: {}\n"),
            ("a: &x {token: t}\nb: *x\n", "a: &x {}\nb: {}\n"),
            // What is not YAML.
            ("a: [\npassword: x\ntoken: |\n  y\n  z\nb: 1\n", "a: [\nb: 1\n"),
            ("a: [\nauth: {user: u, password: x}\n- token: t\n", "a: [\n"),
            ("password:\n  x\nb: [\n", "b: [\n"),
            ("passwords: 1\npassword:\n- x\nb: [\n", "passwords: 1\nb: [\n"),
            ("? password\n: x\nb: [\n", "b: [\n"),
            ("{\"auth\":{\"password\":\"x\",", ""),
            ("token: \"x\n  y\nb: [\n", "b: [\n"),
            ("a: [ # token: x\n", ""),
            // What was a secret when it was YAML.
            ("a: [\nother: s3cret!\n", "a: [\n"),
            // Comments.
            ("a: 1 # password: x\nb: 2\n", "a: 1\nb: 2\n"),
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
