//! What Helm, and Flux's post-renderers, make of charts on the disk: many in one process each.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{paths, reference, run};

/// A chart and what it is rendered with.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Question {
    /// The path of a folder or archive.
    pub(super) chart: PathBuf,
    /// `--set`
    pub(super) set: Vec<String>,
    /// `-f`
    pub(super) values: Vec<PathBuf>,
    /// A HelmRelease whose post-renderers run; Helm alone, where it is empty.
    pub(super) release: String,
}

/// What comes out.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub(super) struct Answer {
    /// The manifests; with a HelmRelease, as they are stored.
    #[serde(default, alias = "manifest")]
    pub(super) output: String,
    /// With a HelmRelease, the hooks.
    #[serde(default)]
    pub(super) hooks: String,
    /// Why there is nothing.
    #[serde(default)]
    pub(super) error: String,
}

impl Answer {
    /// The output, or the error.
    pub(super) fn text(self) -> Vec<u8> {
        match self.error.trim_end() {
            "" => self.output.into_bytes(),
            error => format!("error: {error}").into_bytes(),
        }
    }
}

/// The helm-controller whose post-renderers are asked.
const HELM_CONTROLLER: &str = "github.com/fluxcd/helm-controller@v1.6.2";

/// The program that answers with Helm's code. If it cannot be built, `None`, and a line that says so.
pub(super) fn helm() -> anyhow::Result<Option<PathBuf>> {
    let module = format!("helm.sh/helm/v4@{}", reference::HELM_VERSION);
    program("helm-answers", &module, |source, folder| {
        let go_mod = fs::read_to_string(source.join("go.mod"))?;
        let own = go_mod.replacen("module helm.sh/helm/v4", "module answers", 1);
        let require = format!("\nrequire helm.sh/helm/v4 {}\n", reference::HELM_VERSION);
        fs::write(folder.join("go.mod"), own + &require)?;
        copy(&paths::root().join("xtask/helm"), &folder.join("cmd"), "main.go")
    })
}

/// The program that answers with helm-controller's post-renderers and its Helm. If it cannot be built, `None`, and a
/// line that says so.
pub(super) fn flux() -> anyhow::Result<Option<PathBuf>> {
    program("flux-answers", HELM_CONTROLLER, |source, folder| {
        // The API is a module of its own, which is replaced by a folder that is not copied.
        let go_mod = fs::read_to_string(source.join("go.mod"))?;
        let own: Vec<&str> = go_mod.lines().filter(|line| !line.contains("helm-controller/api =>")).collect();
        fs::write(folder.join("go.mod"), own.join("\n"))?;
        copy(&source.join("internal/postrender"), &folder.join("internal/postrender"), "")?;
        copy(&paths::root().join("xtask/helm"), &folder.join("cmd"), "")
    })
}

/// Builds a program from a module's code and our own, in a folder with that module's versions of all others.
fn program(
    name: &str,
    module: &str,
    fill: impl FnOnce(&Path, &Path) -> anyhow::Result<()>,
) -> anyhow::Result<Option<PathBuf>> {
    if !reference::has_go() {
        eprintln!("SKIPPED: no Go toolchain to build {name} with");
        return Ok(None);
    }
    let folder = paths::target().join("reference").join(name);
    fs::create_dir_all(&folder)?;
    let download = Command::new("go").args(["mod", "download", "-json", module]).current_dir(&folder).output()?;
    if !download.status.success() {
        eprintln!("SKIPPED: {module} cannot be had");
        return Ok(None);
    }
    let download: Value = serde_json::from_slice(&download.stdout)?;
    let source = download.get("Dir").and_then(Value::as_str).context("go mod download says where the module is")?;
    fs::write(folder.join("go.sum"), fs::read(Path::new(source).join("go.sum"))?)?;
    fill(Path::new(source), &folder)?;
    let binary = paths::target().join("reference").join(format!("{name}.bin"));
    eprintln!("building {name} …");
    run::check(Command::new("go").args(["build", "-mod=mod", "-o"]).arg(&binary).arg("./cmd").current_dir(&folder))?;
    Ok(Some(binary))
}

/// The program that answers with the code of one of our crates: an example of it, by its name.
pub(super) fn example(name: &str) -> anyhow::Result<PathBuf> {
    run::of_tests(&["--example", name])?;
    Ok(paths::target().join("debug/examples").join(name))
}

/// Copies the Go files of a folder that are no tests; only those of this name, if it is not empty.
fn copy(from: &Path, to: &Path, only: &str) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let name = path.file_name().context("an entry has a name")?.to_string_lossy().into_owned();
        if name.ends_with(".go") && !name.ends_with("_test.go") && (only.is_empty() || name == only) {
            fs::write(to.join(&name), fs::read(&path)?)?;
        }
    }
    Ok(())
}

/// What is said of a question on which a program died.
pub(super) const CRASHED: &str = "(it crashed)";

/// Asks one of these programs. A question on which it dies is answered with [`CRASHED`]: imports can nest values in
/// themselves, which overflows Helm's stack.
pub(super) fn ask<Q: Serialize>(program: &Path, questions: &[Q]) -> anyhow::Result<Vec<Answer>> {
    let mut answers: Vec<Answer> = Vec::new();
    while let Some(left) = questions.get(answers.len()..).filter(|left| !left.is_empty()) {
        let mut input = Vec::new();
        for question in left {
            serde_json::to_writer(&mut input, question)?;
            input.push(b'\n');
        }
        let mut child =
            Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut stdin = child.stdin.take().context("a pipe")?;
        // A program that died does not read the rest.
        let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let out = child.wait_with_output()?;
        ensure!(writer.join().is_ok(), "the questions could not be written");
        let lines = out.stdout.split_inclusive(|b| *b == b'\n').filter(|line| line.ends_with(b"\n"));
        let found: Vec<Answer> = lines.map(serde_json::from_slice).collect::<Result<_, _>>()?;
        let all = found.len() == left.len();
        answers.extend(found);
        if !all {
            ensure!(!out.status.success(), "{} ended without an answer", program.display());
            answers.push(Answer { error: CRASHED.to_owned(), ..Answer::default() });
        }
    }
    ensure!(answers.len() == questions.len(), "{} answers to {} questions", answers.len(), questions.len());
    Ok(answers)
}
