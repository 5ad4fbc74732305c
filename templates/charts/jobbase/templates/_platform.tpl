{{/* Shared by modulebase, databasebase and jobbase: the same text but for the prefix of the names, which a test watches over. */}}

{{/* What the platform's ConfigMap says, as YAML; empty where there is no cluster, or no such ConfigMap. */}}
{{- define "jobbase.platformData" -}}
{{- $config := lookup "v1" "ConfigMap" .Values.platform.namespace .Values.platform.configMap -}}
{{- ($config).data | default dict | toYaml -}}
{{- end -}}

{{/* Where a fact about the platform can come from: the end of the messages below. */}}
{{- define "jobbase.platformHint" -}}
In a cluster it is read from the ConfigMap {{ .Values.platform.namespace }}/{{ .Values.platform.configMap }}; without one, give the platform's facts (chartwright: --platform FILE)
{{- end -}}

{{/* The domain under which components are reached. */}}
{{- define "jobbase.domain" -}}
{{- $data := include "jobbase.platformData" . | fromYaml -}}
{{- $domain := .Values.platform.domain | default ((.Values.global).platform).domain | default $data.domain | default "" -}}
{{- if not $domain -}}
{{- fail (printf "the platform's domain is not known: set platform.domain, or ingress.host, or ingress.enabled to false. %s" (include "jobbase.platformHint" .)) -}}
{{- end -}}
{{- $domain | trimAll "." -}}
{{- end -}}

{{/* The platform's registry, without a scheme. */}}
{{- define "jobbase.registryUrl" -}}
{{- $data := include "jobbase.platformData" . | fromYaml -}}
{{- $url := .Values.platform.registryUrl | default ((.Values.global).platform).registryUrl | default $data.registryUrl | default "" -}}
{{- if not $url -}}
{{- fail (printf "the platform's registry is not known: set platform.registryUrl, or for a public image image.privateRegistry.enabled to false. %s" (include "jobbase.platformHint" .)) -}}
{{- end -}}
{{- $url | trimPrefix "https://" | trimPrefix "http://" | trimSuffix "/" -}}
{{- end -}}

{{/* The path in the platform's registry: that of the module in a marketplace, else the platform's; it may be empty. */}}
{{- define "jobbase.registryRepository" -}}
{{- if and .Values.module.name .Values.module.variant -}}
{{- printf "%s/mkt-%s-%s" .Values.module.organisation .Values.module.name .Values.module.variant -}}
{{- else -}}
{{- $data := include "jobbase.platformData" . | fromYaml -}}
{{- .Values.platform.registryRepository | default ((.Values.global).platform).registryRepository | default $data.registryRepository -}}
{{- end -}}
{{- end -}}

{{/* The image: registry/repository/name:tag@digest, of which the values give some and the platform the others. */}}
{{- define "jobbase.image" -}}
{{- $image := .Values.image -}}
{{- if not (or $image.name $image.repository) -}}
{{- fail "image.name is needed: the name of the component's image" -}}
{{- end -}}
{{- if not (or $image.tag $image.digest) -}}
{{- fail "image.tag is needed: the version of the image, or image.digest" -}}
{{- end -}}
{{- $registry := $image.registry -}}
{{- $repository := $image.repository -}}
{{- if and $image.privateRegistry.enabled (not $registry) -}}
{{- $registry = include "jobbase.registryUrl" . -}}
{{- $repository = $repository | default (include "jobbase.registryRepository" .) -}}
{{- end -}}
{{- $path := list -}}
{{- range list $registry $repository $image.name -}}
{{- with trimAll "/" . -}}
{{- $path = append $path . -}}
{{- end -}}
{{- end -}}
{{- join "/" $path -}}
{{- with $image.tag }}:{{ . }}{{ end -}}
{{- with $image.digest }}@{{ . }}{{ end -}}
{{- end -}}

{{/* Name of the Secret with the platform's registry credentials. */}}
{{- define "jobbase.pullSecretName" -}}
{{- with .Values.image.privateRegistry -}}
{{- if .global -}}
{{- required "image.privateRegistry.globalSecret is needed: the name of the Secret to use, as image.privateRegistry.global is on" .globalSecret -}}
{{- else -}}
{{- .secret | default (printf "%s-imagepullsecret" $.Values.app.name) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The platform's registry credentials, as the kubelet reads them. */}}
{{- define "jobbase.dockerConfig" -}}
{{- $secret := lookup "v1" "Secret" .Values.platform.namespace .Values.platform.secret -}}
{{- $username := ($secret.data).username | default "" | b64dec -}}
{{- $token := ($secret.data).token | default "" | b64dec -}}
{{- if not (and $username $token) -}}
{{- fail (printf "the platform's registry credentials (username, token) are not known: name a Secret that exists in image.privateRegistry.globalSecret and set image.privateRegistry.global, or for a public image set image.privateRegistry.enabled to false. In a cluster they are read from the Secret %s/%s; without one, give the platform's facts (chartwright: --platform FILE)" .Values.platform.namespace .Values.platform.secret) -}}
{{- end -}}
{{- $entry := dict "username" $username "password" $token "auth" (printf "%s:%s" $username $token | b64enc) -}}
{{- dict "auths" (dict (include "jobbase.registryUrl" .) $entry) | toJson -}}
{{- end -}}

{{/* imagePullSecrets of a pod. */}}
{{- define "jobbase.imagePullSecrets" -}}
{{- $names := .Values.imagePullSecrets -}}
{{- if .Values.image.privateRegistry.enabled -}}
{{- $names = prepend $names (include "jobbase.pullSecretName" .) -}}
{{- end -}}
{{- range uniq $names }}
- name: {{ . | quote }}
{{- end -}}
{{- end -}}
