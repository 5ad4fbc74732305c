//! Reading a HelmRelease.

use govalue::{Frozen, Map, Value};

use crate::admission;
use crate::charts::ChartSource;
use crate::fields::{FieldProblem, Fields, Severity};
use crate::helmrelease::{
    Action, ChartRef, ChartTemplate, CommonMetadata, CrdsPolicy, GROUP, HelmRelease, Image, Kustomize, ObjectName,
    Patch, PostRenderStrategy, ReconcileStrategy, Selector, ValuesReference,
};

const VERSIONS: [&str; 3] = ["v2", "v2beta2", "v2beta1"];

/// Whether an object says that it is a HelmRelease.
pub fn is_helm_release(api_version: &[u8], kind: &[u8]) -> bool {
    kind == b"HelmRelease" && api_version.strip_prefix(GROUP.as_bytes()).is_some_and(|rest| rest.starts_with(b"/"))
}

impl HelmRelease {
    /// Reads a HelmRelease of `v2`, or what `v2beta1` and `v2beta2` have in
    /// common with it. `namespace` is where the object is applied, if it does
    /// not say so itself.
    ///
    /// Warnings (unknown fields, which the API server drops) come beside it.
    ///
    /// # Errors
    /// All that the API server would refuse, at once.
    ///
    /// ```
    /// let object = goyaml::yaml::from_yaml(b"
    /// apiVersion: helm.toolkit.fluxcd.io/v2
    /// kind: HelmRelease
    /// metadata: {name: web}
    /// spec:
    ///   interval: 10m
    ///   chartRef: {kind: OCIRepository, name: podinfo}
    /// ").unwrap();
    /// let (release, warnings) = flux::HelmRelease::read(&object, "shop").unwrap();
    /// assert_eq!((release.release_name().as_str(), release.release_namespace()), ("web", "shop"));
    /// assert!(warnings.is_empty());
    /// ```
    pub fn read(object: &Value, namespace: &str) -> Result<(HelmRelease, Vec<FieldProblem>), Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let release = match object {
            Value::Map(map) => {
                let mut fields = Fields::new(map.clone(), String::new(), &mut problems);
                let release = top(&mut fields, namespace);
                fields.finish();
                // The CRD has no older version any more; what those have in common with it is read without its schema.
                let version = map.get("apiVersion");
                if matches!(version, Some(Value::Str(version)) if version.to_str_lossy() == format!("{GROUP}/v2")) {
                    admission::check(&map.get("spec").unwrap_or(Value::Map(Map::new())), &mut problems);
                }
                release
            }
            other => {
                let message = format!("expected an object, found {}", crate::fields::kind(other));
                let severity = Severity::Error;
                problems.push(FieldProblem { severity, path: "HelmRelease".into(), message, hint: None });
                HelmRelease::default()
            }
        };
        if problems.iter().any(|p| p.severity == Severity::Error) { Err(problems) } else { Ok((release, problems)) }
    }
}

fn top(fields: &mut Fields<'_>, namespace: &str) -> HelmRelease {
    fields.ignore(&["status"]);
    let api_version = fields.string("apiVersion");
    let version = api_version.strip_prefix(GROUP).and_then(|v| v.strip_prefix('/'));
    if !version.is_some_and(|v| VERSIONS.contains(&v)) {
        let hint = format!("{GROUP}/v2");
        fields.error("apiVersion", format!("{api_version:?} is not known"), Some(&hint));
    }
    if fields.string("kind") != "HelmRelease" {
        fields.error("kind", "expected HelmRelease", None);
    }
    let mut release = HelmRelease { namespace: namespace.to_owned(), ..HelmRelease::default() };
    let metadata = fields.object("metadata", |metadata| {
        metadata.string_map("annotations");
        metadata.string_map("labels");
        metadata.ignore(&[
            "creationTimestamp",
            "deletionGracePeriodSeconds",
            "deletionTimestamp",
            "finalizers",
            "generateName",
            "generation",
            "managedFields",
            "ownerReferences",
            "resourceVersion",
            "selfLink",
            "uid",
        ]);
        let (name, namespace) = (metadata.required("name"), metadata.string("namespace"));
        if !name.is_empty() && !is_subdomain(&name) {
            metadata.error("name", format!("{name:?} is not a DNS name"), Some("lower-case letters, digits, - and ."));
        }
        if !namespace.is_empty() && !is_label(&namespace) {
            metadata.error(
                "namespace",
                format!("{namespace:?} is not a DNS label"),
                Some("lower-case letters, digits and -"),
            );
        }
        (name, namespace)
    });
    match metadata {
        Some((name, own)) => {
            release.name = name;
            if !own.is_empty() {
                release.namespace = own;
            }
        }
        None => fields.error("metadata", "is missing", None),
    }
    if fields.object("spec", |fields| spec(fields, &mut release)).is_none() {
        fields.error("spec", "is missing", None);
    }
    release
}

