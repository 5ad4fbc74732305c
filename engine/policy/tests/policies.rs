//! Rules against objects, as people read what breaks them.

use contract::{ObjectOut, Text};
use policy::{Judged, Policies};

const POLICY: &str = include_str!("data/policy.yaml");
const OBJECTS: &str = include_str!("data/objects.yaml");

fn objects() -> Vec<ObjectOut> {
    let word = |text: &str, key: &str| {
        let line = text.lines().find_map(|line| line.trim().strip_prefix(key));
        line.unwrap_or_default().trim().to_owned()
    };
    let object = |text: &str| {
        let name = text.split("name: ").nth(1).and_then(|rest| rest.split([',', '}']).next()).unwrap_or("broken");
        let kind = word(text, "kind:");
        ObjectOut {
            source: format!("shop/templates/{}.yaml", kind.to_lowercase()),
            level: 2,
            name: name.trim_matches('"').to_owned(),
            kind,
            namespace: "shop".into(),
            helm_release: Some("flux/shop".into()),
            component: Some(if name == "web" { "web" } else { "rest" }.into()),
            text: Text(text.as_bytes().to_vec()),
            ..ObjectOut::default()
        }
    };
    OBJECTS.split("---\n").map(object).collect()
}

fn said(policies: &Policies, objects: &[ObjectOut]) -> String {
    let objects = &*policy::unfold(objects.to_vec());
    let summary = chartwright::api::summary(objects);
    // A template with the same text as the object: lines can be compared by eye.
    let template = |object: &ObjectOut| Some(String::from_utf8_lossy(&object.text.0).into_owned());
    let refusals = policies.judge(&Judged::new(objects, &summary).with_templates(&template));
    let line = |refusal: policy::Refusal| {
        let problem = refusal.into_problem();
        let mut line = format!("{}: {} ({})", problem.severity, problem.message, problem.place);
        if !problem.path.is_empty() {
            line.push_str(&format!(" at {}", problem.path));
        }
        line
    };
    refusals.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_breaks_rules_is_named() {
    let policies = Policies::read("policy.yaml", POLICY).unwrap();
    insta::assert_snapshot!(said(&policies, &objects()));
}

#[test]
fn what_keeps_the_rules_is_not_refused() {
    let policies = Policies::read("policy.yaml", POLICY).unwrap();
    let good = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, labels: {owner: us}}\nspec: {replicas: 2, \
        template: {spec: {containers: [{name: web, image: 'ghcr.io/acme/web:1', securityContext: {runAsNonRoot: true, \
        allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}, resources: {limits: {cpu: 500m, memory: 512Mi}}}]}}}\n";
    let object = ObjectOut { text: Text(good.as_bytes().to_vec()), ..objects().remove(2) };
    assert_eq!(said(&policies, &[object]), "");
}

/// What an expression may meet in hostile objects ends in a refusal, never in a panic.
#[test]
fn expressions_that_fail_refuse() {
    for (cel, why) in [
        ("object.spec.missing == 1", "the expression asks for missing, which the object does not have"),
        ("object.metadata.name + 1 == ''", "the expression"),
        ("object.metadata.name", "the expression gives string, not true or false"),
        ("object.spec.replicas / 0 == 1", "the expression"),
        ("object.spec.template.spec.containers[9].name == ''", "the expression"),
        ("object.metadata.name.matches('(')", "the expression"),
        ("object.spec.nothing(1)", "the expression"),
    ] {
        let text = format!(
            "apiVersion: chartwright.dev/v1alpha1\nkind: Policy\nmetadata: {{name: p}}\nspec: {{rules: [{{name: r, cel: \"{cel}\"}}]}}\n"
        );
        let policies = Policies::read("p.yaml", &text).unwrap();
        let objects = [objects().remove(2)];
        let told = said(&policies, &objects);
        assert!(told.contains(why) && told.lines().count() == 1, "{cel}: {told}");
    }
}
