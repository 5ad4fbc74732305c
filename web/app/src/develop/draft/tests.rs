use chartwright_protocol::ChartInfo;

use super::super::bases::tests::base;
use super::*;
use crate::load::Load;

const TEXT: &str = "# A shop
apiVersion: chartwright.dev/v1alpha1
kind: HelmChartDescriptor
metadata:
  name: shop
spec:
  module:
    version: 0.1.0 # the first
  template:
    chart: modulebase
    sourceRef: {kind: GitRepository, name: basecharts, namespace: marketplace}
  components:
    - name: web
      values:
        image: {name: web}
      config:
        A: \"1\"
      dependsOn: [db]
    # Keeps the orders.
    - name: db
      values:
        image:
          name: db
          tag: \"17\" # pinned
";

const VALUES: &str = "image:\n  name: \"\"\n  tag: latest\nport: 80\nargs: [a, b]\nenv: {}\n";

fn bases() -> Bases {
    let mut bases = Bases::new(vec![base("modulebase"), base("databasebase")]);
    let info = ChartInfo { name: "modulebase".into(), values: VALUES.into(), ..ChartInfo::default() };
    bases.0.iter_mut().for_each(|base| base.read = Load::Ready(Rc::new(Read::new(Rc::new(info.clone())))));
    bases
}

fn draft(text: &str) -> Draft {
    let mut draft = Draft::default();
    draft.start(text);
    draft.redraw(&bases());
    draft
}

fn path(text: &str) -> Path {
    text.parse().unwrap()
}

fn set(at: &str, value: &str) -> Edit {
    Edit::Set(path(at), Value::from(value))
}

/// The lines that differ.
fn changed(before: &str, after: &str) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let gone = old.iter().filter(|line| !new.contains(line)).map(|line| format!("-{}", line.trim()));
    let came = new.iter().filter(|line| !old.contains(line)).map(|line| format!("+{}", line.trim()));
    gone.chain(came).collect()
}

#[test]
fn fields_of_the_module_change_their_line() {
    let mut draft = draft(TEXT);
    assert!(draft.edit(set("spec.module.version", "0.2.0")));
    assert_eq!(changed(TEXT, &draft.text()), ["-version: 0.1.0 # the first", "+version: 0.2.0 # the first"]);
    assert!(draft.edit(set("metadata.namespace", "shops")));
    assert!(draft.edit(set("spec.module.description", "S")));
    assert!(draft.edit(set("spec.module.description", "Shop")));
    assert!(draft.text().contains("  name: shop\n  namespace: shops\nspec:\n  module:\n    version: 0.2.0 # the first\n    description: Shop\n  template:"));
    // An optional text that is empty is none.
    assert!(!draft.edit(Edit::Checkpoint));
    assert!(draft.edit(set("spec.module.description", "")));
    assert!(!draft.text().contains("description"));
    // Letters of one field are one step, other fields another.
    for text in ["description: Shop", "namespace: shops"] {
        assert!(draft.edit(Edit::Undo));
        assert!(draft.text().contains(text), "{text}\n{}", draft.text());
    }
    assert!(draft.edit(Edit::Undo) && draft.edit(Edit::Undo));
    assert_eq!(&*draft.text(), TEXT);
    assert_eq!(draft.history(), (false, true));
    assert!(draft.edit(Edit::Redo));
}

