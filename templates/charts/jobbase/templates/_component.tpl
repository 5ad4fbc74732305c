{{/* What is jobbase's own in the helpers that it shares with the other base charts. */}}

{{/* "true" where the Job runs before the release's objects are there. */}}
{{- define "jobbase.runsBefore" -}}
{{- range .Values.job.hooks -}}
{{- if hasPrefix "pre-" . }}true{{ end -}}
{{- end -}}
{{- end -}}

{{/* Annotations of the objects that pods need at their start: they are there before a Job that runs first. */}}
{{- define "jobbase.supportAnnotations" -}}
{{- if and (not .Values.job.schedule) (include "jobbase.runsBefore" .) -}}
helm.sh/hook: {{ join "," .Values.job.hooks | quote }}
helm.sh/hook-weight: {{ sub (int .Values.job.hookWeight) 1 | toString | quote }}
helm.sh/hook-delete-policy: before-hook-creation
{{- end -}}
{{- end -}}

{{/* env of the container. */}}
{{- define "jobbase.env" -}}
{{- with .Values.env -}}
{{- toYaml . -}}
{{- end -}}
{{- end -}}

{{/* Data of the ConfigMap with scripts: there are none. */}}
{{- define "jobbase.scriptData" -}}
{}
{{- end -}}

{{/* The settings of a pod's security context that hang on what runs: none. */}}
{{- define "jobbase.ownPodSecurityContext" -}}
{}
{{- end -}}

{{/* "true" where there can be several pods: they are not spread. */}}
{{- define "jobbase.severalPods" -}}
{{- end -}}

{{- define "jobbase.ownVolumes" -}}
{{- if .Values.persistence.enabled }}
- name: {{ .Values.app.name }}-volumedata
  persistentVolumeClaim:
    claimName: {{ .Values.app.name }}-pvc
{{- end -}}
{{- end -}}

{{- define "jobbase.ownVolumeMounts" -}}
{{- if .Values.persistence.enabled }}
- name: {{ .Values.app.name }}-volumedata
  mountPath: {{ .Values.persistence.mountpath | quote }}
{{- end -}}
{{- end -}}

{{/* spec of a Job. */}}
{{- define "jobbase.jobSpec" -}}
{{- with .Values.job -}}
backoffLimit: {{ int .backoffLimit }}
{{- if not (kindIs "invalid" .completions) }}
completions: {{ int .completions }}
completionMode: {{ .completionMode }}
{{- end }}
{{- if not (kindIs "invalid" .parallelism) }}
parallelism: {{ int .parallelism }}
{{- end }}
{{- if not (kindIs "invalid" .activeDeadlineSeconds) }}
activeDeadlineSeconds: {{ int .activeDeadlineSeconds }}
{{- end }}
{{- if not (kindIs "invalid" .ttlSecondsAfterFinished) }}
ttlSecondsAfterFinished: {{ int .ttlSecondsAfterFinished }}
{{- end }}
{{- with .podFailurePolicy }}
podFailurePolicy:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
template:
  metadata:
    labels:
      {{- include "jobbase.podLabels" . | nindent 6 }}
    {{- with include "jobbase.podAnnotations" . }}
    annotations:
      {{- . | nindent 6 }}
    {{- end }}
  spec:
    restartPolicy: {{ .Values.job.restartPolicy }}
    {{- include "jobbase.podRest" . | nindent 4 }}
    {{- with .Values.initContainers }}
    initContainers:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    containers:
      - name: {{ .Values.app.name }}
        {{- include "jobbase.containerStart" . | nindent 8 }}
        {{- with .Values.app.port }}
        ports:
          - name: http
            containerPort: {{ . }}
            protocol: TCP
        {{- end }}
        {{- with include "jobbase.containerRest" . | trim }}
        {{- . | nindent 8 }}
        {{- end }}
      {{- with .Values.extraContainers }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    {{- with include "jobbase.volumes" . | trim }}
    volumes:
      {{- . | nindent 6 }}
    {{- end }}
{{- end -}}
