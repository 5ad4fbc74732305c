//! The flags that say where charts are.

use std::path::Path;

use clap::Args;

use super::{Options, Sources, UsageError};

/// Flags of every command that needs charts.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Sources")]
pub struct SourceArgs {
    /// Where a Flux source is (repeatable): NAME is its name, NAMESPACE/NAME or KIND/NAMESPACE/NAME
    #[arg(long = "source", value_name = "NAME=FOLDER|ARCHIVE|URL")]
    pub sources: Vec<String>,
    /// Never use the network: charts come from folders, archives and the cache
    #[arg(long)]
    pub offline: bool,
}

impl SourceArgs {
    /// The sources that the flags name. `descriptor` is the file that is worked on, if it is one.
    ///
    /// # Errors
    /// Where a flag cannot be understood.
    pub fn open(&self, descriptor: Option<&Path>) -> Result<Sources, UsageError> {
        let _ = descriptor;
        let sources = Sources::new(Options { base: None, offline: self.offline });
        for text in &self.sources {
            sources.add(text)?;
        }
        Ok(sources)
    }
}
