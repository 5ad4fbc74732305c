//! Charts of all shapes: their forms, what a person wrote by hand, and what the form writes.

mod support;

use chartwright_values::{Form, FormState, Model};
use support::check::{Tally, all_set};
use support::data;
use support::drawn::drawn;

#[test]
fn every_field_sets_what_it_says() {
    let mut tally = Tally::default();
    data().iter().for_each(|chart| tally.check(chart, |_| 1));
    assert!(tally.questions >= 19 && tally.schemas >= 9 && tally.edits > 300, "{tally:?}");
    assert!(tally.in_written > tally.edits * 9 / 10 && tally.most_fields < 200, "{tally:?}");
    let kinds: Vec<_> = tally.kinds.keys().map(String::as_str).collect();
    let all = [
        "Anything",
        "Boolean",
        "Boolean as text",
        "Choice",
        "List",
        "Map",
        "Multiline",
        "Number",
        "Password",
        "Quantity",
        "Text",
        "Variants",
        "Yaml",
    ];
    assert_eq!(kinds, all);
}

#[test]
fn forms_and_what_they_write() {
    for chart in data() {
        let draw = |text: &str| {
            let mut model = Model::new(&chart.values).unwrap();
            model.set_text(text);
            assert_eq!(model.error(), None, "{}", chart.name);
            drawn(&Form::draw(&model, &chart.source(), &FormState::default()))
        };
        let mut out = draw("");
        if let Some(mine) = &chart.mine {
            out.push_str(&format!("\n# Mine\n{}", draw(mine)));
        }
        out.push_str(&format!("\n# All set\n{}", all_set(&chart).text()));
        insta::assert_snapshot!(chart.name.as_str(), out);
    }
}
