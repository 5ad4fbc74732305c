//! The goldens in `tests/goldens`: written from real Helm's answers, or compared with them.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, bail, ensure};
use chartwright_goldens::{Answer, Case, Chart, Group, Snippet, diff, names};
use clap::Args;

use crate::{paths, reference, run};

/// What to do with the goldens.
#[derive(Args)]
pub(crate) struct Options {
    /// Write nothing; fail if a golden is not what Helm prints.
    #[arg(long)]
    check: bool,
}

/// Asks Helm and the reference program, and writes or compares what they answer.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let (Some(helm), Some(oracle)) = (reference::helm()?, reference::oracle()?) else {
        bail!("goldens come from Helm alone: this needs Go, and the reference program's source");
    };
    let home = paths::target().join("reference").join("home");
    fs::create_dir_all(&home)?;
    let asked = Asked { helm, oracle, home };
    let mut drifted = Drifted { check: options.check, files: 0, texts: Vec::new() };
    for chart in Chart::all()? {
        asked.chart(&chart, &mut drifted)?;
    }
    for group in Group::all()? {
        asked.snippets(&group, &mut drifted)?;
    }
    drifted.finish()
}

/// Files of which Helm says something else.
struct Drifted {
    check: bool,
    files: usize,
    texts: Vec<String>,
}

impl Drifted {
    /// How often a question is asked again before its answer is written: some of Helm's answers depend on the order
    /// of Go's maps, and nothing can be compared with those.
    fn again(&self) -> usize {
        if self.check { 0 } else { 2 }
    }

    /// What a file should hold; `None` where it should not be there.
    fn file(&mut self, path: &Path, wanted: Option<&[u8]>) -> anyhow::Result<()> {
        self.files += 1;
        let found = path.is_file().then(|| fs::read(path)).transpose()?;
        if found.as_deref() == wanted {
            return Ok(());
        }
        let root = paths::root();
        let shown = path.strip_prefix(&root).unwrap_or(path).display().to_string();
        if let Some(wanted) = wanted {
            let private = [&root, &paths::target()].map(|folder| folder.display().to_string());
            let text = String::from_utf8_lossy(wanted);
            ensure!(!private.iter().any(|p| text.contains(p)), "{shown} would name a folder of this machine");
        }
        match (self.check, wanted) {
            (true, wanted) => {
                let text = diff(wanted.unwrap_or_default(), found.as_deref().unwrap_or_default());
                self.texts.push(format!("{shown}: {}", text.unwrap_or_else(|| "should not be there\n".into())));
            }
            (false, Some(wanted)) => {
                fs::create_dir_all(path.parent().unwrap_or(&root))?;
                fs::write(path, wanted).with_context(|| shown.clone())?;
                println!("{shown}");
            }
            (false, None) => {
                fs::remove_file(path).with_context(|| shown.clone())?;
                println!("{shown} is gone");
            }
        }
        Ok(())
    }

    fn finish(self) -> anyhow::Result<()> {
        for text in &self.texts {
            println!("{text}");
        }
        ensure!(
            self.texts.is_empty(),
            "{} goldens are not what Helm prints: run `cargo xtask goldens`",
            self.texts.len()
        );
        println!("{} files, as Helm {} answers", self.files, reference::HELM_VERSION);
        Ok(())
    }
}

/// Who is asked.
struct Asked {
    helm: PathBuf,
    oracle: PathBuf,
    /// An empty home folder: what a user keeps for Helm has no say here.
    home: PathBuf,
}

impl Asked {
    fn chart(&self, chart: &Chart, drifted: &mut Drifted) -> anyhow::Result<()> {
        let mut wanted = Vec::new();
        for case in &chart.cases {
            let shown = || format!("{} {}", chart.name, case.name);
            let answer = self.case(chart, case).with_context(shown)?;
            for _ in 0..drifted.again() {
                ensure!(answer == self.case(chart, case)?, "{}: Helm answers differently each time", shown());
            }
            wanted.extend(Chart::answer_files(case, &answer));
        }
        let folder = chart.expected();
        for (name, data) in &wanted {
            drifted.file(&folder.join(name), Some(data))?;
        }
        for name in names(&folder)? {
            if !wanted.iter().any(|(wanted, _)| *wanted == name) {
                drifted.file(&folder.join(&name), None)?;
            }
        }
        Ok(())
    }

    /// Helm's answer to a case.
    fn case(&self, chart: &Chart, case: &Case) -> anyhow::Result<Answer> {
        let output = match &case.objects {
            Some(objects) => self.rendered_with_objects(chart, case, objects)?,
            None => {
                let mut command = self.helm(chart, "template", case);
                command.args(case.template_flags()).output()?
            }
        };
        if !output.status.success() {
            return Ok(Answer::Failed(failure(&output)?));
        }
        let notes = case.notes.then(|| self.notes(chart, case)).transpose()?;
        Ok(Answer::Rendered { text: output.stdout, notes })
    }

