{{- define "toolbox.base" -}}
kind: Service
metadata:
  name: {{ .Release.Name }}
  labels: {app: {{ .Chart.Name }}}
spec:
  type: ClusterIP
  ports:
    {{- range .Values.ports }}
    - {port: {{ . }}}
    {{- end }}
{{- end -}}
{{- define "toolbox.service" -}}
{{- $top := first . -}}
{{- $over := fromYaml (include (index . 1) $top) | default (dict) -}}
{{- $base := fromYaml (include "toolbox.base" $top) | default (dict) -}}
{{- toYaml (merge $over $base) -}}
{{- end -}}
{{- define "toolbox.names" }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" }}{{ end }}
