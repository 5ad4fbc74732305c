//! The flags that say where charts come from.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chartwright_host::Files;
use chartwright_sources::access::{Access, Pem};
use chartwright_sources::{LockOptions, Locking, Options, Patience, SourceError, Sources};
use clap::Args;

use crate::environment;

/// Flags of every command that needs charts.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Sources")]
pub(crate) struct SourceArgs {
    /// Where a Flux source is; NAME is NAME, NAMESPACE/NAME or KIND/NAMESPACE/NAME (repeatable)
    #[arg(long = "source", value_name = "NAME=FOLDER|ARCHIVE|URL")]
    pub(crate) sources: Vec<String>,
    /// Flux source objects and their Secrets, as YAML documents (repeatable)
    #[arg(long, value_name = "FILE")]
    pub(crate) source_objects: Vec<PathBuf>,
    /// Do not use the network: charts come from folders, archives and the cache
    #[arg(long)]
    pub(crate) offline: bool,
    /// Lock file [default: chartwright.lock beside the descriptor]
    #[arg(long, value_name = "FILE")]
    pub(crate) lock: Option<PathBuf>,
    /// Fail if a chart is not in the lock file, and do not change the file
    #[arg(long, conflicts_with = "update")]
    pub(crate) locked: bool,
    /// Look for charts newer than those in the lock file: of all sources, or of source NAME
    #[arg(long, value_name = "NAME", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub(crate) update: Vec<String>,
    /// Neither read nor write a lock file
    #[arg(long, conflicts_with_all = ["lock", "locked", "update"])]
    pub(crate) no_lock: bool,
    /// Accept only charts that are signed by a key of the keyring
    #[arg(long)]
    pub(crate) verify: bool,
    /// Public keys for --verify, in binary form [default: ~/.gnupg/pubring.gpg]
    #[arg(long, value_name = "FILE")]
    pub(crate) keyring: Option<PathBuf>,
    /// Credentials and TLS for the servers of sources.
    #[command(flatten)]
    pub(crate) access: AccessArgs,
}

/// Credentials and TLS for the servers that `--source` names.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct AccessArgs {
    /// User name for the server in --source; for several servers, put it into their URLs
    #[arg(long, value_name = "NAME")]
    pub(crate) username: Option<String>,
    /// Password for this server; $CHARTWRIGHT_PASSWORD keeps it off the command line
    #[arg(long, value_name = "PASSWORD")]
    pub(crate) password: Option<String>,
    /// Also send the credentials to other servers that a repository's index or a registry names
    #[arg(long)]
    pub(crate) pass_credentials: bool,
    /// Certificate authority that must have issued the servers' certificates
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
    /// Client certificate
    #[arg(long, value_name = "FILE", requires = "key_file")]
    pub(crate) cert_file: Option<PathBuf>,
    /// Key of the client certificate
    #[arg(long, value_name = "FILE", requires = "cert_file")]
    pub(crate) key_file: Option<PathBuf>,
    /// Do not verify servers' certificates
    #[arg(long)]
    pub(crate) insecure_skip_tls_verify: bool,
    /// Use plain HTTP for registries
    #[arg(long)]
    pub(crate) plain_http: bool,
    /// Limit on the time of a download, in seconds [default: 300; with serve, the limit on the time of a render]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) fetch_timeout: Option<u64>,
}

impl AccessArgs {
    /// The access that the flags describe.
    pub(crate) fn access(&self) -> Access {
        let pem = |path: &Option<PathBuf>| path.clone().map(Pem::File);
        let password = self.password.clone().or_else(|| std::env::var("CHARTWRIGHT_PASSWORD").ok());
        Access {
            username: self.username.clone(),
            password,
            ca: pem(&self.ca_file),
            certificate: pem(&self.cert_file),
            key: pem(&self.key_file),
            insecure: self.insecure_skip_tls_verify,
            pass_credentials: self.pass_credentials,
            plain_http: self.plain_http,
            ..Access::default()
        }
    }
}

/// The limit on the time of a download, in seconds, where a person waits for it.
const FETCH_TIMEOUT: u64 = 300;

fn patience(seconds: u64) -> Patience {
    let (total, patience) = (Duration::from_secs(seconds.max(1)), Patience::default());
    Patience { idle: patience.idle.min(total), total, ..patience }
}

impl SourceArgs {
    /// The sources that the flags name. The lock file is beside `descriptor`, the file or folder of the subject.
    ///
    /// # Errors
    /// If a flag or the lock file is invalid.
    pub(crate) fn open(&self, descriptor: Option<&Path>, files: &Files) -> Result<Sources, SourceError> {
        self.filled(self.options(descriptor), files)
    }

    /// The sources of a program that runs on: what is fetched is looked for anew after a while, and a server that
    /// answers slowly is not waited for longer than a render may take.
    ///
    /// # Errors
    /// If a flag is invalid.
    #[cfg(feature = "serve")]
    pub(crate) fn open_for_server(&self, render: Duration, files: &Files) -> Result<Sources, SourceError> {
        self.filled(self.for_server(render), files)
    }

    /// What the flags say of fetching, in a program that runs on.
    #[cfg(feature = "serve")]
    pub(crate) fn for_server(&self, render: Duration) -> Options {
        let seconds = self.access.fetch_timeout.unwrap_or(render.as_secs());
        let minutes = |count: u64| Duration::from_secs(60 * count);
        let keep = chartwright_sources::Keep {
            charts: minutes(10),
            indexes: minutes(5),
            ..chartwright_sources::Keep::default()
        };
        Options { patience: patience(seconds), keep, ..self.options(None) }
    }

    fn filled(&self, options: Options, files: &Files) -> Result<Sources, SourceError> {
        let sources = Sources::new(options)?;
        for text in &self.sources {
            sources.add(text)?;
        }
        for path in &self.source_objects {
            let failed = |why: String| SourceError::File { path: path.clone(), why };
            let text = files.read(&path.to_string_lossy()).map_err(SourceError::Document)?;
            sources.add_objects(&text).map_err(|e| failed(e.to_string()))?;
        }
        Ok(sources)
    }

    /// What the flags say of fetching, whatever is fetched.
    pub(crate) fn options(&self, descriptor: Option<&Path>) -> Options {
        Options {
            base: None,
            offline: self.offline,
            cache: environment::cache(),
            registry_configs: environment::registry_configs(None),
            ssh_command: environment::ssh_command(),
            access: self.access.access(),
            patience: patience(self.access.fetch_timeout.unwrap_or(FETCH_TIMEOUT)),
            keyring: self.verify.then(|| self.keyring.clone().unwrap_or_else(environment::keyring)),
            lock: self.lock_options(descriptor),
            ..Options::default()
        }
    }

    fn lock_options(&self, descriptor: Option<&Path>) -> Option<LockOptions> {
        if self.no_lock {
            return None;
        }
        let beside = || {
            let path = descriptor?;
            let folder = if path.is_dir() { path } else { path.parent()? };
            Some(folder.join("chartwright.lock"))
        };
        let update = self.update.iter().map(|name| name.trim().to_owned());
        let update: Vec<String> = update.collect();
        let all = update.iter().any(String::is_empty);
        Some(LockOptions {
            file: self.lock.clone().or_else(beside)?,
            locking: if self.locked { Locking::Locked } else { Locking::Add },
            update: match (all, update.is_empty()) {
                (true, _) => Some(Vec::new()),
                (false, true) => None,
                (false, false) => Some(update),
            },
            folders: self.lock.is_some(),
        })
    }
}
