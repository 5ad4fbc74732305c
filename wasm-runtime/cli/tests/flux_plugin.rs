//! The program under Flux's name for it, called as Flux calls it.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "tests run the program on files")]

use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Command, Output};

/// A temporary plugin folder of Flux, with the program in it.
struct Plugins(PathBuf);

impl Plugins {
    fn new(name: &str) -> Plugins {
        let folder = std::env::temp_dir().join(format!("chartwright-flux-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        symlink(env!("CARGO_BIN_EXE_chartwright"), folder.join("flux-chartwright")).unwrap();
        Plugins(folder)
    }

    /// A call as Flux makes it: the path of the plugin, and the arguments after its name.
    fn run(&self, args: &[&str]) -> Output {
        Command::new(self.0.join("flux-chartwright")).args(args).output().unwrap()
    }

    fn prints(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Plugins {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn help_names_the_command_of_flux() {
    let plugins = Plugins::new("help");
    let help = plugins.prints(&["--help"]);
    assert!(help.contains("Usage: flux chartwright <COMMAND>"), "{help}");
    for command in ["template", "render", "expand", "export", "new", "import", "check", "post-render", "eval"] {
        let help = plugins.prints(&[command, "--help"]);
        assert!(help.contains(&format!("flux chartwright {command}")), "{help}");
        let without = help.lines().find(|l| l.trim_start().starts_with("chartwright "));
        assert_eq!(without, None, "an example of {command} has no flux in it");
    }
    let wrong = plugins.run(&["rendr"]);
    assert_eq!(wrong.status.code(), Some(2));
    let said = String::from_utf8_lossy(&wrong.stderr);
    assert!(said.contains("Usage: flux chartwright <COMMAND>") && said.contains("'render'"), "{said}");
    // Under its own name, nothing changes.
    let own = Command::new(env!("CARGO_BIN_EXE_chartwright")).arg("--help").output().unwrap();
    let own = String::from_utf8_lossy(&own.stdout).into_owned();
    assert!(own.contains("Usage: chartwright <COMMAND>") && !own.contains("flux chartwright"), "{own}");
}

#[test]
fn arguments_and_exit_codes_pass_through() {
    let plugins = Plugins::new("args");
    let charts = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/charts");
    let text = plugins.prints(&["template", "demo", &format!("{charts}/shop"), "--seed", "1"]);
    assert!(text.contains("# Source: shop/templates/"), "{text}");
    assert_eq!(
        plugins.run(&["template", "demo", &format!("{charts}/broken"), "--set", "mode=fail"]).status.code(),
        Some(1)
    );
    assert_eq!(plugins.run(&["expand"]).status.code(), Some(2));
}

#[test]
fn completions_are_in_cobras_protocol() {
    let plugins = Plugins::new("complete");
    let complete = |words: &[&str]| plugins.prints(&[&["__complete"], words].concat());
    let all = complete(&[""]);
    assert!(all.lines().any(|l| l.starts_with("render\tRender a descriptor or HelmReleases")), "{all}");
    assert!(all.ends_with("\n:4\n") && !all.contains("helm-getter"), "{all}");
    let some = complete(&["re"]);
    assert_eq!(some.lines().map(|l| l.split('\t').next().unwrap()).collect::<Vec<_>>(), ["render", ":4"]);
    let flags = complete(&["render", "shop.yaml", "--set"]);
    assert_eq!(
        flags.lines().map(|l| l.split('\t').next().unwrap()).collect::<Vec<_>>(),
        ["--set", "--set-string", ":4"]
    );
    let values: Vec<String> = complete(&["render", "--as", ""]).lines().map(str::to_owned).collect();
    assert!(values[0].starts_with("flux\t") && values[1].starts_with("helm\t") && values[2] == ":4", "{values:?}");
    assert!(complete(&["render", "--as=h"]).starts_with("--as=helm\t"));
    // The shell completes file names; numbers are not completed.
    assert_eq!(complete(&["render", "--platform", ""]), ":0\n");
    assert_eq!(complete(&["render", ""]), ":0\n");
    assert_eq!(complete(&["render", "--level", ""]), ":4\n");
    assert!(complete(&["export", ""]).contains("argocd\t"));
    // Words after -- are not flags.
    assert_eq!(complete(&["render", "--", "--se"]), ":0\n");
}
