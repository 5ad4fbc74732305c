//! What the page reads in a descriptor, and writes into one.

use std::fmt;

use chartwright_values::{Model, Path, Refused, Secrets, Value, merge};

/// A namespace and a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id {
    /// The namespace.
    pub namespace: String,
    /// The name.
    pub name: String,
}

impl Id {
    /// Of a namespace and a name.
    pub fn new(namespace: impl Into<String>, name: impl Into<String>) -> Id {
        Id { namespace: namespace.into(), name: name.into() }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

/// Where a descriptor has the operator's values.
fn own() -> Path {
    Path::root().key("spec").key("release").key("values")
}

/// Under which name a descriptor is stored; `None` where it has none.
pub fn id_of(text: &str) -> Option<Id> {
    let value = chartwright_values::parse(text).ok()?;
    let metadata = value.as_map()?.get("metadata")?.as_map()?;
    let read = |key: &str| metadata.get(key).and_then(Value::as_text).filter(|text| !text.is_empty());
    Some(Id::new(read("namespace").unwrap_or("default"), read("name")?))
}

/// The operator's values in a descriptor, as a text.
pub fn own_values(text: &str) -> String {
    let value = chartwright_values::parse(text).unwrap_or_default();
    value
        .get(&own())
        .filter(|values| !values.is_empty_collection())
        .map(chartwright_values::to_text)
        .unwrap_or_default()
}

/// A descriptor with other values of the operator: in place of its own, or over them.
///
/// # Errors
/// If one of the two texts cannot be read.
pub fn with_own_values(text: &str, values: &str, over: bool) -> Result<String, Refused> {
    let mut values = model_of(values)?.values().clone();
    let mut model = model_of(text)?;
    let before = model.values().get(&own()).cloned().unwrap_or_default();
    if over && before.as_map().is_some() {
        values = merge(&before, &values);
    }
    let empty = values.as_map().is_none_or(|map| map.is_empty());
    match (empty, before == Value::default()) {
        (true, true) => {}
        (true, false) => model.unset(&own())?,
        (false, _) if values == before => {}
        (false, _) => model.set(&own(), values)?,
    }
    Ok(model.text().to_owned())
}

/// A descriptor with the operator's values of another one below its own: what was chosen for an earlier version stays.
/// The same where one of them cannot be read, or nothing was chosen.
pub fn with_values_of(text: &str, earlier: &str) -> String {
    let below = own_values(earlier);
    if below.is_empty() {
        return text.to_owned();
    }
    let with = with_own_values(text, &below, false).and_then(|with| with_own_values(&with, &own_values(text), true));
    with.unwrap_or_else(|_| text.to_owned())
}

fn model_of(text: &str) -> Result<Model, Refused> {
    let mut model = Model::new("").map_err(Refused::InvalidText)?;
    model.set_text(text);
    match model.error() {
        Some(error) => Err(Refused::InvalidText(error.clone())),
        None => Ok(model),
    }
}

/// How many of the operator's values are passwords by their names or forms: a store has them as they are.
pub fn passwords(text: &str) -> usize {
    let value = chartwright_values::parse(text).unwrap_or_default();
    value.get(&own()).map_or(0, |values| Secrets::new(None, None).paths_in(values).len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOP: &str =
        "# ours\nmetadata:\n  name: shop # the name\n  namespace: web\nspec:\n  module:\n    version: 1.0.0\n";

    #[test]
    fn values_of_the_operator_come_and_go() {
        let one = with_own_values(SHOP, "front:\n  config: {A: \"1\"}\n", true).unwrap();
        assert!(one.starts_with("# ours\nmetadata:\n  name: shop # the name\n"), "{one}");
        assert_eq!(
            chartwright_values::parse(&own_values(&one)),
            chartwright_values::parse("front: {config: {A: \"1\"}}")
        );
        // Over those that are there, or in their place.
        let two = with_own_values(&one, "front: {replicas: 2}", true).unwrap();
        assert_eq!(
            chartwright_values::parse(&own_values(&two)),
            chartwright_values::parse("front: {config: {A: \"1\"}, replicas: 2}")
        );
        let three = with_own_values(&two, "front: {replicas: 3}", false).unwrap();
        assert_eq!(chartwright_values::parse(&own_values(&three)), chartwright_values::parse("front: {replicas: 3}"));
        assert_eq!(own_values(&with_own_values(&three, "", false).unwrap()), "");
        assert_eq!(with_own_values(SHOP, " \n", true).unwrap(), SHOP);
        assert!(with_own_values(SHOP, "a: [", true).is_err());
    }

    #[test]
    fn values_of_an_earlier_version_stay() {
        let earlier = with_own_values(SHOP, "front: {replicas: 2, tag: a}", true).unwrap();
        let later = SHOP.replace("1.0.0", "2.0.0");
        let mine = with_own_values(&later, "front: {tag: b}", true).unwrap();
        let both = with_values_of(&mine, &earlier);
        assert_eq!(
            chartwright_values::parse(&own_values(&both)),
            chartwright_values::parse("front: {replicas: 2, tag: b}")
        );
        assert!(both.contains("version: 2.0.0"));
        // Twice is once; and where there is nothing to keep, nothing changes.
        assert_eq!(with_values_of(&both, &earlier), both);
        assert_eq!((with_values_of(&mine, SHOP), with_values_of("a: [", &earlier)), (mine, "a: [".to_owned()));
    }

    #[test]
    fn descriptors_have_names() {
        assert_eq!(id_of(SHOP), Some(Id::new("web", "shop")));
        assert_eq!(id_of("metadata: {name: a}"), Some(Id::new("default", "a")));
        assert_eq!((id_of("a: ["), id_of("[]"), id_of("metadata: {}")), (None, None, None));
        let secret = with_own_values(SHOP, "db: {password: x, host: y}", true).unwrap();
        assert_eq!((passwords(&secret), passwords(SHOP)), (1, 0));
    }
}
