{{/* Shared by modulebase, databasebase and jobbase: the same text but for the prefix of the names, which a test watches over. */}}

{{/* A value as the text of an environment variable: 8080, true, and lists and maps as JSON. */}}
{{- define "databasebase.text" -}}
{{- if kindIs "string" . }}{{ . }}{{ else }}{{ toJson . }}{{ end -}}
{{- end -}}

{{/* Data of the ConfigMap that becomes environment variables. */}}
{{- define "databasebase.configData" -}}
{{- $data := dict -}}
{{- if .Values.app.env -}}
{{- range $name, $component := .Values.configUrls -}}
{{- if $component -}}
{{- $_ := set $data $name (printf "https://%s.%s" $component (include "databasebase.domain" $)) -}}
{{- end -}}
{{- end -}}
{{- range $name, $value := .Values.config -}}
{{- if not (kindIs "invalid" $value) -}}
{{- $_ := set $data $name (include "databasebase.text" $value) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $data -}}
{{- end -}}

{{/* Data of the Secret that becomes environment variables. */}}
{{- define "databasebase.secretData" -}}
{{- $data := dict -}}
{{- range $name, $value := .Values.secrets -}}
{{- if not (kindIs "invalid" $value) -}}
{{- $_ := set $data $name (include "databasebase.text" $value) -}}
{{- end -}}
{{- end -}}
{{- toYaml $data -}}
{{- end -}}

{{/* envFrom of the container: what comes later wins. */}}
{{- define "databasebase.envFrom" -}}
{{- if include "databasebase.configData" . | fromYaml }}
- configMapRef:
    name: {{ .Values.app.name }}-configmap
{{- end }}
{{- range .Values.existingSecrets }}
- secretRef:
    name: {{ . | quote }}
{{- end }}
{{- if include "databasebase.secretData" . | fromYaml }}
- secretRef:
    name: {{ .Values.app.name }}-secret
{{- end }}
{{- with .Values.envFrom }}
{{ toYaml . }}
{{- end -}}
{{- end -}}

{{/* Annotations of pods: checksums of what they read at their start, so that a change of it restarts them. */}}
{{- define "databasebase.podAnnotations" -}}
{{- $annotations := dict -}}
{{- $parts := dict
  "config" (include "databasebase.configData" .)
  "secret" (include "databasebase.secretData" .)
  "files" (include "databasebase.fileData" .Values.files)
  "secret-files" (include "databasebase.fileData" .Values.secretFiles)
  "scripts" (include "databasebase.scriptData" .) -}}
{{- range $part, $data := $parts -}}
{{- if $data | fromYaml -}}
{{- $_ := set $annotations (printf "checksum/%s" $part) (sha256sum $data) -}}
{{- end -}}
{{- end -}}
{{- with mergeOverwrite $annotations .Values.podAnnotations -}}
{{- toYaml . -}}
{{- end -}}
{{- end -}}
