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
    let say = |one: Refused| format!("{}:{} {}", one.line, one.path, one.what.split(':').next().unwrap_or_default());
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
            "7:metadata.labels[flag] the value of a label is a string",
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
    let body = "metadata: {name: web}\nspec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a b, image: x, ports: [{containerPort: 70000}, {containerPort: 80, name: http}]}]}}}\n";
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

/// What is refused of the pods of a Deployment, whose spec is this one in the flow style of YAML.
fn of_pods(spec: &str) -> Vec<String> {
    let body = format!(
        "metadata: {{name: web}}\nspec: {{selector: {{matchLabels: {{a: b}}}}, template: {{metadata: {{labels: {{a: b}}}}, spec: {spec}}}}}\n"
    );
    let strip = |one: String| one.replace("4:spec.template.spec.", "");
    found("apps/v1", "Deployment", &body).into_iter().map(strip).collect()
}

/// The same of its only container.
fn of_container(fields: &str) -> Vec<String> {
    let found = of_pods(&format!("{{containers: [{{name: web, image: web, {fields}}}]}}"));
    found.into_iter().map(|one| one.replace("containers[0].", "")).collect()
}

#[test]
fn a_request_is_at_most_its_limit() {
    assert_eq!(
        of_container("resources: {limits: {memory: 64Mi, cpu: 1}, requests: {memory: 1Gi, cpu: 1000m}}"),
        ["resources.requests[memory] the request of memory, 1Gi, must be less than or equal to the limit of 64Mi"]
    );
    assert_eq!(
        of_container("resources: {limits: {cpu: 1 Gi, memory: -1}, requests: {example.org/gpu: 1, cpu: 2}}"),
        [
            "resources.limits[cpu] `1 Gi` is not a quantity of 0 or more, such as 500m or 2Gi",
            "resources.limits[memory] `-1` is not a quantity of 0 or more, such as 500m or 2Gi",
            "resources.requests[example.org/gpu] example.org/gpu needs a limit, equal to its request",
        ]
    );
    assert!(of_container("resources: {limits: {memory: null, a/b: 1}, requests: {memory: 1Gi, a/b: '1'}}").is_empty());
}

#[test]
fn variables_have_a_name_and_one_source() {
    assert_eq!(
        of_container(
            "env: [{name: 'a=b', value: x}, {value: x}, {name: PORT, value: 8080}, {name: A, valueFrom: {}}, \
             {name: B, valueFrom: {secretKeyRef: ''}}, {name: C, valueFrom: {secretKeyRef: {name: db}}}, \
             {name: D, value: x, valueFrom: {fieldRef: {fieldPath: metadata.name}}}, \
             {name: E, valueFrom: {fieldRef: {fieldPath: a}, secretKeyRef: {name: a, key: b}}}, \
             {name: F, value: '', valueFrom: {secretKeyRef: {name: a, key: b}}}]"
        ),
        [
            "env[0].name Kubernetes refuses `a=b` here",
            "env[1] an environment variable needs a name",
            "env[2].value the value of an environment variable is a string",
            "env[3].valueFrom `valueFrom` needs one of `configMapKeyRef`, `fieldRef`, `resourceFieldRef` and `secretKeyRef`",
            "env[4].valueFrom.secretKeyRef `secretKeyRef` is a map with a `key`",
            "env[5].valueFrom.secretKeyRef `secretKeyRef` needs a `key`",
            "env[6].valueFrom an environment variable has either a `value` or a `valueFrom`",
            "env[7].valueFrom `valueFrom` must not have more than one source",
        ]
    );
    assert_eq!(
        of_container("envFrom: [{secretRef: {name: a}}, {prefix: x}], args: [--port, 80], imagePullPolicy: always"),
        [
            "imagePullPolicy `always` is not one of Always, IfNotPresent, Never",
            "args[1] an argument is a string",
            "envFrom[1] an item of `envFrom` has either a `configMapRef` or a `secretRef`",
        ]
    );
}

