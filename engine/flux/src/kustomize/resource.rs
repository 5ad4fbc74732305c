//! Resources: objects with their identity, as kustomize keeps them.

use govalue::{Index, Str};

use super::node::{Node, Scalar};
use super::schema::is_cluster_scoped;
use crate::error::PostRenderError;

/// An object.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Resource {
    pub(super) node: Node,
    /// The names, kinds and namespaces it had, before patches changed them.
    pub(super) first_id: Option<Id>,
}

/// What tells a resource from others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Id {
    pub(super) group: Str,
    pub(super) version: Str,
    pub(super) kind: Str,
    pub(super) name: Str,
    pub(super) namespace: Str,
}

impl Id {
    /// The namespace that counts: none for kinds that have none, else `default`.
    pub(super) fn effective_namespace(&self) -> &[u8] {
        let api_version = if self.group.is_empty() {
            self.version.to_vec()
        } else {
            [&self.group[..], b"/", &self.version[..]].concat()
        };
        if is_cluster_scoped(&api_version, &self.kind) {
            b"_non_namespaceable_"
        } else if self.namespace.is_empty() {
            b"default"
        } else {
            &self.namespace
        }
    }

    /// Whether kustomize takes both for the same.
    pub(super) fn is_same(&self, other: &Id) -> bool {
        self.key() == other.key()
    }

    /// The same for all resources that kustomize takes for the same.
    fn key(&self) -> Str {
        let parts: [&[u8]; 5] = [&self.group, &self.version, &self.kind, &self.name, self.effective_namespace()];
        Str::from(parts.join(&0))
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let or = |text: &Str, none: &str| if text.is_empty() { none.to_owned() } else { text.to_string() };
        write!(
            f,
            "{}.{}.{}/{}.{}",
            or(&self.kind, "[noKind]"),
            or(&self.version, "[noVer]"),
            or(&self.group, "[noGrp]"),
            or(&self.name, "[noName]"),
            or(&self.namespace, "[noNs]")
        )
    }
}

impl Resource {
    /// A resource of an object.
    pub(super) fn new(node: Node) -> Resource {
        Resource { node, first_id: None }
    }

    fn field(&self, key: &[u8]) -> &[u8] {
        self.node.get(key).map(Node::text).unwrap_or_default()
    }

    /// A text of the metadata.
    fn metadata(&self, key: &[u8]) -> &[u8] {
        self.node.get(b"metadata").and_then(|m| m.get(key)).map(Node::text).unwrap_or_default()
    }

    /// `kind`
    pub(super) fn kind(&self) -> &[u8] {
        self.field(b"kind")
    }

    /// `apiVersion`
    pub(super) fn api_version(&self) -> &[u8] {
        self.field(b"apiVersion")
    }

    /// Its identity as it is now.
    pub(super) fn id(&self) -> Id {
        let api_version = self.api_version();
        let slash = api_version.iter().position(|&b| b == b'/');
        let (group, version) = match slash {
            Some(at) => (&api_version[..at], &api_version[at + 1..]),
            None => (&b""[..], api_version),
        };
        Id {
            group: Str::from(group),
            version: Str::from(version),
            kind: Str::from(self.kind()),
            name: Str::from(self.metadata(b"name")),
            namespace: Str::from(self.metadata(b"namespace")),
        }
    }

