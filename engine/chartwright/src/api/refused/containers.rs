//! What the API server refuses of pods (`ValidatePodSpec` of `k8s.io/kubernetes/pkg/apis/core/validation`), as far as one
//! object tells.

use contract::quantity::{is_quantity, millis};
use govalue::{Map, Value};

use super::Step::{self, Field, Item, Key};
use super::{Of, is_there, names, shown};
use crate::api::summary::fields::{at, entries, list, map, maps, number, text};

/// Where an environment variable may come from, with the field that says what of it.
const SOURCES: [(&str, &str); 5] = [
    ("secretKeyRef", "key"),
    ("configMapKeyRef", "key"),
    ("fieldRef", "fieldPath"),
    ("resourceFieldRef", "resource"),
    ("fileKeyRef", "key"),
];

/// A place within a container.
type Place<'p> = &'p dyn Fn(&[Step]) -> Vec<Step>;

impl Of {
    /// The spec of the pods of a kind of objects. `claims` are volumes that come from elsewhere.
    pub(super) fn pod(&mut self, kind: &str, spec: &Map, base: &[Step], claims: &[String]) {
        let below = |more: &[Step]| [base, more].concat();
        self.restart_policy(kind, spec, base);
        let volumes = self.volumes(spec, base, claims);
        if list(spec, &["containers"]).is_empty() {
            self.add(below(&[Field("containers")]), "", "a pod needs at least one container");
        }
        let mut known: Vec<String> = Vec::new();
        for part in ["initContainers", "containers"] {
            for (index, container) in maps(spec, &[part]).enumerate() {
                let place = |more: &[Step]| below(&[&[Field(part), Item(index)], more].concat());
                let name = text(&container, &["name"]).unwrap_or_default();
                if name.is_empty() {
                    self.add(place(&[]), "", "a container needs a name");
                } else if known.contains(&name) {
                    let what = format!("another container of this pod is called `{name}`, too");
                    self.add(place(&[Field("name")]), &name, &what);
                }
                known.push(name);
                self.container(&container, &place);
                self.mounts(&container, &volumes, &place);
                let stays = part == "containers" || text(&container, &["restartPolicy"]).as_deref() == Some("Always");
                self.probes(&container, stays, &place);
            }
        }
        for (key, value) in map(spec, &["nodeSelector"]).iter().flat_map(entries) {
            self.string(&value, "the value of a node's label", || below(&[Field("nodeSelector"), Key(key.clone())]));
        }
        self.not_negative(spec, "terminationGracePeriodSeconds", base);
    }

    /// Pods of a Job end, and those of others do not.
    fn restart_policy(&mut self, kind: &str, spec: &Map, base: &[Step]) {
        let policy = text(spec, &["restartPolicy"]).filter(|policy| !policy.is_empty());
        let is_job = matches!(kind, "Job" | "CronJob");
        let wants = match policy.as_deref() {
            None | Some("Always") if is_job => "`OnFailure` or `Never`",
            None | Some("Always") => return,
            Some("OnFailure" | "Never") if is_job || kind == "Pod" => return,
            Some(_) if is_job => "`OnFailure` or `Never`",
            Some(_) if kind == "Pod" => "`Always`, `OnFailure` or `Never`",
            Some(_) => "`Always`",
        };
        let path = match policy {
            Some(_) => [base, &[Field("restartPolicy")]].concat(),
            None => base.to_vec(),
        };
        self.add(path, &policy.unwrap_or_default(), &format!("the `restartPolicy` of the pods of a {kind} is {wants}"));
    }

    /// The volumes of a pod, by name.
    fn volumes(&mut self, spec: &Map, base: &[Step], claims: &[String]) -> Vec<String> {
        let mut known: Vec<String> = Vec::new();
        for (index, volume) in maps(spec, &["volumes"]).enumerate() {
            let place = |more: &[Step]| [base, &[Field("volumes"), Item(index)], more].concat();
            let name = text(&volume, &["name"]).unwrap_or_default();
            self.check(Some(name.clone()), names::label, || place(&[Field("name")]));
            if known.contains(&name) {
                let what = format!("another volume of this pod is called `{name}`, too");
                self.add(place(&[Field("name")]), &name, &what);
            }
            let sources = entries(&volume).into_iter().filter(|(key, value)| key != "name" && is_there(value)).count();
            if sources > 1 {
                self.add(place(&[]), "", &format!("the volume `{name}` must not be of more than one kind"));
            }
            known.push(name);
        }
        known.extend_from_slice(claims);
        known
    }

