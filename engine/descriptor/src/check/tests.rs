use helm::Warnings;
use helm::chart::{File, Limits, load_folder};

use super::*;
use crate::read::parse;

/// A base chart with a schema, in the style of web components.
fn base() -> Arc<Chart> {
    let files = [
        ("Chart.yaml", "{apiVersion: v2, name: modulebase, version: 1.0.0}"),
        (
            "values.yaml",
            "{app: {name: \"\", port: 80}, image: {repository: \"\", name: \"\", tag: \"\"}, config: {}, resources: {}, nodeSelector: {}}",
        ),
        (
            "values.schema.json",
            r#"{"properties": {
                "app": {"type": "object", "properties": {"port": {"type": "integer", "maximum": 65535}}},
                "image": {"additionalProperties": false, "properties": {"repository": {}, "name": {}, "tag": {}, "digest": {}}}
            }}"#,
        ),
        (
            "templates/t.yaml",
            "{{ .Values.app.name }}{{ .Values.app.port }}{{ .Values.image.name }}:{{ .Values.image.tag }}{{ .Values.image.digest }}\
             {{ toYaml .Values.config }}{{ with .Values.ingress }}{{ if .enabled }}{{ .host }}{{ end }}{{ end }}",
        ),
    ];
    let file = |(name, text): (&str, &str)| File { name: name.into(), data: text.as_bytes().into() };
    let files = files.into_iter().map(file).collect();
    load_folder("modulebase", files, Limits::default(), &mut Warnings::default()).unwrap()
}

fn all(text: &str, with_base: bool) -> Vec<Problem> {
    let (parsed, mut found) = parse("shop.yaml", text);
    let chart = base();
    let bases = |t: &Template| (with_base && t.chart == "modulebase").then(|| Arc::clone(&chart));
    found.extend(parsed.iter().flat_map(|parsed| check(parsed, &bases)));
    found
}

