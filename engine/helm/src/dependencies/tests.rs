use govalue::{Str, Value};

use super::*;
use crate::chart::{Bytes, File, Limits, load_folder};
use crate::values::{coalesce, read_values};

/// A chart of files given as `== name` and their lines.
fn chart(text: &str) -> Arc<Chart> {
    let file = |part: &str| {
        let (name, data) = part.split_once('\n').unwrap();
        File { name: Str::from(name.trim()), data: Bytes::from(data.as_bytes()) }
    };
    let files = text.split("== ").skip(1).map(file).collect();
    load_folder("/web", files, Limits::default(), &mut Warnings::default()).unwrap()
}

/// What a render has: the charts, and the values as JSON.
fn run(chart: &Arc<Chart>, values: &str) -> (String, String) {
    let values = read_values(values.as_bytes()).unwrap();
    let mut warnings = Warnings::default();
    let resolved = match resolve(chart, &values, &mut warnings) {
        Ok(resolved) => resolved,
        Err(e) => return ("!".to_owned(), e.to_string()),
    };
    let names = |chart: &Resolved| {
        let names: Vec<String> = chart.dependencies().iter().map(|c| c.name().to_string()).collect();
        names.join(" ")
    };
    let text = match coalesce(&resolved, &values, &mut warnings) {
        Ok(values) => String::from_utf8(goyaml::json::to_json(&Value::Map(values), false).unwrap()).unwrap(),
        Err(e) => e.to_string(),
    };
    (names(&resolved), text)
}

const PARENT: &str = "
== Chart.yaml
apiVersion: v2
name: web
version: 1.0.0
dependencies:
- {name: db, version: ^1, condition: 'db.enabled,global.db', tags: [back]}
- {name: db, version: '*', alias: cache, tags: [front]}
- {name: old, version: '>2'}
== values.yaml
db: {port: 1, gone: null}
global: {zone: {name: a}}
== charts/db/Chart.yaml
apiVersion: v2
name: db
version: 1.2.3
== charts/db/values.yaml
port: 5432
gone: 1
nested: {a: 1, b: null}
== charts/old/Chart.yaml
apiVersion: v2
name: old
version: 1.0.0
== charts/loose/Chart.yaml
apiVersion: v2
name: loose
version: 1.0.0
";

#[test]
fn conditions_and_tags_switch_subcharts() {
    let chart = chart(PARENT);
    for (values, want) in [
        ("", "loose old db cache"),
        ("db: {enabled: false}", "loose old cache"),
        ("global: {db: false}", "loose old cache"),
        ("db: {enabled: true}\nglobal: {db: false}", "loose old db cache"),
        ("tags: {back: false}", "loose old cache"),
        ("tags: {back: false, front: false}", "loose old"),
        ("tags: {back: false}\ndb: {enabled: true}", "loose old db cache"),
        ("db: {enabled: 'no'}", "loose old db cache"),
    ] {
        assert_eq!(run(&chart, values).0, want, "{values}");
    }
}

