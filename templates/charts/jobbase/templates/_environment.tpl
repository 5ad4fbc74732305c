{{/* Shared by modulebase, databasebase and jobbase: the same text but for the prefix of the names, which a test watches over. */}}

{{/* A value as the text of an environment variable: 8080, true, and lists and maps as JSON. */}}
{{- define "jobbase.text" -}}
{{- if kindIs "string" . }}{{ . }}{{ else }}{{ toJson . }}{{ end -}}
{{- end -}}

{{/* Data of the ConfigMap that becomes environment variables. */}}
{{- define "jobbase.configData" -}}
{{- $data := dict -}}
{{- if .Values.app.env -}}
{{- range $name, $component := .Values.configUrls -}}
{{- if $component -}}
{{- $_ := set $data $name (printf "https://%s.%s" $component (include "jobbase.domain" $)) -}}
{{- end -}}
{{- end -}}
{{- range $name, $value := .Values.config -}}
{{- if not (kindIs "invalid" $value) -}}
{{- $_ := set $data $name (include "jobbase.text" $value) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $data -}}
{{- end -}}

{{/* Data of the Secret that becomes environment variables. */}}
{{- define "jobbase.secretData" -}}
{{- $data := dict -}}
{{- range $name, $value := .Values.secrets -}}
{{- if not (kindIs "invalid" $value) -}}
{{- $_ := set $data $name (include "jobbase.text" $value) -}}
{{- end -}}
{{- end -}}
{{- toYaml $data -}}
{{- end -}}

{{/* envFrom of the container: what comes later wins. */}}
{{- define "jobbase.envFrom" -}}
{{- if include "jobbase.configData" . | fromYaml }}
- configMapRef:
    name: {{ .Values.app.name }}-configmap
{{- end }}
{{- range .Values.existingSecrets }}
- secretRef:
    name: {{ . | quote }}
{{- end }}
{{- if include "jobbase.secretData" . | fromYaml }}
- secretRef:
    name: {{ .Values.app.name }}-secret
{{- end }}
{{- with .Values.envFrom }}
{{ toYaml . }}
{{- end -}}
{{- end -}}

{{/* Annotations of pods: checksums of what they read at their start, so that a change of it restarts them. */}}
{{- define "jobbase.podAnnotations" -}}
{{- $annotations := dict -}}
{{- $parts := dict
  "config" (include "jobbase.configData" .)
  "secret" (include "jobbase.secretData" .)
  "files" (include "jobbase.fileData" .Values.files)
  "secret-files" (include "jobbase.fileData" .Values.secretFiles)
  "scripts" (include "jobbase.scriptData" .) -}}
{{- range $part, $data := $parts -}}
{{- if $data | fromYaml -}}
{{- $_ := set $annotations (printf "checksum/%s" $part) (sha256sum $data) -}}
{{- end -}}
{{- end -}}
{{- with mergeOverwrite $annotations .Values.podAnnotations -}}
{{- toYaml . -}}
{{- end -}}
{{- end -}}
