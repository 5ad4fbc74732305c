//! Whole charts that descriptors expand into.

mod support;

use descriptor::expand::{Options, expand};
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
