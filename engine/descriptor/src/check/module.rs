//! What the module's chart says about itself.

use crate::places::{field, item};
use contract::{Code, Hint};

use super::Check;
use super::text::is_web_url;

pub(super) fn check(check: &mut Check<'_>) {
    let module = &check.parsed.descriptor.spec.module;
    version(check, &module.version);
    if let Some(range) = &module.kube_version
        && let Err(error) = gosemver::Constraints::parse(range.as_bytes())
    {
        let message = format!("{range:?} is not a range of Kubernetes versions: {error}");
        check.error(
            Code::VersionRange,
            "spec.module.kubeVersion",
            message,
            Hint::text("write a range such as >=1.28.0-0"),
        );
    }
    if let Some(icon) = &module.icon
        && !is_web_url(icon)
        && !icon.starts_with("data:image/")
    {
        let message = format!("{icon:?} is not the URL of an image");
        check.error(Code::Url, "spec.module.icon", message, Hint::text("it starts with https:// or data:image/"));
    }
    url(check, "spec.module.home", module.home.as_deref());
    for (i, source) in module.sources.iter().enumerate() {
        url(check, &item("spec.module.sources", i), Some(source));
    }
    for (i, maintainer) in module.maintainers.iter().enumerate() {
        let path = item("spec.module.maintainers", i);
        url(check, &field(&path, "url"), maintainer.url.as_deref());
        if let Some(email) = &maintainer.email
            && !email.contains('@')
        {
            check.error(Code::Email, &field(&path, "email"), format!("{email:?} is not an email address"), None);
        }
    }
}

fn version(check: &mut Check<'_>, version: &str) {
    let path = "spec.module.version";
    let Err(strict) = gosemver::Version::parse_strict(version.as_bytes()) else { return };
    let hint = "write three numbers, such as 1.0.0".to_owned();
    if gosemver::Version::parse(version.as_bytes()).is_err() {
        check.error(Code::Version, path, format!("{version:?} is not a semantic version: {strict}"), Hint::text(hint));
    } else {
        let message = format!("{version:?} is not a full semantic version: registries and ranges may not accept it");
        check.warning(Code::VersionNotStrict, path, message, Hint::text(hint));
    }
}

fn url(check: &mut Check<'_>, path: &str, url: Option<&str>) {
    if let Some(url) = url
        && !is_web_url(url)
    {
        check.error(Code::Url, path, format!("{url:?} is not a URL"), Hint::text("it starts with https:// or http://"));
    }
}
