{{/* What is databasebase's own in the helpers that it shares with the other base charts. */}}

{{/* Annotations of the objects that pods need at their start. */}}
{{- define "databasebase.supportAnnotations" -}}
{{- end -}}

{{/* Name of the Secret with the credentials. */}}
{{- define "databasebase.credentialsName" -}}
{{- .Values.auth.existingSecret | default (printf "%s-credentials" .Values.app.name) -}}
{{- end -}}

{{/* A credential's value where config or secrets give it under the engine's own variable. Takes the variable's name and both maps. */}}
{{- define "databasebase.fromVariable" -}}
{{- $given := merge (dict) (.secrets | default dict) -}}
{{- if .env -}}
{{- $given = merge $given (.config | default dict) -}}
{{- end -}}
{{- if hasKey $given .variable -}}
{{- with get $given .variable -}}
{{- include "databasebase.text" . -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* env of the container: what the engine's image takes, where nobody else gives it. */}}
{{- define "databasebase.env" -}}
{{- $engine := include "databasebase.engine" . | fromYaml -}}
{{- $given := dict -}}
{{- range .Values.env -}}
{{- $_ := set $given .name true -}}
{{- end -}}
{{- range $name, $value := .Values.secrets -}}
{{- if not (kindIs "invalid" $value) -}}
{{- $_ := set $given $name true -}}
{{- end -}}
{{- end -}}
{{- if .Values.app.env -}}
{{- range $name, $value := .Values.config -}}
{{- if not (kindIs "invalid" $value) -}}
{{- $_ := set $given $name true -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $mountpath := include "databasebase.mountpath" . -}}
{{- range $name, $value := $engine.fixed -}}
{{- if and (not (hasKey $given $name)) (eq $mountpath $engine.mountpath) }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end -}}
{{- end -}}
{{- if .Values.auth.enabled -}}
{{- range $field, $name := $engine.variables -}}
{{- if not (hasKey $given $name) }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ include "databasebase.credentialsName" $ }}
      key: {{ $field }}
{{- end -}}
{{- end -}}
{{- end -}}
{{- with .Values.env }}
{{ toYaml . }}
{{- end -}}
{{- end -}}

{{/* Data of the ConfigMap with the scripts of the first start. They are not read again: a change restarts nothing. */}}
{{- define "databasebase.scriptData" -}}
{}
{{- end -}}

{{/* Pods of an engine run as the user of its official image, where they may not run as root. */}}
{{- define "databasebase.ownPodSecurityContext" -}}
{{- $engine := include "databasebase.engine" . | fromYaml -}}
{{- if and $engine.user (eq .Values.podSecurity "restricted") -}}
{{- dict "runAsUser" $engine.user "runAsGroup" $engine.user "fsGroup" $engine.user "fsGroupChangePolicy" "OnRootMismatch" | toYaml -}}
{{- else -}}
{}
{{- end -}}
{{- end -}}

{{/* "true" where there can be several pods. */}}
{{- define "databasebase.severalPods" -}}
{{- if gt (int .Values.replicas) 1 }}true{{ end -}}
{{- end -}}

{{- define "databasebase.ownVolumes" -}}
{{- if not .Values.persistence.enabled }}
- name: data
  emptyDir: {}
{{- end }}
{{- if .Values.initScripts }}
- name: init-scripts
  configMap:
    name: {{ .Values.app.name }}-initscripts
{{- end -}}
{{- end -}}

{{- define "databasebase.ownVolumeMounts" -}}
{{- $engine := include "databasebase.engine" . | fromYaml }}
- name: data
  mountPath: {{ include "databasebase.mountpath" . | quote }}
{{- with .Values.persistence.subPath | default $engine.subPath }}
  subPath: {{ . | quote }}
{{- end }}
{{- if .Values.initScripts }}
- name: init-scripts
  mountPath: {{ required "initScriptsPath is needed: the folder from which this engine runs scripts at its first start" (.Values.initScriptsPath | default $engine.scripts) | quote }}
  readOnly: true
{{- end -}}
{{- end -}}

{{/* Storage class of the data: one of its own where a folder of the node is used. */}}
{{- define "databasebase.storageClass" -}}
{{- if .Values.persistence.path -}}
{{- printf "%s-%s-storageclass" .Release.Namespace .Values.app.name -}}
{{- else -}}
{{- .Values.persistence.storageClass -}}
{{- end -}}
{{- end -}}

{{/* The ports of the Services. */}}
{{- define "databasebase.servicePorts" -}}
{{- $port := include "databasebase.port" . -}}
{{- $service := .Values.service }}
- name: database
  port: {{ $service.port | default $port }}
  targetPort: database
  protocol: TCP
{{- $nodePort := $service.nodePort | default $service.nodeport }}
{{- if and $nodePort (ne $service.type "ClusterIP") }}
  nodePort: {{ $nodePort }}
{{- end }}
{{- range .Values.ports }}
{{- if ne .expose false }}
- name: {{ .name }}
  port: {{ .servicePort | default .port }}
  targetPort: {{ .name }}
  protocol: {{ .protocol | default "TCP" }}
{{- if and .nodePort (ne $service.type "ClusterIP") }}
  nodePort: {{ .nodePort }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