#[test]
fn names_of_containers_ports_and_volumes_are_there_once() {
    assert_eq!(
        of_pods(
            "{initContainers: [{name: a, image: x}], volumes: [{name: v, emptyDir: {}}, {name: v, emptyDir: {}, secret: {secretName: s}}], \
             containers: [{name: a, image: x, ports: [{containerPort: 1, name: http}, {containerPort: 2, name: http}]}, {name: b, \
             volumeMounts: [{name: v, mountPath: /a}, {name: data, mountPath: /a}]}]}"
        ),
        [
            "volumes[1].name another volume of this pod is called `v`, too",
            "volumes[1] the volume `v` must not be of more than one kind",
            "containers[0].name another container of this pod is called `a`, too",
            "containers[0].ports[1].name another port of this container is called `http`, too",
            "containers[1] a container needs an image",
            "containers[1].volumeMounts[1].name this pod has no volume `data`",
            "containers[1].volumeMounts[1].mountPath another volume of this container is mounted at `/a`, too",
        ]
    );
    let set = "metadata: {name: db}\nspec: {selector: {matchLabels: {a: b}}, volumeClaimTemplates: [{metadata: {name: data}}], template: \
               {metadata: {labels: {a: b}}, spec: {containers: [{name: db, image: db, volumeMounts: [{name: data, mountPath: /d}]}]}}}\n";
    assert!(found("apps/v1", "StatefulSet", set).is_empty());
}

#[test]
fn numbers_have_no_quotes() {
    let body = "metadata: {name: web}\nspec: {replicas: '2', selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}}}\n";
    assert_eq!(found("apps/v1", "Deployment", body), ["4:spec.replicas `replicas` is a number"]);
    assert_eq!(
        of_container("ports: [{containerPort: '80'}], readinessProbe: {tcpSocket: {port: http}}"),
        ["ports[0].containerPort `containerPort` is a number"]
    );
}

#[test]
fn probes_do_one_thing() {
    assert_eq!(
        of_container(
            "livenessProbe: {httpGet: {path: /, port: '80'}, exec: {command: [a]}, successThreshold: 2}, readinessProbe: {periodSeconds: -1}, \
             startupProbe: {tcpSocket: {port: http}}, lifecycle: {preStop: {}}"
        ),
        [
            "livenessProbe a livenessProbe has one handler, and not exec and httpGet",
            "livenessProbe.httpGet.port Kubernetes refuses `80` here",
            "livenessProbe.successThreshold the `successThreshold` of a livenessProbe is 1",
            "readinessProbe a readinessProbe needs one of exec, grpc, httpGet, tcpSocket",
            "readinessProbe.periodSeconds `periodSeconds` must be a whole number of 0 or more, and is -1",
            "lifecycle.preStop a preStop needs one of exec, httpGet, sleep, tcpSocket",
        ]
    );
    let init = "{initContainers: [{name: i, image: x, readinessProbe: {exec: {command: [a]}}}, \
                {name: s, image: x, restartPolicy: Always, readinessProbe: {exec: {command: [a]}}}], containers: [{name: a, image: x}]}";
    assert_eq!(
        of_pods(init),
        ["initContainers[0].readinessProbe an init container has no probes, unless its `restartPolicy` is `Always`"]
    );
}

