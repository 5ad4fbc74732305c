//! Releases in Git repositories: bare ones that commits are pushed to, and folders that people work in.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "a test writes files and runs git")]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use chartwright_local::{Account, GitReleases, LocalBackend, Options, ReleasesOptions};
use serde_json::{Value, json};
use support::{Answer, Rules, Running, body, events, options, path};

const BASE: &str = "/api/v1alpha1/namespaces/shop/releases";

fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=t", "-c", "user.email=t@example.org"]).args(arguments).current_dir(folder);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let output = command.output().expect("git runs");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// A server that commits to a repository, which `make` makes in a folder.
fn serve(place: PathBuf) -> Running {
    Running::with(Rules::default(), move |folder| {
        let account = Account {
            author: "The server".to_owned(),
            email: "server@example.org".to_owned(),
            login: None,
            ssh_command: None,
        };
        let releases = GitReleases::open(ReleasesOptions {
            place: place.display().to_string(),
            branch: None,
            folder: "clusters/my-cluster/releases".to_owned(),
            source: "flux-system/flux-system".to_owned(),
            account,
            timeout: Duration::from_secs(20),
        });
        let releases = Some(releases.expect("a repository"));
        Arc::new(LocalBackend::new(Options { releases, ..options(folder) }).expect("threads"))
    })
}

fn bare() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("fleet.git");
    git(folder.path(), &["init", "--quiet", "--bare", "--initial-branch=main", "fleet.git"]);
    (folder, place)
}

fn operate(api: &Running, name: &str, operation: &str) -> Answer {
    api.ask("POST", &format!("{BASE}/{name}/{operation}"), &[], None)
}

fn files(place: &Path) -> Vec<String> {
    git(place, &["ls-tree", "-r", "--name-only", "main"]).lines().map(str::to_owned).collect()
}

fn show(place: &Path, path: &str) -> String {
    git(place, &["show", &format!("main:{path}")]) + "\n"
}

const RELEASES: &str = "clusters/my-cluster/releases/shop";

