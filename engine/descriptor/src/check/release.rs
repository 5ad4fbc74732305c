//! How the module itself is released.

use contract::{Code, Hint, nearest};

use crate::places::{field, item};

use super::Check;
use super::text::{is_data_key, is_duration, is_subdomain, is_target_path};

pub(super) fn check(check: &mut Check<'_>) {
    let spec = &check.parsed.descriptor.spec;
    let release = &spec.release;
    if let Some(interval) = &release.interval
        && !is_duration(interval)
    {
        let digits = !interval.is_empty() && interval.bytes().all(|b| b.is_ascii_digit());
        let hint = if digits {
            format!("write {interval}m for minutes")
        } else {
            "write a duration such as 10m or 1h30m".into()
        };
        check.error(
            Code::Interval,
            "spec.release.interval",
            format!("{interval:?} is not a duration"),
            Hint::text(hint),
        );
    }
    if let Some(account) = &release.service_account_name
        && !is_subdomain(account)
    {
        let path = "spec.release.serviceAccountName";
        check.error(Code::Name, path, format!("{account:?} cannot be the name of a service account"), None);
    }
    for (i, from) in release.values_from.iter().enumerate() {
        let path = item("spec.release.valuesFrom", i);
        if !is_subdomain(&from.name) {
            let what = if from.name.is_empty() {
                "is empty".to_owned()
            } else {
                format!("{:?} is not a valid name", from.name)
            };
            let message = format!("{path}.name {what}: it names a ConfigMap or Secret");
            check.error(Code::ValuesFrom, &field(&path, "name"), message, None);
        }
        if let Some(key) = from.values_key.as_deref().filter(|k| !is_data_key(k)) {
            let message = format!("{key:?} cannot be a key of a ConfigMap or Secret");
            check.error(Code::ValuesFrom, &field(&path, "valuesKey"), message, None);
        }
        if let Some(target) = from.target_path.as_deref().filter(|t| !is_target_path(t)) {
            let message = format!("{target:?} is not a path to a value");
            check.error(
                Code::ValuesFrom,
                &field(&path, "targetPath"),
                message,
                Hint::text("write a path such as web.image.tag"),
            );
        }
    }
    let known = || spec.components.iter().map(|c| c.name.as_str());
    for (key, value) in &release.values {
        let path = field("spec.release.values", key);
        if key == "global" {
            continue;
        }
        if !known().any(|name| name == key) {
            let hint = match nearest(key, known()) {
                Some(near) => Hint::DidYouMean(near),
                None => Hint::text(format!("the components are {}", known().collect::<Vec<_>>().join(", "))),
            };
            check.error(Code::ReleaseValues, &path, format!("{key} is not a component of this module"), hint);
            check.at_key();
        } else if !value.is_object() && !value.is_null() {
            let message = format!("{path} must be a mapping: the values of the component {key}");
            check.error(Code::ReleaseValues, &path, message, None);
        }
    }
}