/// Whether a name is a DNS label (RFC 1123), as namespaces are called.
fn is_label(name: &str) -> bool {
    let legal = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-');
    (1..=63).contains(&name.len()) && name.bytes().all(legal) && !name.starts_with('-') && !name.ends_with('-')
}

/// Whether a name is a DNS subdomain, as objects are called: its parts may be
/// as long as the whole.
fn is_subdomain(name: &str) -> bool {
    let legal = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-');
    let part =
        |part: &str| !part.is_empty() && part.bytes().all(legal) && !part.starts_with('-') && !part.ends_with('-');
    name.len() <= 253 && name.split('.').all(part)
}

fn spec(fields: &mut Fields<'_>, release: &mut HelmRelease) {
    fields.ignore(&[
        "driftDetection",
        "healthCheckExprs",
        "kubeConfig",
        "maxHistory",
        "persistentClient",
        "rollback",
        "test",
        "timeout",
        "uninstall",
        "waitStrategy",
    ]);
    let namespace = release.namespace.clone();
    let template = fields.object("chart", |chart| {
        chart.ignore(&["metadata"]);
        chart.object("spec", |spec| chart_template(spec, &namespace))
    });
    let reference = fields.object("chartRef", |fields| {
        let source = source(fields, &namespace);
        if !matches!(source.kind.as_str(), "" | "OCIRepository" | "HelmChart" | "ExternalArtifact") {
            let message = format!("a {} is not a chart", source.kind);
            fields.error("kind", message, Some("one of OCIRepository, HelmChart, ExternalArtifact"));
        }
        source
    });
    match (template, reference) {
        (Some(Some(template)), None) => release.chart = ChartRef::Template(template),
        (None, Some(reference)) => release.chart = ChartRef::Reference(reference),
        (Some(None), None) => fields.error("chart.spec", "is missing", None),
        (Some(_), Some(_)) => fields.error("", "either chart or chartRef must be set, not both", None),
        (None, None) => fields.error("", "either chart or chartRef must be set", None),
    }
    release.release_name = fields.optional("releaseName");
    release.target_namespace = fields.optional("targetNamespace");
    release.storage_namespace = fields.optional("storageNamespace");
    release.values = match fields.any("values") {
        None => Frozen::default(),
        Some(Value::Map(map)) => Value::Map(map).freeze(),
        Some(other) => {
            fields.error("values", format!("expected a map, found {}", crate::fields::kind(&other)), None);
            Frozen::default()
        }
    };
    release.values_from = fields.objects("valuesFrom", values_reference);
    release.install = fields.object("install", |f| action(f, true)).unwrap_or_default();
    release.upgrade = fields.object("upgrade", |f| action(f, false)).unwrap_or_default();
    release.post_renderers =
        fields.objects("postRenderers", |f| f.object("kustomize", kustomize)).into_iter().flatten().collect();
    let strategies = [
        ("combined", PostRenderStrategy::Combined),
        ("separate", PostRenderStrategy::Separate),
        ("nohooks", PostRenderStrategy::NoHooks),
    ];
    release.post_render_strategy = fields.choice("postRenderStrategy", &strategies, PostRenderStrategy::Combined);
    release.common_metadata = fields
        .object("commonMetadata", |f| CommonMetadata {
            labels: f.string_map("labels"),
            annotations: f.string_map("annotations"),
        })
        .unwrap_or_default();
    release.depends_on = fields.objects("dependsOn", |f| {
        f.ignore(&["readyExpr"]);
        let name = f.required("name");
        ObjectName { namespace: f.optional("namespace").unwrap_or_else(|| namespace.clone()), name }
    });
    release.service_account_name = fields.optional("serviceAccountName");
    release.suspend = fields.bool("suspend");
    release.interval = fields.optional("interval");
    if release.interval.is_none() {
        fields.error("interval", "is missing", Some("such as 10m"));
    }
}