#[test]
fn values_are_edited_over_those_of_the_base_chart() {
    let bases = bases();
    let mut draft = draft(TEXT);
    draft.show(Some(1));
    draft.redraw(&bases);
    let Some(Values::Form(form)) = draft.values().cloned() else { panic!("the chart is known") };
    let tag = form.field("image.tag").unwrap();
    assert_eq!((tag.is_changed, tag.default.clone()), (true, Some(Value::from("latest"))));
    assert!(!form.field("port").unwrap().is_changed);
    assert!(draft.edit_values(1, set("image.tag", "18"), &bases));
    assert_eq!(changed(TEXT, &draft.text()), ["-tag: \"17\" # pinned", "+tag: \"18\" # pinned"]);
    // Keys stand in the order of the chart.
    assert!(draft.edit_values(1, Edit::Set(path("port"), Value::from(5432)), &bases));
    assert!(draft.text().ends_with("          tag: \"18\" # pinned\n        port: 5432\n"), "{}", draft.text());
    // A list of the chart is taken over whole, and then belongs to the component.
    assert!(draft.edit_values(1, Edit::Set(path("args[2]"), Value::from("c")), &bases));
    assert!(draft.text().ends_with("        args:\n          - a\n          - b\n          - c\n"), "{}", draft.text());
    assert!(draft.edit_values(1, Edit::MoveItem(path("args"), 2, 0), &bases));
    assert!(draft.text().ends_with("        args:\n          - c\n          - a\n          - b\n"), "{}", draft.text());
    assert!(draft.edit_values(1, Edit::Unset(path("args")), &bases));
    assert!(draft.edit_values(1, Edit::Unset(path("port")), &bases));
    // A key of the chart is taken away by a null; one of the component's own goes.
    assert!(draft.edit_values(1, Edit::RemoveKey(path("image.tag")), &bases));
    assert!(draft.text().contains("tag: null"), "{}", draft.text());
    assert!(draft.edit_values(1, Edit::Unset(path("image.tag")), &bases));
    assert!(draft.edit_values(1, Edit::Unset(path("image.name")), &bases));
    assert!(draft.text().ends_with("    - name: db\n"), "{}", draft.text());
    assert!(draft.edit_values(1, set("image.name", "db"), &bases));
    assert!(
        draft.text().ends_with("    - name: db\n      values:\n        image:\n          name: db\n"),
        "{}",
        draft.text()
    );
    assert_eq!(draft.refused(), None);
}

#[test]
fn components_come_move_and_go() {
    let bases = bases();
    let mut draft = draft(TEXT);
    // The module's own chart is not named once more.
    assert!(draft.add("component", Some(bases.0[1].template())));
    draft.redraw(&bases);
    assert!(draft.text().ends_with("    - name: component\n"), "{}", draft.text());
    assert_eq!(draft.open(), Some(2));
    assert!(draft.add("component", Some(bases.0[0].template())));
    draft.redraw(&bases);
    assert_eq!(draft.components()[3].name, "component2");
    assert!(draft.components()[3].own_template);
    assert!(draft.text().contains("        chart: databasebase\n"), "{}", draft.text());
    assert!(draft.edit(Edit::Undo) && draft.edit(Edit::Undo));
    assert_eq!(&*draft.text(), TEXT);
    draft.redraw(&bases);
    // Comments move along.
    draft.show(Some(0));
    assert!(draft.shift(1, 0));
    assert_eq!(draft.open(), Some(1));
    draft.redraw(&bases);
    let names: Vec<&str> = draft.components().iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["db", "web"]);
    assert!(draft.text().contains("  components:\n    # Keeps the orders.\n    - name: db"), "{}", draft.text());
    assert!(draft.remove(0));
    draft.redraw(&bases);
    assert_eq!(draft.components().len(), 1);
    assert!(!draft.text().contains("dependsOn") && !draft.text().contains("pinned"), "{}", draft.text());
    assert_eq!(draft.open(), Some(0));
    assert!(!draft.remove(7));
}

#[test]
fn names_change_everywhere() {
    let mut draft = draft(&format!("{TEXT}  release:\n    values:\n      db: {{port: 1}} # theirs\n"));
    assert!(draft.rename(1, "store"));
    assert!(
        draft.text().contains("dependsOn: [store]") && draft.text().contains("    - name: store\n"),
        "{}",
        draft.text()
    );
    assert!(draft.text().contains("      store:") && !draft.text().contains("db: {port"), "{}", draft.text());
    draft.redraw(&bases());
    assert!(!draft.rename(1, "store"));
    assert!(draft.edit(Edit::Undo));
    assert!(draft.text().contains("dependsOn: [db]"));
}

