//! What the API server refuses of rendered objects, as far as names, labels, hosts and ports tell: what a chart's schema
//! rarely checks, and an installation stumbles over.

mod names;

use contract::{Code, ObjectOut, Place, Problem, Severity};
use govalue::{Map, Value};
use goyaml::yaml::{Document, NodeKind, NodeRef};

use super::summary::fields::{at, entries, map, maps, text};
use super::summary::pods::{Pods, pods};

/// A field of an object that the API server refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The place of the object among those that were given.
    pub object: usize,
    /// The field, such as `spec.rules[0].host`; keys of labels stand in brackets, as the API server writes them.
    pub path: String,
    /// Its line in the object's text, from 1; 0 where it is not found.
    pub line: u32,
    /// The text or number that is refused; empty where none is the cause.
    pub value: String,
    /// What is wrong, in a sentence without a full stop.
    pub what: String,
}

impl Refused {
    /// The same as a problem: at its template, for the line is one of the object and not of a file.
    pub fn into_problem(self, object: &ObjectOut) -> Problem {
        let message = format!("{} {}, line {}: {}: {}", object.kind, object.name, self.line, self.path, self.what);
        let place = Place { file: object.source.clone(), ..Place::default() };
        Problem {
            path: self.path,
            component: object.component.clone(),
            helm_release: object.helm_release.clone(),
            chart: object.chart.clone(),
            ..Problem::new(Severity::Error, Code::RefusedObject, message, place)
        }
    }
}

/// What the API server refuses, in the order of the objects. Kinds that it learns from others have names by their own
/// rules, so of them only labels are looked at.
pub fn refused(objects: &[ObjectOut]) -> Vec<Refused> {
    let mut found = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        // Those that others wrote are long, and right.
        if object.kind == "CustomResourceDefinition" {
            continue;
        }
        let Ok(Value::Map(fields)) = goyaml::yaml::from_yaml(&object.text.0) else { continue };
        let mut of = Of::default();
        of.object(object, &fields);
        if of.found.is_empty() {
            continue;
        }
        let document = Document::parse(&object.text.0).ok();
        let root = document.as_ref().and_then(Document::root);
        found.extend(of.found.into_iter().map(|Found { path, value, what }| Refused {
            object: index,
            line: root.and_then(|root| line(root, &path)).unwrap_or(0),
            path: written(&path),
            value,
            what,
        }));
    }
    found
}

/// A step to a field.
#[derive(Clone, Debug)]
enum Step {
    /// A field.
    Field(&'static str),
    /// A key that people choose.
    Key(String),
    /// An item of a list.
    Item(usize),
}

/// What is found in an object.
#[derive(Default)]
struct Of {
    found: Vec<Found>,
}

/// A field, its value, and what is wrong with it.
struct Found {
    path: Vec<Step>,
    value: String,
    what: String,
}

use Step::{Field, Item, Key};

impl Of {
    fn object(&mut self, object: &ObjectOut, fields: &Map) {
        let group = object.api_version.split_once('/').map_or("", |(group, _)| group);
        self.metadata(group, &object.kind, fields);
        self.labels(fields, &[Field("metadata"), Field("labels")]);
        self.labels(fields, &[Field("spec"), Field("template"), Field("metadata"), Field("labels")]);
        match (group, object.kind.as_str()) {
            ("networking.k8s.io" | "extensions", "Ingress") => self.ingress(fields),
            ("gateway.networking.k8s.io", "HTTPRoute" | "GRPCRoute" | "TLSRoute") => {
                self.hosts(fields, &[Field("spec"), Field("hostnames")]);
            }
            ("", "Service") => self.service(fields),
            _ => {}
        }
        let built_in = matches!(group, "" | "apps" | "batch");
        if let Some(Pods { spec, .. }) = pods(&object.kind, fields).filter(|_| built_in) {
            let base: &[&'static str] = match object.kind.as_str() {
                "Pod" => &["spec"],
                "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
                _ => &["spec", "template", "spec"],
            };
            self.pod(&spec, &base.iter().map(|name| Field(name)).collect::<Vec<_>>());
        }
    }

