//! How long searches and large indexes take; printed by
//! `cargo test --release -p chartwright-catalog --test measure -- --ignored --nocapture`.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "it measures and prints")]

use std::fmt::Write;
use std::time::Instant;

use chartwright_catalog::{API_VERSION, Catalog, Facts, Filter, Finder, Module, Version};

const WORDS: [&str; 8] = ["database", "shop", "identity", "queue", "marketplace", "sensor", "portal", "archive"];

fn words(seed: usize, count: usize) -> String {
    let word = |n: usize| WORDS[(seed * 7 + n * n * 3 + n) % WORDS.len()];
    (0..count).map(word).collect::<Vec<_>>().join(" ")
}

#[test]
#[ignore = "it measures"]
fn a_search_over_two_thousand_modules() {
    let module = |n: usize| Module {
        id: format!("module-{n}"),
        title: words(n, 3),
        description: words(n + 1, 30),
        category: WORDS[n % WORDS.len()].to_owned(),
        keywords: (0..6).map(|k| WORDS[(n + k * 5) % WORDS.len()].to_owned()).collect(),
        versions: vec![Version { version: "1.0.0".into(), facts: Some(Facts::default()), ..Version::default() }],
        ..Module::default()
    };
    let modules = (0..2000).map(module).collect();
    let catalog = Catalog { api_version: API_VERSION.into(), name: "n".into(), modules, left_out: 0 };
    let start = Instant::now();
    let finder = Finder::new(&catalog);
    println!("2000 modules made ready: {:?}", start.elapsed());
    for query in ["", "s", "shop", "shop data", "nothing like it", "archive proxy portal"] {
        let filter = Filter { query: query.into(), ..Filter::default() };
        let start = Instant::now();
        let found = finder.find(&filter);
        println!("{query:?}: {} found in {:?}", found.modules.len(), start.elapsed());
    }
}

#[test]
#[ignore = "it measures"]
fn an_index_of_a_hundred_megabytes() {
    let mut index = String::from("apiVersion: v1\nentries:\n");
    let mut chart = 0;
    while index.len() < 100 << 20 {
        let _ = writeln!(index, "  chart-{chart}:");
        for version in 0..100 {
            let _ = write!(
                index,
                "  - annotations:\n      category: Things\n      images: |\n        - image: example.org/a:{version}\n    \
                 apiVersion: v2\n    appVersion: 1.{version}.0\n    created: \"2026-01-01T00:00:00Z\"\n    dependencies:\n    \
                 - name: common\n      repository: oci://example.org/charts\n      version: 2.x.x\n    description: {}\n    \
                 digest: 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n    keywords:\n    - a\n    - b\n    \
                 name: chart-{chart}\n    urls:\n    - chart-{chart}-{version}.tgz\n    version: 1.{version}.0\n",
                words(chart + version, 12),
            );
        }
        chart += 1;
    }
    let start = Instant::now();
    let catalog = Catalog::from_index(index.as_bytes(), "large").expect("an index");
    let versions: usize = catalog.modules.iter().map(|module| module.versions.len()).sum();
    println!("{} bytes, {} charts, {versions} versions: {:?}", index.len(), catalog.modules.len(), start.elapsed());
}