#[test]
fn charts_and_order_are_chosen() {
    let bases = bases();
    let mut draft = draft(TEXT);
    assert!(draft.choose(Some(1), Some(bases.0[0].template())));
    draft.redraw(&bases);
    assert!(
        draft.text().contains("    - name: db\n      template:\n        chart: databasebase\n"),
        "{}",
        draft.text()
    );
    assert!(draft.choose(Some(1), None));
    assert_eq!(&*draft.text(), TEXT);
    assert!(draft.choose(None, Some(bases.0[0].template())));
    assert!(draft.text().contains("    chart: databasebase\n    sourceRef: {kind: GitRepository"), "{}", draft.text());
    assert!(draft.edit(Edit::Undo));
    assert!(draft.depend(0, "db", false));
    assert!(!draft.text().contains("dependsOn"));
    draft.redraw(&bases);
    assert!(draft.depend(1, "web", true));
    draft.redraw(&bases);
    assert_eq!(draft.components()[1].depends_on, ["web"]);
    assert_eq!(draft.sources(), ["marketplace/basecharts"]);
}

#[test]
fn lists_and_settings_are_edited() {
    let mut draft = draft(TEXT);
    let keywords = path("spec.module.keywords");
    assert!(!draft.edit(Edit::OpenItem(keywords.clone(), Value::from(""))));
    draft.redraw(&bases());
    let Some(Item::Field(list)) = draft.item(&keywords) else { panic!("a list") };
    assert!(matches!(list.kind, chartwright_values::Kind::List { adding: true, .. }));
    assert!(draft.edit(Edit::Set(keywords.index(0), Value::from("shop"))));
    assert!(draft.edit(Edit::Set(keywords.index(1), Value::from("retail"))));
    assert!(draft.edit(Edit::MoveItem(keywords.clone(), 1, 0)));
    assert!(draft.text().contains("    keywords:\n      - retail\n      - shop\n"), "{}", draft.text());
    assert!(draft.edit(Edit::RemoveItem(keywords.clone(), 0)) && draft.edit(Edit::RemoveItem(keywords, 0)));
    assert_eq!(&*draft.text(), TEXT);
    let config = component(1).key("config");
    assert!(draft.edit(Edit::AddKey(config.clone(), "name".into(), Value::from(""))));
    assert!(draft.edit(Edit::RenameKey(config.key("name"), "PORT".into())));
    assert!(draft.edit(Edit::Set(config.key("PORT"), Value::from("8080"))));
    assert!(draft.text().ends_with("      config:\n        PORT: \"8080\"\n"), "{}", draft.text());
    assert!(draft.edit(Edit::RemoveKey(config.key("PORT"))));
    assert_eq!(&*draft.text(), TEXT);
}

#[test]
fn half_typed_text_loses_nothing() {
    let bases = bases();
    let mut draft = draft(TEXT);
    let half = TEXT.replace("version: 0.1.0 # the first", "version: [0.1.0");
    assert!(draft.edit(Edit::Text(half.clone())));
    draft.show(Some(0));
    draft.redraw(&bases);
    assert!(draft.form().disabled.is_some());
    // What was good is still drawn, and cannot be changed.
    assert_eq!(draft.components().len(), 2);
    for done in [
        draft.edit(set("metadata.name", "x")),
        draft.edit_values(0, set("image.tag", "x"), &bases),
        draft.add("x", None),
        draft.remove(0),
        draft.shift(0, 1),
        draft.rename(0, "x"),
        draft.choose(Some(0), None),
        draft.depend(0, "db", false),
    ] {
        assert!(!done);
    }
    assert_eq!(&*draft.text(), half);
    assert!(draft.edit(Edit::Text(TEXT.to_owned())));
    draft.redraw(&bases);
    assert!(draft.form().disabled.is_none());
}

#[test]
fn half_a_line_does_not_empty_the_form() {
    let bases = bases();
    let mut draft = draft(TEXT);
    let name = |draft: &Draft| match draft.item(&path("metadata.name")) {
        Some(Item::Field(field)) => field.value.clone(),
        _ => None,
    };
    // The first of these is YAML, and ends before the descriptor begins.
    for line in ["  foo:", "  foo: [bar", "foo: [bar", "  f"] {
        draft.edit(Edit::Text(format!("{line}\n{TEXT}")));
        draft.redraw(&bases);
        assert_eq!(name(&draft), Some(Value::from("shop")), "{line}");
        assert!(draft.form().disabled.is_some(), "{line}");
        assert_eq!(draft.components().len(), 2);
    }
    draft.edit(Edit::Text(TEXT.replace("shop", "cafe")));
    draft.redraw(&bases);
    assert!(draft.form().disabled.is_none());
    assert_eq!(name(&draft), Some(Value::from("cafe")));
}

