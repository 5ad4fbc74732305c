//! Names of the module, its components and namespaces.

use contract::{Code, Hint};
use govalue::sorted::Sorted;

use crate::places::{field, item};
use crate::types::{Layout, MAX_RELEASE_NAME};

use super::Check;
use super::text::{as_label, is_label};

/// The most components of a module, as in the schema.
const MAX_COMPONENTS: usize = 64;

pub(super) fn check(check: &mut Check<'_>) {
    let parsed = check.parsed;
    let descriptor = &parsed.descriptor;
    let module = &descriptor.metadata.name;
    label(check, "metadata.name", module);
    let namespaces = [
        ("metadata.namespace", &descriptor.metadata.namespace),
        ("spec.release.targetNamespace", &descriptor.spec.release.target_namespace),
    ];
    for (path, name) in namespaces {
        if let Some(name) = name {
            label(check, path, name);
        }
    }
    let components = &descriptor.spec.components;
    if components.is_empty() {
        check.error(
            Code::NoComponents,
            "spec.components",
            "spec.components is empty",
            Hint::text("a module has at least one"),
        );
    }
    if components.len() > MAX_COMPONENTS {
        let message = format!("{} components: a module has at most {MAX_COMPONENTS}", components.len());
        check.error(Code::TooManyComponents, "spec.components", message, None);
    }
    let mut first: Sorted<&str, String> = Sorted::default();
    for (i, component) in components.iter().enumerate() {
        let path = field(&item("spec.components", i), "name");
        let name = &component.name;
        if parsed.is_hole(&path) {
            continue;
        }
        if let Some(earlier) = first.get(name.as_str()) {
            let message = format!("a second component {name}: the first is on line {}", check.line(earlier));
            check.error(Code::DuplicateComponent, &path, message, Hint::text("give each component its own name"));
        } else {
            first.insert(name, path.clone());
        }
        component_name(check, &path, name);
        let release = module.len() + 1 + name.len();
        if release > MAX_RELEASE_NAME && is_label(name) && is_label(module) {
            let message = format!(
                "the release {module}-{name} has a name of {release} characters; Helm allows {MAX_RELEASE_NAME}"
            );
            let most = MAX_RELEASE_NAME.saturating_sub(module.len() + 1);
            let hint = if most > 0 {
                format!("shorten it to {most} characters, or the module's name")
            } else {
                "shorten the module's name".into()
            };
            check.error(Code::ReleaseName, &path, message, Hint::text(hint));
        }
    }
}

fn component_name(check: &mut Check<'_>, path: &str, name: &str) {
    let umbrella = check.parsed.descriptor.spec.layout == Layout::Umbrella;
    if name == "global" || (umbrella && name == "tags") {
        let what = if name == "global" { "values that all charts see" } else { "switches of subcharts" };
        let message = format!("a component cannot be called {name}: Helm reserves that key of the values for {what}");
        check.error(Code::ReservedName, path, message, None);
        return;
    }
    if !label(check, path, name) {
        return;
    }
    if name.contains('-') || name.starts_with(|c: char| c.is_ascii_digit()) {
        let message = format!("a template cannot write .Values.{name}");
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let plain = plain.trim_start_matches(|c: char| c.is_ascii_digit());
        let hint = format!(
            "the expanded charts use (index .Values \"{name}\"); DS2's guide forbids such names: {}",
            if plain.is_empty() { "start with a letter".to_owned() } else { format!("write {plain}") }
        );
        check.warning(Code::NameNotIdentifier, path, message, Hint::text(hint));
    }
}

/// Whether a name is a label; if not, it is reported.
fn label(check: &mut Check<'_>, path: &str, name: &str) -> bool {
    if is_label(name) {
        return true;
    }
    let message = match name {
        "" => format!("{path} is empty"),
        _ if name.len() > 63 => format!("{name:?} has {} characters: a DNS-1123 label has at most 63", name.len()),
        _ => format!("{name:?} is not a DNS-1123 label: only a-z, 0-9 and -, with a letter or digit at both ends"),
    };
    check.error(Code::Name, path, message, as_label(name).map(|near| format!("write {near}")).map(Hint::Text));
    false
}