    /// The names that the API server checks by rules of its own.
    fn metadata(&mut self, group: &str, kind: &str, fields: &Map) {
        let name = text(fields, &["metadata", "name"]).filter(|name| !name.is_empty());
        let rule: fn(&str) -> Option<&'static str> = match (group, kind) {
            ("", "Service" | "Namespace") => names::label,
            ("", "Node" | "Event") => return,
            ("rbac.authorization.k8s.io", _) => names::path_segment,
            ("" | "apps" | "batch" | "autoscaling" | "policy" | "networking.k8s.io" | "storage.k8s.io", _) => {
                names::subdomain
            }
            _ => return,
        };
        let path = |field| vec![Field("metadata"), Field(field)];
        self.check(name, rule, || path("name"));
        let namespace = text(fields, &["metadata", "namespace"]).filter(|name| !name.is_empty());
        self.check(namespace, names::label, || path("namespace"));
    }

    fn labels(&mut self, fields: &Map, path: &[Step]) {
        let keys: Vec<&str> =
            path.iter().filter_map(|step| if let Field(name) = step { Some(*name) } else { None }).collect();
        let Some(labels) = map(fields, &keys) else { return };
        for (key, value) in entries(&labels) {
            let place = || path.iter().cloned().chain([Key(key.clone())]).collect();
            self.check(Some(key.clone()), names::label_key, place);
            match value {
                Value::Str(value) => self.check(Some(value.to_str_lossy().into_owned()), names::label_value, place),
                Value::Nil => {}
                Value::Map(_) | Value::List(_) => self.add(place(), "", "the value of a label is text"),
                _ => self.add(place(), "", "the value of a label is text: put it in quotes"),
            }
        }
    }

    fn ingress(&mut self, fields: &Map) {
        let spec = |list: &'static str, index| vec![Field("spec"), Field(list), Item(index)];
        for (index, rule) in maps(fields, &["spec", "rules"]).enumerate() {
            let place = || spec("rules", index);
            self.check(text(&rule, &["host"]).filter(|host| !host.is_empty()), names::host, || {
                [place(), vec![Field("host")]].concat()
            });
            for (number, path) in maps(&rule, &["http", "paths"]).enumerate() {
                let relative = text(&path, &["path"]).filter(|path| !path.is_empty() && !path.starts_with('/'));
                if let Some(relative) = relative
                    && text(&path, &["pathType"]).is_some_and(|of| of != "ImplementationSpecific")
                {
                    let at = [place(), vec![Field("http"), Field("paths"), Item(number), Field("path")]].concat();
                    self.add(at, &relative, "a path starts with `/`");
                }
            }
        }
        for (index, tls) in maps(fields, &["spec", "tls"]).enumerate() {
            self.hosts_in(&tls, "hosts", spec("tls", index));
        }
    }

    fn hosts(&mut self, fields: &Map, path: &[Step; 2]) {
        if let [Field(outer), Field(list)] = path
            && let Some(spec) = map(fields, &[outer])
        {
            self.hosts_in(&spec, list, vec![Field(outer)]);
        }
    }

    /// The hosts of a list in a map that stands at a path.
    fn hosts_in(&mut self, of: &Map, list: &'static str, path: Vec<Step>) {
        for (index, host) in super::summary::fields::list(of, &[list]).into_iter().enumerate() {
            if let Value::Str(host) = host {
                self.check(Some(host.to_str_lossy().into_owned()), names::host, || {
                    [path.clone(), vec![Field(list), Item(index)]].concat()
                });
            }
        }
    }

