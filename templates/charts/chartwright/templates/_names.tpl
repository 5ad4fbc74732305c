{{/* The name of the objects: that of the release, with the chart's if it does not have it. */}}
{{- define "chartwright.name" -}}
{{- if contains "chartwright" .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-chartwright" .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* The name of objects of the whole cluster: several releases may be in it. */}}
{{- define "chartwright.clusterName" -}}
{{- printf "%s-%s" (include "chartwright.name" .) .Release.Namespace -}}
{{- end -}}

{{- define "chartwright.selector" -}}
app: {{ include "chartwright.name" . }}
app.kubernetes.io/name: chartwright-controller
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "chartwright.labels" -}}
{{ include "chartwright.selector" . }}
app.kubernetes.io/component: chartwright-controller
app.kubernetes.io/part-of: chartwright
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "chartwright.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (include "chartwright.name" .) -}}
{{- end -}}

{{- define "chartwright.image" -}}
{{- $name := required "image.repository is needed: registry and name of the image that you pushed (see the chart's README)" .Values.image.repository -}}
{{- with .Values.image.digest -}}
{{- printf "%s@%s" $name . -}}
{{- else -}}
{{- printf "%s:%s" $name (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{/* Where Flux reaches the archives. The dot at the end spares the search through the cluster's domains. */}}
{{- define "chartwright.artifactHost" -}}
{{- printf "%s.%s.svc.cluster.local." (include "chartwright.name" .) .Release.Namespace -}}
{{- end -}}
