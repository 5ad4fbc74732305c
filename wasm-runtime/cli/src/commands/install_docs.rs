//! `chartwright install-docs`: man pages and shell completions, where `man` and shells look for them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Command};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

/// Flags and arguments.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Folder `share` of an installation, such as ~/.local/share
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

/// Where each shell looks for completions, below `share`.
const COMPLETIONS: [(Shell, &str); 3] = [
    (Shell::Bash, "bash-completion/completions/chartwright"),
    (Shell::Zsh, "zsh/site-functions/_chartwright"),
    (Shell::Fish, "fish/vendor_completions.d/chartwright.fish"),
];

/// Runs the command.
pub(crate) fn run(options: &Options, command: Command) -> ExitCode {
    match write(&options.folder, command) {
        Ok(pages) => {
            let folder = options.folder.display();
            crate::say!("wrote {pages} man pages, and completions for bash, zsh and fish, below {folder}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            crate::say!("error: {}: {error}", options.folder.display());
            ExitCode::FAILURE
        }
    }
}

/// Writes all files and returns the number of man pages.
fn write(share: &Path, mut command: Command) -> std::io::Result<usize> {
    for (shell, path) in COMPLETIONS {
        let mut script = Vec::new();
        generate(shell, &mut command, "chartwright", &mut script);
        put(&share.join(path), &script)?;
    }
    command.build();
    let mut pages = 0;
    pages_of(&command, "chartwright", &share.join("man/man1"), &mut pages)?;
    Ok(pages)
}

/// Writes the page of a command and those of its subcommands.
fn pages_of(command: &Command, name: &str, folder: &Path, pages: &mut usize) -> std::io::Result<()> {
    let mut page = Vec::new();
    Man::new(command.clone()).title(name).render(&mut page)?;
    put(&folder.join(format!("{name}.1")), &page)?;
    *pages += 1;
    for below in command.get_subcommands().filter(|c| !c.is_hide_set() && c.get_name() != "help") {
        pages_of(below, &format!("{name}-{}", below.get_name()), folder, pages)?;
    }
    Ok(())
}

fn put(path: &Path, data: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, data)
}