    /// `helm COMMAND RELEASE chart`, with the flags that all commands have.
    fn helm(&self, chart: &Chart, command: &str, case: &Case) -> Command {
        let mut helm = self.clean(&self.helm, chart);
        helm.args([command, &case.release, "chart"]).args(case.flags());
        helm
    }

    /// A program that sees nothing of this machine's settings.
    fn clean(&self, program: &Path, chart: &Chart) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&chart.folder).stdin(Stdio::null()).env_clear();
        command.env("HOME", &self.home).env("TZ", "UTC");
        command
    }

    /// What `helm install` would store as the notes.
    fn notes(&self, chart: &Chart, case: &Case) -> anyhow::Result<Vec<u8>> {
        ensure!(case.template_flags().is_empty(), "`helm install` has no flags {:?}", case.template_flags());
        let mut command = self.helm(chart, "install", case);
        command.args(["--dry-run=client", "--output", "json"]);
        if case.subchart_notes {
            command.arg("--render-subchart-notes");
        }
        let output = command.output()?;
        ensure!(output.status.success(), "{} failed: {}", run::line(&command), failure(&output)?);
        let release: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        Ok(release["info"]["notes"].as_str().unwrap_or_default().as_bytes().to_vec())
    }

    /// Helm's engine with objects for `lookup`: without a cluster, Helm's command line has none.
    fn rendered_with_objects(&self, chart: &Chart, case: &Case, objects: &str) -> anyhow::Result<Output> {
        let mut command = self.clean(&self.oracle, chart);
        command.args(["render", "-name", &case.release, "-namespace", &case.namespace, "-objects", objects]);
        for (flag, list) in [("-values", &case.values), ("-set", &case.set), ("-api-versions", &case.api_versions)] {
            command.args(list.iter().flat_map(|item| [flag, item]));
        }
        if let Some(version) = &case.kube_version {
            command.args(["-kube-version", version]);
        }
        for (on, flag) in [(case.include_crds, "-include-crds"), (case.is_upgrade, "-is-upgrade")] {
            command.args(on.then_some(flag));
        }
        let unknown = [&case.set_string, &case.set_json, &case.set_file, &case.set_literal, &case.show_only];
        ensure!(
            unknown.iter().all(|list| list.is_empty())
                && !(case.no_hooks || case.skip_tests || case.skip_schema_validation || case.notes),
            "the reference program has no flags for all of this case"
        );
        Ok(command.arg("chart").output()?)
    }

    fn snippets(&self, group: &Group, drifted: &mut Drifted) -> anyhow::Result<()> {
        let first = self.answers(group)?;
        if !drifted.check {
            ensure!(
                first.text()? == self.answers(group)?.text()?,
                "{}: Helm answers differently each time",
                group.name
            );
        }
        drifted.file(&group.file, Some(first.text()?.as_bytes()))
    }

    /// The snippets with the answers of Helm's engine.
    fn answers(&self, group: &Group) -> anyhow::Result<Group> {
        let common = Snippet::common_values()?;
        let mut input = Vec::new();
        for snippet in &group.snippets {
            serde_json::to_writer(&mut input, &snippet.question(&common))?;
            input.push(b'\n');
        }
        let mut command = Command::new(&self.oracle);
        command.arg("eval").env_clear().env("TZ", "UTC").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let mut stdin = child.stdin.take().context("its input is a pipe")?;
        let writer = std::thread::spawn(move || stdin.write_all(&input));
        let output = child.wait_with_output()?;
        writer.join().map_err(|_| anyhow::anyhow!("what writes the questions panicked"))??;
        ensure!(output.status.success(), "{} failed: {}", run::line(&command), output.status);
        let answers: Vec<Snippet> = output
            .stdout
            .split(|b| *b == b'\n')
            .filter(|line| !line.is_empty())
            .map(serde_json::from_slice)
            .collect::<Result<_, _>>()?;
        ensure!(answers.len() == group.snippets.len(), "{}: {} answers", group.name, answers.len());
        let snippets = group.snippets.iter().zip(answers).map(|(snippet, answer)| snippet.answered(answer)).collect();
        Ok(Group { name: group.name.clone(), file: group.file.clone(), snippets })
    }
}

/// What Helm's command line adds to errors of templates: advice about its own flags, and no part of the error.
const ADVICE: &str = "\n\nUse --debug flag to render out invalid YAML";

/// What a program says after `Error: `. Lines of its log may stand before it.
fn failure(output: &Output) -> anyhow::Result<String> {
    let text = std::str::from_utf8(&output.stderr).context("an error that is not UTF-8")?;
    let error = match text.strip_prefix("Error: ") {
        Some(error) => error,
        None => text.split_once("\nError: ").with_context(|| format!("no error: {text}"))?.1,
    };
    let error = error.strip_suffix('\n').unwrap_or(error);
    Ok(error.strip_suffix(ADVICE).unwrap_or(error).to_owned())
}
