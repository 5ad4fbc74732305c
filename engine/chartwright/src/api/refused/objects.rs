//! What the API server refuses of objects, kind by kind. The rules are those of `k8s.io/kubernetes/pkg/apis/*/validation`.

use contract::quantity::is_quantity;
use govalue::{Map, Value};

use super::Step::{self, Field, Item, Key};
use super::{Of, is_there, names, schedule, shown};
use crate::api::summary::fields::{at, entries, list, map, maps, text};

impl Of {
    pub(super) fn ingress(&mut self, fields: &Map) {
        let is_v1 = text(fields, &["apiVersion"]).is_some_and(|version| version == "networking.k8s.io/v1");
        let spec = |list: &'static str, index| vec![Field("spec"), Field(list), Item(index)];
        for (index, rule) in maps(fields, &["spec", "rules"]).enumerate() {
            let place = || spec("rules", index);
            self.check(text(&rule, &["host"]).filter(|host| !host.is_empty()), names::host, || {
                [place(), vec![Field("host")]].concat()
            });
            for (number, path) in maps(&rule, &["http", "paths"]).enumerate() {
                let of = |more: &[Step]| [&*place(), &[Field("http"), Field("paths"), Item(number)], more].concat();
                let kinds = ["Exact", "Prefix", "ImplementationSpecific"];
                self.one_of(&path, "pathType", &kinds, || of(&[Field("pathType")]));
                if is_v1 && text(&path, &["pathType"]).is_none_or(|kind| kind.is_empty()) {
                    self.add(of(&[]), "", "a path needs a `pathType`");
                }
                let relative = text(&path, &["path"]).filter(|path| !path.is_empty() && !path.starts_with('/'));
                if let Some(relative) = relative
                    && text(&path, &["pathType"]).is_some_and(|of| of != "ImplementationSpecific")
                {
                    self.add(of(&[Field("path")]), &relative, "a path starts with `/`");
                }
            }
        }
        for (index, tls) in maps(fields, &["spec", "tls"]).enumerate() {
            self.hosts_in(&tls, "hosts", spec("tls", index));
        }
    }

    pub(super) fn hosts(&mut self, fields: &Map, path: &[Step; 2]) {
        if let [Field(outer), Field(list)] = path
            && let Some(spec) = map(fields, &[outer])
        {
            self.hosts_in(&spec, list, vec![Field(outer)]);
        }
    }

    /// The hosts of a list in a map that stands at a path.
    fn hosts_in(&mut self, of: &Map, list: &'static str, path: Vec<Step>) {
        for (index, host) in self::list(of, &[list]).into_iter().enumerate() {
            if let Value::Str(host) = host {
                self.check(Some(host.to_str_lossy().into_owned()), names::host, || {
                    [path.clone(), vec![Field(list), Item(index)]].concat()
                });
            }
        }
    }

