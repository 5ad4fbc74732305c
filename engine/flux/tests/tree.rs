//! Releases that render releases.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use flux::{ChartWanted, Charts, FetchError, FetchedChart, HelmRelease, Options, Outcome, Tree, render_all};
use govalue::{FuncError, Map, Str, Value};
use goyaml::yaml::from_yaml;
use helm::Warnings;
use helm::chart::{File, Limits, load_folder};
use helm::engine::{LookupQuery, Objects, World};

struct Nowhere;

impl World for Nowhere {}

/// Charts by the names of their sources: each has one template.
struct Table(BTreeMap<&'static str, &'static str>);

impl Charts for Table {
    fn chart(&self, wanted: &ChartWanted) -> Result<FetchedChart, FetchError> {
        let template = self.0.get(wanted.source.name.as_str()).ok_or(FetchError::Unknown)?;
        let file = |name: &str, text: String| File { name: Str::from(name), data: text.into_bytes().into() };
        let metadata = format!("{{apiVersion: v2, name: {}, version: 1.0.0}}", wanted.source.name);
        let files = vec![file("Chart.yaml", metadata), file("templates/all.yaml", (*template).to_owned())];
        let chart = load_folder(&wanted.source.name, files, Limits::default(), &mut Warnings::default())
            .map_err(|e| FetchError::Invalid(e.to_string()))?;
        Ok(FetchedChart { chart, ..FetchedChart::default() })
    }
}

fn release(name: &str, chart: &str, more: &str) -> HelmRelease {
    let text = format!(
        "{{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {{name: {name}, namespace: ns}}, \
         spec: {{interval: 1m, chartRef: {{kind: OCIRepository, name: {chart}}}{more}}}}}"
    );
    HelmRelease::read(&from_yaml(text.as_bytes()).unwrap(), "ns").unwrap().0
}

fn child(name: &str, chart: &str, more: &str) -> String {
    format!(
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: {name}}}\n\
         spec: {{interval: 1m, chartRef: {{kind: OCIRepository, name: {chart}}}{more}}}\n"
    )
}

