//! What must not be shown, kept or shared.

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
        self.without(values, &Path::root()).unwrap_or_else(Value::empty_map)
    }

    /// The paths of the secrets that values have.
    pub fn paths_in(&self, values: &Value) -> Vec<Path> {
        let is_there = |path: &Path| {
            values
                .get(path)
                .is_some_and(|v| v.is_scalar() && !matches!(v, Value::Null | Value::Bool(_)) && *v != Value::from(""))
        };
        values.leaves(false).into_iter().filter(|path| is_there(path) && self.is_secret(path)).collect()
    }

    fn without(&self, value: &Value, path: &Path) -> Option<Value> {
        match value {
            Value::Map(map) if map.is_empty() => Some(value.clone()),
            Value::Map(map) => {
                let kept =
                    map.iter().filter_map(|(key, value)| Some((key.clone(), self.without(value, &path.key(key))?)));
                let kept: Map = kept.collect();
                (!kept.is_empty()).then(|| Value::from(kept))
            }
            // An item that goes would change what the others mean: it stays, empty.
            Value::List(items) => {
                let kept =
                    items.iter().enumerate().map(|(i, item)| self.without(item, &path.index(i)).unwrap_or_default());
                Some(Value::from(kept.collect::<Vec<_>>()))
            }
            Value::Text(_) | Value::Number(_) => (!self.is_secret(path)).then(|| value.clone()),
            // `usePassword: true` is none.
            Value::Bool(_) | Value::Null => Some(value.clone()),
        }
    }
}

/// Whether all values below a key are secrets: `secrets:`, `stringData:`.
fn is_secret_map(step: &Step) -> bool {
    step.key().is_some_and(|key| matches!(key, "stringData" | "secretData" | "secretEnv" | "secretValues"))
}

/// Whether a key's name tells that its value is a secret. Names of Secrets and of keys in them, such as
/// `existingSecret` and `passwordKey`, are none.
pub fn is_secret_name(key: &str) -> bool {
    const WORDS: [&str; 15] = [
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
    ];
    let plain: String = key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let is_reference =
        ["existingsecret", "secretname", "tokenname", "imagepullsecret", "pullsecret", "tlssecret", "secretref"]
            .iter()
            .any(|word| plain.contains(word));
    !is_reference && WORDS.iter().any(|word| plain.ends_with(word))
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
}
