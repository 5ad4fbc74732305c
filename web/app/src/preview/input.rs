//! What is asked of the engine.

use contract::{
    Archive, Base64, ChartGiven, Layers, Limits, Mode, Platform, ReleaseGiven, RenderInput, Selection, Subject, Text,
    TextFile,
};

use super::open::{Opened, Source};

/// The facts of a platform as a person fills them in. An empty field is a fact that the platform does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlatformForm {
    /// The registry's host.
    pub registry: String,
    /// The path in the registry.
    pub repository: String,
    /// The domain below which components get their host names.
    pub domain: String,
    /// The account in the registry.
    pub username: String,
    /// Its password. It is neither kept nor shared.
    pub token: String,
    /// The release's name; empty: the module's.
    pub release: String,
    /// The namespace; empty: `default`.
    pub namespace: String,
    /// The version of Kubernetes; empty: Helm's default.
    pub kube_version: String,
}

impl PlatformForm {
    /// The platform of a name that the page offers.
    pub fn preset(name: &str) -> Option<PlatformForm> {
        match name {
            "demo" => Some(PlatformForm {
                registry: "registry.example.org".into(),
                repository: "marketplace".into(),
                domain: "demo.example.org".into(),
                username: "demo".into(),
                ..PlatformForm::default()
            }),
            "local" => Some(PlatformForm {
                registry: "localhost:5000".into(),
                domain: "127.0.0.1.nip.io".into(),
                ..PlatformForm::default()
            }),
            "none" => Some(PlatformForm::default()),
            _ => None,
        }
    }

    /// The field of a name, as hints of the engine have it.
    pub fn field(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "registry" => &mut self.registry,
            "repository" => &mut self.repository,
            "domain" => &mut self.domain,
            "username" => &mut self.username,
            "token" => &mut self.token,
            "release" => &mut self.release,
            "namespace" => &mut self.namespace,
            "kubeVersion" => &mut self.kube_version,
            _ => return None,
        })
    }

    /// The facts, if there are any.
    pub fn facts(&self) -> Option<Platform> {
        let some = |text: &String| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        let platform = Platform {
            registry: some(&self.registry),
            repository: some(&self.repository),
            domain: some(&self.domain),
            username: some(&self.username),
            // A chart that asks for credentials is rendered without them, too: what is made of them stays hidden.
            token: some(&self.token).or_else(|| some(&self.username).map(|_| "not-a-real-token".to_owned())),
            namespace: None,
        };
        (platform != Platform::default()).then_some(platform)
    }
}

/// The time and the key of all renders of a page: the same for each, so that only values change a result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// Seconds since 1970.
    pub now: i64,
    /// For random functions: what they make may be deployed, so nobody may guess it. Without one they fail.
    pub key: Option<[u8; 32]>,
}

/// The input of a render: the subject by its digest, and the override as it is written.
pub fn render_input(opened: &Opened, values: &str, form: &PlatformForm, helm: bool, moment: Moment) -> RenderInput {
    let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    let (subject, charts) = match &opened.source {
        Source::Chart => {
            let archive = Archive {
                name: opened.chart.name.clone(),
                digest: Some(opened.chart.digest.clone()),
                data: None,
                files: None,
            };
            (Subject::Chart(archive), Vec::new())
        }
        Source::Descriptor { text, charts } => {
            let given = charts.iter().map(|(wanted, digest, revision)| ChartGiven {
                wanted: wanted.clone(),
                archive: Archive { digest: Some(digest.clone()), ..Archive::default() },
                revision: revision.clone(),
                ..ChartGiven::default()
            });
            (Subject::Descriptor(TextFile { name: opened.file.clone(), text: text.to_string() }), given.collect())
        }
    };
    let is_chart = matches!(opened.source, Source::Chart);
    let mut input = RenderInput::new(subject);
    input.charts = charts;
    if !values.trim().is_empty() {
        input.values = Layers { yaml: vec![Text::from(values)], ..Layers::default() };
    }
    if is_chart {
        input.release = ReleaseGiven {
            name: Some(given(&form.release).unwrap_or_else(|| release_name(&opened.chart.name))),
            namespace: given(&form.namespace),
            ..ReleaseGiven::default()
        };
    }
    input.capabilities.kube_version = given(&form.kube_version);
    input.world.platform = form.facts();
    input.world.now = moment.now;
    input.world.key = moment.key.map(|key| Base64(key.to_vec()));
    input.limits = Limits::default();
    input.mode = if helm { Mode::Helm } else { Mode::Flux };
    input.want = Selection { crds: true, levels: 2, ..Selection::default() };
    input
}

/// A name that Helm takes for a release, from the name of a chart.
pub(super) fn release_name(chart: &str) -> String {
    let name: String =
        chart.chars().take(53).map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "release-name".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_releases_are_names() {
        for (chart, name) in
            [("shop", "shop"), ("My_Shop", "my-shop"), ("-", "release-name"), (&"a".repeat(60), &"a".repeat(53))]
        {
            assert_eq!(release_name(chart), name);
        }
    }

    #[test]
    fn an_empty_form_is_no_platform() {
        assert_eq!(PlatformForm::default().facts(), None);
        let demo = PlatformForm::preset("demo").and_then(|form| form.facts());
        assert_eq!(demo.and_then(|facts| facts.domain).as_deref(), Some("demo.example.org"));
    }
}
