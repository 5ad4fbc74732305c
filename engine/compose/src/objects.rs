//! `secrets` and `configs`: files that are put into containers, and Secrets that must not be in a descriptor.

use contract::Code;
use descriptor::write::{Block, Item, document};

use crate::application::Application;
use crate::keys::{self, FILE_OBJECT};
use crate::load::beside;
use crate::report::{Report, Spot};
use crate::service::Service;
use crate::tree::{Data, Field, Node};
use crate::values::{flag, wrong};
use descriptor::names::dns_label;

/// The longest file that is converted.
const MAX_FILE: usize = 256 * 1024;

/// A Kubernetes Secret that must be created separately.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Object {
    pub(crate) name: String,
    pub(crate) entries: Vec<(String, String)>,
}

/// What must not be in a descriptor.
#[derive(Debug, Default)]
pub(crate) struct Secrets {
    /// Whether it is written there all the same.
    pub(crate) inline: bool,
    pub(crate) objects: Vec<Object>,
}

impl Secrets {
    /// Puts a value into a Secret.
    pub(crate) fn put(&mut self, object: &str, key: &str, value: &str) {
        let at = match self.objects.iter().position(|o| o.name == object) {
            Some(at) => at,
            None => {
                self.objects.push(Object { name: object.to_owned(), entries: Vec::new() });
                self.objects.len() - 1
            }
        };
        let entries = &mut self.objects[at].entries;
        if entries.iter().all(|(k, _)| k != key) {
            entries.push((key.to_owned(), value.to_owned()));
        }
    }

    /// The Secrets as manifests; empty where there are none.
    pub(crate) fn manifests(&self, module: &str, namespace: &str) -> String {
        let mut out = String::new();
        for object in &self.objects {
            let mut manifest = Block::new();
            let version = manifest.set("apiVersion", "v1");
            if out.is_empty() {
                version.why(format!("The secrets of {module}. Do not put them into a repository:"));
                version.why("seal them first (kubeseal, sops), or apply them manually.");
            }
            manifest.set("kind", "Secret");
            let metadata = [("name".to_owned(), object.name.as_str()), ("namespace".to_owned(), namespace)];
            manifest.set("metadata", Item::Inline(metadata.into_iter().collect()));
            manifest.set("type", "Opaque");
            let data = object.entries.iter().map(|(k, v)| (k.clone(), Item::Quoted(v.clone())));
            manifest.set("stringData", data.collect::<Block>());
            out.push_str(if out.is_empty() { "" } else { "---\n" });
            out.push_str(&document(&manifest));
        }
        out
    }
}

/// A file of the host as text; otherwise why not.
pub(crate) fn text_file(app: &Application<'_>, path: &str) -> Result<String, &'static str> {
    let bytes = app.folder.read(path).ok_or("does not exist")?;
    if bytes.len() > MAX_FILE {
        return Err("is larger than 256 KiB");
    }
    match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Ok(text),
        _ => Err("is not text"),
    }
}

/// A secret or config as a service names it.
struct Wanted {
    source: String,
    target: String,
    mode: Option<i64>,
    spot: Spot,
}

fn wanted(item: &Node, kind: &str, report: &mut Report) -> Option<Wanted> {
    let text = |key: &str| item.get(key).and_then(Node::text);
    let Some(source) = item.text().or_else(|| text("source")) else {
        wrong(item, kind, "a name, or a mapping with source", report);
        return None;
    };
    for key in ["uid", "gid"] {
        if let Some(node) = item.get(key) {
            let message =
                format!("{kind}.{key} is not converted: files belong to root, and the pod's group may read them");
            report.warn(
                node.spot,
                &format!("{kind}.{key}"),
                Code::FileOwner,
                message,
                "value podSecurityContext.fsGroup sets the group",
            );
        }
    }
    let mode = match item.get("mode").map(|m| &m.data) {
        Some(Data::Int(mode)) => Some(*mode),
        Some(Data::Text(mode)) => i64::from_str_radix(mode.trim_start_matches("0o"), 8).ok(),
        _ => None,
    };
    let folder = if kind == "secrets" { "/run/secrets/" } else { "/" };
    let target = text("target").unwrap_or_else(|| source.clone());
    let target = if target.starts_with('/') { target } else { format!("{folder}{target}") };
    Some(Wanted { source, target, mode, spot: item.spot })
}

