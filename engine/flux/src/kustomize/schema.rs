//! What kustomize knows of Kubernetes' own objects: the lists that a strategic
//! merge patch merges by key, and the kinds that have no namespace.

/// Written by `tables/merge_keys.go`.
const TABLE: &str = include_str!("merge_keys.txt");

/// The fields of a type that lead to such lists: a line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Schema(&'static str);

/// A field that leads to such lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// The keys by which the items of the list are told apart, in order;
    /// without, they are scalars. `None` if it is not such a list.
    pub(super) merge_keys: Option<&'static str>,
    /// The type of the object, or of the list's items.
    pub(super) schema: Option<Schema>,
}

/// The parts of the table: types, kinds, kinds without a namespace.
fn part(number: usize) -> impl Iterator<Item = &'static str> {
    let part = TABLE.split('#').nth(number + 1).expect("the table has three parts");
    part.lines().skip(1)
}

impl Schema {
    /// The schema of a kind, such as `apps/v1` and `Deployment`.
    pub(super) fn of(api_version: &[u8], kind: &[u8]) -> Option<Schema> {
        let (api_version, kind) = (std::str::from_utf8(api_version).ok()?, std::str::from_utf8(kind).ok()?);
        let named = |name: &str| name.rsplit_once('/') == Some((api_version, kind));
        part(1).find_map(|line| {
            let (id, kinds) = line.split_once(' ')?;
            kinds.split(' ').any(named).then(|| Schema::number(id))
        })
    }

    fn number(id: &str) -> Schema {
        let line = id.parse().expect("types of the table have numbers");
        Schema(part(0).nth(line).expect("types that the table names are in it"))
    }

    /// A field of the type.
    pub(super) fn field(self, name: &[u8]) -> Option<Field> {
        self.0.split(' ').find_map(|field| {
            let (field, id) = match field.rsplit_once(':') {
                Some((field, id)) => (field, Some(id)),
                None => (field, None),
            };
            let (field, keys) = match field.split_once('[') {
                Some((field, keys)) => (field, Some(keys.trim_end_matches(']'))),
                None => (field, None),
            };
            let merge_keys = keys.map(|keys| if keys == "=" { "" } else { keys });
            (field.as_bytes() == name).then(|| Field { merge_keys, schema: id.map(Schema::number) })
        })
    }
}

/// Whether a kind is known to have no namespace (`IsCertainlyClusterScoped`).
pub(super) fn is_cluster_scoped(api_version: &[u8], kind: &[u8]) -> bool {
    let matches =
        |name: &str| name.rsplit_once('/').is_some_and(|(a, k)| a.as_bytes() == api_version && k.as_bytes() == kind);
    part(2).any(|line| line.split(' ').any(matches))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merge_keys_are_found_by_their_path() {
        let cases = [
            ("apps/v1", "Deployment", "spec.template.spec.containers", Some("name")),
            ("apps/v1", "Deployment", "spec.template.spec.containers.ports", Some("containerPort,protocol")),
            ("batch/v1", "CronJob", "spec.jobTemplate.spec.template.spec.volumes", Some("name")),
            ("v1", "ConfigMap", "metadata.finalizers", Some("")),
            ("v1", "Service", "spec.ports", Some("port,protocol")),
            ("apps/v1", "Deployment", "spec.template.spec.tolerations", None),
            ("example.com/v1", "Deployment", "metadata.finalizers", None),
        ];
        for (api_version, kind, path, want) in cases {
            let mut schema = Schema::of(api_version.as_bytes(), kind.as_bytes());
            let mut keys = None;
            for name in path.split('.') {
                let field = schema.and_then(|s| s.field(name.as_bytes()));
                keys = field.and_then(|f| f.merge_keys);
                schema = field.and_then(|f| f.schema);
            }
            assert_eq!(keys, want, "{kind} {path}");
        }
    }

    #[test]
    fn kinds_without_a_namespace_are_known() {
        assert!(is_cluster_scoped(b"v1", b"Namespace"));
        assert!(is_cluster_scoped(b"rbac.authorization.k8s.io/v1", b"ClusterRole"));
        assert!(!is_cluster_scoped(b"v1", b"Service"));
        assert!(!is_cluster_scoped(b"example.com/v1", b"Namespace"));
    }
}