#[test]
#[ignore = "needs git"]
fn a_release_lives_in_a_bare_repository() {
    let (_folder, place) = bare();
    let api = serve(place.clone());
    assert_eq!(api.get("/api/v1alpha1").json()["deploys"], "git");
    assert_eq!(api.get("/api/v1alpha1/releases").json(), json!({"items": []}));
    assert_eq!(operate(&api, "web", "install").status, 404, "there is no such descriptor");
    assert_eq!(operate(&api, "web", "uninstall").status, 404);
    api.create("web", "1.0.0");
    let drift = api.get(&format!("{BASE}/web/drift")).json();
    assert_eq!((&drift["installed"], &drift["same"]), (&json!(false), &json!(false)));
    let done = operate(&api, "web", "install");
    assert_eq!(done.status, 200, "{}", done.body);
    let release = done.json();
    assert_eq!(
        (&release["version"], &release["installed"], &release["suspended"]),
        (&json!("1.0.0"), &json!(true), &json!(false))
    );
    let head = git(&place, &["rev-parse", "main"]);
    assert_eq!(release["commit"]["id"], head);
    assert_eq!(release["commit"]["message"], "install shop/web 1.0.0");
    assert_eq!(
        git(&place, &["log", "-1", "--format=%an <%ae> %cn", "main"]),
        "The server <server@example.org> The server"
    );
    let found = files(&place);
    for file in ["helmrelease-web.yaml", "namespace-shop.yaml", "kustomization.yaml"] {
        assert!(found.contains(&format!("{RELEASES}/{file}")), "{found:?}");
    }
    assert!(found.contains(&"charts/shop/web/Chart.yaml".to_owned()), "{found:?}");
    let text = show(&place, &format!("{RELEASES}/helmrelease-web.yaml"));
    assert!(text.contains("chart: ./charts/shop/web\n") && text.contains("name: flux-system\n"), "{text}");
    let list = show(&place, &format!("{RELEASES}/kustomization.yaml"));
    assert!(list.contains("  - helmrelease-web.yaml\n  - namespace-shop.yaml\n"), "{list}");
    assert!(show(&place, &format!("{RELEASES}/namespace-shop.yaml")).contains("prune: disabled"));
    assert_eq!(api.get(&format!("{BASE}/web/drift")).json()["same"], true);
    operate(&api, "web", "install");
    assert_eq!(git(&place, &["rev-parse", "main"]), head, "what is there already is no commit");

    // An upgrade keeps the suspension.
    assert_eq!(operate(&api, "web", "suspend").json()["suspended"], true);
    assert!(show(&place, &format!("{RELEASES}/helmrelease-web.yaml")).contains("\n  suspend: true\n"));
    api.put(&path("web"), "*", &body("web", "1.1.0"));
    let drift = api.get(&format!("{BASE}/web/drift")).json();
    let changed = drift["files"].to_string();
    assert!(
        changed.contains("-      version: 1.0.0\\n+      version: 1.1.0") && !changed.contains("suspend: true\\n-"),
        "{changed}"
    );
    let upgraded = operate(&api, "web", "install").json();
    assert_eq!((&upgraded["version"], &upgraded["suspended"]), (&json!("1.1.0"), &json!(true)));
    assert_eq!(operate(&api, "web", "resume").json()["suspended"], false);
    assert_eq!(operate(&api, "web", "reconcile").code(), "unsupported");

    // History, and back: by version and by commit.
    let history = api.get(&format!("{BASE}/web/history")).json();
    let of = |what: &str| -> Vec<String> {
        let items = history["items"].as_array().expect("a list").iter();
        items.map(|item| item.pointer(what).and_then(Value::as_str).unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(of("/version"), ["1.1.0", "1.1.0", "1.0.0", "1.0.0"]);
    assert_eq!(of("/commit/message")[3], "install shop/web 1.0.0");
    let rollback = |revision: &str| api.post(&format!("{BASE}/web/rollback"), &json!({"revision": revision}));
    assert_eq!(rollback("1.0.0").json()["version"], "1.0.0");
    assert_eq!(rollback(&of("/commit/id")[0][..10]).json()["version"], "1.1.0");
    for bad in ["9.9.9", "HEAD", "main", "abcdef", "--all", "0000000000"] {
        assert_eq!(rollback(bad).status, 404, "{bad}");
    }

    // What others write stays.
    api.create("web2", "1.0.0");
    operate(&api, "web2", "install");
    assert_eq!(operate(&api, "web", "uninstall").json()["installed"], false);
    let found = files(&place);
    assert!(!found.iter().any(|file| file.contains("/web/") || file.ends_with("helmrelease-web.yaml")), "{found:?}");
    assert!(found.contains(&format!("{RELEASES}/namespace-shop.yaml")));
    assert_eq!(api.get(&format!("{BASE}/web")).status, 404);
    assert_eq!(api.get(&format!("{BASE}/web/history")).json()["items"][0]["version"], Value::Null);
    assert_eq!(rollback("1.0.0").json()["installed"], true, "it comes back");
    operate(&api, "web", "uninstall");
    operate(&api, "web2", "uninstall");
    assert_eq!(files(&place), Vec::<String>::new(), "with the last release goes everything of ours");
}

#[test]
#[ignore = "needs git"]
fn steps_are_told() {
    let (_folder, place) = bare();
    let api = serve(place);
    api.create("web", "1.0.0");
    let answer = api.ask("POST", &format!("{BASE}/web/install"), &[("Accept", "text/event-stream")], None);
    let told = events(&answer.unchunked());
    let doing: Vec<_> = told.iter().filter_map(|(_, data)| data["doing"].as_str()).collect();
    assert!(doing.ends_with(&["reading", "committing", "pushing"]), "{doing:?}");
    let (name, last) = told.last().expect("an end");
    assert_eq!((name.as_str(), &last["version"]), ("result", &json!("1.0.0")));
}

#[test]
#[ignore = "needs git"]
fn a_refused_push_changes_nothing() {
    let (_folder, place) = bare();
    let api = serve(place.clone());
    api.create("web", "1.0.0");
    api.create("other", "1.0.0");
    operate(&api, "other", "install");
    let head = git(&place, &["rev-parse", "main"]);
    let hook = place.join("hooks/pre-receive");
    fs::create_dir_all(place.join("hooks")).expect("a folder");
    fs::write(&hook, "#!/bin/sh\necho 'ask a reviewer first' >&2\nexit 1\n").expect("written");
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).expect("a program");
    for operation in ["install", "suspend"] {
        let name = if operation == "install" { "web" } else { "other" };
        let refused = operate(&api, name, operation);
        assert_eq!((refused.status, refused.code().as_str()), (502, "repository"), "{}", refused.body);
        assert!(refused.body.contains("ask a reviewer first"), "{}", refused.body);
    }
    assert_eq!(git(&place, &["rev-parse", "main"]), head);
    let list = api.get("/api/v1alpha1/releases").json();
    assert_eq!(
        (&list["items"][0]["name"], &list["items"][0]["suspended"], list["items"].as_array().map(Vec::len)),
        (&json!("other"), &json!(false), Some(1))
    );
    fs::remove_file(&hook).expect("removed");
    assert_eq!(operate(&api, "web", "install").status, 200);
    fs::rename(&place, place.with_extension("gone")).expect("renamed");
    assert_eq!(operate(&api, "web", "suspend").code(), "repository");
}

#[test]
#[ignore = "needs git"]
fn others_may_push_meanwhile() {
    let (folder, place) = bare();
    let api = serve(place.clone());
    for at in 0..4 {
        api.create(&format!("m{at}"), "1.0.0");
    }
    let clone = folder.path().join("clone");
    git(folder.path(), &["clone", "--quiet", "fleet.git", "clone"]);
    git(&clone, &["checkout", "--quiet", "-b", "main"]);
    git(&clone, &["commit", "--quiet", "--allow-empty", "-m", "begin"]);
    git(&clone, &["push", "--quiet", "origin", "main"]);
    thread::scope(|scope| {
        let installs: Vec<_> = (0..4)
            .map(|at| {
                let api = &api;
                scope.spawn(move || operate(api, &format!("m{at}"), "install").status)
            })
            .collect();
        for at in 0..3 {
            fs::write(clone.join(format!("by-hand-{at}")), "x").expect("written");
            git(&clone, &["add", "."]);
            git(&clone, &["commit", "--quiet", "-m", "by hand"]);
            // As people do when somebody was faster.
            for _ in 0..20 {
                git(&clone, &["pull", "--quiet", "--rebase", "origin", "main"]);
                let push = Command::new("git").args(["push", "--quiet", "origin", "main"]).current_dir(&clone).output();
                if push.expect("git runs").status.success() {
                    break;
                }
            }
        }
        for install in installs {
            assert_eq!(install.join().expect("joined"), 200);
        }
    });
    let found = files(&place);
    for at in 0..4 {
        assert!(found.contains(&format!("{RELEASES}/helmrelease-m{at}.yaml")), "{found:?}");
    }
    assert!((0..3).all(|at| found.contains(&format!("by-hand-{at}"))), "{found:?}");
}

#[test]
#[ignore = "needs git"]
fn people_keep_their_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("fleet");
    git(folder.path(), &["init", "--quiet", "--initial-branch=main", "fleet"]);
    fs::create_dir_all(place.join(RELEASES)).expect("a folder");
    let own =
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- config.yaml\npatches: []\n";
    fs::write(place.join(RELEASES).join("kustomization.yaml"), own).expect("written");
    fs::write(place.join(RELEASES).join("config.yaml"), "kind: ConfigMap\n").expect("written");
    git(&place, &["add", "."]);
    git(&place, &["commit", "--quiet", "-m", "begin"]);
    // Hooks of the folder do not run.
    for hook in ["pre-commit", "post-commit", "reference-transaction", "post-checkout"] {
        let hook = place.join(".git/hooks").join(hook);
        fs::create_dir_all(hook.parent().expect("a folder")).expect("a folder");
        fs::write(&hook, format!("#!/bin/sh\ntouch {}\nexit 1\n", folder.path().join("ran").display()))
            .expect("written");
        fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).expect("a program");
    }
    let api = serve(place.clone());
    api.create("web", "1.0.0");
    let done = operate(&api, "web", "install");
    assert_eq!(done.status, 200, "{}", done.body);
    assert!(!folder.path().join("ran").exists());
    assert_eq!(git(&place, &["status", "--porcelain"]), "", "the folder is as the commit");
    let list = fs::read_to_string(place.join(RELEASES).join("kustomization.yaml")).expect("read");
    assert_eq!(list, own.replace("- config.yaml\n", "- config.yaml\n- helmrelease-web.yaml\n- namespace-shop.yaml\n"));
    // What somebody is working on is neither lost nor committed.
    let file = place.join(RELEASES).join("helmrelease-web.yaml");
    let text = fs::read_to_string(&file).expect("read");
    fs::write(&file, text.clone() + "# mine\n").expect("written");
    fs::write(place.join("draft"), "mine").expect("written");
    let head = git(&place, &["rev-parse", "main"]);
    let refused = operate(&api, "web", "suspend");
    assert_eq!((refused.status, refused.code().as_str()), (409, "conflict"), "{}", refused.body);
    assert_eq!(git(&place, &["rev-parse", "main"]), head);
    assert!(fs::read_to_string(&file).expect("read").ends_with("# mine\n"));
    fs::write(&file, text).expect("written");
    assert_eq!(operate(&api, "web", "suspend").status, 200);
    assert_eq!(git(&place, &["status", "--porcelain"]), "?? draft");
    assert_eq!(operate(&api, "web", "uninstall").status, 200);
    let list = fs::read_to_string(place.join(RELEASES).join("kustomization.yaml")).expect("read");
    assert!(list.contains("- config.yaml\n") && !list.contains("helmrelease"), "{list}");
    // A file that was written otherwise is not guessed at.
    operate(&api, "web", "install");
    fs::write(&file, "{kind: HelmRelease, spec: {chart: {spec: {version: 1.0.0}}}}\n").expect("written");
    git(&place, &["-c", "core.hooksPath=/dev/null", "commit", "--quiet", "-am", "by hand"]);
    assert_eq!(operate(&api, "web", "suspend").code(), "conflict");
    assert_eq!(api.get(&format!("{BASE}/web/drift")).json()["same"], false);
}

#[test]
#[ignore = "needs git"]
fn other_places_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let open = |place: &str, branch: Option<&str>, root: &str| {
        let account = Account { author: "a".into(), email: "b".into(), login: None, ssh_command: None };
        let options = ReleasesOptions {
            place: place.to_owned(),
            branch: branch.map(str::to_owned),
            folder: root.to_owned(),
            source: "flux-system/flux-system".to_owned(),
            account,
            timeout: Duration::from_secs(5),
        };
        GitReleases::open(options).err().map(|error| error.to_string()).unwrap_or_default()
    };
    let here = folder.path().display().to_string();
    assert!(open(&here, None, "releases").contains("not a Git repository"));
    assert!(open("--upload-pack=touch", None, "releases").contains("not a folder or a URL"));
    assert!(open("ext::sh -c touch% /tmp/x", None, "releases").contains("not a folder or a URL"));
    assert!(open("https://a:hunter2@127.0.0.1:1/x.git", None, "releases").contains("apart from the URL"));
    assert!(open("https://127.0.0.1:1/x.git", Some("-x"), "releases").contains("not a name of a branch"));
    assert!(open(&here, None, "../x").contains("not the path"));
    assert!(!open("http://127.0.0.1:1/x.git", None, "releases").is_empty());
}
