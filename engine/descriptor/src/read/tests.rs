use super::*;

fn problems(text: &str) -> Vec<String> {
    parse_all("d.yaml", text).problems.iter().map(ToString::to_string).collect()
}

const GOOD: &str = "\
apiVersion: chartwright.dev/v1alpha1
kind: HelmChartDescriptor
metadata:
  name: shop
  labels: {a.b/c: d}
  creationTimestamp: null
  managedFields: [{manager: kubectl}]
spec:
  module: {version: 1.0.0, description: }
  template: &t {chart: modulebase, sourceRef: {kind: GitRepository, name: charts}}
  components:
    - name: web
      config: {WELCOME: Hello, PORT: 80, DEBUG: true}
      dependsOn:
    - name: db
      template: *t
      values: {any: [1, {thing: null}]}
status: {conditions: [1], whatever: 2}
";

#[test]
fn a_good_descriptor_is_read_as_it_is() {
    let (parsed, found) = parse("d.yaml", GOOD);
    assert_eq!(found, []);
    let parsed = parsed.unwrap();
    assert!(parsed.holes.is_empty());
    let spec = &parsed.descriptor.spec;
    assert_eq!(spec.module.description, None);
    assert_eq!(spec.components[1].template, spec.template);
    assert_eq!(serde_json::to_string(&spec.components[1].values).unwrap(), r#"{"any":[1,{"thing":null}]}"#);
    let place = parsed.places.find("spec.components[1].values.any[1].thing").unwrap();
    assert_eq!((place.line, place.column), (17, 33));
    assert_eq!(parsed.places.key(r#"metadata.labels["a.b/c"]"#).map(|s| s.line), Some(5));
    // The value of an alias is where the anchor is.
    assert_eq!(parsed.places.find("spec.components[1].template").map(|s| (s.line, s.column)), Some((16, 17)));
    assert_eq!(parsed.places.find("spec.components[1].template.chart").map(|s| s.line), Some(10));
}

#[test]
fn spans_of_block_collections_end_with_their_last_scalar() {
    let (parsed, _) = parse("d.yaml", GOOD);
    let parsed = parsed.unwrap();
    let span = parsed.places.find("spec.components[0]").unwrap();
    let text = &parsed.text[span.start..span.end];
    assert!(text.starts_with("name: web\n") && text.trim_end().ends_with("dependsOn:"), "{text}");
}

#[test]
fn all_that_is_wrong_with_the_form_comes_at_once() {
    let text = "\
apiVersion: chartwright.dev/v1
kind: HelmChartDescriptr
metadata: {namespace: shop}
spec:
  modul: {version: 1.0.0}
  layout: umbrela
  template:
    chart: modulebase
    version: 1.10
    sourceRef: {kind: GitRepo, name: charts}
  components:
    - nam: web
      dependsOn: db
      config: {A: [1], B: {c: d}, D: ~}
    - name: db
      values: nothing
      name: db2
  release: {suspend: \"no\", interval: 10, values: {}, sispend: true}
";
    insta::assert_snapshot!(problems(text).join("\n"));
    let (parsed, _) = parse("d.yaml", text);
    let parsed = parsed.unwrap();
    assert_eq!(parsed.descriptor.spec.template.as_ref().unwrap().version.as_deref(), Some("1.10"));
    assert!(parsed.is_hole("spec.module.version") && parsed.is_hole("spec.components[1].values.x"));
    assert!(!parsed.is_hole("spec.components[1].name") && !parsed.is_hole("spec.module2"));
}

#[test]
fn half_written_yaml_is_a_problem_with_a_line() {
    for (text, want) in [
        (
            "",
            "d.yaml:1:1: error: the file has no HelmChartDescriptor (one starts with `apiVersion: chartwright.dev/v1alpha1`, `kind: HelmChartDescriptor`)",
        ),
        ("a: b\nspec: {components: [\n", "d.yaml:2: error: this is not YAML: did not find expected node content"),
        ("a: b\r\nc: {d: 2/v1", "d.yaml:2: error: this is not YAML: did not find expected ',' or '}'"),
        ("a: b\n c: d\n", "d.yaml:2: error: this is not YAML: mapping values are not allowed in this context"),
        ("a: b\n---\nc: *d\n", "d.yaml:3: error: this is not YAML: unknown anchor 'd' referenced"),
        ("a: &a {b: *a}", "d.yaml:1:11: error: anchor 'a' contains itself"),
        ("- a", "d.yaml:1:1: error: a descriptor is a mapping of apiVersion, kind, metadata and spec"),
    ] {
        assert_eq!(problems(text).last().map(String::as_str), Some(want), "{text:?}");
        assert!(parse("d.yaml", text).0.is_none() || text.contains("---"));
    }
}

#[test]
fn bombs_end_at_a_limit() {
    let deep = format!("a: {}1", "[".repeat(300));
    assert!(problems(&format!("{deep}{}", "]".repeat(300)))[0].contains("nested deeper than 100 levels"));
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    let mut merge = String::from("a0: &a0 {x: y}\n");
    for i in 1..10 {
        let items = vec![format!("*a{}", i - 1); 10].join(", ");
        bomb.push_str(&format!("a{i}: &a{i} [{items}]\n"));
        merge.push_str(&format!("a{i}: &a{i} {{<<: [{items}]}}\n"));
    }
    for text in [bomb, merge] {
        assert!(problems(&text)[0].contains("more than 100000 values"), "{:?}", problems(&text));
    }
}

#[test]
fn keys_are_text_and_stand_once() {
    let text = "{a: 1, ON: 2, a: 3, ~: 4, [x]: 5, 1: 6, c: !!int d, e: .nan, <<: 1}";
    let codes = ["key", "key-boolean", "duplicate-key", "yaml"];
    let read = parse_all("d.yaml", text).problems.into_iter().filter(|p| codes.contains(&p.code.as_str()));
    let read: Vec<String> = read.map(|p| p.to_string()).collect();
    assert_eq!(
        read,
        [
            "d.yaml:1:8: warning: the key ON is a boolean in YAML: it is read as \"true\" (write \"ON\")",
            "d.yaml:1:15: error: duplicate key a: it is already on line 1 (keep one of them; the last one wins)",
            "d.yaml:1:21: error: a key must be text (put it in quotes)",
            "d.yaml:1:27: error: a key must be text (put it in quotes)",
            "d.yaml:1:44: error: cannot decode !!str `d` as a !!int",
            "d.yaml:1:56: error: .nan is a number that JSON cannot express (put it in quotes if it is meant as text)",
            "d.yaml:1:66: error: << can only merge a mapping",
        ]
    );
}

#[test]
fn other_documents_are_left_out_and_named() {
    let text = format!(
        "apiVersion: v1\nkind: Namespace\n---\n{GOOD}---\n# nothing\n---\n{}---\n{GOOD}",
        "apiVersion: chartwright.dev/v1alpha1\nkind: DescriptorSource\nmetadata: {name: a}\nspec:\n  \
         sourceRef: {kind: HelmRepository, name: b}\n  pth: x\n"
    );
    let documents = parse_all("d.yaml", &text);
    assert_eq!(documents.descriptors.len(), 2);
    assert!(documents.sources[0].source.spec.prune);
    insta::assert_snapshot!(problems(&text).join("\n"));
    let second = &documents.descriptors[1];
    let place = second.places.find("spec.components[0].name").unwrap();
    assert_eq!(&second.text[place.start..place.end], "web");
    assert_eq!(text.lines().nth(place.line as usize - 1), Some("    - name: web"));
    let (_, problems) = parse("d.yaml", &text);
    assert_eq!(problems.iter().filter(|p| matches!(p.code, Code::SeveralDescriptors | Code::OtherKind)).count(), 3);
}
