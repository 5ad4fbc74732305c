//! The management API of `chartwright serve`.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chartwright_api::{Access, Options, Rate, Tokens};
use chartwright_host::Files;
use chartwright_local::{CatalogCharts, LocalBackend, Pool, Store};
use clap::Args;
use policy::Policies;

use crate::commands::render::platform;
use crate::source_args::SourceArgs;

/// How many renders may wait for each thread.
const QUEUE: usize = 16;

/// Flags of the API.
#[derive(Args, Debug)]
pub(super) struct ApiArgs {
    /// Folder of descriptors: serves the management API below /api/ on it
    #[arg(long, value_name = "DIR", help_heading = "API")]
    store: Option<PathBuf>,
    /// File with a bearer token in each line; without it, only this machine can use the API
    #[arg(long, value_name = "FILE", requires = "store", help_heading = "API")]
    token_file: Option<PathBuf>,
    /// Platform facts for previews that give none
    #[arg(long, value_name = "FILE", requires = "store", help_heading = "API")]
    platform: Option<PathBuf>,
    /// File of policies that previews are judged by (repeatable)
    #[arg(long = "policy", value_name = "FILE", requires = "store", help_heading = "API")]
    policies: Vec<String>,
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
        let Some(folder) = &self.store else { return Ok(None) };
        let access = match &self.token_file {
            Some(file) => {
                let named = |why: String| format!("{}: {why}", file.display());
                let text = std::fs::read_to_string(file).map_err(|error| named(error.to_string()))?;
                Access::Tokens(Tokens::read(&text).map_err(|error| named(error.to_string()))?)
            }
            None if address.is_loopback() => Access::Loopback,
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
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        let objects = self.sources.source_objects.iter().map(|path| files.text(&path.to_string_lossy()));
        let names =
            self.sources.sources.iter().filter_map(|text| text.split_once('=')).map(|(name, _)| name.to_owned());
        let backend = LocalBackend::new(chartwright_local::Options {
            store: Store::open(folder).map_err(|error| error.to_string())?,
            sources: self.sources.open(None, &files).map_err(|error| error.to_string())?,
            source_names: names.collect(),
            hidden: objects.collect::<Result<_, _>>()?,
            catalog: catalog.unwrap_or_default(),
            policies,
            platform: platform.map_err(|failure| failure.message)?,
            pool: Pool::new(threads, threads * QUEUE).map_err(|error| format!("cannot start: {error}"))?,
            time: Duration::from_secs(self.render_timeout.max(1)),
        });
        let rate = if address.is_loopback() { Rate::LOCAL } else { Rate::SHARED };
        Ok(Some(Options { backend: Arc::new(backend), access, rate, patience: Duration::from_secs(30) }))
    }
}
