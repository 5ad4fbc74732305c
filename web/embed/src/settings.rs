//! What the attributes of an element say.

use chartwright_app::preview::Host;
use chartwright_app::route::{Route, View};

/// The attributes that matter to the preview; the others are for the element's class and its styles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The address of a catalog, the index of a Helm repository, a chart's archive or a descriptor.
    pub src: String,
    /// The module of the catalog; empty: the only one.
    pub chart: String,
    /// Its version; empty: the newest.
    pub version: String,
    /// The override, as YAML.
    pub values: String,
    /// Whether the host can install what is shown.
    pub installable: bool,
}

impl Settings {
    /// Whether both show the same, so that what a person has typed stays.
    pub fn show_the_same(&self, other: &Settings) -> bool {
        (&self.src, &self.chart, &self.version) == (&other.src, &other.chart, &other.version)
    }

    /// What the preview is told of its host.
    pub fn host(&self) -> Host {
        Host { values: self.values.clone(), installs: self.installable }
    }

    /// Where the preview is, if the attributes alone say it.
    pub fn route(&self) -> Option<Route> {
        (!self.chart.is_empty()).then(|| self.module(&self.chart))
    }

    /// Where the preview of a module is.
    pub fn module(&self, id: &str) -> Route {
        Route::to(View::Module { id: id.to_owned(), version: self.version.clone() })
    }

    /// The address of the catalog. What is no catalog itself may have one beside it: base charts come from there.
    pub fn catalog(&self, is_catalog: bool) -> String {
        let (path, _) = self.src.split_once(['?', '#']).unwrap_or((&self.src, ""));
        match path.rsplit_once('/') {
            Some((_, file)) if is_catalog && !file.is_empty() => self.src.clone(),
            Some((folder, _)) => format!("{folder}/catalog.json"),
            None if is_catalog => self.src.clone(),
            None => "catalog.json".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn catalogs_are_where_they_are_said_to_be_or_beside_files() {
        for (src, is_catalog, want) in [
            ("https://a.example/c/all.json", true, "https://a.example/c/all.json"),
            ("https://a.example/c/index.yaml?x=1/2", true, "https://a.example/c/index.yaml?x=1/2"),
            ("https://a.example/c/", true, "https://a.example/c/catalog.json"),
            ("https://a.example/c/shop.yaml", false, "https://a.example/c/catalog.json"),
        ] {
            assert_eq!(Settings { src: src.into(), ..Settings::default() }.catalog(is_catalog), want);
        }
    }

    #[test]
    fn values_and_installing_do_not_change_what_is_shown() {
        let old = Settings { src: "a".into(), chart: "shop".into(), ..Settings::default() };
        let new = Settings { values: "a: 1".into(), installable: true, ..old.clone() };
        assert!(old.show_the_same(&new) && old != new);
        assert!(!old.show_the_same(&Settings { version: "1.0.0".into(), ..old.clone() }));
        assert_eq!(old.route().map(|route| route.write()).as_deref(), Some("m/shop"));
        assert_eq!(Settings::default().route(), None);
    }
}