    fn container(&mut self, container: &Map, place: Place<'_>) {
        self.check(text(container, &["name"]).filter(|name| !name.is_empty()), names::label, || {
            place(&[Field("name")])
        });
        if text(container, &["image"]).is_none_or(|image| image.is_empty()) {
            let path = if container.get("image").is_some() { place(&[Field("image")]) } else { place(&[]) };
            self.add(path, "", "a container needs an image");
        }
        let policies = ["Always", "IfNotPresent", "Never"];
        self.one_of(container, "imagePullPolicy", &policies, || place(&[Field("imagePullPolicy")]));
        for words in ["command", "args"] {
            for (index, word) in list(container, &[words]).iter().enumerate() {
                self.string(word, "an argument", || place(&[Field(words), Item(index)]));
            }
        }
        self.ports(container, place);
        for (index, variable) in maps(container, &["env"]).enumerate() {
            self.variable(&variable, &|more| place(&[&[Field("env"), Item(index)], more].concat()));
        }
        for (index, from) in maps(container, &["envFrom"]).enumerate() {
            let sources =
                ["configMapRef", "secretRef"].into_iter().filter(|name| from.get(*name).is_some_and(|v| is_there(&v)));
            if sources.count() != 1 {
                let what = "an item of `envFrom` has either a `configMapRef` or a `secretRef`";
                self.add(place(&[Field("envFrom"), Item(index)]), "", what);
            }
        }
        self.resources(container, place);
        let context = |field| at(container, &["securityContext", field]);
        if matches!(
            (context("privileged"), context("allowPrivilegeEscalation")),
            (Some(Value::Bool(true)), Some(Value::Bool(false)))
        ) {
            let path = place(&[Field("securityContext"), Field("allowPrivilegeEscalation")]);
            self.add(path, "false", "`allowPrivilegeEscalation` cannot be false where `privileged` is true");
        }
    }

    fn ports(&mut self, container: &Map, place: Place<'_>) {
        let mut known: Vec<String> = Vec::new();
        for (index, port) in maps(container, &["ports"]).enumerate() {
            let of = |field| place(&[Field("ports"), Item(index), Field(field)]);
            self.number(&port, "containerPort", 1, of);
            self.number(&port, "hostPort", 0, of);
            self.one_of(&port, "protocol", &["TCP", "UDP", "SCTP"], || of("protocol"));
            let Some(name) = text(&port, &["name"]).filter(|name| !name.is_empty()) else { continue };
            self.check(Some(name.clone()), names::port_name, || of("name"));
            if known.contains(&name) {
                self.add(of("name"), &name, &format!("another port of this container is called `{name}`, too"));
            }
            known.push(name);
        }
    }

    fn variable(&mut self, variable: &Map, place: Place<'_>) {
        match text(variable, &["name"]).filter(|name| !name.is_empty()) {
            None => self.add(place(&[]), "", "an environment variable needs a name"),
            name => self.check(name, names::variable, || place(&[Field("name")])),
        }
        if let Some(value) = variable.get("value") {
            self.string(&value, "the value of an environment variable", || place(&[Field("value")]));
        }
        let path = || place(&[Field("valueFrom")]);
        let from = match variable.get("valueFrom") {
            Some(Value::Map(from)) => from,
            Some(value) if is_there(&value) => {
                return self.add(path(), &shown(&value), "`valueFrom` is a map, such as one with a `secretKeyRef`");
            }
            _ => return,
        };
        if text(variable, &["value"]).is_some_and(|value| !value.is_empty()) {
            self.add(path(), "", "an environment variable has either a `value` or a `valueFrom`");
        }
        let sources: Vec<_> =
            SOURCES.iter().filter(|(name, _)| from.get(*name).is_some_and(|v| is_there(&v))).collect();
        match &*sources {
            [] => self.add(
                path(),
                "",
                "`valueFrom` needs one of `configMapKeyRef`, `fieldRef`, `resourceFieldRef` and `secretKeyRef`",
            ),
            [(name, wants)] => {
                let path = || place(&[Field("valueFrom"), Field(name)]);
                match from.get(*name) {
                    Some(Value::Map(source)) if text(&source, &[wants]).is_none_or(|what| what.is_empty()) => {
                        self.add(path(), "", &format!("`{name}` needs a `{wants}`"));
                    }
                    Some(Value::Map(source)) if *wants == "key" => {
                        let key = text(&source, &["key"]);
                        self.check(key, names::config_key, || place(&[Field("valueFrom"), Field(name), Field("key")]));
                    }
                    Some(Value::Map(_)) | None => {}
                    Some(value) => self.add(path(), &shown(&value), &format!("`{name}` is a map with a `{wants}`")),
                }
            }
            _ => self.add(path(), "", "`valueFrom` must not have more than one source"),
        }
    }