    pub(super) fn service(&mut self, fields: &Map) {
        let ports: Vec<Map> = maps(fields, &["spec", "ports"]).collect();
        let unnamed = ports.len() > 1;
        let (mut known, mut taken): (Vec<String>, Vec<(String, String)>) = (Vec::new(), Vec::new());
        let kinds = ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"];
        self.one_of(&map(fields, &["spec"]).unwrap_or_default(), "type", &kinds, || vec![Field("spec"), Field("type")]);
        for (index, port) in ports.iter().enumerate() {
            let place = |field| vec![Field("spec"), Field("ports"), Item(index), Field(field)];
            self.number(port, "port", 1, place);
            self.number(port, "nodePort", 0, place);
            self.one_of(port, "protocol", &["TCP", "UDP", "SCTP"], || place("protocol"));
            let number = text(port, &["port"]).unwrap_or_default();
            let protocol = text(port, &["protocol"]).unwrap_or_else(|| "TCP".to_owned());
            if taken.iter().any(|one| *one == (number.clone(), protocol.clone())) {
                self.add(place("port"), &number, &format!("another port of this Service is {number}/{protocol}, too"));
            }
            taken.push((number, protocol));
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
                Some(name) if known.contains(&name) => {
                    self.add(place("name"), &name, &format!("another port of this Service is called `{name}`, too"));
                }
                name => {
                    known.extend(name.clone());
                    self.check(name, names::label, || place("name"));
                }
            }
        }
    }

    pub(super) fn config_map(&mut self, fields: &Map) {
        for part in ["data", "binaryData"] {
            self.config(fields, part);
        }
    }

    pub(super) fn secret(&mut self, fields: &Map) {
        for part in ["data", "stringData"] {
            self.config(fields, part);
        }
        let needed: &[&str] = match text(fields, &["type"]).as_deref() {
            Some("kubernetes.io/tls") => &["tls.crt", "tls.key"],
            Some("kubernetes.io/dockerconfigjson") => &[".dockerconfigjson"],
            Some("kubernetes.io/ssh-auth") => &["ssh-privatekey"],
            _ => &[],
        };
        for key in needed {
            // A key has dots: it is looked up as one.
            let has = |part| map(fields, &[part]).is_some_and(|map| map.get(*key).is_some());
            if !has("data") && !has("stringData") {
                self.add(vec![Field("type")], "", &format!("a Secret of this type needs the key `{key}`"));
            }
        }
    }

    /// What a ConfigMap or a Secret has.
    fn config(&mut self, fields: &Map, part: &'static str) {
        for (key, value) in map(fields, &[part]).iter().flat_map(entries) {
            let place = || vec![Field(part), Key(key.clone())];
            self.check(Some(key.clone()), names::config_key, place);
            self.string(&value, "the value of a key", place);
        }
    }

    pub(super) fn claim(&mut self, fields: &Map) {
        let spec = || vec![Field("spec")];
        if list(fields, &["spec", "accessModes"]).is_empty() {
            self.add(spec(), "", "a claim needs at least one of `accessModes`");
        }
        match at(fields, &["spec", "resources", "requests", "storage"]).filter(is_there) {
            None => self.add(spec(), "", "a claim needs `resources.requests.storage`"),
            Some(size) if !is_quantity(shown(&size).trim()) => {
                let path = vec![Field("spec"), Field("resources"), Field("requests"), Field("storage")];
                let what = format!("`{}` is not a quantity, such as 500m or 2Gi", shown(&size));
                self.add(path, &shown(&size), &what);
            }
            Some(_) => {}
        }
    }

    pub(super) fn autoscaler(&mut self, fields: &Map) {
        let Some(spec) = map(fields, &["spec"]) else { return };
        let path = |field| vec![Field("spec"), Field(field)];
        let count = |field| match spec.get(field) {
            Some(Value::Float(number)) => Some(number),
            _ => None,
        };
        let (least, most) = (count("minReplicas").unwrap_or(1.0), count("maxReplicas"));
        match most {
            None => self.add(vec![Field("spec")], "", "an autoscaler needs `maxReplicas`"),
            Some(most) if most < least => {
                let what = format!("`maxReplicas`, {most}, must be greater than or equal to `minReplicas`, {least}");
                self.add(path("maxReplicas"), &most.to_string(), &what);
            }
            Some(_) => {}
        }
        if least < 0.0 {
            self.not_negative(&spec, "minReplicas", &[Field("spec")]);
        }
    }

    pub(super) fn disruption_budget(&mut self, fields: &Map) {
        let has = |field| at(fields, &["spec", field]).is_some_and(|value| is_there(&value));
        if has("minAvailable") && has("maxUnavailable") {
            self.add(vec![Field("spec")], "", "`minAvailable` and `maxUnavailable` cannot both be set");
        }
    }

    /// What makes pods: how many, how they are found, and how they are replaced.
    pub(super) fn workload(&mut self, kind: &str, fields: &Map) {
        let Some(spec) = map(fields, &["spec"]) else { return };
        let base = [Field("spec")];
        match kind {
            "Deployment" | "StatefulSet" | "ReplicaSet" | "DaemonSet" => {
                for field in ["replicas", "revisionHistoryLimit", "minReadySeconds"] {
                    self.not_negative(&spec, field, &base);
                }
                self.selector(&spec);
            }
            "Job" => self.job(&spec, &base),
            "CronJob" => {
                let schedule = text(&spec, &["schedule"]).unwrap_or_default();
                self.check(Some(schedule), schedule::wrong, || vec![Field("spec"), Field("schedule")]);
                let policies = ["Allow", "Forbid", "Replace"];
                self.one_of(&spec, "concurrencyPolicy", &policies, || vec![Field("spec"), Field("concurrencyPolicy")]);
                if let Some(job) = map(&spec, &["jobTemplate", "spec"]) {
                    self.job(&job, &[Field("spec"), Field("jobTemplate"), Field("spec")]);
                }
            }
            _ => {}
        }
        if kind == "Deployment" {
            self.strategy(&spec);
        }
    }

    fn job(&mut self, spec: &Map, base: &[Step]) {
        for field in ["parallelism", "completions", "backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished"]
        {
            self.not_negative(spec, field, base);
        }
    }

    /// The selector must find the pods of the template.
    fn selector(&mut self, spec: &Map) {
        let path = || vec![Field("spec"), Field("selector")];
        let Some(selector) = map(spec, &["selector"]).filter(|selector| !selector.is_empty()) else {
            return self.add(vec![Field("spec")], "", "the `selector` of the pods is missing");
        };
        let labels = map(spec, &["template", "metadata", "labels"]).unwrap_or_default();
        let of = |key: &str| labels.get(key).filter(is_there).map(|value| shown(&value));
        for (key, value) in map(&selector, &["matchLabels"]).iter().flat_map(entries) {
            if of(&key).is_none_or(|label| label != shown(&value)) {
                let what = format!(
                    "the labels of the `template` do not have {key}: {}, by which its pods are found",
                    shown(&value)
                );
                self.add([&*path(), &[Field("matchLabels"), Key(key)]].concat(), &shown(&value), &what);
            }
        }
        for (index, rule) in maps(&selector, &["matchExpressions"]).enumerate() {
            let key = text(&rule, &["key"]).unwrap_or_default();
            let label = of(&key);
            let listed = |label: &String| list(&rule, &["values"]).iter().any(|value| shown(value) == *label);
            let holds = match text(&rule, &["operator"]).as_deref() {
                Some("In") => label.as_ref().is_some_and(listed),
                Some("NotIn") => label.as_ref().is_none_or(|label| !listed(label)),
                Some("Exists") => label.is_some(),
                Some("DoesNotExist") => label.is_none(),
                _ => true,
            };
            if !holds {
                let what = format!("the label {key} of the `template` is not as its pods are found");
                self.add([&*path(), &[Field("matchExpressions"), Item(index)]].concat(), "", &what);
            }
        }
    }

    fn strategy(&mut self, spec: &Map) {
        let Some(strategy) = map(spec, &["strategy"]) else { return };
        let path = |more: &[Step]| [&[Field("spec"), Field("strategy")], more].concat();
        self.one_of(&strategy, "type", &["Recreate", "RollingUpdate"], || path(&[Field("type")]));
        let rolling = strategy.get("rollingUpdate").filter(is_there);
        if text(&strategy, &["type"]).is_some_and(|kind| kind == "Recreate") && rolling.is_some() {
            let what = "`rollingUpdate` may not be specified when the strategy's `type` is `Recreate`";
            return self.add(path(&[Field("rollingUpdate")]), "", what);
        }
        let Some(Value::Map(rolling)) = rolling else { return };
        let is_none = |field| rolling.get(field).is_some_and(|value| matches!(&*shown(&value), "0" | "0%"));
        if is_none("maxSurge") && is_none("maxUnavailable") {
            let path = path(&[Field("rollingUpdate"), Field("maxUnavailable")]);
            self.add(path, "", "`maxUnavailable` may not be 0 when `maxSurge` is 0");
        }
    }
}
