//! An engine that answers many calls says what a new one says.

use chartwright::api::{Engine, digest};
use contract::{Archive, Base64, ChartGiven, Platform, RenderInput, RenderOutput, Subject, TextFile};
use helm::chart::{File, pack};

const DESCRIPTOR: &str = "\
apiVersion: chartwright.dev/v1alpha1
kind: HelmChartDescriptor
metadata: {name: shop}
spec:
  module: {version: 1.0.0}
  template: {chart: ./base, sourceRef: {kind: GitRepository, name: bases}}
  components:
  - name: web
    config: {greeting: hello}
  - name: worker
    values: {replicas: 2}
  - name: keys
    values: {random: true}
  - name: more
    values: {random: true}
    dependsOn: [web]
";

const TEMPLATE: &str = r#"
kind: ConfigMap
apiVersion: v1
metadata: {name: {{ .Release.Name }}}
data:
  values: {{ .Values | toJson | quote }}
  domain: {{ (lookup "v1" "ConfigMap" "icekube" "idtconfigmap").data.domain }}
  all: {{ len (lookup "v1" "ConfigMap" "" "").items }}
  {{- if .Values.random }}
  hash: {{ htpasswd "user" "password" }}
  key: {{ (genCA "shop" 1).Key | sha256sum }}
  random: {{ randAlphaNum 8 }}
  {{- end }}
  {{- if .Values.time }}
  time: {{ now | date "2006" }}
  {{- end }}
"#;

fn base(version: &str) -> Archive {
    let file = |name: &str, text: &str| File { name: name.into(), data: text.as_bytes().to_vec().into() };
    let metadata = format!("apiVersion: v2\nname: base\nversion: {version}\n");
    let schema = r#"{"properties": {"replicas": {"type": "integer"}}}"#;
    let files = [
        file("Chart.yaml", &metadata),
        file("values.schema.json", schema),
        file("values.yaml", "replicas: 1\nrandom: false\n"),
        file("templates/a.yaml", TEMPLATE),
    ];
    let data = pack("base", &files);
    Archive { name: "base.tgz".into(), digest: Some(digest(&data)), data: Some(Base64(data)), files: None }
}

fn input(text: &str) -> RenderInput {
    let file = TextFile { name: "shop.yaml".into(), text: text.to_owned() };
    let mut input = RenderInput::new(Subject::Descriptor(file));
    input.world.seed = Some(7);
    input.world.platform = Some(Platform { domain: Some("example.org".into()), ..Platform::default() });
    input
}

fn with_charts(mut input: RenderInput, version: &str) -> RenderInput {
    let plan = contract::PlanInput { api_version: input.api_version.clone(), subject: input.subject.clone() };
    let wanted = Engine::default().plan(&plan).unwrap().charts;
    input.charts = wanted
        .into_iter()
        .map(|wanted| ChartGiven { wanted, archive: base(version), ..ChartGiven::default() })
        .collect();
    input
}

#[test]
fn an_engine_that_knows_the_call_before_says_the_same() {
    type Change = (&'static str, fn(&mut RenderInput));
    fn descriptor(input: &mut RenderInput, from: &str, to: &str) {
        let Subject::Descriptor(file) = &mut input.subject else { panic!("a descriptor") };
        assert!(file.text.contains(from), "{from}");
        file.text = file.text.replace(from, to);
    }
    let changes: &[Change] = &[
        ("nothing", |_| {}),
        ("a value", |i| i.values.set.push("web.config.greeting=bye".into())),
        ("that value again", |i| i.values.set.push("web.config.greeting=hello".into())),
        ("a value that the base chart refuses", |i| i.values.set.push("worker.replicas=many".into())),
        ("and away", |i| drop(i.values.set.pop())),
        ("the platform", |i| i.world.platform.as_mut().unwrap().domain = Some("example.com".into())),
        ("one object more", |i| {
            let text = "{apiVersion: v1, kind: ConfigMap, metadata: {name: x, namespace: y}}".into();
            i.world.objects.push(TextFile { name: "objects.yaml".into(), text });
        }),
        ("the seed", |i| i.world.seed = Some(8)),
        ("a component that asks for the time", |i| descriptor(i, "replicas: 2", "replicas: 2, time: true")),
        ("the time", |i| i.world.now = 1_700_000_000),
        ("the module's version", |i| descriptor(i, "1.0.0", "1.0.1")),
        ("the base chart", |i| *i = with_charts(i.clone(), "1.0.1")),
        ("the cluster", |i| i.capabilities.kube_version = Some("1.30.0".into())),
        ("Flux", |i| i.world.flux_helm = contract::FluxHelm::V4_2_4),
        ("Helm", |i| i.mode = contract::Mode::Helm),
        ("a mistake", |i| descriptor(i, "dependsOn: [web]", "dependsOn: [wb]")),
        ("and none", |i| descriptor(i, "dependsOn: [wb]", "dependsOn: [web]")),
        ("no base chart", |i| i.charts.clear()),
    ];
    let mut engine = Engine::default();
    let mut input = with_charts(input(DESCRIPTOR), "1.0.0");
    let mut texts: Vec<String> = Vec::new();
    for (what, change) in changes {
        change(&mut input);
        let kept: RenderOutput = engine.render(&input).unwrap();
        let new = Engine::default().render(&input).unwrap();
        assert_eq!(serde_json::to_value(&kept).unwrap(), serde_json::to_value(&new).unwrap(), "{what}");
        assert_eq!(engine.render(&input).unwrap(), new, "{what}, twice");
        texts.push(new.text.to_str_lossy().into_owned());
    }
    assert!(texts[0].contains("random: ") && texts[0].contains("greeting"), "{}", texts[0]);
    let changed = texts.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!(changed >= 11, "the changes change something: {changed}");
}
