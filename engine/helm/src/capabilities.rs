//! What a cluster can do, as charts see it in `.Capabilities`.

use std::fmt;

use govalue::{Args, Field, FuncError, List, Method, Named, Object, Shape, Signature, Type, Value};

/// The Kubernetes version that Helm 4.2.4 assumes without a cluster.
const KUBE_VERSION: (&str, &str, &str) = ("v1.36.0", "1", "36");

/// The API versions that Helm 4.2.4 assumes without a cluster: those of its
/// client's scheme, in its order.
const API_VERSIONS: [&str; 55] = [
    "v1",
    "admissionregistration.k8s.io/v1",
    "admissionregistration.k8s.io/v1alpha1",
    "admissionregistration.k8s.io/v1beta1",
    "internal.apiserver.k8s.io/v1alpha1",
    "apps/v1",
    "apps/v1beta1",
    "apps/v1beta2",
    "authentication.k8s.io/v1",
    "authentication.k8s.io/v1alpha1",
    "authentication.k8s.io/v1beta1",
    "authorization.k8s.io/v1",
    "authorization.k8s.io/v1beta1",
    "autoscaling/v1",
    "autoscaling/v2",
    "batch/v1",
    "batch/v1beta1",
    "certificates.k8s.io/v1",
    "certificates.k8s.io/v1beta1",
    "certificates.k8s.io/v1alpha1",
    "coordination.k8s.io/v1alpha2",
    "coordination.k8s.io/v1beta1",
    "coordination.k8s.io/v1",
    "discovery.k8s.io/v1",
    "discovery.k8s.io/v1beta1",
    "events.k8s.io/v1",
    "events.k8s.io/v1beta1",
    "extensions/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "networking.k8s.io/v1",
    "networking.k8s.io/v1beta1",
    "node.k8s.io/v1",
    "node.k8s.io/v1alpha1",
    "node.k8s.io/v1beta1",
    "policy/v1",
    "policy/v1beta1",
    "rbac.authorization.k8s.io/v1",
    "rbac.authorization.k8s.io/v1beta1",
    "rbac.authorization.k8s.io/v1alpha1",
    "resource.k8s.io/v1",
    "resource.k8s.io/v1beta2",
    "resource.k8s.io/v1beta1",
    "resource.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1alpha2",
    "scheduling.k8s.io/v1beta1",
    "scheduling.k8s.io/v1",
    "storage.k8s.io/v1beta1",
    "storage.k8s.io/v1",
    "storage.k8s.io/v1alpha1",
    "storagemigration.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1",
];

/// Helm's version, the Go release that built it and its client's version.
const HELM_VERSION: (&str, &str, &str) = ("v4.2", "go1.26.8", "v1.36");

/// What a cluster can do: its version and the APIs that it serves.
///
/// [`Capabilities::default`] is what Helm 4.2.4 assumes without a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// The version of Kubernetes.
    pub kube_version: KubeVersion,
    /// API versions (`apps/v1`) and kinds (`apps/v1/Deployment`).
    pub api_versions: Vec<String>,
}

impl Default for Capabilities {
    fn default() -> Capabilities {
        Capabilities {
            kube_version: KubeVersion::default(),
            api_versions: API_VERSIONS.iter().map(|&v| v.to_owned()).collect(),
        }
    }
}

impl Capabilities {
    /// The `.Capabilities` of templates: a pointer to a `common.Capabilities`.
    pub fn to_value(&self) -> Value {
        let versions = self.api_versions.iter().map(|v| Value::from(v.as_str())).collect();
        Value::Pointer(Object::new(
            &CAPABILITIES,
            vec![
                self.kube_version.to_value(),
                Value::List(List::with_type(Type::Named(&VERSION_SET), versions)),
                helm_version(),
            ],
        ))
    }
}

/// A version of Kubernetes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KubeVersion {
    version: String,
    normalized: String,
    major: String,
    minor: String,
}

impl Default for KubeVersion {
    fn default() -> KubeVersion {
        let (version, major, minor) = KUBE_VERSION;
        KubeVersion { version: version.into(), normalized: version.into(), major: major.into(), minor: minor.into() }
    }
}

