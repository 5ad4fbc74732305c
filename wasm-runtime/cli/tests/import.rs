//! `chartwright import compose` and `chartwright new` on the command line.
#![allow(clippy::disallowed_methods, reason = "tests run the program on files")]

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const COMPOSE: &str = "\
services:
  web:
    image: nginx:${NGINX:?}
    ports: ['8080:80']
    environment: {DB_PASSWORD: '${PASSWORD}'}
    volumes: ['./site.conf:/etc/nginx/conf.d/site.conf:ro', '../outside.conf:/etc/nginx/outside.conf:ro']
  debug:
    image: busybox:1.37
    profiles: [debug]
";

/// A temporary folder `shop` with a compose file.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let root = std::env::temp_dir().join(format!("chartwright-import-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        let shop = root.join("shop");
        fs::create_dir_all(&shop).unwrap();
        fs::write(shop.join("compose.yaml"), COMPOSE).unwrap();
        fs::write(shop.join(".env"), "NGINX=1.27.3\nPASSWORD=hush\n").unwrap();
        fs::write(shop.join("site.conf"), "server {}\n").unwrap();
        fs::write(root.join("outside.conf"), "not for everybody\n").unwrap();
        Folder(root)
    }

    /// Runs a command in `shop`, which must end with this code; its stdout and stderr.
    fn ends(&self, code: i32, args: &[&str], input: &str) -> (String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chartwright"));
        command.args(args).current_dir(self.0.join("shop"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A program that does not read its input may have ended already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{args:?}\n{out}\n{err}");
        (out.into_owned(), err.into_owned())
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join("shop").join(name)).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_compose_file_is_found_with_its_variables() {
    let folder = Folder::new("found");
    let (out, err) = folder.ends(0, &["import", "compose"], "");
    assert!(out.contains("metadata: {name: shop, namespace: shop}"), "{out}");
    assert!(out.contains("tag: \"1.27.3\"") && out.contains("server {}"), "{out}");
    assert!(!out.contains("hush") && !out.contains("not for everybody"), "{out}");
    assert!(err.contains("compose.yaml:6:"), "{err}");
    assert!(err.ends_with("left out: debug\n"), "{err}");
}

#[test]
fn files_are_written_once() {
    let folder = Folder::new("written");
    let args =
        ["import", "compose", "compose.yaml", "-o", "shop.yaml", "--secrets-file", "secrets.yaml", "--report", "json"];
    let (out, err) = folder.ends(0, &args, "");
    assert_eq!(out, "");
    let report: serde_json::Value = serde_json::from_str(&err).unwrap();
    assert_eq!(report["leftOut"], serde_json::json!(["debug"]));
    assert!(report["problems"].as_array().unwrap().iter().any(|p| p["code"] == "secrets-apart"), "{err}");
    assert!(folder.read("secrets.yaml").contains("DB_PASSWORD: \"hush\""));
    assert!(folder.read("shop.yaml").contains("existingSecrets: [web-environment]"));
    let (_, err) = folder.ends(1, &args, "");
    assert!(err.contains("secrets.yaml exists already"), "{err}");
    folder.ends(0, &[&args[..], &["--force"]].concat(), "");
}

#[test]
fn what_is_missing_ends_with_its_own_code() {
    let folder = Folder::new("missing");
    let (_, err) = folder.ends(1, &["import", "compose", "--env-file", "gone.env"], "");
    assert!(err.contains("gone.env"), "{err}");
    let (out, err) =
        folder.ends(1, &["import", "compose", "-", "--name", "x", "--env", "NGINX=1"], "services: {a: {}}");
    assert!(out.contains("name: a") && err.contains("neither an image nor a build"), "{out}{err}");
    folder.ends(2, &["import", "compose", "--base-charts", "Sack/a"], "");
    fs::remove_file(folder.0.join("shop/compose.yaml")).unwrap();
    folder.ends(2, &["import", "compose"], "");
}

#[test]
fn new_asks_or_takes_flags() {
    let folder = Folder::new("new");
    let flags = [
        "new",
        "-",
        "--yes",
        "--name",
        "shop",
        "--description",
        "A shop",
        "--component",
        "web=ghcr.io/shop/web:1.4.0,depends=db",
        "--component",
        "db=postgres:17",
    ];
    let (by_flags, _) = folder.ends(0, &flags, "");
    let answers = "shop\n\nA shop\nweb\nghcr.io/shop/web:1.4.0\n\n\n\ndb\npostgres:17\n\n\n\n";
    let (by_answers, err) = folder.ends(0, &["new", "-"], answers);
    assert_eq!(by_flags.replace("      dependsOn: [db]\n", ""), by_answers, "{err}");
    assert!(err.contains("Port on which the container listens (0: none) [5432]: "), "{err}");

    folder.ends(0, &["new", "--yes"], "");
    assert!(folder.read("mymodule.yaml").contains("name: mymodule"));
    let (_, err) = folder.ends(1, &["new", "--yes"], "");
    assert!(err.contains("mymodule.yaml exists already"), "{err}");
    let (_, err) = folder.ends(0, &["new", "portal", "--yes"], "");
    assert_eq!(err, "wrote portal.yaml; next: chartwright check portal.yaml\n");
    assert!(folder.read("portal.yaml").contains("metadata: {name: portal, namespace: portal}"));
}

#[test]
fn new_refuses_what_check_would() {
    let folder = Folder::new("refused");
    for args in [
        ["--name", "My_Shop"],
        ["--module-version", "one"],
        ["--component", "web"],
        ["--component", "web=nginx"],
        ["--component", "web=nginx:1,port=x"],
        ["--component", "web=nginx:1,depends=db"],
        ["--component", "db=x:1,database=oracle"],
    ] {
        let (out, _) = folder.ends(2, &[&["new", "-", "--yes"], &args[..]].concat(), "");
        assert_eq!(out, "", "{args:?}");
    }
    let (_, err) = folder.ends(2, &["new", "-"], "Not a name\n");
    assert!(err.contains("an example is not-a-name"), "{err}");
}
