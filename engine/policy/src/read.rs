//! Files of policies.

use contract::Severity;
use serde::Deserialize;

use crate::error::PolicyError;
use crate::expression::Expression;
use crate::judge::{Judged, judge};
use crate::refusal::Refusal;
use crate::rule::{Check, Document, Rule, Written};

/// `apiVersion` of policies.
const API_VERSION: &str = "chartwright.dev/v1alpha1";
/// `kind` of policies.
const KIND: &str = "Policy";

/// Rules, of one file or of several.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    rules: Vec<Rule>,
}

impl Policies {
    /// Reads a file of policies: YAML documents of the kind `Policy`.
    ///
    /// # Errors
    /// If anything in it is not understood: then nothing of it counts.
    pub fn read(file: &str, text: &str) -> Result<Policies, PolicyError> {
        let yaml = |cause| PolicyError::Yaml { file: file.to_owned(), cause };
        let mut rules: Vec<Rule> = Vec::new();
        for document in serde_yaml::Deserializer::from_str(text) {
            let value = serde_yaml::Value::deserialize(document).map_err(yaml)?;
            if value.is_null() {
                continue;
            }
            let word = |key: &str| value.get(key).and_then(serde_yaml::Value::as_str).unwrap_or_default();
            if (word("apiVersion"), word("kind")) != (API_VERSION, KIND) {
                let found = format!("{} {}", word("apiVersion"), word("kind"));
                return Err(PolicyError::Kind { file: file.to_owned(), found: found.trim().to_owned() });
            }
        }
        // Once more from the text: errors of types have lines then.
        for document in serde_yaml::Deserializer::from_str(text) {
            let Some(document) = Option::<Document>::deserialize(document).map_err(yaml)? else { continue };
            debug_assert_eq!((&*document.api_version, &*document.kind), (API_VERSION, KIND));
            for written in document.spec.rules {
                let rule = rule(&document.metadata.name, file, written)?;
                if rules.iter().any(|other| other.name == rule.name) {
                    let what = "a second rule of this name".to_owned();
                    return Err(PolicyError::Rule { file: file.to_owned(), rule: rule.name, what });
                }
                rules.push(rule);
            }
        }
        if rules.is_empty() {
            return Err(PolicyError::Empty { file: file.to_owned() });
        }
        Ok(Policies { rules })
    }

    /// The rules, in the order in which they are written.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Adds the rules of others.
    pub fn extend(&mut self, others: Policies) {
        self.rules.extend(others.rules);
    }

    /// What breaks a rule: rule by rule, objects in their order.
    pub fn judge(&self, judged: &Judged<'_>) -> Vec<Refusal> {
        judge(&self.rules, judged)
    }
}

fn rule(policy: &str, file: &str, written: Written) -> Result<Rule, PolicyError> {
    let name = format!("{policy}/{}", written.name);
    let wrong = |what: String| PolicyError::Rule { file: file.to_owned(), rule: name.clone(), what };
    if written.name.is_empty() || policy.is_empty() {
        return Err(wrong("policies and rules need a name".to_owned()));
    }
    let mut checks = Vec::new();
    checks.extend(written.images.map(Check::Images));
    checks.extend(written.cluster_scoped.map(Check::ClusterScoped));
    checks.extend(written.pods.map(|pods| Check::Pods(pods.forbid)));
    checks.extend(written.quota.map(Check::Quota));
    if let Some(source) = &written.cel {
        checks.push(Check::Cel(Expression::read(source).map_err(|e| wrong(format!("the expression is wrong: {e}")))?));
    }
    let (Some(check), None) = (checks.pop(), checks.pop()) else {
        return Err(wrong("it must have exactly one of images, clusterScoped, pods, quota and cel".to_owned()));
    };
    match &check {
        Check::Images(images) if images.registries.is_empty() && !images.pinned && !images.digest => {
            return Err(wrong("images needs registries, pinned or digest".to_owned()));
        }
        Check::Images(images) if images.registries.iter().any(|registry| registry.trim_matches('/').is_empty()) => {
            return Err(wrong("a registry is empty".to_owned()));
        }
        Check::Pods(forbid) if forbid.is_empty() => return Err(wrong("forbid is empty".to_owned())),
        Check::Quota(quota) => quota.check().map_err(wrong)?,
        _ => {}
    }
    if matches!(check, Check::Quota(_)) && !written.of.is_empty() {
        return Err(wrong("a quota is about the whole module: match has no effect on it".to_owned()));
    }
    let severity = written.severity.unwrap_or(Severity::Error);
    Ok(Rule { name, severity, message: written.message, of: written.of, check })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "apiVersion: chartwright.dev/v1alpha1\nkind: Policy\nmetadata: {name: p}\nspec:\n  rules:\n";

    fn told(rules: &str) -> String {
        match Policies::read("p.yaml", &format!("{HEAD}{rules}")) {
            Ok(policies) => policies.rules().iter().map(|rule| rule.name.as_str()).collect::<Vec<_>>().join(" "),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for (rules, want) in [
            ("  - {name: a, images: {pinned: true}}\n  - {name: b, cel: 'true'}\n", "p/a p/b"),
            ("  - {name: a, images: {}}\n", "p.yaml: rule p/a: images needs registries, pinned or digest"),
            (
                "  - {name: a}\n",
                "p.yaml: rule p/a: it must have exactly one of images, clusterScoped, pods, quota and cel",
            ),
            (
                "  - {name: a, cel: 'true', images: {pinned: true}}\n",
                "p.yaml: rule p/a: it must have exactly one of images, clusterScoped, pods, quota and cel",
            ),
            (
                "  - {name: a, cel: 'true'}\n  - {name: a, cel: 'true'}\n",
                "p.yaml: rule p/a: a second rule of this name",
            ),
            ("  - {name: a, quota: {}}\n", "p.yaml: rule p/a: the quota is empty"),
            (
                "  - {name: a, quota: {requests: {gpu: 1}}}\n",
                "p.yaml: rule p/a: gpu cannot be counted: cpu and memory can",
            ),
            ("  - {name: a, quota: {storage: much}}\n", "p.yaml: rule p/a: much is not a quantity"),
            (
                "  - {name: a, quota: {pods: 1}, match: {kinds: [Pod]}}\n",
                "p.yaml: rule p/a: a quota is about the whole module: match has no effect on it",
            ),
        ] {
            assert_eq!(told(rules), want);
        }
        for (rules, want) in [
            ("  - {name: a, image: {}}\n", "unknown field `image`"),
            ("  - {name: a, pods: {forbid: [everything]}}\n", "unknown variant `everything`"),
            ("  - {name: a, cel: 'object.spec ='}\n", "rule p/a: the expression is wrong"),
            ("  - {name: a, severity: fatal, cel: 'true'}\n", "unknown variant `fatal`"),
            ("  - name: [\n", "p.yaml: "),
        ] {
            assert!(told(rules).contains(want), "{rules}: {}", told(rules));
        }
    }

    #[test]
    fn documents_of_other_kinds_are_refused() {
        let told = |text: &str| Policies::read("p.yaml", text).map(|_| ()).unwrap_err().to_string();
        assert_eq!(told(""), "p.yaml has no policy");
        assert_eq!(told("apiVersion: v1\nkind: Pod\n"), "p.yaml: v1 Pod is not a Policy of chartwright.dev/v1alpha1");
        let rule = "  - {name: a, cel: 'true'}\n";
        assert_eq!(
            told(&format!("{HEAD}{rule}---\nkind: Other\n")),
            "p.yaml: Other is not a Policy of chartwright.dev/v1alpha1"
        );
    }
}