    fn service(&mut self, fields: &Map) {
        let ports: Vec<Map> = maps(fields, &["spec", "ports"]).collect();
        let unnamed = ports.len() > 1;
        for (index, port) in ports.iter().enumerate() {
            let place = |field| vec![Field("spec"), Field("ports"), Item(index), Field(field)];
            self.number(port, "port", 1, place);
            self.number(port, "nodePort", 0, place);
            match at(port, &["targetPort"]) {
                Some(Value::Str(name)) => {
                    self.check(Some(name.to_str_lossy().into_owned()), names::port_name, || place("targetPort"));
                }
                _ => self.number(port, "targetPort", 1, place),
            }
            match text(port, &["name"]).filter(|name| !name.is_empty()) {
                None if unnamed => {
                    let at = vec![Field("spec"), Field("ports"), Item(index)];
                    self.add(at, "", "a port needs a name where a Service has several");
                }
                name => self.check(name, names::label, || place("name")),
            }
        }
    }

    fn pod(&mut self, spec: &Map, base: &[Step]) {
        for list in ["initContainers", "containers"] {
            for (index, container) in maps(spec, &[list]).enumerate() {
                let of = |more: &[Step]| [base, &[Field(list), Item(index)], more].concat();
                self.check(text(&container, &["name"]), names::label, || of(&[Field("name")]));
                for (number, port) in maps(&container, &["ports"]).enumerate() {
                    let place = |field| of(&[Field("ports"), Item(number), Field(field)]);
                    self.number(&port, "containerPort", 1, place);
                    self.number(&port, "hostPort", 0, place);
                    let name = text(&port, &["name"]).filter(|name| !name.is_empty());
                    self.check(name, names::port_name, || place("name"));
                }
            }
        }
    }

    /// A port's number in a field.
    fn number(&mut self, of: &Map, field: &'static str, least: u32, place: impl Fn(&'static str) -> Vec<Step>) {
        if let Some(Value::Float(number)) = at(of, &[field])
            && !(f64::from(least)..=65_535.0).contains(&number)
        {
            let what = format!("`{number}` is not a port: a number from 1 to 65535");
            self.add(place(field), &number.to_string(), &what);
        }
    }

    fn check(
        &mut self,
        value: Option<String>,
        rule: fn(&str) -> Option<&'static str>,
        place: impl FnOnce() -> Vec<Step>,
    ) {
        if let Some(value) = value
            && let Some(wants) = rule(&value)
        {
            self.add(place(), &value, &format!("Kubernetes refuses `{value}` here: {wants}"));
        }
    }

    fn add(&mut self, path: Vec<Step>, value: &str, what: &str) {
        self.found.push(Found { path, value: value.to_owned(), what: what.to_owned() });
    }
}

/// A path as the API server writes it.
fn written(path: &[Step]) -> String {
    let mut written = String::new();
    for step in path {
        match step {
            Field(name) if written.is_empty() => written.push_str(name),
            Field(name) => written.push_str(&format!(".{name}")),
            Key(key) => written.push_str(&format!("[{key}]")),
            Item(index) => written.push_str(&format!("[{index}]")),
        }
    }
    written
}

/// The line of a field, from 1: of its key, or of the item of a list.
fn line(root: NodeRef<'_>, path: &[Step]) -> Option<u32> {
    let mut node = root.target();
    let mut line = None;
    for step in path {
        let (next, mark) = match step {
            Field(name) => entry(node, name)?,
            Key(key) => entry(node, key)?,
            Item(index) => {
                let item = node.children().nth(*index).filter(|_| node.kind() == NodeKind::Sequence)?;
                (item, item.start())
            }
        };
        (node, line) = (next.target(), Some(mark.line + 1));
    }
    line
}

fn entry<'d>(node: NodeRef<'d>, key: &str) -> Option<(NodeRef<'d>, goyaml::yaml::Mark)> {
    if node.kind() != NodeKind::Mapping {
        return None;
    }
    let (key, value) = node.entries().find(|(one, _)| one.text() == key.as_bytes())?;
    Some((value, key.start()))
}

#[cfg(test)]
mod tests {
    use contract::Text;

    use super::*;

