//! The management API of `chartwright serve`.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chartwright_api::{Access, Caller, Options, Rate, Tokens};
use chartwright_host::Files;
use chartwright_local::{
    Account, CatalogCharts, GitReleases, LocalBackend, Login, Pool, ReleasesOptions, SourceHosts, Store,
};
use clap::Args;
use policy::Policies;

use crate::commands::render::platform;
use crate::environment;
use crate::source_args::SourceArgs;

/// How many renders may wait for each thread.
const QUEUE: usize = 16;

/// How long each call of `git` may take.
const GIT_TIMEOUT: Duration = Duration::from_secs(60);

/// Flags of the API.
#[derive(Args, Debug)]
pub(super) struct ApiArgs {
    /// Store of descriptors, made if it is not there: serves the management API below /api/ on it
    #[arg(long, value_name = "FILE", help_heading = "API")]
    store: Option<PathBuf>,
    /// File with a line `TOKEN [NAMESPACE,…] [read]` for each bearer token; without it, only this machine can use the API
    #[arg(long, value_name = "FILE", requires = "store", help_heading = "API")]
    token_file: Option<PathBuf>,
    /// Platform facts for previews that give none
    #[arg(long, value_name = "FILE", requires = "store", help_heading = "API")]
    platform: Option<PathBuf>,
    /// File of policies that previews are judged by (repeatable)
    #[arg(long = "policy", value_name = "FILE", requires = "store", help_heading = "API")]
    policies: Vec<String>,
    /// Git repository that `install` and `uninstall` commit releases to, for Flux: a folder or a URL
    #[arg(long, value_name = "FOLDER|URL", requires = "store", help_heading = "Releases")]
    releases: Option<String>,
    /// Branch of the releases [default: the repository's own]
    #[arg(long, value_name = "NAME", requires = "releases", help_heading = "Releases")]
    releases_branch: Option<String>,
    /// Folder of the releases in the repository
    #[arg(long, value_name = "PATH", default_value = "releases", requires = "releases", help_heading = "Releases")]
    releases_folder: String,
    /// Name of the repository's GitRepository in the cluster
    #[arg(long, value_name = "NAMESPACE/NAME", default_value = "flux-system/flux-system", requires = "releases")]
    #[arg(help_heading = "Releases")]
    releases_source: String,
    /// Author of the commits
    #[arg(long, value_name = "NAME <EMAIL>", default_value = "Chartwright <chartwright@localhost>")]
    #[arg(requires = "releases", help_heading = "Releases")]
    releases_author: String,
    /// User name for the repository's server; the password is $CHARTWRIGHT_RELEASES_PASSWORD
    #[arg(long, value_name = "NAME", requires = "releases", help_heading = "Releases")]
    releases_username: Option<String>,
    /// Server that stored sources may name (repeatable) [default: any on loopback, none with --token-file]
    #[arg(long = "source-host", value_name = "NAME", requires = "store", help_heading = "API")]
    source_hosts: Vec<String>,
    /// Limit on the time of a render, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 10, requires = "store", help_heading = "API")]
    render_timeout: u64,
    /// Where previews find base charts, beside the catalog.
    #[command(flatten)]
    sources: SourceArgs,
}

impl ApiArgs {
    /// The API, if a store is given.
    pub(super) fn open(&self, address: IpAddr, catalog: Option<&Path>) -> Result<Option<Options>, String> {
        let Some(store) = &self.store else { return Ok(None) };
        let access = match &self.token_file {
            Some(file) => {
                let named = |why: String| format!("{}: {why}", file.display());
                let text = std::fs::read_to_string(file).map_err(|error| named(error.to_string()))?;
                Access::Tokens(Tokens::read(&text).map_err(|error| named(error.to_string()))?)
            }
            None if address.is_loopback() => Access::Loopback(Caller::default()),
            None => {
                let what = "others can reach this address, and the API can change the store: give --token-file FILE";
                return Err(what.to_owned());
            }
        };
        let files = Files::new(self.sources.offline);
        let platform = self.platform.as_deref().map(|path| platform(path, &files)).transpose();
        let mut policies = None;
        for name in &self.policies {
            let file = files.text(name)?;
            let read = Policies::read(&file.name, &file.text).map_err(|error| error.to_string())?;
            policies.get_or_insert_with(Policies::default).extend(read);
        }
        let catalog = catalog.map(CatalogCharts::open).transpose().map_err(|error| error.to_string())?;
        let time = Duration::from_secs(self.render_timeout.max(1));
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        let objects = self.sources.source_objects.iter().map(|path| files.text(&path.to_string_lossy()));
        let names =
            self.sources.sources.iter().filter_map(|text| text.split_once('=')).map(|(name, _)| name.to_owned());
        let backend = LocalBackend::new(chartwright_local::Options {
            store: Store::open(store).map_err(|error| error.to_string())?,
            sources: self.sources.open_for_server(time, &files).map_err(|error| error.to_string())?,
            source_options: self.sources.for_server(time),
            source_hosts: match (self.source_hosts.as_slice(), &self.token_file) {
                ([], None) => SourceHosts::Any,
                (names, _) => SourceHosts::Only(names.to_vec()),
            },
            source_names: names.collect(),
            hidden: objects.collect::<Result<_, _>>()?,
            catalog: catalog.unwrap_or_default(),
            policies,
            releases: self.releases()?,
            platform: platform.map_err(|failure| failure.message)?,
            pool: Pool::new(threads, threads * QUEUE).map_err(|error| format!("cannot start: {error}"))?,
            time,
        })
        .map_err(|error| format!("cannot start: {error}"))?;
        let rate = if address.is_loopback() { Rate::LOCAL } else { Rate::SHARED };
        Ok(Some(Options { backend: Arc::new(backend), access, rate, patience: Duration::from_secs(30) }))
    }

    /// Where releases are written, if anywhere.
    fn releases(&self) -> Result<Option<GitReleases>, String> {
        let Some(place) = &self.releases else { return Ok(None) };
        let author = self.releases_author.strip_suffix('>').and_then(|text| text.split_once('<'));
        let (author, email) = author.ok_or("--releases-author: write NAME <EMAIL>")?;
        let login = match &self.releases_username {
            Some(name) => {
                let password = environment::releases_password().ok_or("set CHARTWRIGHT_RELEASES_PASSWORD")?;
                Some(Login { name: name.clone(), password })
            }
            None => None,
        };
        let account = Account {
            author: author.trim().to_owned(),
            email: email.trim().to_owned(),
            login,
            ssh_command: environment::ssh_command(),
        };
        let options = ReleasesOptions {
            place: place.clone(),
            branch: self.releases_branch.clone(),
            folder: self.releases_folder.clone(),
            source: self.releases_source.clone(),
            account,
            timeout: GIT_TIMEOUT,
        };
        GitReleases::open(options).map(Some).map_err(|error| format!("--releases: {error}"))
    }
}
