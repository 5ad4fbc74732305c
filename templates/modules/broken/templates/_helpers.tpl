{{- define "broken.name" -}}
{{- required "name is needed: set it, and the chart renders" .Values.name | trimAll "-" -}}
{{- end -}}

{{- define "broken.labels" -}}
app: {{ include "broken.name" . }}
{{- end -}}