#[test]
fn values_lie_over_those_of_subcharts() {
    let chart = chart(PARENT);
    let global = r#""global":{"zone":{"name":"a"}}"#;
    let others = format!(r#""loose":{{{global}}},"old":{{{global}}}"#);
    let cache = format!(r#""cache":{{{global},"gone":1,"nested":{{"a":1}},"port":5432}}"#);
    for (values, db) in [
        // Without values for the subchart, the null of the parent does not count.
        ("", r#""gone":1,"nested":{"a":1},"port":1"#),
        ("db: {port: null, nested: {a: null, c: 2}}", r#""nested":{"b":null,"c":2}"#),
        ("db: {nested: text}", r#""nested":"text","port":1"#),
    ] {
        let got = run(&chart, values).1;
        let want = format!(r#"{{{cache},"db":{{{global},{db}}},{global},{others}}}"#);
        assert_eq!(got, want, "{values}");
    }
    assert_eq!(run(&chart, "db: 5").1, "type mismatch on db: %!t(float64=5)");
}

#[test]
fn nested_globals_are_one_table() {
    let chart = chart(PARENT);
    let values = Map::new();
    let mut warnings = Warnings::default();
    let resolved = resolve(&chart, &values, &mut warnings).unwrap();
    let values = coalesce(&resolved, &values, &mut warnings).unwrap();
    let zone = |path: &[u8]| crate::values::table(&values, path).unwrap();
    // The top of each table is copied, what is nested in it is shared.
    zone(b"global.zone").insert("own", Value::Bool(true));
    assert!(!zone(b"db.global.zone").contains_key("own"));
    let chart_values = resolved.values();
    assert!(!chart_values.contains_key("own"));
}

#[test]
fn values_are_imported() {
    let chart = chart(
        "
== Chart.yaml
apiVersion: v2
name: web
version: 1.0.0
dependencies:
- name: db
  version: '*'
  import-values: [data, {child: conf, parent: db2.conf}, {child: none, parent: x}, 5]
== values.yaml
user: own
== charts/db/Chart.yaml
apiVersion: v2
name: db
version: 1.2.3
== charts/db/values.yaml
conf: {a: 1}
exports: {data: {user: db, host: h}}
",
    );
    let (_, values) = run(&chart, "");
    assert_eq!(
        values,
        r#"{"db":{"conf":{"a":1},"exports":{"data":{"host":"h","user":"db"}},"global":{}},"db2":{"conf":{"a":1}},"host":"h","user":"own"}"#
    );
    let resolved = resolve(&chart, &Map::new(), &mut Warnings::default()).unwrap();
    let Some(Value::List(list)) = resolved.metadata_map().get("Dependencies") else { panic!("a list") };
    let text = goyaml::json::to_json(&list[0], false).unwrap();
    assert!(String::from_utf8_lossy(&text).contains(
        r#""ImportValues":[{"child":"exports.data","parent":"."},{"child":"conf","parent":"db2.conf"},{"child":"none","parent":"x"}]"#
    ));
}

#[test]
fn a_chart_can_be_resolved_again() {
    let chart = chart(PARENT);
    let first = run(&chart, "");
    run(&chart, "db: {enabled: false}");
    assert_eq!(run(&chart, ""), first);
}

#[test]
fn imports_that_nest_values_in_themselves_fail() {
    let chart = chart(
        "
== Chart.yaml
apiVersion: v2
name: web
version: 1.0.0
dependencies:
- name: db
  version: '*'
  import-values: [{child: a, parent: .}, {child: a, parent: x}, {child: a, parent: x.x}, {child: a.x, parent: x.x.x}]
== charts/db/Chart.yaml
apiVersion: v2
name: db
version: 1.2.3
== charts/db/values.yaml
a: {x: {y: {}}}
",
    );
    assert_eq!(run(&chart, "").1, "values nest deeper than 500 levels");
}

/// Charts three deep: the root lists the first, which lists none of those below it.
const NEST: &str = "
== Chart.yaml
apiVersion: v2
name: web
version: 1.0.0
dependencies: [{name: db, version: '*'}, {name: db, version: '*', alias: cache}]
== charts/db/Chart.yaml
apiVersion: v2
name: db
version: 1.0.0
== charts/db/charts/disk/Chart.yaml
apiVersion: v2
name: disk
version: 1.0.0
== charts/db/charts/disk/values.yaml
size: null
class: {name: null}
== charts/db/charts/disk/charts/probe/Chart.yaml
apiVersion: v2
name: probe
version: 1.0.0
== charts/db/charts/disk/charts/probe/crds/a.yaml
kind: CustomResourceDefinition
";

#[test]
fn nulls_of_charts_that_nobody_lists_vanish() {
    let (_, values) = run(&chart(NEST), "");
    let below = r#"{"disk":{"class":{},"global":{},"probe":{"global":{}}},"global":{}}"#;
    assert_eq!(values, format!(r#"{{"cache":{below},"db":{below}}}"#));
}

#[test]
fn an_alias_is_in_the_path_of_copied_charts_only() {
    fn paths(chart: &Resolved, out: &mut Vec<String>) {
        out.push(chart.path().to_string());
        chart.dependencies().iter().for_each(|sub| paths(sub, out));
    }
    let resolved = resolve(&chart(NEST), &Map::new(), &mut Warnings::default()).unwrap();
    let mut found = Vec::new();
    paths(&resolved, &mut found);
    // A chart's subcharts are copied with it; what is below these belongs to the chart as it was loaded.
    assert_eq!(
        found,
        [
            "web",
            "web/charts/db",
            "web/charts/db/charts/disk",
            "web/charts/db/charts/disk/charts/probe",
            "web/charts/cache",
            "web/charts/cache/charts/disk",
            "web/charts/db/charts/disk/charts/probe",
        ]
    );
    let crds: Vec<_> = resolved.crds().into_iter().map(|crd| crd.filename).collect();
    assert_eq!(crds, ["web/charts/db/charts/disk/charts/probe/crds/a.yaml"; 2]);
}

#[test]
fn missing_dependencies_are_named() {
    let chart = chart(
        "
== Chart.yaml
apiVersion: v2
name: web
version: 1.0.0
dependencies: [{name: a, version: 1}, {name: b, version: 1}]
",
    );
    assert_eq!(
        check(&chart).unwrap_err().to_string(),
        "an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to fetch \
         missing dependencies: found in Chart.yaml, but missing in charts/ directory: a, b"
    );
}
