{{/* What is modulebase's own in the helpers that it shares with the other base charts. */}}

{{/* Annotations of the objects that pods need at their start. */}}
{{- define "modulebase.supportAnnotations" -}}
{{- end -}}

{{/* env of the container. */}}
{{- define "modulebase.env" -}}
{{- with .Values.env -}}
{{- toYaml . -}}
{{- end -}}
{{- end -}}

{{/* Data of the ConfigMap with scripts: there are none. */}}
{{- define "modulebase.scriptData" -}}
{}
{{- end -}}

{{/* The settings of a pod's security context that hang on what runs: none. */}}
{{- define "modulebase.ownPodSecurityContext" -}}
{}
{{- end -}}

{{/* "true" where there can be several pods. */}}
{{- define "modulebase.severalPods" -}}
{{- if or .Values.autoscaling.enabled (gt (int .Values.replicas) 1) }}true{{ end -}}
{{- end -}}

{{- define "modulebase.ownVolumes" -}}
{{- if .Values.persistence.enabled }}
- name: {{ .Values.app.name }}-volumedata
  persistentVolumeClaim:
    claimName: {{ .Values.app.name }}-pvc
{{- end -}}
{{- end -}}

{{- define "modulebase.ownVolumeMounts" -}}
{{- if .Values.persistence.enabled }}
- name: {{ .Values.app.name }}-volumedata
  mountPath: {{ .Values.persistence.mountpath | quote }}
{{- end -}}
{{- end -}}

{{/* "true" where a volume can be mounted on one node only: a new pod would wait for the old one's end. */}}
{{- define "modulebase.mountsOnce" -}}
{{- $found := and .Values.persistence.enabled (hasPrefix "ReadWriteOnce" .Values.persistence.accessmode) -}}
{{- range .Values.volumes -}}
{{- if . -}}
{{- if not (or (kindIs "map" .emptyDir) .emptyDir .configMap .secret) -}}
{{- if hasPrefix "ReadWriteOnce" (.accessMode | default "ReadWriteOnce") -}}
{{- $found = true -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if $found }}true{{ end -}}
{{- end -}}

{{/* The ports of the Service, as YAML; empty where there is nothing to reach. */}}
{{- define "modulebase.servicePorts" -}}
{{- if .Values.service.enabled -}}
{{- if .Values.app.port }}
- name: http
  port: {{ .Values.service.port }}
  targetPort: http
  protocol: TCP
{{- $nodePort := .Values.service.nodePort | default .Values.service.nodeport }}
{{- if and $nodePort (ne .Values.service.type "ClusterIP") }}
  nodePort: {{ $nodePort }}
{{- end }}
{{- end }}
{{- range .Values.ports }}
{{- if ne .expose false }}
- name: {{ .name }}
  port: {{ .servicePort | default .port }}
  targetPort: {{ .name }}
  protocol: {{ .protocol | default "TCP" }}
{{- if and .nodePort (ne $.Values.service.type "ClusterIP") }}
  nodePort: {{ .nodePort }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
{{- end -}}

{{/* The host name under which the component is reached. */}}
{{- define "modulebase.host" -}}
{{- if .Values.ingress.host -}}
{{- .Values.ingress.host -}}
{{- else -}}
{{- printf "%s.%s" .Values.app.name (include "modulebase.domain" .) -}}
{{- end -}}
{{- end -}}

{{/* The Secret with the certificate; empty where the ingress controller uses its own. */}}
{{- define "modulebase.tlsSecretName" -}}
{{- with .Values.ingress.tls -}}
{{- if .secretName -}}
{{- .secretName -}}
{{- else if or .clusterIssuer .issuer -}}
{{- printf "%s-tls" $.Values.app.name -}}
{{- end -}}
{{- end -}}
{{- end -}}
