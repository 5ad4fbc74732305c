//! Real Helm.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, anyhow, ensure};
use descriptor::expand::Expanded;

use crate::{NAMESPACE, RELEASE};

/// The version that answers are compared with.
const VERSION: &str = "v4.2.4";

/// Helm's command line: `$CHARTWRIGHT_HELM`, or `helm` on the `PATH`.
///
/// # Errors
/// If it is missing or has another version.
pub fn helm() -> anyhow::Result<PathBuf> {
    let path = std::env::var_os("CHARTWRIGHT_HELM").map_or_else(|| "helm".into(), PathBuf::from);
    let output = Command::new(&path).args(["version", "--short"]).output();
    let output = output.with_context(|| format!("no {}: $CHARTWRIGHT_HELM says where Helm is", path.display()))?;
    let version = String::from_utf8_lossy(&output.stdout);
    // Helm that `go install` built says `v4.2`; a release says `v4.2.4+g…`.
    let said = version.trim().split('+').next().unwrap_or_default();
    let is_it = said == VERSION || VERSION.strip_prefix(said).is_some_and(|rest| rest.starts_with('.'));
    ensure!(is_it && said.contains('.'), "{} is {}, not {VERSION}", path.display(), version.trim());
    Ok(path)
}

/// An expanded chart in a temporary folder, which is deleted when this value is dropped.
pub struct Folder(PathBuf);

impl Folder {
    /// Writes the chart as a folder and as an archive.
    ///
    /// # Errors
    /// If that fails.
    pub fn new(chart: &Expanded, name: &str) -> anyhow::Result<Folder> {
        let root = std::env::temp_dir().join(format!("chartwright-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        for file in &chart.files {
            let path = root.join("chart").join(file.name.to_str().context("a name that is no text")?);
            fs::create_dir_all(path.parent().context("no folder")?)?;
            fs::write(path, &*file.data)?;
        }
        fs::write(root.join("chart.tgz"), chart.archive())?;
        Ok(Folder(root))
    }

    /// Runs `helm lint --strict`.
    ///
    /// # Errors
    /// Its whole output, if it finds anything.
    pub fn lint(&self, helm: &Path) -> anyhow::Result<()> {
        let output = Command::new(helm).args(["lint", "--strict"]).arg(self.0.join("chart")).output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        if output.status.success() { Ok(()) } else { Err(anyhow!(text)) }
    }

    /// Runs `helm template` on the folder and on the archive, which must be the same.
    ///
    /// # Errors
    /// Its standard error, or the difference.
    pub fn template(&self, helm: &Path, values: &str) -> anyhow::Result<String> {
        let file = self.0.join("values.yaml");
        fs::write(&file, values)?;
        let run = |chart: &str| {
            let mut command = Command::new(helm);
            command.args(["template", RELEASE, "--namespace", NAMESPACE, "--values"]).arg(&file);
            let output = command.arg(self.0.join(chart)).output()?;
            let (out, err) = (String::from_utf8(output.stdout)?, String::from_utf8_lossy(&output.stderr).into_owned());
            if output.status.success() { Ok(out) } else { Err(anyhow!(err)) }
        };
        let (folder, archive) = (run("chart")?, run("chart.tgz")?);
        if folder != archive {
            return Err(anyhow!("helm prints for the folder:\n{folder}\nand for the archive:\n{archive}"));
        }
        Ok(archive)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
