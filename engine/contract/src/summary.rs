//! What rendered objects amount to.

use serde::{Deserialize, Serialize};

/// What objects amount to: for people who decide whether to deploy them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Summary {
    /// How many objects there are of each kind.
    pub kinds: Vec<KindCount>,
    /// The images that run.
    pub images: Vec<ImageUse>,
    /// The addresses at which something can be reached from outside.
    pub urls: Vec<Url>,
    /// What the objects' accounts may do.
    pub permissions: Vec<Permission>,
    /// The volumes that are claimed.
    pub storage: Vec<Claim>,
}

/// Objects of a kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KindCount {
    /// The kind.
    pub kind: String,
    /// How many.
    pub count: usize,
}

/// An image, and what runs it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImageUse {
    /// The image as it is written.
    pub image: String,
    /// `Kind/name` of the objects.
    pub by: Vec<String>,
}

/// An address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Url {
    /// `https://` where there is a certificate.
    pub url: String,
    /// `Kind/name` of the object that makes it.
    pub by: String,
}

/// A rule of a role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Permission {
    /// `cluster`, or `namespace NAME`.
    pub scope: String,
    /// `get`, `list` …
    pub verbs: Vec<String>,
    /// `secrets`, `apps/deployments` …, with `:NAME` where only some are meant.
    pub resources: Vec<String>,
    /// Paths of the API server that are not resources.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<String>,
    /// `Kind/name` of the role.
    pub by: String,
}

/// A claim of a volume.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Claim {
    /// Its size.
    pub size: String,
    /// Its access modes.
    pub modes: Vec<String>,
    /// Its storage class, if one is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// `Kind/name` of the object that claims it.
    pub by: String,
}
