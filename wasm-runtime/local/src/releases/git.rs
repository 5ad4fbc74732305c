//! The program `git`: without the user's settings, hooks and questions, and with one account for one server.

use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::error::ReleaseError;

/// Gives Git the name and password of the environment, for `get` only: nothing is ever stored.
const HELPER: &str = "!f() { test \"$1\" = get && printf 'username=%s\\npassword=%s\\n' \
    \"$CHARTWRIGHT_GIT_NAME\" \"$CHARTWRIGHT_GIT_PASSWORD\"; }; f";

/// The most bytes that are read of what Git says.
const MOST_BYTES: u64 = 256 << 20;

/// Who writes commits, and who the server of the repository takes us for.
#[derive(Clone, Debug)]
pub struct Account {
    /// The name in commits.
    pub author: String,
    /// The address in commits.
    pub email: String,
    /// The user name for the repository's server, and the password or token.
    pub login: Option<Login>,
    /// What Git runs for SSH (`GIT_SSH_COMMAND`); `ssh` without questions if none is given.
    pub ssh_command: Option<String>,
}

/// A user name and a password.
#[derive(Clone)]
pub struct Login {
    /// The name.
    pub name: String,
    /// The password, or a token.
    pub password: String,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login").field("name", &self.name).finish_non_exhaustive()
    }
}

/// `git` for one repository.
#[derive(Debug)]
pub(super) struct Git {
    /// The folder of the repository's own files.
    pub(super) dir: PathBuf,
    /// The folder of the files that people see, if there is one.
    pub(super) work_tree: Option<PathBuf>,
    pub(super) account: Account,
    pub(super) timeout: Duration,
}

/// What `git` said.
pub(super) struct Said {
    pub(super) ok: bool,
    pub(super) output: Vec<u8>,
    pub(super) errors: String,
}

impl Said {
    /// The line that says why it failed.
    pub(super) fn reason(&self) -> String {
        let lines = || self.errors.lines().map(str::trim).filter(|line| !line.is_empty());
        let telling =
            |line: &&str| line.starts_with("fatal:") || line.starts_with("error:") || line.contains("rejected");
        let line = lines().find(telling).or_else(|| lines().next_back()).unwrap_or("git failed");
        without_login(line.trim_start_matches("fatal: "))
    }
}

impl Git {
    /// Runs `git`; what it writes on success.
    pub(super) fn run(&self, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, ReleaseError> {
        let said = self.ask(None, arguments, input)?;
        if said.ok { Ok(said.output) } else { Err(ReleaseError::Git(said.reason())) }
    }

    /// Runs `git` with another index than that of the repository.
    pub(super) fn run_with(&self, index: &Path, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, ReleaseError> {
        let said = self.ask(Some(index), arguments, input)?;
        if said.ok { Ok(said.output) } else { Err(ReleaseError::Git(said.reason())) }
    }

    /// The first line of what `git` writes.
    pub(super) fn line(&self, arguments: &[&str]) -> Result<String, ReleaseError> {
        let output = self.run(arguments, b"")?;
        Ok(String::from_utf8_lossy(&output).lines().next().unwrap_or_default().to_owned())
    }

    /// Runs `git`, and hears how it ends.
    pub(super) fn ask(&self, index: Option<&Path>, arguments: &[&str], input: &[u8]) -> Result<Said, ReleaseError> {
        let mut command = Command::new("git");
        for (name, _) in std::env::vars_os() {
            // A repository, an index, settings or traces of somebody else's.
            if name.to_string_lossy().starts_with("GIT_") {
                command.env_remove(name);
            }
        }
        let Account { author, email, login, ssh_command } = &self.account;
        command
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_ASKPASS", "true")
            .env("SSH_ASKPASS", "true")
            .env("GIT_ALLOW_PROTOCOL", "file:https:http:ssh")
            .env("GIT_LFS_SKIP_SMUDGE", "1")
            .env("GIT_AUTHOR_NAME", author)
            .env("GIT_AUTHOR_EMAIL", email)
            .env("GIT_COMMITTER_NAME", author)
            .env("GIT_COMMITTER_EMAIL", email)
            .env("GIT_SSH_COMMAND", ssh_command.as_deref().unwrap_or("ssh -o BatchMode=yes"))
            .env("LC_ALL", "C")
            .args(["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false"])
            .args(["-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "commit.gpgSign=false"])
            .args(["-c", "push.followTags=false", "-c", "push.recurseSubmodules=no", "-c", "safe.directory=*"])
            // A password goes to the server that it is for, and to no other one that this one names.
            .args(["-c", "http.followRedirects=false"]);
        if let Some(login) = login {
            command.env("CHARTWRIGHT_GIT_NAME", &login.name).env("CHARTWRIGHT_GIT_PASSWORD", &login.password);
            command.args(["-c", "credential.helper=", "-c", &format!("credential.helper={HELPER}")]);
        }
        command.arg("--git-dir").arg(&self.dir);
        if let Some(tree) = &self.work_tree {
            command.arg("--work-tree").arg(tree).current_dir(tree);
        }
        if let Some(index) = index {
            command.env("GIT_INDEX_FILE", index);
        }
        command.args(arguments);
        self.finish(command, input).map_err(|error| match error.kind() {
            ErrorKind::NotFound => ReleaseError::Git("the program git was not found".to_owned()),
            ErrorKind::TimedOut => ReleaseError::Git(format!("git took longer than {} s", self.timeout.as_secs())),
            _ => ReleaseError::Git(error.to_string()),
        })
    }

    /// Runs a command to its end, or ends it after so long.
    fn finish(&self, mut command: Command, input: &[u8]) -> std::io::Result<Said> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let (mut stdin, input) = (child.stdin.take(), input.to_vec());
        let writer = std::thread::spawn(move || {
            if let Some(stdin) = &mut stdin {
                // It may not want to hear everything.
                let _ = stdin.write_all(&input);
            }
        });
        let output = collect(child.stdout.take());
        let errors = collect(child.stderr.take());
        let (started, mut pause) = (Instant::now(), Duration::from_micros(200));
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            if started.elapsed() > self.timeout {
                child.kill()?;
                child.wait()?;
                return Err(ErrorKind::TimedOut.into());
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(10));
        };
        let _ = writer.join();
        let (output, errors) = (output.join().unwrap_or_default(), errors.join().unwrap_or_default());
        Ok(Said { ok: status.success(), output, errors: String::from_utf8_lossy(&errors).into_owned() })
    }
}

fn collect(stream: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut data = Vec::new();
        if let Some(stream) = stream {
            let _ = stream.take(MOST_BYTES).read_to_end(&mut data);
        }
        data
    })
}

/// A line without the user names and passwords of its URLs.
fn without_login(line: &str) -> String {
    let word = |word: &str| match word.split_once("://") {
        Some((scheme, rest)) => {
            let host = rest.find('/').unwrap_or(rest.len());
            match rest[..host].rfind('@') {
                Some(at) => format!("{scheme}://{}", &rest[at + 1..]),
                None => word.to_owned(),
            }
        }
        None => word.to_owned(),
    };
    line.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_lose_their_passwords() {
        let line = "unable to access 'https://a:b@host/x.git/': no, https://host/@y";
        assert_eq!(without_login(line), "unable to access 'https://host/x.git/': no, https://host/@y");
    }
}
