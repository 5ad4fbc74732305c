//! JSON Schemas and custom resource definitions, generated from the types.

mod tidy;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::json_text::json_text;
use crate::types::{DescriptorSource, GROUP, HelmChartDescriptor, KIND, SOURCE_KIND};

/// A generated file of the folder `schema`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// A kind, and what its definition has besides its schema.
struct Kind {
    kind: &'static str,
    plural: &'static str,
    short: &'static [&'static str],
    columns: &'static [[&'static str; 3]],
    schema: Map<String, Value>,
}

/// All generated files: for each kind a JSON Schema, what [`crate::read`] needs of it, and a custom resource definition.
pub fn generate() -> Vec<Generated> {
    let kinds = [
        Kind {
            kind: KIND,
            plural: "helmchartdescriptors",
            short: &["hcd"],
            columns: &[
                ["Ready", "string", r#".status.conditions[?(@.type=="Ready")].status"#],
                ["Status", "string", r#".status.conditions[?(@.type=="Ready")].message"#],
                ["Version", "string", ".spec.module.version"],
                ["Layout", "string", ".spec.layout"],
                ["Age", "date", ".metadata.creationTimestamp"],
            ],
            schema: raw::<HelmChartDescriptor>(),
        },
        Kind {
            kind: SOURCE_KIND,
            plural: "descriptorsources",
            short: &["hcds"],
            columns: &[
                ["Ready", "string", r#".status.conditions[?(@.type=="Ready")].status"#],
                ["Status", "string", r#".status.conditions[?(@.type=="Ready")].message"#],
                ["Source", "string", ".spec.sourceRef.name"],
                ["Revision", "string", ".status.lastAppliedRevision"],
                ["Age", "date", ".metadata.creationTimestamp"],
            ],
            schema: raw::<DescriptorSource>(),
        },
    ];
    kinds.iter().flat_map(|kind| [kind.json_schema(), kind.form(), kind.definition()]).collect()
}

fn raw<T: JsonSchema>() -> Map<String, Value> {
    let settings = SchemaSettings::draft07().with(|s| s.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    tidy::tidy(&mut schema);
    match schema {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

impl Kind {
    fn json_schema(&self) -> Generated {
        // What it is about comes first.
        let mut schema = Map::from_iter([("$schema".to_owned(), Value::Null), ("title".to_owned(), Value::Null)]);
        schema.insert("description".into(), Value::Null);
        schema.extend(self.schema.clone());
        let mut schema = Value::Object(schema);
        tidy::for_files(&mut schema);
        let name = format!("{}.schema.json", self.kind.to_lowercase());
        Generated { name, text: json_text(&schema) }
    }

    /// The schema without what is for people, and for checks that are made elsewhere: it is part of every engine.
    fn form(&self) -> Generated {
        let mut schema = Value::Object(self.schema.clone());
        tidy::for_forms(&mut schema);
        Generated { name: format!("{}.form.json", self.kind.to_lowercase()), text: format!("{schema}\n") }
    }

    fn definition(&self) -> Generated {
        let mut schema = Value::Object(self.schema.clone());
        tidy::for_cluster(&mut schema);
        let columns: Vec<Value> =
            self.columns.iter().map(|[name, ty, path]| json!({"name": name, "type": ty, "jsonPath": path})).collect();
        let definition = json!({
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": format!("{}.{GROUP}", self.plural)},
            "spec": {
                "group": GROUP,
                "names": {
                    "kind": self.kind,
                    "listKind": format!("{}List", self.kind),
                    "plural": self.plural,
                    "singular": self.kind.to_lowercase(),
                    "shortNames": self.short,
                    "categories": ["chartwright"],
                },
                "scope": "Namespaced",
                "versions": [{
                    "name": "v1alpha1",
                    "served": true,
                    "storage": true,
                    "additionalPrinterColumns": columns,
                    "schema": {"openAPIV3Schema": schema},
                    "subresources": {"status": {}},
                }],
            },
        });
        Generated { name: format!("{}.crd.yaml", self.kind.to_lowercase()), text: yaml(&definition) }
    }
}

/// The value as YAML, with sorted keys, as `kubectl` prints it.
fn yaml(value: &Value) -> String {
    let text = goyaml::yaml::from_yaml(value.to_string().as_bytes())
        .map_err(|e| e.to_string())
        .and_then(|value| goyaml::yaml::to_yaml(&value).map_err(|e| e.message().to_owned()));
    match text {
        Ok(text) => String::from_utf8_lossy(&text).into_owned(),
        Err(error) => format!("# {error}\n"),
    }
}