impl KubeVersion {
    /// Reads a version as Kubernetes does (`version.ParseGeneric`): two or more
    /// numbers, then anything.
    ///
    /// # Errors
    /// If it is none, in the library's words.
    ///
    /// ```
    /// use helm::capabilities::KubeVersion;
    /// let v = KubeVersion::parse("1.33.4-gke.1245000")?;
    /// assert_eq!(v.version(), "v1.33.4-gke.1245000");
    /// assert_eq!(v.to_string(), "v1.33.4");
    /// assert!(KubeVersion::parse("one").is_err());
    /// # Ok::<(), helm::capabilities::KubeVersionError>(())
    /// ```
    pub fn parse(text: &str) -> Result<KubeVersion, KubeVersionError> {
        let fail = |message: String| Err(KubeVersionError(message));
        let quoted = || govalue::strconv::quote(text.as_bytes());
        let trimmed = text.trim_start_matches(['\t', '\n', '\x0c', '\r', ' ']);
        let trimmed = trimmed.strip_prefix('v').unwrap_or(trimmed);
        let Some(numbers) = leading_numbers(trimmed) else {
            return fail(format!("could not parse {} as version", quoted()));
        };
        if trimmed[numbers.len()..].contains('\n') {
            return fail(format!("could not parse {} as version", quoted()));
        }
        let parts: Vec<&str> = numbers.split('.').collect();
        let &[major, minor, ..] = parts.as_slice() else {
            return fail(format!("illegal version string {}", quoted()));
        };
        if major.starts_with('0') && major != "0" {
            return fail(format!(
                "illegal zero-prefixed version component {} in {}",
                govalue::strconv::quote(major.as_bytes()),
                quoted()
            ));
        }
        let mut canonical = Vec::with_capacity(parts.len());
        for part in &parts {
            match part.parse::<u64>() {
                Ok(n) => canonical.push(n.to_string()),
                Err(_) => {
                    return fail(format!(
                        "illegal non-numeric version component {0} in {1}: strconv.ParseUint: parsing {0}: value out of range",
                        govalue::strconv::quote(part.as_bytes()),
                        quoted()
                    ));
                }
            }
        }
        Ok(KubeVersion {
            version: if text.starts_with('v') { text.to_owned() } else { format!("v{text}") },
            normalized: format!("v{}", canonical.join(".")),
            major: canonical.first().cloned().expect("a version has a first component"),
            minor: minor.parse::<u64>().unwrap_or_default().to_string(),
        })
    }

    /// The version as given, with a `v` in front.
    pub fn version(&self) -> &str {
        &self.version
    }

    fn to_value(&self) -> Value {
        let fields = [&self.version, &self.normalized, &self.major, &self.minor];
        Value::Struct(Object::new(&KUBE_VERSION_TYPE, fields.map(|f| Value::from(f.as_str())).to_vec()))
    }
}

/// The version without suffixes, which `kubeVersion` ranges are checked with.
impl fmt::Display for KubeVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.normalized.is_empty() { &self.version } else { &self.normalized })
    }
}

/// A text that is no version of Kubernetes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KubeVersionError(String);

impl fmt::Display for KubeVersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for KubeVersionError {}

/// The longest `1.2.3` at the start.
fn leading_numbers(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut end = digits(0);
    if end == 0 {
        return None;
    }
    while bytes.get(end) == Some(&b'.') {
        match digits(end + 1) {
            0 => break,
            n => end += 1 + n,
        }
    }
    Some(&text[..end])
}

fn helm_version() -> Value {
    let (version, go, kube_client) = HELM_VERSION;
    Value::Struct(Object::new(&BUILD_INFO, [version, "", "", go, kube_client].map(Value::from).to_vec()))
}

static CAPABILITIES: Named = Named {
    name: "common.Capabilities",
    shape: Shape::Struct(&[
        Field::new("KubeVersion", Type::Named(&KUBE_VERSION_TYPE), ""),
        Field::new("APIVersions", Type::Named(&VERSION_SET), ""),
        Field::new("HelmVersion", Type::Named(&BUILD_INFO), ""),
    ]),
    methods: &[Method {
        name: "Copy",
        sig: Signature::new(&[], &[Type::Pointer(&CAPABILITIES)]),
        pointer: true,
        call: copy,
    }],
    json: None,
};

