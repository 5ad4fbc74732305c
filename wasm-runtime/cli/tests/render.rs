//! `chartwright render` on the command line, mostly with bad input: one clear report, and the rest is rendered.
#![allow(clippy::disallowed_methods, reason = "tests run the program on files")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use helm::chart::{File, pack};
use tempfile::TempDir;

const DESCRIPTOR: &str = "\
apiVersion: chartwright.dev/v1alpha1
kind: HelmChartDescriptor
metadata: {name: shop, namespace: shop}
spec:
  module: {version: 1.0.0}
  components:
    - name: web
      template: {chart: web, sourceRef: {kind: GitRepository, name: basecharts, namespace: ds2}}
      values: {port: 80}
    - name: db
      template: {chart: db, version: 1.x, sourceRef: {kind: HelmRepository, name: others, namespace: ds2}}
";

/// A folder with a descriptor and two base charts in two sources.
struct Folder(TempDir);

impl Folder {
    fn new() -> Folder {
        let folder = Folder(tempfile::tempdir().expect("a folder"));
        folder.write("shop.yaml", DESCRIPTOR);
        folder.chart(
            "basecharts/charts/web",
            "kind: ConfigMap\nmetadata: {name: web}\ndata: {port: {{ .Values.port | quote }}}\n",
        );
        folder.chart("others/charts/db", "kind: ConfigMap\nmetadata: {name: db}\n");
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// A chart with one template.
    fn chart(&self, path: &str, template: &str) {
        let name = path.rsplit('/').next().expect("a name");
        self.write(&format!("{path}/Chart.yaml"), &format!("apiVersion: v2\nname: {name}\nversion: 1.2.0\n"));
        self.write(&format!("{path}/values.yaml"), "port: 8080\n");
        self.write(&format!("{path}/templates/map.yaml"), template);
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chartwright"));
        command.arg("render").args(args).current_dir(self.path()).env("CHARTWRIGHT_CACHE", self.path().join("cache"));
        command.output().expect("it runs")
    }

    /// Runs the command, which must end with this code, and returns stdout and stderr.
    #[track_caller]
    fn ends(&self, code: i32, args: &[&str]) -> (String, String) {
        let output = self.run(args);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (out, said) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{args:?}\n{out}\n{said}");
        (out, said)
    }
}

const WEB: &str = "--source=basecharts=basecharts";
const DB: &str = "--source=others=others";

/// The objects of level 2, by name.
fn maps(out: &str) -> Vec<&str> {
    out.lines().filter_map(|l| l.strip_prefix("# Source: ")).filter(|s| !s.starts_with("shop/")).collect()
}

#[test]
fn all_levels_are_rendered() {
    let folder = Folder::new();
    let (out, said) = folder.ends(0, &["shop.yaml", WEB, DB]);
    assert_eq!(said, "");
    insta::assert_snapshot!(out);
}

#[test]
fn a_source_that_nobody_names_stops_its_own_component_only() {
    let folder = Folder::new();
    let (out, said) = folder.ends(1, &["shop.yaml", WEB]);
    assert_eq!(maps(&out), ["web/templates/map.yaml"]);
    insta::assert_snapshot!(said, @r"
    error: the place of HelmRepository ds2/others is not given
      --> shop.yaml:10:7
        of component db, HelmRelease shop/shop-db, chart db 1.x
      hint: give its place: --source others=FOLDER, ARCHIVE or URL
    ");
}

#[test]
fn a_source_that_cannot_be_reached_is_code_3() {
    let folder = Folder::new();
    let (out, said) = folder.ends(3, &["shop.yaml", WEB, "--source=others=http://127.0.0.1:1", "--fetch-timeout=5"]);
    assert_eq!(maps(&out), ["web/templates/map.yaml"]);
    insta::assert_snapshot!(said, @r#"
    error: Get "http://127.0.0.1:1/index.yaml": dial tcp 127.0.0.1:1: connect: connection refused
      --> shop.yaml:10:7
        of component db, HelmRelease shop/shop-db, chart db 1.x
    "#);
    let (_, said) = folder.ends(3, &["shop.yaml", WEB, "--source=others=https://example.org/charts", "--offline"]);
    assert!(said.contains("is not in the cache, and --offline prevents fetching it"), "{said}");
}

#[test]
fn a_missing_chart_is_named() {
    let folder = Folder::new();
    fs::remove_dir_all(folder.path().join("others/charts/db")).expect("it goes");
    let (out, said) = folder.ends(1, &["shop.yaml", WEB, DB]);
    assert_eq!(maps(&out), ["web/templates/map.yaml"]);
    assert!(said.contains("--> shop.yaml:10:7\n    of component db, HelmRelease shop/shop-db, chart db 1.x"), "{said}");
}

#[test]
fn an_archive_that_is_not_the_locked_one_is_refused() {
    let folder = Folder::new();
    let archive = |text: &str| {
        let file = |name: &str, text: &str| File { name: name.into(), data: text.as_bytes().into() };
        let about = "apiVersion: v2\nname: db\nversion: 1.2.0\n";
        let data = pack("db", &[file("Chart.yaml", about), file("templates/map.yaml", text)]);
        fs::write(folder.path().join("db-1.2.0.tgz"), data).expect("a file");
    };
    archive("kind: ConfigMap\nmetadata: {name: db}\n");
    let flags = ["shop.yaml", WEB, "--source=others=db-1.2.0.tgz"];
    folder.ends(0, &flags);
    let locked = fs::read_to_string(folder.path().join("chartwright.lock")).expect("a lock file");
    assert!(locked.contains("chart: db\n  asked: 1.x\n"), "{locked}");
    archive("kind: ConfigMap\nmetadata: {name: other}\n");
    let (out, said) = folder.ends(1, &flags);
    assert_eq!(maps(&out), ["web/templates/map.yaml"]);
    assert!(said.contains("db of HelmRepository/ds2/others at db-1.2.0.tgz differs from chartwright.lock"), "{said}");
    assert!(said.contains("of component db, HelmRelease shop/shop-db, chart db 1.x"), "{said}");
    folder.ends(0, &[&flags[..], &["--update=others"]].concat());
}

#[test]
fn a_base_chart_that_fails_is_named_with_template_and_line() {
    let folder = Folder::new();
    folder.chart(
        "basecharts/charts/web",
        "kind: ConfigMap\nmetadata:\n  name: {{ required \"a name is needed\" .Values.name }}\n",
    );
    let (out, said) = folder.ends(1, &["shop.yaml", WEB, DB]);
    assert_eq!(maps(&out), ["db/templates/map.yaml"]);
    insta::assert_snapshot!(said, @r"
    error: execution error at (web/templates/map.yaml:3:11): a name is needed
      --> web/templates/map.yaml:3:12
        of component web (shop.yaml:7:7), HelmRelease shop/shop-web, chart ./charts/web
    ");
    let (_, said) = folder.ends(1, &["shop.yaml", WEB, DB, "--error-format=json"]);
    let said: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    let text = |pointer: &str| said.pointer(pointer).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    assert_eq!(text("/place/file"), "web/templates/map.yaml");
    assert_eq!(said.pointer("/place/line").and_then(serde_json::Value::as_u64), Some(3));
    assert_eq!((text("/component"), text("/descriptor/file")), ("web".to_owned(), "shop.yaml".to_owned()));

    folder.chart("basecharts/charts/web", "kind: ConfigMap\nmetadata: {name: [}\n");
    let (out, said) = folder.ends(1, &["shop.yaml", WEB, DB]);
    assert_eq!(maps(&out), ["db/templates/map.yaml"]);
    assert!(said.contains("web/templates/map.yaml"), "{said}");
    folder.chart("basecharts/charts/web", "{{ if }}");
    let (_, said) = folder.ends(1, &["shop.yaml", WEB, DB]);
    assert!(said.contains("--> web/templates/map.yaml:1"), "{said}");
}

#[test]
fn values_that_the_schema_refuses_are_the_components() {
    let folder = Folder::new();
    folder.write("basecharts/charts/web/values.schema.json", r#"{"properties": {"port": {"maximum": 70}}}"#);
    let (out, said) = folder.ends(1, &["shop.yaml", WEB, DB]);
    assert_eq!(maps(&out), ["db/templates/map.yaml"]);
    assert!(said.contains("maximum: got 80, want 70"), "{said}");
    assert!(said.contains("--> shop.yaml:7:7\n    of component web, HelmRelease shop/shop-web"), "{said}");
}

#[test]
fn half_a_file_is_reported_with_its_line() {
    let folder = Folder::new();
    let half = DESCRIPTOR.split_at(DESCRIPTOR.find(", namespace: ds2").expect("it is there")).0;
    folder.write("half.yaml", half);
    let (out, said) = folder.ends(1, &["half.yaml", WEB, DB]);
    assert_eq!(out, "");
    assert!(said.contains("--> half.yaml:"), "{said}");
    let good = release("good", "web");
    folder.write("releases.yaml", &format!("{good}---\nkind: HelmRelease\nmetadata: {{name: [half\n"));
    let (out, said) = folder.ends(1, &["releases.yaml", WEB]);
    assert_eq!(maps(&out), ["web/templates/map.yaml"]);
    assert!(said.contains("--> releases.yaml:12"), "{said}");
}

/// A HelmRelease of a chart in the source `basecharts`.
fn release(name: &str, chart: &str) -> String {
    format!(
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: {name}, namespace: shop}}\nspec:\n  \
         interval: 1h\n  chart:\n    spec:\n      chart: ./charts/{chart}\n      sourceRef: {{kind: GitRepository, name: \
         basecharts, namespace: ds2}}\n  values: {{}}\n"
    )
}

#[test]
fn releases_that_render_themselves_end() {
    let folder = Folder::new();
    folder.chart("basecharts/charts/a", &release("b", "b"));
    folder.chart("basecharts/charts/b", &release("a", "a"));
    folder.write("releases.yaml", &format!("{}---\n{}", release("a", "a"), release("good", "web")));
    let (out, said) = folder.ends(1, &["releases.yaml", WEB]);
    assert!(maps(&out).contains(&"web/templates/map.yaml"), "{out}");
    insta::assert_snapshot!(said, @r"
    error: HelmRelease renders itself: shop/a → shop/b → shop/a
        of HelmRelease shop/a
    ");
    folder.chart("basecharts/charts/endless", &release("{{ .Release.Name }}-x", "endless"));
    folder.write("endless.yaml", &release("a", "endless"));
    let (_, said) = folder.ends(1, &["endless.yaml", WEB]);
    assert!(said.contains("HelmReleases nest too deeply"), "{said}");
}

#[test]
fn folders_are_applied_as_flux_does() {
    let folder = Folder::new();
    folder.write("releases/web.yaml", &release("web", "web"));
    folder.write("releases/old.yaml", &release("old", "web"));
    folder.write("releases/kustomization.yaml", "resources: [web.yaml]\nnamePrefix: x-\n");
    let (out, said) = folder.ends(0, &["releases", WEB]);
    assert_eq!(maps(&out), ["web/templates/map.yaml"]);
    assert_eq!(said, "warning: namePrefix is not applied\n  --> releases/kustomization.yaml\n");
    folder.write("releases/kustomization.yaml", "resources: [web.yaml, none.yaml]\n");
    let (out, said) = folder.ends(1, &["releases", WEB]);
    assert_eq!(maps(&out), ["web/templates/map.yaml"]);
    assert_eq!(said, "error: none.yaml is not in the folder\n  --> releases/kustomization.yaml\n");
    fs::remove_file(folder.path().join("releases/kustomization.yaml")).expect("it goes");
    assert_eq!(maps(&folder.ends(0, &["releases", WEB]).0).len(), 2);
}

#[test]
fn the_controllers_helm_can_be_chosen() {
    let folder = Folder::new();
    let map = |name: &str| format!("kind: ConfigMap\nmetadata: {{name: {name}}}\ndata:\n  a: |+\n    text\n\n");
    folder.chart("basecharts/charts/web", &format!("{}---\n{}", map("one"), map("two")));
    let render = |helm: &str| folder.ends(0, &["shop.yaml", WEB, DB, "--flux-helm", helm]).0;
    let (old, new) = (render("4.2.2"), render("4.2.4"));
    assert_eq!(old, folder.ends(0, &["shop.yaml", WEB, DB]).0);
    assert_ne!(old, new);
    folder.ends(2, &["shop.yaml", "--flux-helm", "4"]);
}

#[test]
fn what_cannot_be_understood_is_code_2() {
    let folder = Folder::new();
    for args in [&["shop.yaml", "--nope"][..], &[], &["shop.yaml", "--source", "x"], &["shop.yaml", "--level", "two"]] {
        folder.ends(2, args);
    }
    let (_, said) = folder.ends(1, &["none.yaml"]);
    assert_eq!(said, "error: open none.yaml: no such file or directory\n");
}

#[test]
fn credentials_are_hidden() {
    let folder = Folder::new();
    folder.write("platform.yaml", "{registry: ghcr.io, username: robot, token: geheim}");
    let secret = "{{ (lookup \"v1\" \"Secret\" \"icekube\" \"idtsecret\").data.token";
    folder.chart(
        "basecharts/charts/web",
        &format!("kind: ConfigMap\nmetadata: {{name: web}}\ndata: {{a: {secret} }}}}, b: {secret} | b64dec }}}}}}\n"),
    );
    folder.chart(
        "others/charts/db",
        &format!("{{{{ fail (printf \"no: %s\" ({} | b64dec)) }}}}", secret.trim_start_matches("{{ ")),
    );
    let flags = ["shop.yaml", WEB, DB, "--platform=platform.yaml"];
    let (out, said) = folder.ends(1, &flags);
    for secret in ["geheim", "Z2VoZWlt"] {
        assert!(!out.contains(secret) && !said.contains(secret), "{out}\n{said}");
    }
    let (out, said) = folder.ends(1, &[&flags[..], &["--show-secrets"]].concat());
    assert!(out.contains("geheim") && said.contains("geheim"), "{out}\n{said}");
}

#[test]
fn notes_say_where_components_are_reached() {
    let folder = Folder::new();
    folder.write("basecharts/charts/web/values.yaml", "app: {name: base}\nport: 80\ningress: {enabled: true}\n");
    folder.write("platform.yaml", "{domain: example.org}");
    let host = "--set=web.ingress.host=shop.example.com";
    for (flags, want) in [
        (&[][..], Some("https://web.DOMAIN")),
        (&["--platform=platform.yaml"], Some("https://web.example.org")),
        (&["--set=web.app.name=front"], Some("https://front.DOMAIN")),
        (&["--set=web.platform.domain=own.example.org"], Some("https://web.own.example.org")),
        (&["--platform=platform.yaml", host], Some("https://shop.example.com")),
        (&[host, "--set=web.ingress.path=/shop/"], Some("https://shop.example.com/shop")),
        (&[host, "--set=web.ingress.tls.enabled=false"], Some("http://shop.example.com")),
        (&[host, "--set=web.ingress.enabled=false"], None),
        (&["--set=web.ingress=null", "--set=web.app=null", "--set=web.platform=text"], Some("https://web.DOMAIN")),
    ] {
        let (out, _) = folder.ends(0, &[&["shop.yaml", WEB, DB, "--notes"], flags].concat());
        let notes = out.split_once("NOTES:\n").expect("notes").1;
        let found = notes.lines().map(str::trim).find(|l| l.starts_with("http"));
        assert_eq!(found, want, "{flags:?}\n{notes}");
    }
}

#[test]
fn values_come_from_servers_too() {
    let folder = Folder::new();
    let (_, said) = folder.ends(1, &["shop.yaml", WEB, DB, "-f", "http://127.0.0.1:1/v.yaml", "--offline"]);
    assert_eq!(said, "error: http://127.0.0.1:1/v.yaml: --offline prevents fetching it\n");
    let (_, said) = folder.ends(1, &["shop.yaml", WEB, DB, "-f", "oci://127.0.0.1:1/v"]);
    assert_eq!(said, "error: oci://127.0.0.1:1/v: a registry has charts, not files of values\n");
}
