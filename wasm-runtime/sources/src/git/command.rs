//! The program `git`, without prompts and hooks, and with credentials for one origin.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::address::safe_words;
use crate::git::Git;
use crate::git::error::GitError;

/// Gives Git the name and password that the environment has, for `get` only: nothing is ever stored.
const HELPER: &str = "!f() { test \"$1\" = get && printf 'username=%s\\npassword=%s\\n' \
    \"$CHARTWRIGHT_GIT_NAME\" \"$CHARTWRIGHT_GIT_PASSWORD\"; }; f";

/// Git's messages for a missing reference.
const MISSING: [&str; 3] = ["couldn't find remote ref", "not our ref", "unadvertised object"];

impl Git<'_> {
    /// Runs `git`, with this address' transport only.
    ///
    /// Settings with credentials are for the address' whole origin, and with them redirects are not followed: Git
    /// would send a header or show a certificate to whatever a redirect names.
    pub(super) fn run(&self, folder: Option<&Path>, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
        let mut command = plain_git(folder);
        command.env("GIT_ALLOW_PROTOCOL", self.address.scheme());
        let mut settings: Vec<(String, String)> = Vec::new();
        let mut kept = Vec::new();
        let mut file = |data: &[u8]| -> Result<String, GitError> {
            let failed = |e: std::io::Error| GitError::io("temporary file", e);
            let mut file = tempfile::NamedTempFile::new().map_err(failed)?;
            file.write_all(data).map_err(failed)?;
            let path = file.path().display().to_string();
            kept.push(file);
            Ok(path)
        };
        let access = self.grant.access();
        // Whoever put this together gave the credentials for this address; it costs nothing to be sure.
        let ours = self.grant.is_for(&self.address.origin());
        let mut carries = false;
        if self.address.is_web() && ours {
            let root = self.address.root().map_err(|e| GitError::io("git", std::io::Error::other(e)))?;
            let scope = root.whole_with_secrets();
            if let Some(token) = &access.token {
                settings.push((format!("http.{scope}.extraHeader"), format!("Authorization: Bearer {token}")));
                carries = true;
            } else if let Some((name, password)) = access.user() {
                settings.push((format!("credential.{scope}.helper"), String::new()));
                settings.push((format!("credential.{scope}.helper"), HELPER.into()));
                command.env("CHARTWRIGHT_GIT_NAME", name).env("CHARTWRIGHT_GIT_PASSWORD", password);
                carries = true;
            }
            if access.insecure {
                settings.push((format!("http.{scope}.sslVerify"), "false".into()));
            }
            for (name, pem) in [("sslCAInfo", &access.ca), ("sslCert", &access.certificate), ("sslKey", &access.key)] {
                let Some(pem) = pem else { continue };
                let data = pem.read().map_err(|e| GitError::io(format!("http.{name}"), e))?;
                settings.push((format!("http.{scope}.{name}"), file(&data)?));
                carries |= name != "sslCAInfo";
            }
            if carries {
                settings.push(("http.followRedirects".into(), "false".into()));
            }
        }
        if let Some(ssh) = access.ssh.as_ref().filter(|_| ours) {
            let (identity, hosts) = (file(&ssh.identity)?, file(&ssh.known_hosts)?);
            command.env(
                "GIT_SSH_COMMAND",
                format!(
                    "ssh -F none -o BatchMode=yes -o IdentitiesOnly=yes -i {identity} \
                     -o StrictHostKeyChecking=yes -o UserKnownHostsFile={hosts}"
                ),
            );
        } else {
            command.env("GIT_SSH_COMMAND", self.ssh_command.unwrap_or("ssh -o BatchMode=yes"));
        }
        // Settings go by the environment: other users see arguments.
        command.env("GIT_CONFIG_COUNT", settings.len().to_string());
        for (at, (name, value)) in settings.iter().enumerate() {
            command.env(format!("GIT_CONFIG_KEY_{at}"), name).env(format!("GIT_CONFIG_VALUE_{at}"), value);
        }
        command.args(arguments);
        let address = || self.address.clone();
        let (ok, output, errors) = finish(command, self.timeout).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => GitError::NoGit,
            std::io::ErrorKind::TimedOut => GitError::Timeout { address: address(), seconds: self.timeout.as_secs() },
            _ => GitError::io("git", e),
        })?;
        if ok {
            return Ok(output);
        }
        let errors = String::from_utf8_lossy(&errors).into_owned();
        let line = errors.lines().rfind(|l| !l.trim().is_empty()).unwrap_or("git failed").trim();
        let line = safe_words(line);
        let redirected = ["301", "302", "303", "307", "308"].iter().any(|s| errors.contains(&format!("error: {s}")));
        Err(if MISSING.iter().any(|m| errors.contains(m)) {
            GitError::NoRef { address: address(), line }
        } else if carries && redirected {
            GitError::Redirect { address: address() }
        } else {
            GitError::Failed { address: address(), line }
        })
    }
}

/// `git` without what a repository, the environment or a person could add.
pub(super) fn plain_git(folder: Option<&Path>) -> Command {
    let mut command = Command::new("git");
    for name in [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_COMMON_DIR",
        "GIT_NAMESPACE",
        // These print what is sent.
        "GIT_TRACE",
        "GIT_TRACE_CURL",
        "GIT_TRACE_PACKET",
        "GIT_CURL_VERBOSE",
    ] {
        command.env_remove(name);
    }
    command
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_ASKPASS", "true")
        .env("SSH_ASKPASS", "true")
        .env("GIT_LFS_SKIP_SMUDGE", "1")
        .env("LC_ALL", "C")
        .args(["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "gc.auto=0"])
        .args(["-c", "maintenance.auto=false", "-c", "fetch.recurseSubmodules=no"])
        .stdin(Stdio::null());
    if let Some(folder) = folder {
        command.arg("--git-dir").arg(folder);
    }
    command
}

/// Runs a command to its end, or ends it after so long.
fn finish(mut command: Command, timeout: Duration) -> std::io::Result<(bool, Vec<u8>, Vec<u8>)> {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let collect = |stream: Option<Box<dyn Read + Send>>| {
        std::thread::spawn(move || {
            let mut data = Vec::new();
            if let Some(mut stream) = stream {
                let _ = stream.read_to_end(&mut data);
            }
            data
        })
    };
    let output = collect(child.stdout.take().map(|s| Box::new(s) as Box<dyn Read + Send>));
    let errors = collect(child.stderr.take().map(|s| Box::new(s) as Box<dyn Read + Send>));
    let started = Instant::now();
    let mut pause = Duration::from_millis(1);
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if started.elapsed() > timeout {
            child.kill()?;
            child.wait()?;
            return Err(std::io::ErrorKind::TimedOut.into());
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    };
    let join = |handle: std::thread::JoinHandle<Vec<u8>>| handle.join().unwrap_or_default();
    Ok((status.success(), join(output), join(errors)))
}
