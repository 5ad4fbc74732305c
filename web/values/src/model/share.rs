//! The override without its secrets: for links, and for what is kept between visits.

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
            return without_secret_lines(&self.text);
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
        if text.lines().any(|line| line.trim_start().starts_with('#') && has_secret(line)) {
            text = without_lines(&text, |line| line.trim_start().starts_with('#') && has_secret(line));
        }
        text
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

/// Whether a line sets a key whose name tells that it is a secret.
fn has_secret(line: &str) -> bool {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '-' | '{' | '"' | '\''));
    let Some((key, value)) = line.split_once(':') else { return false };
    is_secret_name(key.trim_end_matches(['"', '\''])) && !value.trim().is_empty()
}

fn without_lines(text: &str, is_secret: impl Fn(&str) -> bool) -> String {
    text.split_inclusive('\n').filter(|line| !is_secret(line)).collect()
}

/// A broken text without the lines that set secrets, and without the lines of text that belong to them.
fn without_secret_lines(text: &str) -> String {
    let mut below: Option<usize> = None;
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        if below.is_some_and(|at| indent > at || line.trim().is_empty()) {
            continue;
        }
        below = None;
        if has_secret(line) {
            below = Some(indent);
            continue;
        }
        // Within one line, as in braces, nothing can be told apart.
        if line.split([',', '{', '[']).skip(1).any(has_secret) {
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
        ] {
            let mut model = Model::new("").unwrap();
            model.set_text("kept: 1\nmyToken: t\n");
            model.set_text(text);
            assert_eq!(model.text_without_secrets(&secrets), want, "{text:?}");
            let snapshot = model.snapshot_without_secrets(&secrets);
            assert_eq!(snapshot.good.as_deref().unwrap_or("kept: 1\n"), "kept: 1\n");
        }
    }
}