fn report(text: &str) -> String {
    let line = |p: &Problem| format!("{} [{}] {}", p, p.code, p.path);
    all(text, true).iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A descriptor of these components, below a good head of 8 lines.
fn shop(components: &str) -> String {
    format!(
        "apiVersion: chartwright.dev/v1alpha1\nkind: HelmChartDescriptor\nmetadata: {{name: shop}}\nspec:\n  \
         module: {{version: 1.0.0}}\n  template: {{chart: modulebase, sourceRef: {{kind: GitRepository, name: charts}}}}\n  \
         components:\n{components}"
    )
}

#[test]
fn ten_mistakes_are_ten_reports_in_one_run() {
    let text = "\
apiVersion: chartwright.dev/v1alpha1
kind: HelmChartDescriptor
metadata:
  name: Shop                          # 1: no DNS-1123 label
spec:
  module:
    version: one                      # 2: no version
  template:
    chart: modulebase
    reconcileStrategy: ChartVersion   # 3: Revision is meant
    sourceRef: {kind: GitRepository, name: charts}
  components:
    - name: frontend
      dependOn: [backend]             # 4: unknown field
      values:
        app: {port: 80800}            # 5: the schema refuses it
        image: {name: shop, tag: latest} # 6: not pinned
    - name: backend
      dependsOn: [databse]            # 7: unknown component
      values:
        image: {name: shop, tag: \"1.0.0\"}
        ingres: {enabled: false}      # 8: nobody reads it
    - name: backend                   # 9: a second one
    - name: worker
      dependsOn: [worker]             # 10: waits for itself
";
    let found = all(text, true);
    insta::assert_snapshot!(report(text));
    let mut lines: Vec<u32> = found.iter().map(|p| p.place.line).collect();
    lines.sort_unstable();
    let planted = text.lines().zip(1..).filter(|(line, _)| line.contains("# ")).map(|(_, n)| n);
    assert_eq!(lines, planted.collect::<Vec<u32>>());
    assert_eq!(found.len(), 10);
}

#[test]
fn a_good_descriptor_has_no_problems() {
    let text = shop(
        "    - name: web\n      values:\n        app: {port: 8080}\n        image: {name: web, digest: \"sha256:abc\"}\n        \
         ingress: {enabled: true, host: x}\n        nodeSelector: {disk: ssd}\n        global: {any: thing}\n      \
         config: {WELCOME: Hello}\n      dependsOn: [db]\n    - name: db\n      template: {chart: postgresql, version: \
         16.x, sourceRef: {kind: HelmRepository, name: bitnami}}\n      values: {anything: {goes: here}}\n  release:\n    \
         interval: 1h30m\n    values: {web: {config: {WELCOME: Hi}}, global: {x: 1}}\n    valuesFrom: [{kind: Secret, \
         name: shop.values, valuesKey: a.yaml, targetPath: \"web.env[0]\"}]\n",
    );
    assert_eq!(report(&text), "");
}

#[test]
fn what_is_wrong_with_names_and_dependencies() {
    let long = "a".repeat(50);
    let text = shop(&format!(
        "    - name: web_ui\n    - name: web-ui\n      dependsOn: [a, a]\n    - name: global\n    - name: {long}\n    \
         - {{name: a, dependsOn: [b]}}\n    - {{name: b, dependsOn: [c, a]}}\n    - {{name: c, dependsOn: [a]}}\n"
    ));
    insta::assert_snapshot!(report(&text));
}

#[test]
fn what_is_wrong_with_the_module_and_its_release() {
    let text = "\
apiVersion: chartwright.dev/v1alpha1
kind: HelmChartDescriptor
metadata: {name: shop, namespace: my_shop}
spec:
  module:
    version: \"1.0\"
    kubeVersion: at least 1.28
    icon: icon.png
    home: example.org
    sources: [\"https://example.org/shop\", git@example.org]
    maintainers: [{name: A, email: nobody, url: x}]
  layout: umbrella
  template: {chart: ../modulebase, version: 1.x, sourceRef: {kind: Bucket, name: Charts, namespace: a.b}}
  components:
    - name: web
      template: {chart: web, sourceRef: {kind: HelmRepository, name: charts}, reconcileStrategy: Revision}
      dependsOn: [db]
    - name: db
      template: {chart: db, version: newest, sourceRef: {kind: HelmRepository, name: charts}}
    - name: tags
      template: {chart: x, version: \"*\", sourceRef: {kind: HelmRepository, name: charts}}
    - name: oci
      template: {chart: x, version: 1.0.0, reconcileStrategy: Revision, sourceRef: {kind: OCIRepository, name: charts}}
  release:
    interval: \"10\"
    targetNamespace: Shop
    serviceAccountName: a_b
    values: {wbe: {}, db: 1}
    valuesFrom: [{kind: Secret, name: \"\"}, {kind: ConfigMap, name: a, valuesKey: a/b, targetPath: \"a[x]\"}]
";
    insta::assert_snapshot!(report(text));
}

#[test]
fn what_is_wrong_with_values() {
    let text = shop(
        "    - name: web\n      values:\n        app: {port: \"80\", portt: 1}\n        image: {name: shop, tga: 1.0.0}\n        \
         sidecars: [{image: nginx}]\n        initImage: {repository: a/b, tag: \"\"}\n        replcas: 2\n        env: \
         [{name: DB_PASSWORD, value: geheim}]\n      config:\n        DEBUG: true\n        PORT: 0x10\n        \
         API_TOKEN: abc\n        DB: postgres://shop:geheim@db/shop\n        FROM: \"${TOKEN}\"\n  release: {values: \
         {web: {image: {tag: latest, x: 1}, ingress: {hots: y}}}}\n",
    );
    insta::assert_snapshot!(report(&text));
}

#[test]
fn without_base_charts_what_can_be_known_is() {
    let text = shop("    - name: web\n      values: {app: {port: many}, image: {name: shop}, nonsense: 1}\n");
    let codes: Vec<String> = all(&text, false).into_iter().map(|p| p.code.to_string()).collect();
    assert_eq!(codes, ["unpinned-image"]);
}

#[test]
fn what_is_missing_is_reported_once() {
    let text = "kind: HelmChartDescriptor\nspec:\n  components:\n    - values: {a: {b: 1}}\n    - {}\n";
    insta::assert_snapshot!(report(text));
}

#[test]
fn checks_refuse_what_the_schema_refuses() {
    let schema: serde_json::Value = serde_json::from_str(crate::read::DESCRIPTOR_SCHEMA).unwrap();
    let pattern = |pointer: &str| {
        let pattern = schema.pointer(pointer).and_then(|s| s.get("pattern")).and_then(serde_json::Value::as_str);
        let pattern = pattern.unwrap_or_else(|| panic!("no pattern at {pointer}"));
        let schema = serde_json::json!({"pattern": pattern}).to_string();
        gojsonschema::Schema::compile(schema.as_bytes()).unwrap()
    };
    let spec = "/properties/spec/properties";
    let name = pattern(&format!("{spec}/components/items/properties/name"));
    let interval = pattern(&format!("{spec}/release/properties/interval"));
    let version = pattern(&format!("{spec}/module/properties/version"));
    let target = pattern(&format!("{spec}/release/properties/valuesFrom/items/properties/targetPath"));
    let key = pattern(&format!("{spec}/release/properties/valuesFrom/items/properties/valuesKey"));
    let texts = [
        "",
        "a",
        "a-b",
        "-a",
        "a-",
        "A",
        "a.b",
        "1",
        "1.0",
        "1.0.0",
        "v1.2.3-rc.1+x",
        "01.0",
        "1.0.0.0",
        "10m",
        "1h30m",
        "1.5s",
        "10",
        "1d",
        "a[0]",
        "a[",
        "a b",
        "a/b",
        "values.yaml",
        "ä",
        "1.x",
    ];
    for text in texts {
        let value = govalue::Value::from(text);
        assert_eq!(name.validate(&value).is_ok(), text::is_label(text), "name {text:?}");
        assert_eq!(interval.validate(&value).is_ok(), text::is_duration(text), "interval {text:?}");
        assert_eq!(target.validate(&value).is_ok(), text::is_target_path(text), "targetPath {text:?}");
        assert_eq!(key.validate(&value).is_ok(), text::is_data_key(text), "valuesKey {text:?}");
        let is_version = gosemver::Version::parse(text.as_bytes()).is_ok() && !text.starts_with("01");
        assert_eq!(version.validate(&value).is_ok(), is_version, "version {text:?}");
    }
}