fn chart_template(fields: &mut Fields<'_>, namespace: &str) -> ChartTemplate {
    fields.ignore(&["interval", "verify"]);
    let chart = fields.required("chart");
    let source = fields.object("sourceRef", |f| source(f, namespace));
    let source = source.unwrap_or_else(|| {
        fields.error("sourceRef", "is missing", None);
        ChartSource::default()
    });
    if !matches!(source.kind.as_str(), "" | "HelmRepository" | "GitRepository" | "Bucket") {
        let hint = if matches!(source.kind.as_str(), "OCIRepository" | "ExternalArtifact") {
            "name it in spec.chartRef"
        } else {
            "one of HelmRepository, GitRepository, Bucket"
        };
        fields.error("sourceRef.kind", format!("{:?} is not a source of charts", source.kind), Some(hint));
    }
    let strategies = [("ChartVersion", ReconcileStrategy::ChartVersion), ("Revision", ReconcileStrategy::Revision)];
    ChartTemplate {
        chart,
        version: fields.string("version"),
        source,
        reconcile_strategy: fields.choice("reconcileStrategy", &strategies, ReconcileStrategy::ChartVersion),
        values_files: fields.strings("valuesFiles"),
        ignore_missing_values_files: fields.bool("ignoreMissingValuesFiles"),
    }
}

fn source(fields: &mut Fields<'_>, namespace: &str) -> ChartSource {
    fields.ignore(&["apiVersion"]);
    ChartSource {
        kind: fields.required("kind"),
        name: fields.required("name"),
        namespace: fields.optional("namespace").unwrap_or_else(|| namespace.to_owned()),
    }
}

fn values_reference(fields: &mut Fields<'_>) -> ValuesReference {
    let kind = fields.required("kind");
    if !matches!(kind.as_str(), "" | "ConfigMap" | "Secret") {
        fields.error("kind", format!("{kind:?} has no values"), Some("ConfigMap or Secret"));
    }
    ValuesReference {
        kind,
        name: fields.required("name"),
        values_key: fields.string("valuesKey"),
        target_path: fields.string("targetPath"),
        optional: fields.bool("optional"),
        literal: fields.bool("literal"),
    }
}

fn action(fields: &mut Fields<'_>, install: bool) -> Action {
    fields.ignore(&[
        "disableOpenAPIValidation",
        "disableTakeOwnership",
        "disableWait",
        "disableWaitForJobs",
        "remediation",
        "serverSideApply",
        "strategy",
        "timeout",
    ]);
    fields.ignore(if install {
        &["replace", "skipCRDs"]
    } else {
        &["chartNameChangeStrategy", "cleanupOnFail", "force", "preserveValues"]
    });
    let policies =
        [("Skip", CrdsPolicy::Skip), ("Create", CrdsPolicy::Create), ("CreateReplace", CrdsPolicy::CreateReplace)];
    Action {
        crds: fields.choice("crds", &policies, CrdsPolicy::Create),
        disable_hooks: fields.bool("disableHooks"),
        disable_schema_validation: fields.bool("disableSchemaValidation"),
        create_namespace: install && fields.bool("createNamespace"),
    }
}

fn kustomize(fields: &mut Fields<'_>) -> Kustomize {
    let patches =
        fields.objects("patches", |f| Patch { patch: f.required("patch"), target: f.object("target", selector) });
    let images = fields.objects("images", |f| Image {
        name: f.required("name"),
        new_name: f.string("newName"),
        new_tag: f.string("newTag"),
        digest: f.string("digest"),
    });
    Kustomize { patches, images }
}

fn selector(fields: &mut Fields<'_>) -> Selector {
    Selector {
        group: fields.string("group"),
        version: fields.string("version"),
        kind: fields.string("kind"),
        namespace: fields.string("namespace"),
        name: fields.string("name"),
        annotation_selector: fields.string("annotationSelector"),
        label_selector: fields.string("labelSelector"),
    }
}