    /// Its labels or annotations, as texts.
    pub(super) fn texts(&self, field: &[u8]) -> Vec<(Str, Str)> {
        match self.node.get(b"metadata").and_then(|m| m.get(field)) {
            Some(Node::Map(entries)) => {
                entries.iter().map(|(key, value)| (key.text.clone(), Str::from(value.text()))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Writes labels or annotations as strings, sorted; removes the field where
    /// there are none (`setMapInMetadata`).
    pub(super) fn set_texts(&mut self, field: &[u8], mut texts: Vec<(Str, Str)>) {
        let Some(metadata) = self.node.map_at(b"metadata") else { return };
        metadata.remove(field);
        if texts.is_empty() {
            return;
        }
        govalue::sort::sort_by(&mut texts, Ord::cmp);
        let entries = texts.into_iter().map(|(k, v)| (Scalar::untyped(k), Scalar::string(v).into())).collect();
        metadata.set(field, Node::Map(entries));
    }

    /// Sets a label or annotation. If there is no map for it, one is created.
    pub(super) fn set_text(&mut self, field: &[u8], key: &str, value: &str) -> Result<(), PostRenderError> {
        let id = self.id();
        let map = self.node.map_at(b"metadata").and_then(|m| m.map_at(field));
        match map {
            Some(map @ Node::Map(_)) => {
                map.set(key.as_bytes(), Scalar::string(value).into());
                Ok(())
            }
            _ => {
                let field = String::from_utf8_lossy(field);
                Err(PostRenderError::new(format!(
                    "considering field 'metadata/{field}' of object {id}: expected sequence or mapping node"
                )))
            }
        }
    }

    /// Checks that it has what every object has (`GetValidatedMetadata`).
    pub(super) fn validate(&self) -> Result<(), PostRenderError> {
        let id = self.id();
        let missing = |what: &str| {
            let list = |field| {
                let mut texts = self.texts(field);
                govalue::sort::sort_by(&mut texts, Ord::cmp);
                texts.iter().map(|(k, v)| format!("{k}:{v}")).collect::<Vec<_>>().join(" ")
            };
            PostRenderError::new(format!(
                "missing {what} in object {{{{{} {}}} {{{{{} {}}} map[{}] map[{}]}}}}",
                String::from_utf8_lossy(self.api_version()),
                id.kind,
                id.name,
                id.namespace,
                list(b"labels"),
                list(b"annotations")
            ))
        };
        if id.kind.is_empty() {
            return Err(missing("kind"));
        }
        if id.name.is_empty() && !id.kind.ends_with(b"List") {
            return Err(missing("metadata.name"));
        }
        Ok(())
    }
}

/// Resources in order, each there once (`ResMap`).
#[derive(Clone, Debug, Default)]
pub(super) struct Resources {
    pub(super) list: Vec<Resource>,
}

impl Resources {
    /// Takes in objects: those of lists one by one, empty ones not
    /// (`NewResMapFromBytes`).
    ///
    /// # Errors
    /// If one has no kind or name, or two are the same.
    pub(super) fn from_nodes(nodes: Vec<Node>) -> Result<Resources, PostRenderError> {
        let resources = Resources { list: Resources::patches(nodes)? };
        resources.check()?;
        Ok(resources)
    }

    /// The objects of patches: several can be for the same.
    ///
    /// # Errors
    /// If one has no kind or name.
    pub(super) fn patches(nodes: Vec<Node>) -> Result<Vec<Resource>, PostRenderError> {
        let mut list = Vec::new();
        let mut left: std::collections::VecDeque<Node> = nodes.into();
        while let Some(node) = left.pop_front() {
            if node.is_empty() {
                continue;
            }
            let resource = Resource::new(node);
            resource.validate()?;
            match list_items(&resource)? {
                Some(items) => left.extend(items),
                None => list.push(resource),
            }
        }
        Ok(list)
    }

    /// Checks that no two are the same.
    pub(super) fn check(&self) -> Result<(), PostRenderError> {
        let mut seen = Index::default();
        for resource in &self.list {
            let id = resource.id();
            if seen.insert(id.key(), ()).is_some() {
                return Err(PostRenderError::new(format!("may not add resource with an already registered id: {id}"))
                    .with_hint(
                        "postRenderStrategy: separate keeps hooks apart from templates that render the same object",
                    ));
            }
        }
        Ok(())
    }
}

/// The objects of a `…List`; `None` if it is not one.
fn list_items(resource: &Resource) -> Result<Option<Vec<Node>>, PostRenderError> {
    if !resource.kind().ends_with(b"List") {
        return Ok(None);
    }
    let kind = String::from_utf8_lossy(resource.kind()).into_owned();
    match resource.node.get(b"items") {
        None => Ok(None),
        Some(Node::List(items)) => {
            let mut objects = Vec::with_capacity(items.len());
            for item in items.iter().filter(|i| !i.is_empty()) {
                let value = item
                    .to_value()
                    .map_err(|e| PostRenderError::new(format!("trouble expanding list of {kind}; {e}")))?;
                let object = Resource::new(Node::from_value(&value));
                object.validate()?;
                objects.push(object.node);
            }
            Ok(Some(objects))
        }
        Some(null) if null.is_null() => Ok(Some(Vec::new())),
        Some(_) => Err(PostRenderError::new(format!("expected array in {kind}/items, but found string"))),
    }
}
