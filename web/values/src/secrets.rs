//! What must not be shown, kept or shared.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::path::{Path, Step};
use crate::questions::{QuestionKind, Questions};
use crate::schema::Schema;
use crate::value::{Map, Value};

/// Tells which values are secrets: by their names, by a schema and by questions.
#[derive(Clone, Copy, Debug)]
pub struct Secrets<'s> {
    schema: Option<&'s Schema>,
    questions: Option<&'s Questions>,
}

impl<'s> Secrets<'s> {
    /// What a chart tells about its secrets.
    pub fn new(schema: Option<&'s Schema>, questions: Option<&'s Questions>) -> Secrets<'s> {
        Secrets { schema, questions }
    }

    /// Whether the value at a path is a secret, if it is a text or a number there.
    pub fn is_secret(&self, path: &Path) -> bool {
        if self.is_asked_or_named(path) {
            return true;
        }
        self.schema.is_some_and(|schema| {
            (1..=path.len()).any(|len| {
                let view = schema.root().at(&path.prefix(len), &Value::Null);
                view.format().as_deref() == Some("password") || view.any_shape(|shape| shape.write_only)
            })
        })
    }

    /// Whether names or questions tell that a value is a secret.
    pub(crate) fn is_asked_or_named(&self, path: &Path) -> bool {
        if path.last_key().is_some_and(is_secret_name) || path.steps().iter().any(is_secret_map) {
            return true;
        }
        let asked = |questions: &Questions| {
            questions.all().iter().any(|q| q.kind == QuestionKind::Password && q.path.contains(path))
        };
        self.questions.is_some_and(asked)
    }

    /// The values without the secrets in them: for links and for what is kept. Maps that are empty then go, too.
    pub fn without_secrets(&self, values: &Value) -> Value {
        let secrets: BTreeSet<Path> = self.paths_in(values).into_iter().collect();
        without(values, &Path::root(), &secrets).unwrap_or_else(Value::empty_map)
    }

    /// The paths of the secrets that values have.
    pub fn paths_in(&self, values: &Value) -> Vec<Path> {
        let texts: Vec<(Path, &Value)> = values
            .leaves(false)
            .into_iter()
            .filter_map(|path| values.get(&path).map(|value| (path, value)))
            .filter(|(_, v)| v.is_scalar() && !matches!(v, Value::Null | Value::Bool(_)) && **v != Value::from(""))
            .collect();
        let is_named = |path: &Path, value: &Value| {
            self.is_secret(path) || is_beside_name(path, values) || is_in_set(path) || looks_secret(value)
        };
        let named: Vec<bool> = texts.iter().map(|(path, value)| is_named(path, value)).collect();
        // What an alias or a copy repeats elsewhere is the same secret.
        let known: BTreeSet<&str> = texts
            .iter()
            .zip(&named)
            .filter_map(|((_, value), named)| value.as_text().filter(|text| *named && text.len() >= SHORTEST_COPY))
            .collect();
        let is_copy = |value: &Value| value.as_text().is_some_and(|text| known.contains(text));
        let all = texts.iter().zip(&named).filter(|((_, value), named)| **named || is_copy(value));
        all.map(|((path, _), _)| path.clone()).collect()
    }

    /// The names of keys that are secrets by a schema or by questions, for texts whose paths cannot be told.
    pub(crate) fn names(&self) -> Vec<Rc<str>> {
        let of_schema = self.schema.map(Schema::secret_keys).unwrap_or_default();
        let asked = self.questions.map(Questions::all).unwrap_or_default();
        let asked = asked.into_iter().filter(|question| question.kind == QuestionKind::Password);
        of_schema.into_iter().chain(asked.filter_map(|question| question.path.last_key().map(Into::into))).collect()
    }
}

fn without(value: &Value, path: &Path, secrets: &BTreeSet<Path>) -> Option<Value> {
    match value {
        Value::Map(map) if map.is_empty() => Some(value.clone()),
        Value::Map(map) => {
            let kept =
                map.iter().filter_map(|(key, value)| Some((key.clone(), without(value, &path.key(key), secrets)?)));
            let kept: Map = kept.collect();
            (!kept.is_empty()).then(|| Value::from(kept))
        }
        // An item that goes would change what the others mean: it stays, empty.
        Value::List(items) => {
            let kept =
                items.iter().enumerate().map(|(i, item)| without(item, &path.index(i), secrets).unwrap_or_default());
            Some(Value::from(kept.collect::<Vec<_>>()))
        }
        // `usePassword: true` is none.
        _ => (!secrets.contains(path)).then(|| value.clone()),
    }
}

/// Shorter texts are the same as a secret by chance.
const SHORTEST_COPY: usize = 6;

/// Whether a value stands beside a name that tells that it is a secret, or below one: `{name: DB_PASSWORD, value: …}`,
/// `DB_PASSWORD: {value: …}`.
fn is_beside_name(path: &Path, values: &Value) -> bool {
    let Some((parent, Step::Key(key))) = path.split_last() else { return false };
    let name = || {
        let map = values.get(&parent)?.as_map()?;
        ["name", "key"].into_iter().find_map(|name| map.get(name)?.as_text())
    };
    match &**key {
        "value" => name().is_some_and(is_secret_name) || parent.last_key().is_some_and(is_secret_name),
        // A certificate's.
        "key" => values
            .get(&parent)
            .and_then(Value::as_map)
            .is_some_and(|map| ["crt", "cert", "certificate"].into_iter().any(|other| map.get(other).is_some())),
        _ => false,
    }
}

