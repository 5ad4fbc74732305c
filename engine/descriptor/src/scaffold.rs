//! The first descriptor of a module, from a few answers.

use crate::image::{Image, Role, is_web_port};
use crate::names::dns_label;
use crate::types::{API_VERSION, SourceRef};
use crate::write::{Block, Item, base_charts, document, template};

/// What is to be known of a module.
#[derive(Clone, Debug)]
pub struct Answers {
    /// The module's name: a DNS-1123 label.
    pub name: String,
    /// The version of its chart.
    pub version: String,
    /// One sentence about it; may be empty.
    pub description: String,
    /// Its components.
    pub components: Vec<NewComponent>,
    /// The Flux source that has the base charts.
    pub base_charts: SourceRef,
}

impl Default for Answers {
    fn default() -> Answers {
        Answers {
            name: String::new(),
            version: "0.1.0".to_owned(),
            description: String::new(),
            components: Vec::new(),
            base_charts: base_charts(),
        }
    }
}

/// What is to be known of a component.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewComponent {
    /// Its name.
    pub name: String,
    /// Its image, with a tag.
    pub image: String,
    /// The port on which its container listens; 0 for none.
    pub port: u16,
    /// Whether people reach it from outside of the cluster.
    pub exposed: bool,
    /// The engine, if it is a database: `postgres`, `mysql`, `mariadb`, `mongodb`, `redis` or `custom`.
    pub database: Option<String>,
    /// Whether it is a task that ends.
    pub job: bool,
    /// The components that must be ready before it.
    pub depends_on: Vec<String>,
}

/// The engines that `databasebase` knows.
pub const ENGINES: &[&str] = &["postgres", "mysql", "mariadb", "mongodb", "redis", "custom"];

/// What an image gives away about its component: the port, whether it is exposed, and the engine of a database.
///
/// ```
/// let guess = descriptor::scaffold::guess("postgres:17");
/// assert_eq!((guess.port, guess.exposed, guess.database.as_deref()), (5432, false, Some("postgres")));
/// assert!(descriptor::scaffold::guess("ghcr.io/shop/web:1.0.0").exposed);
/// ```
pub fn guess(image: &str) -> NewComponent {
    let known = Image::parse(image).and_then(|i| i.known());
    let (port, role) = known.map_or((8080, Role::Web), |k| (k.port, k.role));
    let database = match role {
        Role::Database { engine, .. } => Some(engine.to_owned()),
        Role::Infrastructure | Role::Web => None,
    };
    let exposed = role == Role::Web && is_web_port(port) == Some(true);
    NewComponent { image: image.to_owned(), port, exposed, database, ..NewComponent::default() }
}

/// What is wrong with a name of a module or component; nothing if it is fine.
///
/// ```
/// use descriptor::scaffold::check_name;
/// assert_eq!(check_name("shop"), Ok(()));
/// assert_eq!(check_name("My_Shop"), Err("My_Shop is not a valid name; an example is my-shop".into()));
/// ```
///
/// # Errors
/// A message, with a valid name as an example.
pub fn check_name(name: &str) -> Result<(), String> {
    let fine = dns_label(name);
    if fine == name { Ok(()) } else { Err(format!("{name} is not a valid name; an example is {fine}")) }
}

/// What is wrong with a reference to an image; nothing if it is fine.
///
/// # Errors
/// A message.
pub fn check_image(image: &str) -> Result<(), String> {
    match Image::parse(image) {
        None => Err(format!("{image:?} is not an image with a tag: write [registry/]name:tag")),
        Some(i) if i.digest.is_empty() && matches!(i.tag.as_str(), "" | "latest") => {
            Err(format!("{image} has no version: give a tag, such as {}:1.0.0", i.name))
        }
        Some(_) => Ok(()),
    }
}

/// Writes the descriptor, with comments that say what can be changed.
pub fn descriptor(answers: &Answers) -> String {
    let mut whole = Block::new();
    whole.set("apiVersion", API_VERSION);
    whole.set("kind", "HelmChartDescriptor");
    let metadata = ["name", "namespace"].map(|key| (key.to_owned(), answers.name.as_str()));
    whole.set("metadata", Item::Inline(metadata.into_iter().collect()));
    let mut spec = Block::new();
    let mut module = Block::new();
    module.set("version", answers.version.as_str()).why("Raise it with every change: a semantic version.");
    if !answers.description.is_empty() {
        module.set("description", answers.description.as_str());
    }
    spec.set("module", module);
    let base = spec.set("template", template("modulebase", &answers.base_charts));
    base.why("The base chart of components that name none, and the Flux source that has it.");
    let components = answers.components.iter().map(|c| component(c, answers).into()).collect();
    spec.set("components", Item::List(components));
    whole.set("spec", spec);
    document(&whole)
}

