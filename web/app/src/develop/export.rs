//! What a person takes away: which files, and under which names.

use chartwright_protocol::{ArgocdFiles, Export, FluxFiles};

/// What may be downloaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The descriptor.
    Descriptor,
    /// The chart's archive.
    Chart,
    /// The repository that Flux deploys from.
    Flux,
    /// The repository that Argo CD deploys from.
    Argocd,
    /// All of it in one archive.
    All,
}

/// How repositories are laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// For Flux.
    pub flux: FluxFiles,
    /// For Argo CD.
    pub argocd: ArgocdFiles,
}

/// A field of [`Options`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// `NAMESPACE/NAME` of the GitRepository.
    Repository,
    /// The URL of a source of base charts, by `NAMESPACE/NAME`.
    Url(String),
    /// The branch of these.
    Branch,
    /// The URL of Argo CD's repository.
    RepoUrl,
    /// Its revision.
    Revision,
    /// The folder of Applications.
    Applications,
    /// The folder of wrapper charts.
    Charts,
    /// Argo CD's project.
    Project,
    /// The repository of the module's chart.
    ChartRepository,
}

impl Options {
    /// What a field has.
    pub fn get(&self, field: &Field) -> &str {
        match field {
            Field::Repository => &self.flux.repository,
            Field::Url(source) => {
                let url = self.flux.urls.iter().find(|(name, _)| name == source);
                url.map_or("", |(_, url)| url)
            }
            Field::Branch => &self.flux.branch,
            Field::RepoUrl => &self.argocd.repo_url,
            Field::Revision => &self.argocd.revision,
            Field::Applications => &self.argocd.applications,
            Field::Charts => &self.argocd.charts,
            Field::Project => &self.argocd.project,
            Field::ChartRepository => &self.argocd.chart_repository,
        }
    }

    /// Sets a field.
    pub fn set(&mut self, field: Field, text: String) {
        let text = text.trim().to_owned();
        match field {
            Field::Repository => self.flux.repository = text,
            Field::Url(source) => {
                self.flux.urls.retain(|(name, _)| *name != source);
                if !text.is_empty() {
                    self.flux.urls.push((source, text));
                }
            }
            Field::Branch => self.flux.branch = text,
            Field::RepoUrl => self.argocd.repo_url = text,
            Field::Revision => self.argocd.revision = text,
            Field::Applications => self.argocd.applications = text,
            Field::Charts => self.argocd.charts = text,
            Field::Project => self.argocd.project = text,
            Field::ChartRepository => self.argocd.chart_repository = text,
        }
    }

    /// What is missing for a download.
    pub fn missing(&self, what: What) -> Option<&'static str> {
        let flux = matches!(what, What::Flux | What::All);
        if flux && !self.flux.repository.split_once('/').is_some_and(|(a, b)| !a.is_empty() && !b.is_empty()) {
            return Some("Name the GitRepository as NAMESPACE/NAME.");
        }
        (what == What::Argocd && self.argocd.repo_url.is_empty())
            .then_some("Fill in the URL of the repository that the files go into.")
    }

    /// The repositories of a download, and their folders in its archive. Argo CD's needs a URL, and is left out of
    /// [`What::All`] without one.
    pub fn repositories(&self, what: What) -> Vec<(&'static str, Export)> {
        let flux = || Export::Flux(self.flux.clone());
        let argocd = || Export::Argocd(self.argocd.clone());
        match what {
            What::Flux => vec![("", flux())],
            What::Argocd => vec![("", argocd())],
            What::All if self.argocd.repo_url.is_empty() => vec![("flux/", flux())],
            What::All => vec![("flux/", flux()), ("argocd/", argocd())],
            What::Descriptor | What::Chart => Vec::new(),
        }
    }

    /// As a text, to be kept; without the credentials that a URL may have.
    pub fn text(&self) -> String {
        let (mut flux, mut argocd) = (self.flux.clone(), self.argocd.clone());
        let urls = flux.urls.iter_mut().map(|(_, url)| url);
        for url in urls.chain([&mut argocd.repo_url, &mut argocd.chart_repository]) {
            *url = without_credentials(url);
        }
        serde_json::to_string(&(flux, argocd)).unwrap_or_default()
    }

    /// What was kept; a text of another version of the page is none.
    pub fn read(text: &str) -> Options {
        let (flux, argocd) = serde_json::from_str(text).unwrap_or_default();
        Options { flux, argocd }
    }
}

/// A URL without what stands before an `@` in front of its host.
fn without_credentials(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let host = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let from = rest.get(..host).and_then(|host| host.rfind('@')).map_or(0, |at| at + 1);
    format!("{scheme}://{}", rest.get(from..).unwrap_or_default())
}

/// The name of the archive of a download.
pub(super) fn archive_name(what: What, module: &str) -> String {
    let module = if module.is_empty() { "module" } else { module };
    match what {
        What::Flux => format!("{module}-flux.zip"),
        What::Argocd => format!("{module}-argocd.zip"),
        _ => format!("{module}.zip"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_kept_and_checked() {
        let mut options = Options::default();
        assert_eq!(options.missing(What::Flux), None);
        assert!(options.missing(What::Argocd).is_some());
        assert_eq!(options.repositories(What::All).len(), 1);
        options.set(Field::RepoUrl, " https://git.example.org/gitops.git ".into());
        options.set(Field::Url("a/b".into()), "https://x".into());
        options.set(Field::Url("a/b".into()), "https://y".into());
        options.set(Field::Repository, "fleet".into());
        assert_eq!(options.missing(What::Argocd), None);
        assert!(options.missing(What::All).is_some());
        assert_eq!(options.get(&Field::Url("a/b".into())), "https://y");
        let folders: Vec<&str> = options.repositories(What::All).iter().map(|(folder, _)| *folder).collect();
        assert_eq!(folders, ["flux/", "argocd/"]);
        assert_eq!(Options::read(&options.text()), options);
        options.set(Field::RepoUrl, "https://me:hunter2@git.example.org/a@b.git".into());
        options.set(Field::Url("a/b".into()), "oci://token@registry.example.org".into());
        let kept = Options::read(&options.text());
        assert_eq!(kept.get(&Field::RepoUrl), "https://git.example.org/a@b.git");
        assert_eq!(kept.get(&Field::Url("a/b".into())), "oci://registry.example.org");
        assert_eq!(Options::read("{"), Options::default());
        options.set(Field::Url("a/b".into()), String::new());
        assert!(options.flux.urls.is_empty());
    }
}
