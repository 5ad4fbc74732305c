{{/* Shared by modulebase, databasebase and jobbase: the same text but for the prefix of the names, which a test watches over. */}}

{{/* The key of a file in its ConfigMap or Secret, from its path: keys have no slashes. */}}
{{- define "jobbase.fileKey" -}}
{{- printf "%s-%s" (sha256sum . | trunc 8) (regexReplaceAll "[^-._A-Za-z0-9]" (base .) "_" | trunc 200) -}}
{{- end -}}

{{/* Data of the ConfigMap or Secret with files, from a map of paths to contents. */}}
{{- define "jobbase.fileData" -}}
{{- $data := dict -}}
{{- range $path, $content := . -}}
{{- if not (kindIs "invalid" $content) -}}
{{- $_ := set $data (include "jobbase.fileKey" $path) $content -}}
{{- end -}}
{{- end -}}
{{- toYaml $data -}}
{{- end -}}

{{/* volumes of a pod. */}}
{{- define "jobbase.volumes" -}}
{{- include "jobbase.ownVolumes" . -}}
{{- range $name, $volume := .Values.volumes }}
{{- if $volume }}
- name: {{ $name }}
{{- if $volume.existingClaim }}
  persistentVolumeClaim:
    claimName: {{ $volume.existingClaim | quote }}
{{- else if kindIs "map" $volume.emptyDir }}
  emptyDir: {{ toJson $volume.emptyDir }}
{{- else if $volume.emptyDir }}
  emptyDir: {}
{{- else if $volume.configMap }}
  configMap:
    name: {{ $volume.configMap | quote }}
{{- else if $volume.secret }}
  secret:
    secretName: {{ $volume.secret | quote }}
{{- else }}
  persistentVolumeClaim:
    claimName: {{ $.Values.app.name }}-{{ $name }}
{{- end }}
{{- end }}
{{- end }}
{{- if include "jobbase.fileData" .Values.files | fromYaml }}
- name: files
  configMap:
    name: {{ .Values.app.name }}-files
{{- end }}
{{- if include "jobbase.fileData" .Values.secretFiles | fromYaml }}
- name: secret-files
  secret:
    secretName: {{ .Values.app.name }}-files
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end -}}
{{- end -}}

{{/* volumeMounts of the container. */}}
{{- define "jobbase.volumeMounts" -}}
{{- include "jobbase.ownVolumeMounts" . -}}
{{- range $name, $volume := .Values.volumes }}
{{- if $volume }}
- name: {{ $name }}
  mountPath: {{ required (printf "volumes.%s.mountPath is needed: the folder in the container" $name) $volume.mountPath | quote }}
{{- with $volume.subPath }}
  subPath: {{ . | quote }}
{{- end }}
{{- if $volume.readOnly }}
  readOnly: true
{{- end }}
{{- end }}
{{- end }}
{{- range $path, $content := .Values.files }}
{{- if not (kindIs "invalid" $content) }}
- name: files
  mountPath: {{ $path | quote }}
  subPath: {{ include "jobbase.fileKey" $path | quote }}
  readOnly: true
{{- end }}
{{- end }}
{{- range $path, $content := .Values.secretFiles }}
{{- if not (kindIs "invalid" $content) }}
- name: secret-files
  mountPath: {{ $path | quote }}
  subPath: {{ include "jobbase.fileKey" $path | quote }}
  readOnly: true
{{- end }}
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end -}}
{{- end -}}

{{/* "true" where a claim is mounted. */}}
{{- define "jobbase.hasClaim" -}}
{{- $found := .Values.persistence.enabled -}}
{{- range .Values.volumes -}}
{{- if . -}}
{{- if not (or (kindIs "map" .emptyDir) .emptyDir .configMap .secret) -}}
{{- $found = true -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if $found }}true{{ end -}}
{{- end -}}