fn component(new: &NewComponent, answers: &Answers) -> Block {
    let mut component = Block::new();
    component.set("name", new.name.replace('-', ""));
    let chart = match new {
        NewComponent { database: Some(_), .. } => Some("databasebase"),
        NewComponent { job: true, .. } => Some("jobbase"),
        _ => None,
    };
    if let Some(chart) = chart {
        component.set("template", template(chart, &answers.base_charts));
    }
    let mut values = Block::new();
    values.set_in(&["app", "name"], new.name.as_str()).beside("the host name, in the cluster and on the platform");
    if !new.job {
        values.set_in(&["app", "port"], i64::from(new.port)).beside("the port on which the container listens");
    }
    if let Some(engine) = &new.database {
        values.set("engine", engine.as_str());
    }
    values.set("image", image(&new.image));
    match &new.database {
        Some(_) => {
            values.set_in(&["persistence", "storage"], "5Gi");
        }
        None if new.job => {}
        None => {
            if new.port > 0 {
                let port = values.set_in(&["service", "port"], i64::from(new.port));
                port.beside("the address for other components");
            }
            let ingress = values.set_in(&["ingress", "enabled"], new.exposed && new.port > 0);
            if new.exposed {
                ingress.beside(format!("https://{}.DOMAIN", new.name));
            }
        }
    }
    component.set("values", values);
    if new.database.is_none() {
        let config = component
            .set("config", [("LOG_LEVEL".to_owned(), Item::Quoted("info".into()))].into_iter().collect::<Block>());
        config.why(
            "Environment variables that the operator may change. Secrets do not belong here: see existingSecrets.",
        );
    }
    if !new.depends_on.is_empty() {
        component.set("dependsOn", new.depends_on.iter().map(|d| d.replace('-', "")).collect::<Vec<_>>());
    }
    component
}

fn image(text: &str) -> Block {
    let mut block = Block::new();
    let image = Image::parse(text).unwrap_or_else(|| Image { name: text.to_owned(), ..Image::default() });
    let parts = [
        ("registry", &image.registry),
        ("repository", &image.repository),
        ("name", &image.name),
        ("tag", &image.tag),
        ("digest", &image.digest),
    ];
    for (key, part) in parts {
        if !part.is_empty() {
            block.set(key, part.as_str());
        }
    }
    let private = block.set_in(&["privateRegistry", "enabled"], false);
    private.beside("true: the platform's registry, with its credentials");
    block
}

#[cfg(test)]
mod tests {
    use super::{Answers, NewComponent, check_image, descriptor, guess};

    #[test]
    fn answers_become_a_descriptor_that_check_likes() {
        let web =
            NewComponent { name: "shop-web".into(), depends_on: vec!["db".into()], ..guess("ghcr.io/shop/web:1.4.0") };
        let db = NewComponent { name: "db".into(), ..guess("postgres:17") };
        let job = NewComponent { name: "import".into(), job: true, ..guess("shop/import:1.4.0") };
        let description = "A shop".to_owned();
        let answers =
            Answers { name: "shop".into(), description, components: vec![web, db, job], ..Answers::default() };
        let text = descriptor(&answers);
        let (parsed, problems) = crate::read::parse("shop.yaml", &text);
        assert_eq!(problems, [], "{text}");
        let problems = crate::check::check(&parsed.expect("a descriptor"), &|_| None);
        assert_eq!(problems, [], "{text}");
        insta::assert_snapshot!(text);
    }

    #[test]
    fn images_need_a_version() {
        for (image, want) in [
            ("a:1", Ok(())),
            ("a@sha256:00", Ok(())),
            ("a", Err("a has no version: give a tag, such as a:1.0.0")),
            ("r/a:latest", Err("r/a:latest has no version: give a tag, such as a:1.0.0")),
            ("a b", Err("\"a b\" is not an image with a tag: write [registry/]name:tag")),
        ] {
            assert_eq!(check_image(image), want.map_err(str::to_owned), "{image}");
        }
    }
}
