//! Objects against rules.

use std::collections::BTreeSet;
use std::fmt;

use contract::{ObjectOut, Summary};

use crate::object::Object;
use crate::refusal::{Found, Refusal};
use crate::rule::{Check, Match, Rule, Scope};
use crate::{image, pods, quota, template};

/// What rules look at.
pub struct Judged<'j> {
    objects: &'j [ObjectOut],
    summary: &'j Summary,
    templates: &'j dyn Fn(&ObjectOut) -> Option<String>,
}

impl fmt::Debug for Judged<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Judged").field("objects", &self.objects.len()).finish_non_exhaustive()
    }
}

impl<'j> Judged<'j> {
    /// The objects of a render, all levels of it, without lists ([`crate::unfold`]), and what they amount to: what
    /// `chartwright::api::summary` says of the same objects. Quotas and cluster-scoped objects are read from there.
    pub fn new(objects: &'j [ObjectOut], summary: &'j Summary) -> Judged<'j> {
        Judged { objects, summary, templates: &|_| None }
    }

    /// The same, with the texts of the templates that objects come from, so that refusals name lines.
    #[must_use]
    pub fn with_templates(self, templates: &'j dyn Fn(&ObjectOut) -> Option<String>) -> Judged<'j> {
        Judged { templates, ..self }
    }
}

impl Match {
    pub(crate) fn is_empty(&self) -> bool {
        self.kinds.is_empty() && self.namespaces.is_empty() && self.components.is_empty()
    }

    fn fits(&self, object: &ObjectOut) -> bool {
        let fits = |list: &[String], word: &str| list.is_empty() || list.iter().any(|one| one == word);
        fits(&self.kinds, &object.kind)
            && fits(&self.namespaces, &object.namespace)
            && fits(&self.components, object.component.as_deref().unwrap_or_default())
    }
}

pub(crate) fn judge(rules: &[Rule], judged: &Judged<'_>) -> Vec<Refusal> {
    let objects: Vec<(&ObjectOut, Option<Object<'_>>)> =
        judged.objects.iter().map(|out| (out, Object::read(out))).collect();
    let cluster: BTreeSet<&str> = judged.summary.cluster_scoped.iter().map(String::as_str).collect();
    let mut refusals = Vec::new();
    for rule in rules {
        if let Check::Quota(quota) = &rule.check {
            let found = quota::judge(quota, judged.summary, judged.objects.len());
            refusals.extend(found.into_iter().map(|found| Refusal::of(&rule.name, rule.severity, words(rule, &found))));
            continue;
        }
        for (out, object) in objects.iter().filter(|(out, _)| rule.of.fits(out)) {
            for found in of_rule(&rule.check, out, object.as_ref(), &cluster) {
                let line = (judged.templates)(out).map_or(0, |text| template::line_of(&text, &out.kind, &found.path));
                let refusal = Refusal::of(&rule.name, rule.severity, words(rule, &found));
                refusals.push(refusal.about(out, found.path, line));
            }
        }
    }
    refusals
}

fn of_rule(check: &Check, out: &ObjectOut, object: Option<&Object<'_>>, cluster: &BTreeSet<&str>) -> Vec<Found> {
    if let Check::ClusterScoped(scope) = check {
        return of_scope(scope, out, cluster);
    }
    let Some(object) = object else {
        return vec![Found::fault("it cannot be read, so the rule cannot be checked".to_owned())];
    };
    match check {
        Check::Images(rule) => image::judge(rule, object),
        Check::Pods(forbid) => pods::judge(forbid, object),
        Check::Cel(expression) => match expression.holds(out, &object.value) {
            Ok(true) => Vec::new(),
            Ok(false) => vec![Found::whole(format!("{} is not true", expression.source()))],
            Err(why) => vec![Found::fault(why)],
        },
        Check::ClusterScoped(_) | Check::Quota(_) => Vec::new(),
    }
}

fn of_scope(scope: &Scope, out: &ObjectOut, cluster: &BTreeSet<&str>) -> Vec<Found> {
    let is_cluster = cluster.contains(&*format!("{}/{}", out.kind, out.name));
    match is_cluster && !scope.allow.contains(&out.kind) {
        true => vec![Found::whole("it is cluster-scoped".to_owned())],
        false => Vec::new(),
    }
}

/// What the author of a rule says of it, in place of our words.
fn words(rule: &Rule, found: &Found) -> String {
    match &rule.message {
        Some(message) if found.is_fault => format!("{message}: {}", found.what),
        Some(message) => message.clone(),
        None => found.what.clone(),
    }
}
