//! What rendered objects amount to.

use serde::{Deserialize, Serialize};

/// What objects amount to: for people who decide whether to deploy them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Summary {
    /// How many objects there are of each kind, without hooks.
    pub kinds: Vec<KindCount>,
    /// How many hooks there are of each kind, without tests: they do not stay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hooks: Vec<KindCount>,
    /// How many hooks there are of each kind that only `helm test` runs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<KindCount>,
    /// The images that run.
    pub images: Vec<ImageUse>,
    /// The addresses at which something can be reached from outside.
    pub urls: Vec<Url>,
    /// The other ways in from outside of the cluster: those that have no address yet, or none that a browser opens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exposed: Vec<Exposure>,
    /// What the objects' accounts may do.
    pub permissions: Vec<Permission>,
    /// The volumes that are claimed.
    pub storage: Vec<Claim>,
    /// The ports on which something listens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<Port>,
    /// The kinds that it adds to the cluster.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub definitions: Vec<Definition>,
    /// `Kind/name` of the objects that belong to the whole cluster.
    #[serde(default, rename = "clusterScoped", skip_serializing_if = "Vec::is_empty")]
    pub cluster_scoped: Vec<String>,
    /// What its pods ask for, and what they may use.
    #[serde(default, skip_serializing_if = "is_none")]
    pub resources: Resources,
    /// The Secrets that it reads.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<SecretUse>,
}

fn is_none(resources: &Resources) -> bool {
    *resources == Resources::default()
}

fn is_one(count: &u64) -> bool {
    *count == 1
}

fn one() -> u64 {
    1
}

fn is_false(flag: &bool) -> bool {
    !flag
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
    /// What it is for.
    #[serde(default, skip_serializing_if = "is_always")]
    pub runs: Runs,
    /// `Kind/name` of the objects.
    pub by: Vec<String>,
}

/// When an image runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Runs {
    /// As long as the release is installed.
    #[default]
    Always,
    /// An operator runs it: a custom resource names it, or an argument or a variable of a container.
    Operator,
    /// Only in hooks: at a moment of the release's life.
    Hook,
    /// Only in tests: nothing pulls it before somebody runs `helm test`.
    Test,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
fn is_always(runs: &Runs) -> bool {
    *runs == Runs::Always
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

/// A way in from outside of the cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Exposure {
    /// What opens it.
    pub way: Way,
    /// The host names or IP addresses; empty where the cluster gives them, or any will do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<String>,
    /// The ports to connect to, with their protocol: `1883/TCP`; empty where they are not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<String>,
    /// `Kind/name` of the object that opens it.
    pub by: String,
}

/// What opens a way in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// A Service of type `LoadBalancer`.
    #[default]
    LoadBalancer,
    /// A Service of type `NodePort`.
    NodePort,
    /// A Service with `externalIPs`.
    ExternalIp,
    /// A container with a `hostPort`.
    HostPort,
    /// Pods in the network of their node (`hostNetwork`).
    HostNetwork,
    /// An Ingress that takes requests for any host.
    Ingress,
    /// A Gateway of the Gateway API.
    Gateway,
    /// A route of the Gateway API: `HTTPRoute` without hosts, `GRPCRoute`, `TLSRoute`, `TCPRoute`, `UDPRoute`.
    GatewayRoute,
    /// A Route of OpenShift whose host the cluster makes.
    Route,
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
    /// How many there are: one for each replica of a StatefulSet.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub count: u64,
    /// `Kind/name` of the object that claims it.
    pub by: String,
}

/// A port.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Port {
    /// From where it can be reached.
    pub reach: Reach,
    /// Its number.
    pub port: u32,
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: String,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The port of the pods behind a Service, a number or a name, where it is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Its number on each node.
    #[serde(default, rename = "nodePort", skip_serializing_if = "Option::is_none")]
    pub node_port: Option<u32>,
    /// `Kind/name` of the Service, or of what runs the container.
    pub by: String,
}

/// From where a port can be reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// At the address of each pod: a port of a container.
    #[default]
    Pod,
    /// In the cluster: a Service.
    Cluster,
    /// At each node: a Service of type `NodePort`, a container's `hostPort`, or a pod in the network of its node.
    Node,
    /// From outside: a Service of type `LoadBalancer`.
    LoadBalancer,
}

/// A kind that a `CustomResourceDefinition` defines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Definition {
    /// The kind.
    pub kind: String,
    /// Its API group.
    pub group: String,
    /// The versions that are served.
    pub versions: Vec<String>,
    /// Whether its objects belong to the whole cluster.
    #[serde(default, skip_serializing_if = "is_false")]
    pub cluster: bool,
}

/// What pods ask for and may use, added up over all replicas. Hooks do not count, for they do not stay; what a pod asks
/// for before its containers start counts where it is more than they ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Resources {
    /// What is reserved for them.
    pub requests: Amount,
    /// What they may use at most, as far as they have a limit.
    pub limits: Amount,
    /// The same for one pod on each node: of DaemonSets, which are not in the sums above.
    #[serde(default, rename = "requestsPerNode", skip_serializing_if = "Amount::is_zero")]
    pub requests_per_node: Amount,
    /// What those may use at most.
    #[serde(default, rename = "limitsPerNode", skip_serializing_if = "Amount::is_zero")]
    pub limits_per_node: Amount,
    /// How many pods there are, without those of DaemonSets.
    pub pods: u64,
    /// The containers that have no limit of memory: `Kind/name: container`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unlimited: Vec<String>,
    /// The containers that have no limit of CPU: `Kind/name: container`.
    #[serde(default, rename = "unlimitedCpu", skip_serializing_if = "Vec::is_empty")]
    pub unlimited_cpu: Vec<String>,
    /// The bytes of all claimed volumes.
    #[serde(default)]
    pub storage: u64,
}

/// Computing power and memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Amount {
    /// Thousandths of a CPU.
    #[serde(rename = "cpuMillis")]
    pub cpu_millis: u64,
    /// Bytes of memory.
    pub memory: u64,
}

impl Amount {
    /// Whether it is nothing.
    pub fn is_zero(&self) -> bool {
        *self == Amount::default()
    }
}

/// A Secret that objects read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SecretUse {
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// The keys that are read; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// Whether it is among the objects; else it must be in the cluster.
    #[serde(default, skip_serializing_if = "is_false")]
    pub rendered: bool,
    /// Whether a container of a hook is told its name: the hook may make it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub hook: bool,
    /// Whether its readers do without it where it is missing.
    #[serde(default, skip_serializing_if = "is_false")]
    pub optional: bool,
    /// `Kind/name` of the objects that read it.
    pub by: Vec<String>,
}