#[test]
fn workloads_find_their_pods() {
    let body = "metadata: {name: web}\nspec:\n  replicas: -1\n  selector:\n    matchLabels: {app: web, tier: a}\n    matchExpressions: \
                [{key: app, operator: In, values: [x]}]\n  strategy: {type: Recreate, rollingUpdate: {maxSurge: 1}}\n  template:\n    \
                metadata: {labels: {app: web}}\n    spec: {restartPolicy: Never, containers: [{name: a, image: x}]}\n";
    assert_eq!(
        found("apps/v1", "Deployment", body),
        [
            "5:spec.replicas `replicas` must be a whole number of 0 or more, and is -1",
            "7:spec.selector.matchLabels[tier] the labels of the `template` do not have tier",
            "8:spec.selector.matchExpressions[0] the label app of the `template` is not as its pods are found",
            "9:spec.strategy.rollingUpdate `rollingUpdate` may not be specified when the strategy's `type` is `Recreate`",
            "12:spec.template.spec.restartPolicy the `restartPolicy` of the pods of a Deployment is `Always`",
        ]
    );
    let job = |spec: &str| {
        found(
            "batch/v1",
            "Job",
            &format!(
                "metadata: {{name: a}}\nspec: {{template: {{spec: {{{spec}containers: [{{name: a, image: x}}]}}}}}}\n"
            ),
        )
    };
    assert_eq!(job(""), ["4:spec.template.spec the `restartPolicy` of the pods of a Job is `OnFailure` or `Never`"]);
    assert!(job("restartPolicy: Never, ").is_empty());
    let cron = "metadata: {name: a}\nspec: {schedule: 0 25 * * *, jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: []}}}}}\n";
    assert_eq!(
        found("batch/v1", "CronJob", cron),
        [
            "4:spec.schedule Kubernetes refuses `0 25 * * *` here",
            "4:spec.jobTemplate.spec.template.spec.containers a pod needs at least one container",
        ]
    );
}

#[test]
fn other_kinds_are_checked_by_their_own_rules() {
    let service = "metadata: {name: web}\nspec: {type: clusterip, ports: [{name: a, port: 80}, {name: a, port: 80}, {name: b, port: 80, protocol: UDP}]}\n";
    assert_eq!(
        found("v1", "Service", service),
        [
            "4:spec.type `clusterip` is not one of ClusterIP, NodePort, LoadBalancer, ExternalName",
            "4:spec.ports[1].port another port of this Service is 80/TCP, too",
            "4:spec.ports[1].name another port of this Service is called `a`, too",
        ]
    );
    assert_eq!(
        found("v1", "ConfigMap", "metadata: {name: a, annotations: {x: 1}}\ndata: {PORT: 8080, a b: x, done: false}\n"),
        [
            "3:metadata.annotations[x] the value of an annotation is a string",
            "4:data[PORT] the value of a key is a string",
            "4:data[a b] Kubernetes refuses `a b` here",
            "4:data[done] the value of a key is a string",
        ]
    );
    assert_eq!(
        found("v1", "Secret", "metadata: {name: a}\ntype: kubernetes.io/tls\nstringData: {tls.crt: x}\n"),
        ["4:type a Secret of this type needs the key `tls.key`"]
    );
    assert_eq!(
        found("v1", "PersistentVolumeClaim", "metadata: {name: a}\nspec: {resources: {requests: {storage: 1 G}}}\n"),
        [
            "4:spec a claim needs at least one of `accessModes`",
            "4:spec.resources.requests.storage `1 G` is not a quantity, such as 500m or 2Gi",
        ]
    );
    assert_eq!(
        found(
            "autoscaling/v2",
            "HorizontalPodAutoscaler",
            "metadata: {name: a}\nspec: {minReplicas: 3, maxReplicas: 2}\n"
        ),
        ["4:spec.maxReplicas `maxReplicas`, 2, must be greater than or equal to `minReplicas`, 3"]
    );
    assert_eq!(
        found("policy/v1", "PodDisruptionBudget", "metadata: {name: a}\nspec: {minAvailable: 1, maxUnavailable: 0}\n"),
        ["4:spec `minAvailable` and `maxUnavailable` cannot both be set"]
    );
    assert_eq!(
        found(
            "networking.k8s.io/v1",
            "Ingress",
            "metadata: {name: a}\nspec: {rules: [{http: {paths: [{path: /}]}}]}\n"
        ),
        ["4:spec.rules[0].http.paths[0] a path needs a `pathType`"]
    );
}
