{{- define "shop.labels" -}}
app: {{ .Chart.Name }}
release: {{ .Release.Name | trunc 63 }}
{{- end }}
