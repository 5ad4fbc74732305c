{{/* Shared by modulebase, databasebase and jobbase: the same text but for the prefix of the names, which a test watches over. */}}

{{/* Labels by which the pods are selected. DS2's base charts select by the same one, so that a release can change to this chart in place. */}}
{{- define "databasebase.selector" -}}
app: {{ .Values.app.name | quote }}
{{- end -}}

{{/* Labels of pods: they do not change with the version of the chart, which would restart them. */}}
{{- define "databasebase.podLabels" -}}
{{- $labels := dict
  "app" .Values.app.name
  "app.kubernetes.io/name" .Values.app.name
  "app.kubernetes.io/instance" .Release.Name -}}
{{- toYaml (merge $labels .Values.podLabels .Values.commonLabels) -}}
{{- end -}}

{{/* Labels of every object. */}}
{{- define "databasebase.labels" -}}
{{- $labels := dict
  "app" .Values.app.name
  "app.kubernetes.io/name" .Values.app.name
  "app.kubernetes.io/instance" .Release.Name
  "app.kubernetes.io/managed-by" .Release.Service
  "helm.sh/chart" (printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimAll "-_.") -}}
{{- with .Values.image.tag -}}
{{- $_ := set $labels "app.kubernetes.io/version" (regexReplaceAll "[^-A-Za-z0-9_.]" . "_" | trunc 63 | trimAll "-_.") -}}
{{- end -}}
{{- with .Values.module.name -}}
{{- $_ := set $labels "app.kubernetes.io/part-of" (. | trunc 63 | trimAll "-_.") -}}
{{- end -}}
{{- toYaml (merge $labels .Values.commonLabels) -}}
{{- end -}}

{{/* The account of the pods. */}}
{{- define "databasebase.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (printf "%s-serviceaccount" .Values.app.name) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}
