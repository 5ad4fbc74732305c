//! Secrets that objects read.

use contract::{ObjectOut, Role, SecretUse};
use govalue::{Map, Value};

use super::fields::{entries, maps, text, texts};
use super::images::DEPTH;

/// The Secrets that were found so far.
#[derive(Default)]
pub(super) struct Secrets {
    uses: Vec<SecretUse>,
    /// Namespace and name of those among the objects.
    rendered: Vec<(String, String)>,
    /// Namespaces and words of what containers of hooks are told: names of Secrets that they make may be among them.
    told: Vec<(String, String)>,
}

/// One use of a Secret.
#[derive(Default)]
struct Use {
    name: String,
    key: Option<String>,
    optional: bool,
}

impl Secrets {
    /// A Secret that is among the objects.
    pub(super) fn add_rendered(&mut self, namespace: &str, name: &str) {
        self.rendered.push((namespace.to_owned(), name.to_owned()));
    }

    /// Looks for Secrets that an object reads.
    pub(super) fn look(&mut self, object: &ObjectOut, value: &Value, by: &str) {
        // A Certificate makes the Secret that it names.
        if !matches!(object.kind.as_str(), "Certificate" | "ConfigMap" | "Secret") {
            self.find(value, &object.namespace, by, DEPTH);
        }
        if object.role == Role::Hook {
            self.hear(value, &object.namespace, DEPTH);
        }
    }

    /// Keeps the words of arguments: `--secret-name=NAME`, or `NAME` by itself.
    fn hear(&mut self, value: &Value, namespace: &str, depth: u32) {
        match value {
            Value::Map(map) if depth > 0 => {
                for word in texts(map, &["args"]).into_iter().chain(texts(map, &["command"])) {
                    let name = word.split_once('=').map_or(word.as_str(), |(_, name)| name);
                    self.told.push((namespace.to_owned(), name.to_owned()));
                }
                entries(map).iter().for_each(|(_, value)| self.hear(value, namespace, depth - 1));
            }
            Value::List(items) if depth > 0 => items.iter().for_each(|item| self.hear(item, namespace, depth - 1)),
            _ => {}
        }
    }

    fn find(&mut self, value: &Value, namespace: &str, by: &str, depth: u32) {
        if depth == 0 {
            return;
        }
        match value {
            Value::Map(map) => {
                for (key, value) in entries(map) {
                    for found in uses(&key, &value, map) {
                        self.add(found, namespace, by);
                    }
                    self.find(&value, namespace, by, depth - 1);
                }
            }
            Value::List(items) => items.iter().for_each(|item| self.find(item, namespace, by, depth - 1)),
            _ => {}
        }
    }

    fn add(&mut self, found: Use, namespace: &str, by: &str) {
        let known = self.uses.iter().position(|known| known.name == found.name && known.namespace == namespace);
        let at = known.unwrap_or_else(|| {
            let new =
                SecretUse { name: found.name, namespace: namespace.to_owned(), optional: true, ..SecretUse::default() };
            self.uses.push(new);
            self.uses.len() - 1
        });
        let Some(known) = self.uses.get_mut(at) else { return };
        known.optional &= found.optional;
        // All keys, which no list says, are more than some.
        match found.key {
            None => known.keys = vec![String::new()],
            Some(key) if !known.keys.iter().any(|one| one.is_empty() || *one == key) => known.keys.push(key),
            Some(_) => {}
        }
        if !known.by.iter().any(|one| one == by) {
            known.by.push(by.to_owned());
        }
    }

    /// The Secrets, by their names.
    pub(super) fn into_vec(self) -> Vec<SecretUse> {
        let Secrets { mut uses, rendered, told } = self;
        for one in &mut uses {
            one.keys.retain(|key| !key.is_empty());
            let is_this = |(namespace, name): &(String, String)| *namespace == one.namespace && *name == one.name;
            one.rendered = rendered.iter().any(is_this);
            one.hook = !one.rendered && told.iter().any(is_this);
        }
        govalue::sort::sort_by(&mut uses, |a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
        uses
    }
}

/// The Secrets that a field names: `around` is what it is a field of.
fn uses(key: &str, value: &Value, around: &Map) -> Vec<Use> {
    let optional = |map: &Map| matches!(map.get("optional"), Some(Value::Bool(true)));
    match (key, value) {
        // env: valueFrom.secretKeyRef
        ("secretKeyRef", Value::Map(map)) => {
            let (name, key) = (text(map, &["name"]), text(map, &["key"]));
            name.map(|name| Use { name, key, optional: optional(map) }).into_iter().collect()
        }
        // envFrom, and what many kinds of operators call it; volumes: projected
        ("secretRef", Value::Map(map)) => text(map, &["name"])
            .map(|name| Use { name, optional: optional(map), ..Use::default() })
            .into_iter()
            .collect(),
        ("secret", Value::Map(map)) if map.get("name").is_some() => text(map, &["name"])
            .map(|name| Use { name, optional: optional(map), ..Use::default() })
            .into_iter()
            .collect(),
        // volumes: secret; tls of an Ingress
        ("secretName", Value::Str(_)) => {
            let name = text(around, &["secretName"]).filter(|name| !name.is_empty());
            name.map(|name| Use { name, optional: optional(around), ..Use::default() }).into_iter().collect()
        }
        ("imagePullSecrets", Value::List(_)) => {
            let names = maps(around, &["imagePullSecrets"]).filter_map(|one| text(&one, &["name"]));
            names.map(|name| Use { name, ..Use::default() }).collect()
        }
        _ => Vec::new(),
    }
}
