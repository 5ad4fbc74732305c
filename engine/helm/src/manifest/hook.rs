//! Hooks: manifests that run at a moment of a release's life.

use govalue::Str;

use super::head::Head;
use crate::chart::Bytes;

/// The annotation that makes a manifest a hook.
pub(super) const HOOK: &str = "helm.sh/hook";
const WEIGHT: &str = "helm.sh/hook-weight";
const DELETE_POLICY: &str = "helm.sh/hook-delete-policy";
const OUTPUT_LOG_POLICY: &str = "helm.sh/hook-output-log-policy";

/// A manifest that runs at a moment of a release's life.
#[derive(Clone, Debug)]
pub struct Hook {
    /// The template that it comes from.
    pub source: Str,
    /// Its text.
    pub text: Bytes,
    /// What it is.
    pub head: Head,
    /// When it runs.
    pub events: Vec<HookEvent>,
    /// Where it stands among the hooks of an event.
    pub weight: i64,
    /// When it is deleted, as the annotation says.
    pub delete_policies: Vec<String>,
    /// When its output is logged, as the annotation says.
    pub output_log_policies: Vec<String>,
}

impl Hook {
    /// Whether it is a test, which `--skip-tests` leaves out.
    pub fn is_test(&self) -> bool {
        self.events.contains(&HookEvent::Test)
    }

    /// The hook that a manifest with the annotation is; `None` where an event is unknown.
    pub(super) fn new(source: Str, text: Bytes, head: Head, events: &Str) -> Option<Hook> {
        let events = words(events).map(|e| HookEvent::parse(&e)).collect::<Option<_>>()?;
        let annotation = |name| head.annotation(name).map(|v| words(v).collect()).unwrap_or_default();
        let weight = head.annotation(WEIGHT).and_then(|w| w.to_str()?.parse().ok()).unwrap_or(0);
        let (delete_policies, output_log_policies) = (annotation(DELETE_POLICY), annotation(OUTPUT_LOG_POLICY));
        Some(Hook { source, text, head, events, weight, delete_policies, output_log_policies })
    }
}

/// A moment in a release's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants carry Helm's own names")]
pub enum HookEvent {
    PreInstall,
    PostInstall,
    PreDelete,
    PostDelete,
    PreUpgrade,
    PostUpgrade,
    PreRollback,
    PostRollback,
    Test,
}

impl HookEvent {
    const ALL: [(HookEvent, &str); 9] = [
        (HookEvent::PreInstall, "pre-install"),
        (HookEvent::PostInstall, "post-install"),
        (HookEvent::PreDelete, "pre-delete"),
        (HookEvent::PostDelete, "post-delete"),
        (HookEvent::PreUpgrade, "pre-upgrade"),
        (HookEvent::PostUpgrade, "post-upgrade"),
        (HookEvent::PreRollback, "pre-rollback"),
        (HookEvent::PostRollback, "post-rollback"),
        (HookEvent::Test, "test"),
    ];

    /// As the annotation names it.
    pub fn name(self) -> &'static str {
        HookEvent::ALL.iter().find(|(e, _)| *e == self).map_or("", |(_, n)| n)
    }

    /// Reads a name; `test-success` is Helm 2's name of `test`.
    fn parse(name: &str) -> Option<HookEvent> {
        let name = if name == "test-success" { "test" } else { name };
        HookEvent::ALL.iter().find(|(_, n)| *n == name).map(|(e, _)| *e)
    }
}

/// The parts of a comma-separated annotation.
fn words(value: &Str) -> impl Iterator<Item = String> {
    value.to_str_lossy().split(',').map(|w| w.trim().to_lowercase()).collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hook(annotations: &[(&str, &str)]) -> Option<Hook> {
        let annotations: Vec<_> = annotations.iter().map(|&(k, v)| (Str::from(k), Str::from(v))).collect();
        let events = annotations.first().map(|(_, v)| v.clone()).unwrap_or_default();
        let head = Head { annotations, ..Head::default() };
        Hook::new(Str::from("t.yaml"), Bytes::default(), head, &events)
    }

    #[test]
    fn annotations_say_when_a_hook_runs() {
        let h = hook(&[(HOOK, " Pre-Install,test-success"), (WEIGHT, "-5"), (DELETE_POLICY, "a, B")]).unwrap();
        assert_eq!(h.events, [HookEvent::PreInstall, HookEvent::Test]);
        assert_eq!((h.weight, h.is_test()), (-5, true));
        assert_eq!(h.delete_policies, ["a", "b"]);
        assert_eq!(hook(&[(HOOK, "test"), (WEIGHT, "five")]).unwrap().weight, 0);
        assert!(hook(&[(HOOK, "pre-install,crd-install")]).is_none());
        assert!(hook(&[(HOOK, "")]).is_none());
    }
}
