{{/* Shared by modulebase, databasebase and jobbase: the same text but for the prefix of the names, which a test watches over. */}}

{{/* Security context of a pod, by the level of the Pod Security Standards. */}}
{{- define "jobbase.podSecurityContext" -}}
{{- $context := include "jobbase.ownPodSecurityContext" . | fromYaml -}}
{{- if ne .Values.podSecurity "none" -}}
{{- $_ := set $context "seccompProfile" (dict "type" "RuntimeDefault") -}}
{{- if include "jobbase.hasClaim" . -}}
{{- $context = merge $context (dict "fsGroup" 1000 "fsGroupChangePolicy" "OnRootMismatch") -}}
{{- end -}}
{{- if eq .Values.podSecurity "restricted" -}}
{{- $_ := set $context "runAsNonRoot" true -}}
{{- end -}}
{{- end -}}
{{- with mergeOverwrite $context .Values.podSecurityContext -}}
{{- toYaml . -}}
{{- end -}}
{{- end -}}

{{/* Security context of a container, likewise. */}}
{{- define "jobbase.securityContext" -}}
{{- $context := dict -}}
{{- if ne .Values.podSecurity "none" -}}
{{- $_ := set $context "allowPrivilegeEscalation" false -}}
{{- if eq .Values.podSecurity "restricted" -}}
{{- $_ := set $context "capabilities" (dict "drop" (list "ALL")) -}}
{{- end -}}
{{- end -}}
{{- with mergeOverwrite $context .Values.securityContext -}}
{{- toYaml . -}}
{{- end -}}
{{- end -}}

{{/* What a container says about its image and how it is started. */}}
{{- define "jobbase.containerStart" -}}
image: {{ include "jobbase.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- with .Values.command }}
command: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.args }}
args: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.workingDir }}
workingDir: {{ . | quote }}
{{- end }}
{{- end -}}

{{/* Resources of a container. Where there is a limit, no request of ours goes above it. */}}
{{- define "jobbase.resources" -}}
{{- $limits := .resources.limits | default dict -}}
{{- $requests := merge (dict) (.resources.requests | default dict) -}}
{{- range $name, $amount := .defaults -}}
{{- if and $amount (not (hasKey $requests $name)) (not (hasKey $limits $name)) -}}
{{- $_ := set $requests $name $amount -}}
{{- end -}}
{{- end -}}
{{- $resources := omit .resources "requests" -}}
{{- if $requests -}}
{{- $_ := set $resources "requests" $requests -}}
{{- end -}}
{{- with $resources -}}
{{- toYaml . -}}
{{- end -}}
{{- end -}}

{{/* Environment, volumes, resources and security of the component's container. */}}
{{- define "jobbase.containerRest" -}}
{{- with include "jobbase.env" . | trim }}
env:
  {{- . | nindent 2 }}
{{- end }}
{{- with include "jobbase.envFrom" . | trim }}
envFrom:
  {{- . | nindent 2 }}
{{- end }}
{{- with include "jobbase.volumeMounts" . | trim }}
volumeMounts:
  {{- . | nindent 2 }}
{{- end }}
{{- if .Values.resourcesEnabled }}
{{- with include "jobbase.resources" (dict "resources" .Values.resources "defaults" .Values.defaultRequests) }}
resources:
  {{- . | nindent 2 }}
{{- end }}
{{- end }}
{{- with include "jobbase.securityContext" . }}
securityContext:
  {{- . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* What a pod says beside its containers and volumes. */}}
{{- define "jobbase.podRest" -}}
serviceAccountName: {{ include "jobbase.serviceAccountName" . }}
automountServiceAccountToken: {{ .Values.serviceAccount.automount }}
{{- with include "jobbase.imagePullSecrets" . | trim }}
imagePullSecrets:
  {{- . | nindent 2 }}
{{- end }}
{{- with include "jobbase.podSecurityContext" . }}
securityContext:
  {{- . | nindent 2 }}
{{- end }}
{{- if .Values.ndots.enabled }}
dnsPolicy: ClusterFirst
dnsConfig:
  options:
    - name: ndots
      value: "1"
{{- end }}
{{- with .Values.hostAliases }}
hostAliases:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
terminationGracePeriodSeconds: {{ int .Values.terminationGracePeriodSeconds }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* A probe from its short or long form; `otherwise` is what it does where it says nothing of it, `port` the port it means. */}}
{{- define "jobbase.probe" -}}
{{- $probe := omit .probe "path" "port" "command" -}}
{{- if not (or $probe.httpGet $probe.tcpSocket $probe.exec $probe.grpc) -}}
{{- $port := .probe.port | default .port -}}
{{- if .probe.command -}}
{{- $_ := set $probe "exec" (dict "command" .probe.command) -}}
{{- else if .probe.path -}}
{{- $_ := set $probe "httpGet" (dict "path" .probe.path "port" $port) -}}
{{- else if .probe.port -}}
{{- $_ := set $probe "tcpSocket" (dict "port" $port) -}}
{{- else if .otherwise -}}
{{- $probe = merge $probe .otherwise -}}
{{- else -}}
{{- $_ := set $probe "tcpSocket" (dict "port" $port) -}}
{{- end -}}
{{- end -}}
{{- with $probe.httpGet -}}
{{- if not .port -}}
{{- $_ := set $probe "httpGet" (merge (dict "port" $.port) .) -}}
{{- end -}}
{{- end -}}
{{- toYaml $probe -}}
{{- end -}}

{{/* topologySpreadConstraints. */}}
{{- define "jobbase.topologySpread" -}}
{{- $selector := include "jobbase.selector" . | fromYaml -}}
{{- range .Values.topologySpreadConstraints }}
- {{ merge (dict) . (dict "labelSelector" (dict "matchLabels" $selector)) | toYaml | nindent 2 | trim }}
{{- end }}
{{- if and (not .Values.topologySpreadConstraints) (include "jobbase.severalPods" .) }}
- maxSkew: 1
  topologyKey: kubernetes.io/hostname
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- toYaml $selector | nindent 6 }}
{{- end }}
{{- end -}}
