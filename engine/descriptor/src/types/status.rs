//! What a controller says about a descriptor.

#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::Serialize;

/// What a controller observed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The generation of the object that the controller saw last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// The conditions: `Ready`, `Reconciling`, `Stalled`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend(
        "x-kubernetes-list-type" = "map",
        "x-kubernetes-list-map-keys" = ["type"],
    )))]
    pub conditions: Vec<Condition>,
    /// The chart that was made, as Flux fetches it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact: Option<Artifact>,
    /// The revision of the source, or the digest of the chart, that was applied last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_applied_revision: Option<String>,
    /// What the chart was made from: as long as that is the same, nothing is made anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inputs: Option<Inputs>,
    /// The objects that were applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inventory: Option<Inventory>,
    /// The last request to reconcile that was handled: the value of its annotation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_handled_reconcile_at: Option<String>,
}

/// A condition, as everywhere in Kubernetes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Condition {
    /// The condition's type, such as `Ready`.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "schema", schemars(length(max = 316)))]
    pub type_: String,
    /// `True`, `False` or `Unknown`
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["True", "False", "Unknown"])))]
    pub status: String,
    /// The reason, as one word for programs.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 1024)))]
    pub reason: String,
    /// The reason, as a text for people.
    #[cfg_attr(feature = "schema", schemars(length(max = 32768)))]
    pub message: String,
    /// When the status last changed.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date-time")))]
    pub last_transition_time: String,
    /// The generation of the object that the condition is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
}

/// A chart as an archive, as Flux fetches it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Artifact {
    /// Where it is.
    pub url: String,
    /// Its path below the server's root.
    pub path: String,
    /// Its version and digest, such as `1.4.0@sha256:…`.
    pub revision: String,
    /// Its digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$")))]
    pub digest: Option<String>,
    /// Its size in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<i64>,
    /// When it was made.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date-time")))]
    pub last_update_time: String,
}

/// What a chart was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Inputs {
    /// The digest of everything: the object's spec, the objects below, and the engine.
    pub digest: String,
    /// The objects of the cluster among them, as `APIVERSION KIND NAMESPACE/NAME`: sources, and what templates look up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<String>,
}

/// Objects that were applied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Inventory {
    /// The objects, each by its id and version.
    pub entries: Vec<InventoryEntry>,
}

/// An object that was applied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct InventoryEntry {
    /// `NAMESPACE_NAME_GROUP_KIND`
    pub id: String,
    /// The version of its API.
    pub v: String,
}
