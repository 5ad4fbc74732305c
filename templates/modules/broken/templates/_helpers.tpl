{{- define "broken.name" -}}
{{- .Values.name | trimAll "-" | required "name is needed: set it, and the chart renders" -}}
{{- end -}}

{{- define "broken.labels" -}}
app: {{ include "broken.name" . }}
{{- end -}}
