//! Whole charts that descriptors expand into.

mod support;

use descriptor::expand::{Options, Skeleton, expand};
use support::{bases, expanded, lines, parse, whole};

/// The frontend and the backend of a shop, as in DS2's guide.
const SHOP: &str = include_str!("descriptors/shop.yaml");

#[test]
fn two_components_in_releases() {
    insta::assert_snapshot!(whole(&expanded(SHOP)));
}

#[test]
fn two_components_in_an_umbrella() {
    insta::assert_snapshot!(whole(&expanded(&SHOP.replace("layout: releases", "layout: umbrella"))));
}

/// Names that are no identifiers, one chart in two versions, values that YAML would take for something else.
const ODD: &str = include_str!("descriptors/odd.yaml");

#[test]
fn odd_names_and_values() {
    insta::assert_snapshot!(whole(&expanded(ODD)));
}

#[test]
fn odd_names_and_values_in_an_umbrella() {
    insta::assert_snapshot!(whole(&expanded(&ODD.replace("layout: releases", "layout: umbrella"))));
}

#[test]
fn one_component_without_its_base_chart() {
    let text = SHOP.split("    - name: shop-db").next().unwrap().replace("chart: modulebase", "chart: nowhere");
    insta::assert_snapshot!(whole(&expanded(&text.replace("[shop-db]", "[]"))));
}

#[test]
fn an_umbrella_has_each_base_chart_once() {
    let chart = expanded(&ODD.replace("layout: releases", "layout: umbrella"));
    let names: Vec<String> =
        chart.files.iter().map(|f| f.name.to_string()).filter(|n| n.ends_with("Chart.yaml")).collect();
    assert_eq!(names, ["Chart.yaml", "charts/modulebase-2.0.0/Chart.yaml", "charts/modulebase/Chart.yaml"]);
}

#[test]
fn the_same_input_gives_the_same_archive() {
    let archive = expanded(SHOP).archive();
    assert_eq!(archive, expanded(SHOP).archive());
    let loaded = helm::chart::load_archive(&archive, Default::default(), &mut Default::default()).unwrap();
    assert_eq!(loaded.name(), "shop");
}

#[test]
fn everything_that_is_in_the_way_is_said_at_once() {
    let text = ODD
        .replace("layout: releases", "layout: umbrella")
        .replace("name: odd\n", "name: Odd!\n")
        .replace("name: web-2\n", "name: a-b\n")
        .replace("name: \"0815\"\n", "name: global\n      dependsOn: [nobody]\n")
        .replace("chart: modulebase\n", "chart: nowhere\n");
    let problems = expand(&parse(&text), &bases, &Options::default()).unwrap_err();
    insta::assert_snapshot!(lines(&problems));
}

#[test]
fn skeletons_are_replaced_file_by_file() {
    let skeleton = |path: &str, text: &str| Skeleton {
        path: path.to_owned(),
        text: text.to_owned(),
        file: format!("mine/{path}"),
    };
    let with = |skeletons: Vec<Skeleton>| expand(&parse(SHOP), &bases, &Options { skeletons, ..Options::default() });
    let chart = with(vec![
        skeleton("releases/templates/NOTES.txt", "<< module.name >> has << components | length >>"),
        skeleton("releases/templates/{component}-policy.yaml", "kind: X\nname: << component.name >>\n"),
        skeleton("umbrella/templates/NOTES.txt", "<% broken"),
    ])
    .unwrap();
    let text =
        |name: &str| chart.files.iter().find(|f| f.name == name).map(|f| String::from_utf8_lossy(&f.data).into_owned());
    assert_eq!(text("templates/NOTES.txt").as_deref(), Some("shop has 2"));
    assert_eq!(text("templates/shop-db-policy.yaml").as_deref(), Some("kind: X\nname: shop-db\n"));
    for (path, body, want) in [
        (
            "releases/values.yaml",
            "a: 1\n<< modul.name >>\n",
            "mine/releases/values.yaml:2: error: the skeleton fails: ",
        ),
        ("releases/values.yaml", "\n\n<% if %>", "mine/releases/values.yaml:3: error: the skeleton fails: "),
        (
            "releases/values.yaml",
            "a: 1\n<% include 'releases/x' %>",
            "mine/releases/values.yaml:2: error: the skeleton fails: there is no skeleton releases/x",
        ),
        (
            "releases/values.yaml",
            "<% include 'releases/values.yaml' %>",
            "mine/releases/values.yaml:1: error: the skeleton fails: releases/values.yaml is included inside itself",
        ),
        (
            "releases/values.yaml",
            "<% include 'releases/Chart.yaml' %>\n\n<< nothing >>",
            "mine/releases/values.yaml:3: error: the skeleton fails: undefined value",
        ),
        (
            "releases/x",
            "<% for i in range(100000) %><% for j in range(100000) %>.<% endfor %><% endfor %>",
            "mine/releases/x:1: error: the skeleton fails: it takes too many steps",
        ),
        ("releases/../../x", "", "mine/releases/../../x: error: the path \"releases/../../x\" of a skeleton leads out"),
        ("releases/values.yaml", "- a\n", "module.yaml:7:3: error: Helm does not take the chart that comes out: "),
    ] {
        let problems = with(vec![skeleton(path, body)]).unwrap_err();
        assert!(problems.iter().any(|p| p.to_string().starts_with(want)), "{}", lines(&problems));
    }
}
