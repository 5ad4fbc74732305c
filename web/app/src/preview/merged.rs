//! All values that are in effect: what a chart gets, and of a descriptor, what each of its base charts gets.

use std::rc::Rc;

use chartwright_values::{Map, Path, Value, coalesce, parse, to_text};

use super::open::{Opened, Source};
use super::outcome::{Object, Outcome};
use super::values::Values;

/// They, as YAML. Those of a descriptor are read from the HelmReleases of the result, by component.
pub(super) fn all_values(opened: &Opened, values: &Values, result: Option<&Outcome>) -> Rc<str> {
    match (&opened.source, result) {
        (Source::Descriptor { .. }, Some(result)) => of_components(opened, result).unwrap_or_else(|| values.merged()),
        _ => values.merged(),
    }
}

/// What [`all_values`] shows, in words.
pub(super) fn says(opened: Option<&Opened>) -> &'static str {
    match opened.map(|opened| &opened.source) {
        Some(Source::Descriptor { .. }) => "All values in effect: the base charts', the developer's and yours",
        _ => "All values in effect: the chart's and yours",
    }
}

fn of_components(opened: &Opened, result: &Outcome) -> Option<Rc<str>> {
    let path: Path = "spec.values".parse().ok()?;
    let mut all = Map::default();
    for release in result.releases.iter().filter(|release| release.level > 1) {
        let object = result.objects.iter().find(|object| {
            let head = &object.head;
            head.kind == "HelmRelease" && format!("{}/{}", head.namespace, head.name) == release.helm_release
        })?;
        let given = parse(object.text.as_str()).ok()?.get(&path).cloned().unwrap_or_else(|| Map::default().into());
        // Flux adds to the version what tells builds apart.
        let is_its = |version: &str| {
            release.version.strip_prefix(version).is_some_and(|rest| rest.is_empty() || rest.starts_with('+'))
        };
        let base = opened.bases.iter().find(|base| base.name == release.chart && is_its(&base.version));
        let defaults = base.and_then(|base| parse(&base.values).ok());
        let values = match defaults {
            Some(defaults @ Value::Map(_)) => coalesce(&defaults, &given),
            _ => given,
        };
        // A HelmRelease belongs to the module; what it deploys, to the component.
        let deployed = |object: &&Rc<Object>| object.head.helm_release.as_ref() == Some(&release.helm_release);
        let component = result.objects.iter().filter(deployed).find_map(|object| object.head.component.as_deref());
        let name = component.unwrap_or(&object.head.name);
        all.insert(name.into(), values);
    }
    Some(to_text(&all.into()).into())
}

#[cfg(test)]
mod tests {
    use chartwright_protocol::ChartInfo;
    use contract::ReleaseOut;

    use super::super::outcome::tests::rendered;
    use super::super::values::tests::opened;
    use super::*;

    #[test]
    fn values_of_components_have_the_base_charts_defaults() {
        let mut opened = opened("web:\n  config: {A: x}\n", None);
        let values = Values::new(&opened, "web:\n  config: {A: z}\n");
        let release = "apiVersion: x\nkind: HelmRelease\nspec:\n  values:\n    config: {A: z}\n    replicas: 2\n";
        let (mut head, text) = rendered(&[("shop-web", None, release), ("web", Some("web"), "kind: ConfigMap\n")]);
        head.objects[0].kind = "HelmRelease".into();
        head.objects[0].namespace = "shop".into();
        head.objects[1].helm_release = Some("shop/shop-web".into());
        head.releases = vec![ReleaseOut {
            helm_release: "shop/shop-web".into(),
            chart: "base".into(),
            version: "1.0.0+abc".into(),
            level: 2,
            ..ReleaseOut::default()
        }];
        let result = Outcome::new(head, text, None);
        // A chart's own values are what it gets.
        assert_eq!(&*all_values(&opened, &values, Some(&result)), "web:\n  config:\n    A: z\n");
        opened.source = Source::Descriptor { text: "".into(), charts: Vec::new() };
        let base = ChartInfo {
            name: "base".into(),
            version: "1.0.0".into(),
            values: "replicas: 1\nimage: {pull: Always}\n".into(),
            ..ChartInfo::default()
        };
        opened.bases = vec![Rc::new(base)];
        let all = all_values(&opened, &values, Some(&result));
        assert_eq!(
            parse(&all).unwrap(),
            parse("web:\n  replicas: 2\n  image: {pull: Always}\n  config: {A: z}\n").unwrap(),
            "{all}"
        );
    }
}
