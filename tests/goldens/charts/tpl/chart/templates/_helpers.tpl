{{- define "tpl.path" -}}path/{{ .Chart.Version }}{{- end -}}
{{- define "tpl.tree" -}}
name: {{ .name }}
{{- with .children }}
children:
  {{- range . }}
  - {{ include "tpl.tree" . | nindent 4 | trim }}
  {{- end }}
{{- end }}
{{- end -}}
{{- define "tpl.count" -}}
{{- if gt (int .) 0 }}{{ . }} {{ include "tpl.count" (sub . 1) }}{{ else }}done{{ end -}}
{{- end -}}
{{- define "tpl.forever" }}{{ include "tpl.forever" . }}{{ end -}}
