//! What charts and descriptors say of themselves.

use chartwright_catalog::{Module, id_of};
use descriptor::HelmChartDescriptor;
use govalue::Str;
use helm::chart::Metadata;

/// The annotations that a catalog reads.
const TITLE: &str = "chartwright.dev/title";
const CATEGORY: [&str; 3] = ["chartwright.dev/category", "artifacthub.io/category", "category"];
const EXAMPLE: &str = "chartwright.dev/example";

/// What something says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct About {
    /// The module, without icon and versions.
    pub(crate) module: Module,
    pub(crate) version: String,
    pub(crate) app_version: String,
    pub(crate) deprecated: bool,
    /// What it names as its icon.
    pub(crate) icon: String,
}

/// What a chart says.
pub(crate) fn of_chart(metadata: &Metadata) -> About {
    let text = |text: &Str| text.to_str_lossy().into_owned();
    let annotation = |key: &str| {
        let found = metadata.annotations.iter().flatten().find(|(known, _)| *known == key);
        found.map(|(_, value)| text(value)).filter(|value| !value.is_empty())
    };
    About {
        module: module(
            &text(&metadata.name),
            &annotation,
            Told {
                description: text(&metadata.description),
                keywords: metadata.keywords.iter().flatten().map(text).collect(),
                home: text(&metadata.home),
            },
        ),
        version: text(&metadata.version),
        app_version: text(&metadata.app_version),
        deprecated: metadata.deprecated,
        icon: text(&metadata.icon),
    }
}

/// What a descriptor says.
pub(crate) fn of_descriptor(descriptor: &HelmChartDescriptor) -> About {
    let annotations = descriptor.metadata.other.get("annotations");
    let annotation = |key: &str| {
        let found = annotations.and_then(|all| all.get(key)).and_then(serde_json::Value::as_str);
        found.map(str::to_owned).filter(|value| !value.is_empty())
    };
    let own = &descriptor.spec.module;
    About {
        module: module(
            &descriptor.metadata.name,
            &annotation,
            Told {
                description: own.description.clone().unwrap_or_default(),
                keywords: own.keywords.clone(),
                home: own.home.clone().unwrap_or_default(),
            },
        ),
        version: own.version.clone(),
        app_version: own.app_version.clone().unwrap_or_default(),
        deprecated: false,
        icon: own.icon.clone().unwrap_or_default(),
    }
}

/// What both say in their own fields.
struct Told {
    description: String,
    keywords: Vec<String>,
    home: String,
}

fn module(name: &str, annotation: &dyn Fn(&str) -> Option<String>, told: Told) -> Module {
    let mut keywords: Vec<String> = Vec::new();
    for keyword in told.keywords {
        if !keyword.is_empty() && !keywords.contains(&keyword) {
            keywords.push(keyword);
        }
    }
    let is_web = told.home.starts_with("https://") || told.home.starts_with("http://");
    Module {
        id: id_of(name),
        title: annotation(TITLE).unwrap_or_else(|| title_of(name)),
        description: told.description.trim().to_owned(),
        category: CATEGORY.iter().find_map(|key| annotation(key)).unwrap_or_default(),
        keywords,
        home: if is_web { told.home } else { String::new() },
        example: annotation(EXAMPLE).is_some_and(|value| value == "true"),
        ..Module::default()
    }
}

/// A title for a name: `data-share` is `Data share`.
fn title_of(name: &str) -> String {
    let words = name.replace(['-', '_'], " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