fn tree(charts: &[(&'static str, String)], releases: Vec<HelmRelease>) -> Tree {
    let charts = charts.iter().map(|(name, text)| (*name, &*text.clone().leak())).collect();
    render_all(releases, &Objects::default(), &Table(charts), &Options::default(), Rc::new(Nowhere))
}

/// What became of each release, in order.
fn report(tree: &Tree) -> String {
    let mut lines = Vec::new();
    for node in &tree.releases {
        let path: Vec<_> = tree.path(node).iter().map(|id| id.name.clone()).collect();
        let outcome = match &node.outcome {
            Outcome::Rendered(r) => {
                r.objects.iter().map(|o| format!("{} {}", o.head.kind, o.head.name)).collect::<Vec<_>>().join(", ")
            }
            Outcome::Failed(error) => format!("failed: {error}"),
            Outcome::Suspended => "suspended".to_owned(),
        };
        lines.push(format!("{} {}: {outcome}", node.level, path.join("/")));
    }
    lines.extend(tree.wanted.iter().map(|w| format!("wanted: {}", w.source)));
    lines.extend(tree.problems.iter().map(ToString::to_string));
    lines.join("\n")
}

const LEAF: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: leaf-{{ .Release.Name }}}\ndata: {v: {{ .Values.v | default \"none\" | quote }}}\n";

#[test]
fn releases_in_a_chart_are_rendered_in_turn() {
    let module = [
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: facts}\ndata: {values.yaml: \"v: from the parent\"}\n"
            .into(),
        child("b", "leaf", ", dependsOn: [{name: a}], valuesFrom: [{kind: ConfigMap, name: facts}]"),
        child("a", "leaf", ""),
        child("gone", "missing", ""),
        child("later", "leaf", ", suspend: true"),
        child("broken", "broken", ""),
    ];
    let charts =
        [("module", module.join("---\n")), ("leaf", LEAF.to_owned()), ("broken", "a: 1\n{{ fail \"no\" }}".to_owned())];
    let tree = tree(&charts, vec![release("shop", "module", "")]);
    insta::assert_snapshot!(report(&tree), @r#"
    1 shop: ConfigMap facts, HelmRelease b, HelmRelease a, HelmRelease gone, HelmRelease later, HelmRelease broken
    2 shop/a: ConfigMap leaf-a
    2 shop/b: ConfigMap leaf-b
    2 shop/gone: failed: the place of this source is not given
    2 shop/later: suspended
    2 shop/broken: failed: execution error at (broken/templates/all.yaml:2:3): no
    wanted: OCIRepository/ns/missing
    "#);
    let text: Vec<_> = tree.objects().map(|(_, o)| String::from_utf8_lossy(&o.text).into_owned()).collect();
    assert!(text.iter().any(|t| t.contains("v: from the parent\nkind: ConfigMap")), "{text:?}");
}

#[test]
fn releases_without_end_are_named() {
    let charts = [
        ("same", child("shop", "same", "")),
        ("deep", child("{{ .Release.Name }}-x", "deep", "")),
        ("twice", child("t", "leaf", "") + "---\n" + &child("once", "leaf", "")),
        ("leaf", LEAF.to_owned()),
    ];
    let tree = tree(&charts, vec![release("shop", "same", ""), release("d", "deep", ""), release("once", "twice", "")]);
    let problems: Vec<_> = tree.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "HelmRelease renders itself: ns/shop → ns/shop",
            "HelmRelease renders itself: ns/once → ns/once",
            "HelmReleases nest too deeply: ns/d → ns/d-x → ns/d-x-x → ns/d-x-x-x → ns/d-x-x-x-x → ns/d-x-x-x-x-x → \
             ns/d-x-x-x-x-x-x → ns/d-x-x-x-x-x-x-x → ns/d-x-x-x-x-x-x-x-x",
        ]
    );
}

#[test]
fn dependencies_decide_the_order() {
    let charts = [("leaf", LEAF.to_owned())];
    let on = |names: &str| format!(", dependsOn: [{names}]");
    let releases = vec![
        release("c", "leaf", &on("{name: b}")),
        release("b", "leaf", &on("{name: a}, {name: other, namespace: x}")),
        release("a", "leaf", ""),
        release("p", "leaf", &on("{name: q}")),
        release("q", "leaf", &on("{name: p}")),
        release("a", "leaf", ""),
    ];
    let tree = tree(&charts, releases);
    let order: Vec<_> = tree.releases.iter().map(|n| n.release.name.as_str()).collect();
    assert_eq!(order, ["a", "b", "c", "p", "q"]);
    let problems: Vec<_> = tree.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "HelmRelease ns/a is given twice",
            "HelmRelease ns/b depends on x/other, which is not rendered",
            "HelmReleases depend on each other: ns/p → ns/q → ns/p",
        ]
    );
}

#[test]
fn wrong_fields_are_all_named() {
    let text = "{apiVersion: helm.toolkit.fluxcd.io/v9, kind: HelmRelease, metadata: {name: 5}, \
                spec: {chart: {spec: {chart: c, sourceRef: {kind: OCIRepository, name: r}}}, chartRef: {name: x}, \
                valuesFrom: [{kind: Pod, name: p}], suspend: yes please, install: {crds: Never}, vaules: {}}}";
    let problems = HelmRelease::read(&from_yaml(text.as_bytes()).unwrap(), "ns").unwrap_err();
    insta::assert_snapshot!(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
}

#[test]
fn what_did_not_change_is_not_rendered_again() {
    struct Facts(&'static str);
    impl World for Facts {
        fn lookup(&self, query: &LookupQuery) -> Result<Value, FuncError> {
            let found: Map = [("data", Value::from(self.0))].into_iter().collect();
            Ok(Value::Map(if query.name == "facts" { found } else { Map::new() }))
        }

        fn random(&self, buffer: &mut [u8]) -> Result<(), FuncError> {
            buffer.fill(7);
            Ok(())
        }
    }
    /// Charts that are loaded once.
    struct Loaded(Table, RefCell<BTreeMap<ChartWanted, FetchedChart>>);
    impl Charts for Loaded {
        fn chart(&self, wanted: &ChartWanted) -> Result<FetchedChart, FetchError> {
            if let Some(known) = self.1.borrow().get(wanted) {
                return Ok(known.clone());
            }
            let fetched = self.0.chart(wanted)?;
            self.1.borrow_mut().insert(wanted.clone(), fetched.clone());
            Ok(fetched)
        }
    }
    let charts = Table(BTreeMap::from([
        ("leaf", LEAF),
        ("asks", "kind: A\nmetadata: {name: a}\nv: {{ (lookup \"v1\" \"ConfigMap\" \"x\" \"facts\").data }}"),
        ("random", "kind: A\nmetadata: {name: r}\nv: {{ randAlpha 3 }}"),
    ]));
    let charts = Loaded(charts, RefCell::default());
    let options = Options::default();
    let render = |v: &str, world: &'static str| {
        let releases = vec![
            release("one", "leaf", ""),
            release("two", "leaf", &format!(", values: {{v: {v}}}")),
            release("asks", "asks", ""),
            release("random", "random", ""),
        ];
        let tree = render_all(releases, &Objects::default(), &charts, &options, Rc::new(Facts(world)));
        let texts = tree.releases.iter().map(|node| match &node.outcome {
            Outcome::Rendered(rendered) => rendered.manifest.clone(),
            other => panic!("{other:?}"),
        });
        texts.collect::<Vec<_>>()
    };
    let mut before = render("1", "x");
    for (v, world, same) in [
        ("1", "x", [true, true, true, false]),
        ("2", "x", [true, false, true, false]),
        ("2", "y", [true, true, false, false]),
        ("2", "y", [true, true, true, false]),
    ] {
        let now = render(v, world);
        let found: Vec<bool> = before.iter().zip(&now).map(|(a, b)| std::ptr::eq(a.as_bytes(), b.as_bytes())).collect();
        assert_eq!(found, same, "{v} {world}");
        assert!(String::from_utf8_lossy(&now[1]).contains(v) && String::from_utf8_lossy(&now[2]).contains(world));
        before = now;
    }
}