    fn found(api_version: &str, kind: &str, body: &str) -> Vec<String> {
        let text = format!("apiVersion: {api_version}\nkind: {kind}\n{body}");
        let object = ObjectOut {
            api_version: api_version.into(),
            kind: kind.into(),
            name: "web".into(),
            text: Text(text.into_bytes()),
            ..ObjectOut::default()
        };
        let say =
            |one: Refused| format!("{}:{} {}", one.line, one.path, one.what.split(':').next().unwrap_or_default());
        refused(&[object]).into_iter().map(say).collect()
    }

    #[test]
    fn hosts_of_an_ingress_are_names() {
        let body = "metadata: {name: web}\nspec:\n  rules:\n    - host: my_shop.example!\n      http:\n        paths:\n          - path: api\n            pathType: Prefix\n    - host: '*.example.org'\n    - {}\n  tls:\n    - hosts: [192.0.2.1]\n";
        assert_eq!(
            found("networking.k8s.io/v1", "Ingress", body),
            [
                "6:spec.rules[0].host Kubernetes refuses `my_shop.example!` here",
                "9:spec.rules[0].http.paths[0].path a path starts with `/`",
                "14:spec.tls[0].hosts[0] Kubernetes refuses `192.0.2.1` here",
            ]
        );
        assert_eq!(
            found("gateway.networking.k8s.io/v1", "HTTPRoute", "spec:\n  hostnames:\n    - a b\n"),
            ["5:spec.hostnames[0] Kubernetes refuses `a b` here"]
        );
    }

    #[test]
    fn names_and_labels_are_checked() {
        let body =
            "metadata:\n  name: Web_1\n  labels:\n    app.kubernetes.io/version: 1.0+k3s\n    flag: true\n    ok: ''\n";
        assert_eq!(
            found("apps/v1", "Deployment", body),
            [
                "4:metadata.name Kubernetes refuses `Web_1` here",
                "6:metadata.labels[app.kubernetes.io/version] Kubernetes refuses `1.0+k3s` here",
                "7:metadata.labels[flag] the value of a label is text",
            ]
        );
        // Roles have colons, and kinds that others define their own rules.
        assert!(found("rbac.authorization.k8s.io/v1", "Role", "metadata: {name: 'a:B'}\n").is_empty());
        assert!(found("example.org/v1", "Shop", "metadata: {name: 'A'}\n").is_empty());
        assert_eq!(found("v1", "Service", "metadata: {name: a.b}\n").len(), 1);
    }

    #[test]
    fn ports_are_in_their_range() {
        let body = "metadata: {name: web}\nspec:\n  ports:\n    - port: 0\n      name: a\n    - port: 80\n      targetPort: http-metrics-port\n";
        assert_eq!(
            found("v1", "Service", body),
            [
                "6:spec.ports[0].port `0` is not a port",
                "9:spec.ports[1].targetPort Kubernetes refuses `http-metrics-port` here",
                "8:spec.ports[1] a port needs a name where a Service has several",
            ]
        );
        let body = "metadata: {name: web}\nspec: {template: {spec: {containers: [{name: a b, ports: [{containerPort: 70000}, {containerPort: 80, name: http}]}]}}}\n";
        assert_eq!(
            found("apps/v1", "Deployment", body),
            [
                "4:spec.template.spec.containers[0].name Kubernetes refuses `a b` here",
                "4:spec.template.spec.containers[0].ports[0].containerPort `70000` is not a port",
            ]
        );
    }

    #[test]
    fn problems_name_the_object() {
        let object = ObjectOut {
            kind: "Ingress".into(),
            name: "web".into(),
            source: "shop/templates/a.yaml".into(),
            ..ObjectOut::default()
        };
        let one =
            Refused { object: 0, path: "spec.rules[0].host".into(), line: 9, value: String::new(), what: "no".into() };
        let problem = one.into_problem(&object);
        assert_eq!(problem.to_string(), "shop/templates/a.yaml: error: Ingress web, line 9: spec.rules[0].host: no");
    }
}