#[test]
fn fields_are_completed() {
    let mut draft = draft("spec:\n  module:\n    ver\n");
    draft.caret(3, 8);
    let suggestions = draft.suggestions();
    assert!(suggestions.iter().any(|one| one.label == "version"), "{suggestions:?}");
}

#[test]
fn texts_that_are_no_descriptors_are_shown() {
    for text in
        ["", "a: 1", "spec: 5", "spec: {components: 7}", "spec: {components: [1, null, {name: 5}]}", "[1]", "- a"]
    {
        let mut draft = draft(text);
        draft.show(Some(0));
        draft.redraw(&bases());
        draft.edit(set("metadata.name", "x"));
        draft.redraw(&bases());
        assert!(draft.refused().is_some() || draft.text().contains("name: x"), "{text}");
    }
}

#[test]
fn charts_that_are_not_known_have_text() {
    let mut draft = draft(&TEXT.replace("modulebase", "other"));
    draft.show(Some(1));
    draft.redraw(&bases());
    let Some(Values::Text(field)) = draft.values().cloned() else { panic!("there is no form") };
    let value = field.read("image:\n  name: x\n").unwrap();
    assert!(draft.edit(Edit::Set(field.path.clone(), value)));
    assert!(draft.text().ends_with("      values:\n        image:\n          name: x\n"), "{}", draft.text());
    let nothing = field.read("").unwrap();
    assert!(draft.edit(Edit::Set(field.path.clone(), nothing)));
    assert!(draft.text().ends_with("    - name: db\n"), "{}", draft.text());
}

#[test]
fn problems_stand_at_their_fields() {
    let bases = bases();
    let mut draft = draft(TEXT);
    draft.show(Some(1));
    let problem = |path: &str| Problem {
        path: path.to_owned(),
        place: contract::Place { line: 3, ..contract::Place::default() },
        ..Problem::new(Severity::Error, contract::Code::File, "wrong", contract::Place::default())
    };
    draft.found(&[problem("spec.components[1].values.image.tag"), problem("spec.module.version")]);
    draft.redraw(&bases);
    assert_eq!(draft.marks().len(), 2);
    let Some(Values::Form(form)) = draft.values() else { panic!("the chart is known") };
    assert!(form.field("image.tag").unwrap().problem.is_some());
    let Some(Item::Field(version)) = draft.item(&path("spec.module.version")) else { panic!("it is drawn") };
    assert!(version.problem.is_some());
}

/// The form knows the same fields as the engine.
#[test]
fn the_schema_is_that_of_the_engine() {
    fn resolve<'s>(root: &'s serde_json::Value, at: &'s serde_json::Value) -> &'s serde_json::Value {
        match at["$ref"].as_str() {
            Some(name) => root.pointer(name.trim_start_matches('#')).expect("it is defined"),
            None => at,
        }
    }
    fn fields(root: &serde_json::Value, at: &serde_json::Value, path: &str, found: &mut Vec<String>) {
        let at = resolve(root, at);
        if let Some(properties) = at["properties"].as_object() {
            for (key, below) in properties {
                let path = format!("{path}.{key}");
                found.push(format!("{path} {:?} {:?}", resolve(root, below)["type"], resolve(root, below)["enum"]));
                fields(root, below, &path, found);
            }
        }
        if at["items"].is_object() {
            fields(root, &at["items"], &format!("{path}[]"), found);
        }
    }
    let engine = include_str!("../../../../../engine/descriptor/schema/helmchartdescriptor.form.json");
    let mut found = [Vec::new(), Vec::new()];
    for (text, found) in [SCHEMA, engine].into_iter().zip(&mut found) {
        let schema: serde_json::Value = serde_json::from_str(text).unwrap();
        fields(&schema, &schema, "", found);
        found.retain(|field| {
            ![".".to_owned() + "apiVersion", ".kind".into(), ".status".into()]
                .iter()
                .any(|own| field.starts_with(&format!("{own} ")))
        });
        found.sort();
    }
    let [own, engine] = found;
    assert!(own.len() > 40);
    assert_eq!(own, engine);
}
