//! The flags that say where charts are.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chartwright_sources::access::{Access, Pem};
use chartwright_sources::go_words::go_words;
use chartwright_sources::{LockOptions, Locking, Options, Patience, SourceError, Sources, folder};
use clap::Args;

use crate::environment;

/// Flags of every command that needs charts.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Sources")]
pub(crate) struct SourceArgs {
    /// Where a Flux source is (repeatable): NAME is its name, NAMESPACE/NAME or KIND/NAMESPACE/NAME
    #[arg(long = "source", value_name = "NAME=FOLDER|ARCHIVE|URL")]
    pub(crate) sources: Vec<String>,
    /// Flux's own objects that say where sources are, and their Secrets: YAML documents (repeatable)
    #[arg(long, value_name = "FILE")]
    pub(crate) source_objects: Vec<PathBuf>,
    /// Never use the network: charts come from folders, archives and the cache
    #[arg(long)]
    pub(crate) offline: bool,
    /// The lock file; chartwright.lock beside the descriptor if none is given
    #[arg(long, value_name = "FILE")]
    pub(crate) lock: Option<PathBuf>,
    /// Use exactly what the lock file has
    #[arg(long, conflicts_with = "update")]
    pub(crate) locked: bool,
    /// Look for newer charts than the lock file has: of all sources, or of one
    #[arg(long, value_name = "NAME", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub(crate) update: Vec<String>,
    /// Neither read nor write a lock file
    #[arg(long, conflicts_with_all = ["lock", "locked", "update"])]
    pub(crate) no_lock: bool,
    /// Use only charts that are signed with a key of the keyring
    #[arg(long)]
    pub(crate) verify: bool,
    /// The public keys for --verify, in binary form; ~/.gnupg/pubring.gpg if none is given
    #[arg(long, value_name = "FILE")]
    pub(crate) keyring: Option<PathBuf>,
    /// Who we are to the servers
    #[command(flatten)]
    pub(crate) access: AccessArgs,
}

/// Who we are to the servers that `--source` names.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct AccessArgs {
    /// User name for the server of --source; for several servers, write it into their URLs
    #[arg(long, value_name = "NAME")]
    pub(crate) username: Option<String>,
    /// Password for it; better in $CHARTWRIGHT_PASSWORD
    #[arg(long, value_name = "PASSWORD")]
    pub(crate) password: Option<String>,
    /// Send the credentials to other servers, too, that a repository's index or a registry names
    #[arg(long)]
    pub(crate) pass_credentials: bool,
    /// The authority that servers' certificates must come from
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
    /// Our certificate
    #[arg(long, value_name = "FILE", requires = "key_file")]
    pub(crate) cert_file: Option<PathBuf>,
    /// The key of our certificate
    #[arg(long, value_name = "FILE", requires = "cert_file")]
    pub(crate) key_file: Option<PathBuf>,
    /// Do not check servers' certificates
    #[arg(long)]
    pub(crate) insecure_skip_tls_verify: bool,
    /// Speak to registries without TLS
    #[arg(long)]
    pub(crate) plain_http: bool,
    /// The most time for a download, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "300")]
    pub(crate) fetch_timeout: u64,
}

impl AccessArgs {
    /// What the flags say.
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

impl SourceArgs {
    /// The sources that the flags name. `descriptor` is the file or folder that is worked on:
    /// the lock file is beside it.
    ///
    /// # Errors
    /// Where a flag or the lock file cannot be understood.
    pub(crate) fn open(&self, descriptor: Option<&Path>) -> Result<Sources, SourceError> {
        let total = Duration::from_secs(self.access.fetch_timeout.max(1));
        let patience = Patience::default();
        let sources = Sources::new(Options {
            base: None,
            offline: self.offline,
            cache: environment::cache(),
            registry_configs: environment::registry_configs(None),
            ssh_command: environment::ssh_command(),
            access: self.access.access(),
            patience: Patience { idle: patience.idle.min(total), total, ..patience },
            keyring: self.verify.then(|| self.keyring.clone().unwrap_or_else(environment::keyring)),
            lock: self.lock_options(descriptor),
            ..Options::default()
        })?;
        for text in &self.sources {
            sources.add(text)?;
        }
        for file in &self.source_objects {
            let text = folder::read(file, folder::MOST_IN_ALL)
                .map_err(|e| SourceError::File { path: file.clone(), why: go_words(&e) })?;
            sources.add_objects(&text).map_err(|e| SourceError::File { path: file.clone(), why: e.to_string() })?;
        }
        Ok(sources)
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