/// Writes the secrets and configs of a service.
pub(crate) fn files(
    service: &Service,
    app: &Application<'_>,
    values: &mut Block,
    secrets: &mut Secrets,
    report: &mut Report,
) {
    let mut mounted = Mounted::default();
    for kind in ["configs", "secrets"] {
        let Some(node) = service.node.get(kind) else { continue };
        let Data::List(items) = &node.data else {
            wrong(node, kind, "a list", report);
            continue;
        };
        for item in items {
            let Some(wanted) = wanted(item, kind, report) else { continue };
            let Some(definition) = app.definition(kind, &wanted.source) else {
                let message = format!("the file does not define the {} {}", kind.trim_end_matches('s'), wanted.source);
                report.error(wanted.spot, kind, Code::Undefined, message, "");
                continue;
            };
            if kind == "configs" {
                config(&wanted, definition, app, values, &mut mounted, report);
            } else {
                secret(&wanted, definition, app, values, &mut mounted, secrets, report);
            }
        }
    }
    mounted.write(values);
}

/// What is read from Secrets and ConfigMaps that exist already, as volumes.
#[derive(Default)]
struct Mounted {
    volumes: Vec<Item>,
    mounts: Vec<Item>,
    /// The parts of the volume at `/run/secrets`.
    secrets: Vec<Item>,
}

impl Mounted {
    fn add(&mut self, kind: &str, object: &str, key: &str, target: &str, mode: Option<i64>) {
        let mut item = Block::new();
        item.set("key", key);
        let below = target.strip_prefix("/run/secrets/").filter(|_| kind == "secret");
        item.set("path", below.unwrap_or(key));
        if let Some(mode) = mode {
            item.set("mode", mode).beside(format!("{mode:#o}"));
        }
        let mut source = Block::new();
        source.set("name", object);
        source.set("items", Item::List(vec![item.clone().into()]));
        if below.is_some() {
            self.secrets.push(Item::Map([("secret".to_owned(), source)].into_iter().collect()));
            return;
        }
        let name = format!("{kind}-{}", self.volumes.len() + 1);
        let mut volume = Block::new();
        volume.set("name", name.as_str());
        let mut source = Block::new();
        source.set(if kind == "secret" { "secretName" } else { "name" }, object);
        source.set("items", Item::List(vec![item.into()]));
        volume.set(if kind == "secret" { "secret" } else { "configMap" }, source);
        self.volumes.push(volume.into());
        let mut mount = Block::new();
        mount.set("name", name);
        mount.set("mountPath", target);
        mount.set("subPath", key);
        mount.set("readOnly", true);
        self.mounts.push(mount.into());
    }

    fn write(mut self, values: &mut Block) {
        if !self.secrets.is_empty() {
            let mut volume = Block::new();
            volume.set("name", "secrets");
            volume.set_in(&["projected", "sources"], Item::List(self.secrets));
            self.volumes.insert(0, volume.into());
            let mut mount = Block::new();
            mount.set("name", "secrets");
            mount.set("mountPath", "/run/secrets");
            mount.set("readOnly", true);
            self.mounts.insert(0, mount.into());
        }
        if !self.volumes.is_empty() {
            extend(values, "extraVolumes", self.volumes);
            extend(values, "extraVolumeMounts", self.mounts);
        }
    }
}

/// Puts items behind those that a list has.
pub(crate) fn extend(values: &mut Block, key: &str, items: Vec<Item>) {
    let mut list = match values.get(key) {
        Some(Item::List(list)) => list.clone(),
        _ => Vec::new(),
    };
    list.extend(items);
    values.set(key, Item::List(list));
}

