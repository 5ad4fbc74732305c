{{ define "middle.pass" }}
  {{- include "low.call" . }}{{ end }}