    /// What a container asks for, and what it may use.
    fn resources(&mut self, container: &Map, place: Place<'_>) {
        let of = |part: &'static str| map(container, &["resources", part]).map(|map| entries(&map)).unwrap_or_default();
        let quantity = |value: &Value| match value {
            Value::Str(text) => Some(text.to_str_lossy().trim().to_owned()),
            Value::Float(number) => Some(number.to_string()),
            _ => None,
        };
        let path = |part: &'static str, name: &str| place(&[Field("resources"), Field(part), Key(name.to_owned())]);
        let limits = of("limits");
        for (part, amounts) in [("limits", &limits), ("requests", &of("requests"))] {
            for (name, value) in amounts.iter().filter(|(_, value)| is_there(value)) {
                let Some(amount) = quantity(value).filter(|amount| is_quantity(amount)) else {
                    let what = format!("`{}` is not a quantity of 0 or more, such as 500m or 2Gi", shown(value));
                    self.add(path(part, name), &shown(value), &what);
                    continue;
                };
                if part == "limits" {
                    continue;
                }
                // Of these, a node never has more than it says.
                let is_exact =
                    name.starts_with("hugepages-") || (name.contains('/') && !name.contains("kubernetes.io/"));
                let limit = limits.iter().find(|(other, _)| other == name).and_then(|(_, limit)| quantity(limit));
                let what = match limit.as_deref().filter(|limit| is_quantity(limit)) {
                    Some(limit) if is_exact && millis(limit) != millis(&amount) => {
                        format!("the request of {name}, {amount}, must be equal to the limit of {limit}")
                    }
                    Some(limit) if millis(&amount) > millis(limit) => {
                        format!("the request of {name}, {amount}, must be less than or equal to the limit of {limit}")
                    }
                    None if is_exact && limit.is_none() => format!("{name} needs a limit, equal to its request"),
                    _ => continue,
                };
                self.add(path(part, name), &shown(value), &what);
            }
        }
    }

    fn mounts(&mut self, container: &Map, volumes: &[String], place: Place<'_>) {
        let mut known: Vec<String> = Vec::new();
        for (index, mount) in maps(container, &["volumeMounts"]).enumerate() {
            let of = |more: &[Step]| place(&[&[Field("volumeMounts"), Item(index)], more].concat());
            let name = text(&mount, &["name"]).unwrap_or_default();
            if name.is_empty() {
                self.add(of(&[]), "", "a mount needs the name of a volume");
            } else if !volumes.contains(&name) {
                self.add(of(&[Field("name")]), &name, &format!("this pod has no volume `{name}`"));
            }
            let folder = text(&mount, &["mountPath"]).unwrap_or_default();
            if folder.is_empty() {
                self.add(of(&[]), "", "a mount needs a `mountPath`");
            } else if known.contains(&folder) {
                let what = format!("another volume of this container is mounted at `{folder}`, too");
                self.add(of(&[Field("mountPath")]), &folder, &what);
            }
            known.push(folder);
        }
    }

    fn probes(&mut self, container: &Map, stays: bool, place: Place<'_>) {
        for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
            let Some(probe) = map(container, &[name]) else { continue };
            let of = |more: &[Step]| place(&[&[Field(name)], more].concat());
            if !stays {
                self.add(of(&[]), "", "an init container has no probes, unless its `restartPolicy` is `Always`");
            }
            self.handler(&probe, name, &["exec", "grpc", "httpGet", "tcpSocket"], &of);
            let times = number(&probe, &["successThreshold"]).unwrap_or(1);
            if name != "readinessProbe" && times > 1 {
                let what = format!("the `successThreshold` of a {name} is 1");
                self.add(of(&[Field("successThreshold")]), &times.to_string(), &what);
            }
            for field in
                ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"]
            {
                self.not_negative(&probe, field, &of(&[]));
            }
        }
        for name in ["postStart", "preStop"] {
            let Some(hook) = map(container, &["lifecycle", name]) else { continue };
            let of = |more: &[Step]| place(&[&[Field("lifecycle"), Field(name)], more].concat());
            self.handler(&hook, name, &["exec", "httpGet", "sleep", "tcpSocket"], &of);
        }
    }

    /// What a probe or a hook does: one thing.
    fn handler(&mut self, of: &Map, name: &str, handlers: &[&'static str], place: Place<'_>) {
        let there: Vec<_> =
            handlers.iter().filter(|handler| of.get(**handler).is_some_and(|value| is_there(&value))).collect();
        match &*there {
            [] => self.add(place(&[]), "", &format!("a {name} needs one of {}", handlers.join(", "))),
            [_] => {}
            several => {
                let several: Vec<&str> = several.iter().map(|handler| **handler).collect();
                self.add(place(&[]), "", &format!("a {name} has one handler, and not {}", several.join(" and ")));
            }
        }
        for handler in ["httpGet", "tcpSocket"] {
            let Some(action) = map(of, &[handler]).filter(|_| handlers.contains(&handler)) else { continue };
            let path = |field| place(&[Field(handler), Field(field)]);
            match action.get("port") {
                Some(Value::Str(port)) => {
                    self.check(Some(port.to_str_lossy().into_owned()), names::port_name, || path("port"));
                }
                Some(Value::Float(_)) => self.number(&action, "port", 1, path),
                _ => self.add(place(&[Field(handler)]), "", &format!("`{handler}` needs a port")),
            }
        }
    }
}