/// The content of a secret or config; `None` where it has to come from elsewhere.
fn content(definition: &Field, app: &Application<'_>, report: &mut Report) -> Option<String> {
    let node = &definition.node;
    if let Some(content) = node.get("content").and_then(Node::text) {
        return Some(content);
    }
    if let Some(variable) = node.get("environment").and_then(Node::text) {
        let value = app.variables.get(&variable).cloned();
        if value.is_none() {
            let message = format!("the variable {variable}, which has the content of {}, is not set", definition.name);
            report.warn(definition.spot, "", Code::VariableOfHost, message, "give it in an environment file");
        }
        return value;
    }
    let path = beside(report.name(node.spot.file), &node.get("file").and_then(Node::text)?);
    match text_file(app, &path) {
        Ok(text) => Some(text),
        Err(why) => {
            let message = format!("the file {path} of {} {why}", definition.name);
            report.warn(
                definition.spot,
                "",
                Code::File,
                message,
                "put it where the compose file expects it and import again",
            );
            None
        }
    }
}

/// The name of a definition's object in the cluster.
fn object_name(definition: &Field, app: &Application<'_>) -> String {
    let external = definition.node.get("external");
    // The old form has the name in the mapping.
    let old = external.and_then(|e| e.get("name")).and_then(Node::text);
    let name = old.or_else(|| definition.node.get("name").and_then(Node::text));
    match external.filter(|e| flag(Some(e)) || matches!(e.data, Data::Map(_))) {
        Some(_) => dns_label(&name.unwrap_or_else(|| definition.name.clone())),
        None => format!("{}-{}", app.module, dns_label(&definition.name)),
    }
}

fn is_external(definition: &Field) -> bool {
    definition.node.get("external").is_some_and(|e| flag(Some(e)) || matches!(e.data, Data::Map(_)))
}

fn config(
    wanted: &Wanted,
    definition: &Field,
    app: &Application<'_>,
    values: &mut Block,
    mounted: &mut Mounted,
    report: &mut Report,
) {
    keys::check(&definition.node, FILE_OBJECT, &format!("configs.{}", definition.name), report);
    let object = object_name(definition, app);
    let text = if is_external(definition) { None } else { content(definition, app, report) };
    match text {
        Some(text) => {
            let text = app.with_new_hosts(text, wanted.spot, "configs", &wanted.source, report);
            values.block("files").set(&wanted.target, Item::Text(text));
        }
        None => {
            let message = format!("the config {} is external: it must exist as the ConfigMap {object}", wanted.source);
            let hint = format!("create it in the module's namespace, with the key {}", wanted.source);
            report.warn(wanted.spot, "configs", Code::ExternalConfig, message, hint);
            mounted.add("config", &object, &wanted.source, &wanted.target, wanted.mode);
        }
    }
}

fn secret(
    wanted: &Wanted,
    definition: &Field,
    app: &Application<'_>,
    values: &mut Block,
    mounted: &mut Mounted,
    secrets: &mut Secrets,
    report: &mut Report,
) {
    keys::check(&definition.node, FILE_OBJECT, &format!("secrets.{}", definition.name), report);
    let object = object_name(definition, app);
    let external = is_external(definition);
    let text = if external { None } else { content(definition, app, report) };
    match text {
        Some(text) if secrets.inline => {
            values.block("secretFiles").set(&wanted.target, Item::Text(text));
            return;
        }
        Some(text) => secrets.put(&object, &wanted.source, &text),
        None if external => {
            let message = format!("the secret {} is external: it must exist as the Secret {object}", wanted.source);
            let hint = format!("create it in the module's namespace, with the key {}", wanted.source);
            report.warn(wanted.spot, "secrets", Code::ExternalSecret, message, hint);
        }
        None => secrets.put(&object, &wanted.source, ""),
    }
    mounted.add("secret", &object, &wanted.source, &wanted.target, wanted.mode);
}