/// Whether a value is one of several of a kind: `passwords: […]`, `tokens: {a: …}`.
fn is_in_set(path: &Path) -> bool {
    let is_plural = |key: &str| key.strip_suffix(['s', 'S']).is_some_and(is_secret_name) && !key.ends_with("Secrets");
    path.split_last().and_then(|(parent, _)| parent.last_key().map(is_plural)).unwrap_or_default()
        && !path.last_key().is_some_and(|key| matches!(key, "name" | "key" | "existingSecret"))
}

/// Whether a text is a secret by its form, whatever its name: a private key, an address with a password, a token of a
/// service that marks its tokens.
pub(crate) fn looks_secret(value: &Value) -> bool {
    const MARKS: [&str; 10] =
        ["ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "sk_live_", "rk_live_", "xoxb-", "xoxp-", "AKIA"];
    let Some(text) = value.as_text() else { return false };
    let text = text.trim();
    let is_marked = MARKS.iter().any(|mark| text.len() >= mark.len() + 12 && text.starts_with(mark));
    is_marked || (text.contains("-----BEGIN ") && text.contains("PRIVATE KEY")) || has_password(text)
}

/// Whether an address has a password in it: `scheme://user:password@host`.
fn has_password(text: &str) -> bool {
    text.split("://").skip(1).any(|rest| {
        let authority = rest.split(['/', '?', '#', ' ', '"', '\'']).next().unwrap_or_default();
        let account = authority.rsplit_once('@').map(|(account, _)| account);
        account.and_then(|account| account.split_once(':')).is_some_and(|(_, password)| !password.is_empty())
    })
}

/// Whether all values below a key are secrets: `secrets:`, `stringData:`.
fn is_secret_map(step: &Step) -> bool {
    step.key().is_some_and(|key| matches!(key, "stringData" | "secretData" | "secretEnv" | "secretValues"))
}

/// Whether a key's name tells that its value is a secret. Names of Secrets and of keys in them, such as
/// `existingSecret` and `passwordKey`, are none.
pub fn is_secret_name(key: &str) -> bool {
    const ENDS: [&str; 16] = [
        "password",
        "passwd",
        "passphrase",
        "token",
        "secret",
        "apikey",
        "privatekey",
        "secretkey",
        "accesskey",
        "credential",
        "credentials",
        "clientsecret",
        "encryptionkey",
        "licensekey",
        "pwd",
        "pgpass",
    ];
    let plain: String = key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let is_reference =
        ["existingsecret", "secretname", "tokenname", "imagepullsecret", "pullsecret", "tlssecret", "secretref"]
            .iter()
            .any(|word| plain.contains(word));
    // Not `bypass` and `compass`.
    let is_pass = plain == "pass" || key.ends_with("Pass") || key.ends_with("_pass") || key.ends_with("_PASS");
    !is_reference && (is_pass || ENDS.iter().any(|end| plain.ends_with(end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for key in [
            "password",
            "rootPassword",
            "adminPASSWORD",
            "api_key",
            "apiKey",
            "privateKey",
            "authToken",
            "clientSecret",
            "pass",
            "dbPass",
            "DB_PASS",
        ] {
            assert!(is_secret_name(key), "{key}");
        }
        for key in [
            "existingSecret",
            "secretName",
            "passwordKey",
            "imagePullSecrets",
            "tokens",
            "key",
            "secretKeys",
            "userName",
            "compass",
            "bypass",
        ] {
            assert!(!is_secret_name(key), "{key}");
        }
    }

    #[test]
    fn values_without_secrets() {
        let schema = Schema::read(
            r#"{"properties": {"code": {"format": "password"}, "in": {"properties": {"x": {"writeOnly": true}}}}}"#,
        );
        let schema = schema.unwrap();
        let questions = Questions::read("questions: [{variable: asked.it, type: password}]").unwrap();
        let secrets = Secrets::new(Some(&schema), Some(&questions));
        let values = "code: a\nin: {x: b}\nasked: {it: c, not: d}\nauth: {password: e, enabled: true, existingSecret: f}\n\
                      users:\n- {name: g, token: h}\n- {token: i}\nusePassword: true\nstringData: {any: k}\n";
        let values = crate::parse(values).unwrap();
        assert_eq!(
            crate::to_text(&secrets.without_secrets(&values)),
            "asked:\n  not: d\nauth:\n  enabled: true\n  existingSecret: f\nusers:\n  - name: g\n  - null\nusePassword: true\n"
        );
        let paths: Vec<_> = secrets.paths_in(&values).iter().map(Path::to_string).collect();
        assert_eq!(
            paths,
            ["code", "in.x", "asked.it", "auth.password", "users[0].token", "users[1].token", "stringData.any"]
        );
    }

    #[test]
    fn secrets_of_other_shapes() {
        let values = r#"
env: [{name: DB_PASSWORD, value: a1}, {name: HOST, value: db}]
map: {DB_PASSWORD: {value: b2}, HOST: {value: db}}
passwords: [c3]
tokens: {a: d4, name: n}
imagePullSecrets: [registry]
url: postgres://u:e5@h/db
open: https://example.org:8080/a@b
pem: "-----BEGIN RSA PRIVATE KEY-----"
tls: {crt: x, key: f6}
github: ghp_0123456789abcdefghij
first: {password: longsecret}
copy: longsecret
short: {password: ab}
same: ab
"#;
        let values = crate::parse(values).unwrap();
        let secrets = Secrets::new(None, None);
        let paths: Vec<_> = secrets.paths_in(&values).iter().map(Path::to_string).collect();
        let want = "env[0].value map.DB_PASSWORD.value passwords[0] tokens.a url pem tls.key github first.password copy \
                    short.password";
        assert_eq!(paths.join(" "), want);
    }
}
