{{- define "low.call" -}}
{{- if eq (.mode | default "") "fail" }}{{ fail "low failed" }}{{ end -}}
{{- if eq (.mode | default "") "required" }}{{ required "low needs this" .missing }}{{ end -}}
{{- if eq (.mode | default "") "nil" }}{{ .missing.deeper }}{{ end -}}
{{- if eq (.mode | default "") "tpl" }}{{ tpl "{{ .a.b.c }}" . }}{{ end -}}
called
{{- end -}}
