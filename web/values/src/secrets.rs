//! What must not be shown, kept or shared.

use std::collections::BTreeSet;
use std::rc::Rc;

use redact::{Named, is_about, is_set, looks_secret, named};

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

    /// The values without the secrets in them: for links and for what is kept. Maps that are empty then go, too; items of
    /// lists stay, empty, since others would move up.
    pub fn without_secrets(&self, values: &Value) -> Value {
        without(values, &self.paths_in(values))
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
            self.is_secret(path)
                || is_beside_name(path, values)
                || is_below_name(path)
                || value.as_text().is_some_and(looks_secret)
        };
        let named: Vec<bool> = texts.iter().map(|(path, value)| is_named(path, value)).collect();
        // What a copy repeats elsewhere is the same secret.
        let known = texts.iter().zip(&named).filter(|(_, named)| **named).map(|((_, value), _)| value.shown());
        let known: BTreeSet<String> = known.filter(|text| text.len() >= SHORTEST_COPY).collect();
        let telling: Vec<&String> = known.iter().filter(|text| is_telling(text)).take(MOST_TELLING).collect();
        let is_copy = |path: &Path, value: &Value| {
            let text = value.shown();
            let has = |text: &str| telling.iter().any(|known| text.contains(&***known));
            known.contains(&text) || has(&text) || path.steps().iter().filter_map(Step::key).any(has)
        };
        let all = texts.iter().zip(&named);
        let all = all.filter(|((path, value), named)| **named || !known.is_empty() && is_copy(path, value));
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

/// The values without those at some paths, as [`Secrets::without_secrets`].
pub(crate) fn without(values: &Value, secrets: &[Path]) -> Value {
    without_at(values, &Path::root(), &secrets.iter().collect()).unwrap_or_else(Value::empty_map)
}

fn without_at(value: &Value, path: &Path, secrets: &BTreeSet<&Path>) -> Option<Value> {
    match value {
        Value::Map(map) if map.is_empty() => Some(value.clone()),
        Value::Map(map) => {
            let kept =
                map.iter().filter_map(|(key, value)| Some((key.clone(), without_at(value, &path.key(key), secrets)?)));
            let kept: Map = kept.collect();
            (!kept.is_empty()).then(|| Value::from(kept))
        }
        Value::List(items) => {
            let kept = items.iter().enumerate().map(|(i, item)| {
                let empty = || if item.is_scalar() { Value::from("") } else { Value::empty_map() };
                without_at(item, &path.index(i), secrets).unwrap_or_else(empty)
            });
            Some(Value::from(kept.collect::<Vec<_>>()))
        }
        _ => (!secrets.contains(path)).then(|| value.clone()),
    }
}

/// Shorter texts are the same as a secret by chance.
const SHORTEST_COPY: usize = 6;

/// So many secrets are looked for within other texts.
const MOST_TELLING: usize = 200;

/// Whether a secret is one that is part of another text by no chance: `postgres` is in names of images.
pub(crate) fn is_telling(secret: &str) -> bool {
    secret.len() >= SHORTEST_COPY
        && !secret.bytes().all(|b| b.is_ascii_lowercase())
        && !(secret.len() < 8 && secret.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a value stands beside a name that tells that it is a secret: `{name: DB_PASSWORD, value: …}`.
fn is_beside_name(path: &Path, values: &Value) -> bool {
    let Some((parent, Step::Key(key))) = path.split_last() else { return false };
    let Some(map) = values.get(&parent).and_then(Value::as_map) else { return false };
    match &**key {
        "value" => {
            let name = ["name", "key"].into_iter().find_map(|name| map.get(name)?.as_text());
            name.is_some_and(is_secret_name)
        }
        // A certificate's.
        "key" => CERTIFICATES.into_iter().any(|other| map.get(other).is_some()),
        _ => false,
    }
}

/// Keys beside which `key` is a private one.
pub(crate) const CERTIFICATES: [&str; 3] = ["crt", "cert", "certificate"];

/// Whether a value is one of several of a kind, or a part of one: `passwords: […]`, `tokens: {a: …}`,
/// `password: {plain: …}`, `DB_PASSWORD: {value: …}`.
fn is_below_name(path: &Path) -> bool {
    let Some((_, last)) = path.split_last() else { return false };
    if last.key().is_some_and(|key| key == "name" || is_about(key)) {
        return false;
    }
    let below = path.len() - 1;
    path.steps().iter().take(below).enumerate().filter_map(|(at, step)| Some((at, step.key()?))).any(|(at, key)| {
        // `secret:` and `credentials:` are maps of a Secret's settings, too.
        let is_broad = matches!(key, "secret" | "secrets" | "credential" | "credentials");
        let is_value = last.key().is_none_or(|key| VALUES.contains(&key));
        let is_direct = (at + 1..below).all(|i| path.steps().get(i).is_some_and(|step| step.key().is_none()));
        match is_set(key) {
            true => is_direct || !is_broad,
            false => named(key) > Named::Open && (is_value || named(key) == Named::Secret && !is_broad),
        }
    })
}

/// Keys under which a secret stands that has a map of its own.
const VALUES: [&str; 5] = ["value", "plain", "text", "content", "raw"];

/// Whether all values below a key are secrets: `secrets:`, `stringData:`.
fn is_secret_map(step: &Step) -> bool {
    step.key().is_some_and(is_map_of_secrets)
}

/// The same of a key.
pub(crate) fn is_map_of_secrets(key: &str) -> bool {
    matches!(key, "stringData" | "secretData" | "secretEnv" | "secretValues")
}

/// Whether a key's name tells that its value is a secret. Names of Secrets and of keys in them, such as
/// `existingSecret` and `passwordKey`, are none.
pub fn is_secret_name(key: &str) -> bool {
    named(key) > Named::Open
}

#[cfg(test)]
mod tests {
    use super::*;

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
            "asked:\n  not: d\nauth:\n  enabled: true\n  existingSecret: f\nusers:\n  - name: g\n  - {}\nusePassword: true\n"
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
nested: {password: {plain: W, name: n, length: 12}}
several: {passwords: {a: {plain: W}}}
secret: {name: n, value: W, create: {mode: x}}
numbered: {password1: W, password_new: W}
number: {token: 123456789}
again: 123456789
dsn: "user=u secret=longS3cret"
plain: {password: longS3cret}
within: "a longS3cret b"
as: {longS3cret: x}
word: {password: postgres}
image: docker.io/postgres
signing: {signingKey: W, jwtKey: W}
header: "Bearer abc123abc123"
args: ["--password=W", "--level=info"]
auths: {.dockerconfigjson: W}
motd: "see # token: none here"
"#;
        let values = crate::parse(values).unwrap();
        let secrets = Secrets::new(None, None);
        let paths: Vec<_> = secrets.paths_in(&values).iter().map(Path::to_string).collect();
        let want = "env[0].value map.DB_PASSWORD.value passwords[0] tokens.a url pem tls.key github first.password copy \
                    short.password nested.password.plain several.passwords.a.plain secret.value numbered.password1 \
                    numbered.password_new number.token again dsn plain.password within as.longS3cret word.password \
                    signing.signingKey signing.jwtKey header args[0] auths.\".dockerconfigjson\"";
        assert_eq!(paths.join(" "), want);
    }
}
