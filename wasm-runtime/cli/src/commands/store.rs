//! `chartwright store`: the store of `chartwright serve`, copied, and as files.

use std::path::PathBuf;
use std::process::ExitCode;

use chartwright_local::{Store, StoreError, backup};
use clap::{Args, Subcommand};

/// Flags and arguments.
#[derive(Args, Debug)]
pub(crate) struct Options {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// Copy a store into a new file, also while a server uses it, and check the copy
    Backup {
        /// The store
        store: PathBuf,
        /// The new file
        file: PathBuf,
    },
    /// Write each descriptor of a store as DIR/NAMESPACE/NAME.yaml
    Export {
        /// The store
        store: PathBuf,
        /// The folder; other files in it stay
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Replace files that have different content
        #[arg(long)]
        force: bool,
    },
    /// Store the descriptors in the YAML files below a folder: all of them, or none
    Import {
        /// The store, made if it is not there
        store: PathBuf,
        /// The folder; files and folders whose names begin with a dot are left out
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> ExitCode {
    match act(&options.action) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            crate::say!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn act(action: &Action) -> Result<(), StoreError> {
    match action {
        Action::Backup { store, file } => {
            backup(store, file)?;
            crate::say!("{} is a copy of {}", file.display(), store.display());
        }
        Action::Export { store, folder, force } => {
            let written = Store::open_existing(store)?.export(folder, *force)?;
            crate::say!("{}: {written} written", folder.display());
        }
        Action::Import { store, folder } => {
            let imported = Store::open(store)?.import(folder)?;
            for file in &imported.skipped {
                crate::say!("{}: not a HelmChartDescriptor, left out", file.display());
            }
            let (written, same) = (imported.written.len(), imported.same);
            crate::say!("{}: {written} new or changed, {same} as before", store.display());
        }
    }
    Ok(())
}