static KUBE_VERSION_TYPE: Named = Named {
    name: "common.KubeVersion",
    shape: Shape::Struct(&[
        Field::new("Version", Type::String, ""),
        Field::new("normalizedVersion", Type::String, ""),
        Field::new("Major", Type::String, ""),
        Field::new("Minor", Type::String, ""),
    ]),
    methods: &[
        Method { name: "GitVersion", sig: STRING_RESULT, pointer: true, call: git_version },
        Method { name: "String", sig: STRING_RESULT, pointer: true, call: kube_version_string },
    ],
    json: None,
};

static VERSION_SET: Named = Named {
    name: "common.VersionSet",
    shape: Shape::Of(Type::STRING_SLICE),
    methods: &[Method {
        name: "Has",
        sig: Signature::new(&[Type::String], &[Type::Bool]),
        pointer: false,
        call: has_version,
    }],
    json: None,
};

static BUILD_INFO: Named = Named {
    name: "version.BuildInfo",
    shape: Shape::Struct(&[
        Field::new("Version", Type::String, "version").omitempty(),
        Field::new("GitCommit", Type::String, "git_commit").omitempty(),
        Field::new("GitTreeState", Type::String, "git_tree_state").omitempty(),
        Field::new("GoVersion", Type::String, "go_version").omitempty(),
        Field::new("KubeClientVersion", Type::String, "kube_client_version"),
    ]),
    methods: &[],
    json: None,
};

const STRING_RESULT: Signature = Signature::new(&[], &[Type::String]);

fn copy(receiver: &Value, _: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(match receiver {
        Value::Pointer(o) => Value::Pointer(Object::new(&CAPABILITIES, o.fields().to_vec())),
        other => other.clone(),
    })
}

fn git_version(receiver: &Value, _: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(field(receiver, "Version"))
}

fn kube_version_string(receiver: &Value, _: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(match field(receiver, "normalizedVersion") {
        Value::Str(s) if s.is_empty() => field(receiver, "Version"),
        normalized => normalized,
    })
}

fn has_version(receiver: &Value, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let wanted = args.bytes(0);
    let found = match receiver {
        Value::List(l) => l.iter().any(|v| matches!(v, Value::Str(s) if s.as_bytes() == wanted)),
        _ => false,
    };
    Ok(Value::Bool(found))
}

fn field(receiver: &Value, name: &str) -> Value {
    match receiver {
        Value::Struct(o) | Value::Pointer(o) => o.field(name).map(|(_, v)| v).unwrap_or_default(),
        _ => Value::Nil,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_kubernetes_reads_them() {
        let cases = [
            ("1.30.2", Ok(("v1.30.2", "v1.30.2", "1", "30"))),
            ("v1.33.9-eks-123", Ok(("v1.33.9-eks-123", "v1.33.9", "1", "33"))),
            ("1.24", Ok(("v1.24", "v1.24", "1", "24"))),
            (" v1.08", Ok(("v v1.08", "v1.8", "1", "8"))),
            ("1.2.", Ok(("v1.2.", "v1.2", "1", "2"))),
            ("x", Err("could not parse \"x\" as version")),
            ("1", Err("illegal version string \"1\"")),
            ("01.2", Err("illegal zero-prefixed version component \"01\" in \"01.2\"")),
            (
                "1.99999999999999999999",
                Err("illegal non-numeric version component \"99999999999999999999\" in \"1.99999999999999999999\": \
                     strconv.ParseUint: parsing \"99999999999999999999\": value out of range"),
            ),
        ];
        for (text, want) in cases {
            let got = KubeVersion::parse(text);
            let got = got.as_ref().map(|v| (v.version(), v.normalized.as_str(), v.major.as_str(), v.minor.as_str()));
            assert_eq!(got.map_err(|e| e.to_string()), want.map_err(str::to_owned), "{text}");
        }
    }
}
