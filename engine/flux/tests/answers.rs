//! Questions that Flux's own code has answered: helm-controller 1.6.2's
//! post-renderers between Helm 4.2.2's merging and parting, and
//! `fluxcd/pkg/chartutil`'s values.

mod support;

use serde::Deserialize;
use support::{Answer, Question, answer};

#[derive(Deserialize)]
struct Case {
    name: String,
    question: Question,
    answer: Answer,
}

fn compare(cases: &str) {
    let mut wrong = Vec::new();
    for line in cases.lines() {
        let case: Case = serde_json::from_str(line).unwrap();
        let got = answer(&case.question);
        let right = if case.answer.fails { !got.error.is_empty() } else { got == case.answer };
        if !right {
            wrong.push(format!("{}:\nwant {:#?}\ngot {got:#?}", case.name, case.answer));
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn output_is_what_helm_controller_stores() {
    compare(include_str!("answers/postrender.jsonl"));
}

#[test]
fn values_are_what_flux_composes() {
    compare(include_str!("answers/values.jsonl"));
}
