//! The objects that a descriptor owns, by the ids that Flux uses.

use std::collections::BTreeSet;

use descriptor::types::{Inventory, InventoryEntry};

use crate::cluster::Kind;

/// An object that was applied.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectId {
    /// Its namespace; empty for objects of the whole cluster.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The group of its API; empty for the core.
    pub group: String,
    /// Its kind.
    pub kind: String,
    /// The version of its API.
    pub version: String,
}

impl ObjectId {
    /// The id, `NAMESPACE_NAME_GROUP_KIND`; a colon in a name (RBAC) is written as two underscores.
    pub fn entry(&self) -> InventoryEntry {
        let name = self.name.replace(':', "__");
        InventoryEntry {
            id: format!("{}_{name}_{}_{}", self.namespace, self.group, self.kind),
            v: self.version.clone(),
        }
    }

    /// Its kind, as the API names it.
    pub fn api_kind(&self) -> Kind {
        if self.group.is_empty() {
            return Kind::new(&self.version, &self.kind);
        }
        Kind::new(&format!("{}/{}", self.group, self.version), &self.kind)
    }

    /// The object of an entry; none if the id has not four parts.
    pub fn read(entry: &InventoryEntry) -> Option<ObjectId> {
        // A name may have underscores that stand for colons: the other parts have none.
        let (namespace, rest) = entry.id.split_once('_')?;
        let (rest, kind) = rest.rsplit_once('_')?;
        let (name, group) = rest.rsplit_once('_')?;
        if name.is_empty() || kind.is_empty() {
            return None;
        }
        Some(ObjectId {
            namespace: namespace.to_owned(),
            name: name.replace("__", ":"),
            group: group.to_owned(),
            kind: kind.to_owned(),
            version: entry.v.clone(),
        })
    }
}

/// The inventory of these objects, in a fixed order.
pub fn inventory(objects: &BTreeSet<ObjectId>) -> Inventory {
    Inventory { entries: objects.iter().map(ObjectId::entry).collect() }
}

/// The objects that were applied before and are not now: what is to be removed. A new version of an API is no new object.
pub fn stale(before: Option<&Inventory>, now: &BTreeSet<ObjectId>) -> Vec<ObjectId> {
    let kept: BTreeSet<String> = now.iter().map(|object| object.entry().id).collect();
    let entries = before.map_or(&[][..], |inventory| &inventory.entries);
    entries.iter().filter(|entry| !kept.contains(&entry.id)).filter_map(ObjectId::read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(namespace: &str, name: &str, group: &str, kind: &str, version: &str) -> ObjectId {
        let [namespace, name, group, kind, version] = [namespace, name, group, kind, version].map(str::to_owned);
        ObjectId { namespace, name, group, kind, version }
    }

    #[test]
    fn ids_are_read_as_they_are_written() {
        for (object, id) in [
            (
                object("shop", "shop", "helm.toolkit.fluxcd.io", "HelmRelease", "v2"),
                "shop_shop_helm.toolkit.fluxcd.io_HelmRelease",
            ),
            (object("", "shop", "", "Namespace", "v1"), "_shop__Namespace"),
            (
                object("", "a:b", "rbac.authorization.k8s.io", "ClusterRole", "v1"),
                "_a__b_rbac.authorization.k8s.io_ClusterRole",
            ),
        ] {
            let entry = object.entry();
            assert_eq!(entry.id, id);
            assert_eq!(ObjectId::read(&entry), Some(object));
        }
        assert_eq!(ObjectId::read(&InventoryEntry { id: "shop_shop".into(), v: "v1".into() }), None);
    }

    #[test]
    fn only_objects_that_are_gone_are_stale() {
        let old = BTreeSet::from([
            object("a", "one", "helm.toolkit.fluxcd.io", "HelmRelease", "v2beta2"),
            object("a", "two", "helm.toolkit.fluxcd.io", "HelmRelease", "v2"),
        ]);
        let now = BTreeSet::from([object("a", "one", "helm.toolkit.fluxcd.io", "HelmRelease", "v2")]);
        let gone = stale(Some(&inventory(&old)), &now);
        assert_eq!(gone, [object("a", "two", "helm.toolkit.fluxcd.io", "HelmRelease", "v2")]);
        assert_eq!(stale(None, &now), []);
    }
}
