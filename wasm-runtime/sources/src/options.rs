//! What depends on the user.

use std::path::PathBuf;

use crate::access::Access;
use crate::http::Patience;
use crate::lockfile::Locking;
use crate::once::Keep;

/// How charts are fetched.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The folder that relative paths start from; the working folder if none is given.
    pub base: Option<PathBuf>,
    /// Whether the network is never used.
    pub offline: bool,
    /// Where fetched charts are kept; without it, nowhere.
    pub cache: Option<PathBuf>,
    /// Files with credentials for registries, as Docker's `config.json`; the first that has a registry counts.
    pub registry_configs: Vec<PathBuf>,
    /// What Git runs for SSH (`GIT_SSH_COMMAND`); `ssh` without questions if none is given.
    pub ssh_command: Option<String>,
    /// Who we are to the servers that [`Sources::add`](crate::Sources::add) names. A user name with a password, or a
    /// token, is for one origin: a second one is refused.
    pub access: Access,
    /// Timeouts and retries.
    pub patience: Patience,
    /// How long results are kept.
    pub keep: Keep,
    /// The keys that charts must be signed with.
    pub keyring: Option<PathBuf>,
    /// The lock file.
    pub lock: Option<LockOptions>,
}

/// What happens with a lock file.
#[derive(Clone, Debug, Default)]
pub struct LockOptions {
    /// Where it is.
    pub file: PathBuf,
    /// Whether it may change.
    pub locking: Locking,
    /// The sources whose charts are looked for anew; empty: all.
    pub update: Option<Vec<String>>,
    /// Whether charts in folders are locked, too: they change under their owner's hands.
    pub folders: bool,
}
