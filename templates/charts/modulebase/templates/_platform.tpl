{{/* Shared by modulebase, databasebase and jobbase: the same text but for the prefix of the names, which a test watches over. */}}

{{/* What the platform's ConfigMap says, as YAML; empty where there is no cluster, or no such ConfigMap. */}}
{{- define "modulebase.platformData" -}}
{{- $config := lookup "v1" "ConfigMap" .Values.platform.namespace .Values.platform.configMap -}}
{{- ($config).data | default dict | toYaml -}}
{{- end -}}

{{/* The domain under which components are reached, as far as it is known. */}}
{{- define "modulebase.knownDomain" -}}
{{- $data := include "modulebase.platformData" . | fromYaml -}}
{{- .Values.platform.domain | default ((.Values.global).platform).domain | default $data.domain | default "" | trimAll "." -}}
{{- end -}}

{{/* The platform's registry, without a scheme, as far as it is known. */}}
{{- define "modulebase.knownRegistry" -}}
{{- $data := include "modulebase.platformData" . | fromYaml -}}
{{- $url := .Values.platform.registryUrl | default ((.Values.global).platform).registryUrl | default $data.registryUrl | default "" -}}
{{- $url | trimPrefix "https://" | trimPrefix "http://" | trimSuffix "/" -}}
{{- end -}}

{{/* The platform's registry credentials, as the kubelet reads them, as far as they are known. */}}
{{- define "modulebase.knownDockerConfig" -}}
{{- $secret := lookup "v1" "Secret" .Values.platform.namespace .Values.platform.secret -}}
{{- $username := ($secret.data).username | default "" | b64dec -}}
{{- $token := ($secret.data).token | default "" | b64dec -}}
{{- if and $username $token -}}
{{- $entry := dict "username" $username "password" $token "auth" (printf "%s:%s" $username $token | b64enc) -}}
{{- dict "auths" (dict (include "modulebase.knownRegistry" .) $entry) | toJson -}}
{{- end -}}
{{- end -}}

{{/* Everything that is missing, and what helps: one error says it all. */}}
{{- define "modulebase.missing" -}}
{{- $missing := list -}}
{{- $config := printf "the ConfigMap %s/%s" .Values.platform.namespace .Values.platform.configMap -}}
{{- $secret := printf "the Secret %s/%s" .Values.platform.namespace .Values.platform.secret -}}
{{- $private := .Values.image.privateRegistry -}}
{{- $asked := false -}}
{{- if not (or .Values.image.name .Values.image.repository) -}}
{{- $missing = append $missing "image.name is needed: the name of the component's image" -}}
{{- end -}}
{{- if not (or .Values.image.tag .Values.image.digest) -}}
{{- $missing = append $missing "image.tag is needed: the version of the image, or image.digest" -}}
{{- end -}}
{{- if and $private.enabled (or (not .Values.image.registry) (not $private.global)) (not (include "modulebase.knownRegistry" .)) -}}
{{- $asked = true -}}
{{- $missing = append $missing (printf "the platform's registry is not known (registryUrl in %s): set platform.registryUrl, or for a public image image.privateRegistry.enabled to false" $config) -}}
{{- end -}}
{{- if and $private.enabled (not $private.global) (not (include "modulebase.knownDockerConfig" .)) -}}
{{- $asked = true -}}
{{- $missing = append $missing (printf "the platform's registry credentials are not known (username and token in %s): set image.privateRegistry.global to true and image.privateRegistry.globalSecret to the name of a Secret that exists, or for a public image image.privateRegistry.enabled to false" $secret) -}}
{{- end -}}
{{- if and (or .Values.configUrls (and .Values.ingress.enabled (not .Values.ingress.host))) (not (include "modulebase.knownDomain" .)) -}}
{{- $asked = true -}}
{{- $missing = append $missing (printf "the platform's domain is not known (domain in %s): set platform.domain%s" $config (ternary "" ", or ingress.host, or ingress.enabled to false" (not (not .Values.configUrls)))) -}}
{{- end -}}
{{- if $asked -}}
{{- $missing = append $missing "without a cluster, the platform's facts can be given as a file (chartwright: --platform FILE)" -}}
{{- end -}}
{{- join "\n- " (prepend $missing (printf "%s cannot be rendered:" .Values.app.name)) -}}
{{- end -}}

{{/* The domain under which components are reached. */}}
{{- define "modulebase.domain" -}}
{{- $domain := include "modulebase.knownDomain" . -}}
{{- if not $domain -}}
{{- fail (include "modulebase.missing" .) -}}
{{- end -}}
{{- $domain -}}
{{- end -}}

{{/* The path in the platform's registry: that of the module in a marketplace, else the platform's; it may be empty. */}}
{{- define "modulebase.registryRepository" -}}
{{- if and .Values.module.name .Values.module.variant -}}
{{- printf "%s/mkt-%s-%s" .Values.module.organisation .Values.module.name .Values.module.variant -}}
{{- else -}}
{{- $data := include "modulebase.platformData" . | fromYaml -}}
{{- .Values.platform.registryRepository | default ((.Values.global).platform).registryRepository | default $data.registryRepository | default "" -}}
{{- end -}}
{{- end -}}

{{/* The image: registry/repository/name:tag@digest, of which the values give some and the platform the others. */}}
{{- define "modulebase.image" -}}
{{- $image := .Values.image -}}
{{- if not (and (or $image.name $image.repository) (or $image.tag $image.digest)) -}}
{{- fail (include "modulebase.missing" .) -}}
{{- end -}}
{{- $registry := $image.registry -}}
{{- $repository := $image.repository -}}
{{- if and $image.privateRegistry.enabled (not $registry) -}}
{{- $registry = include "modulebase.knownRegistry" . -}}
{{- if not $registry -}}
{{- fail (include "modulebase.missing" .) -}}
{{- end -}}
{{- $repository = $repository | default (include "modulebase.registryRepository" .) -}}
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
{{- define "modulebase.pullSecretName" -}}
{{- with .Values.image.privateRegistry -}}
{{- if .global -}}
{{- required "image.privateRegistry.globalSecret is needed: the name of the Secret to use, as image.privateRegistry.global is on" .globalSecret -}}
{{- else -}}
{{- .secret | default (printf "%s-imagepullsecret" $.Values.app.name) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The platform's registry credentials, as the kubelet reads them. */}}
{{- define "modulebase.dockerConfig" -}}
{{- $config := include "modulebase.knownDockerConfig" . -}}
{{- if not (and $config (include "modulebase.knownRegistry" .)) -}}
{{- fail (include "modulebase.missing" .) -}}
{{- end -}}
{{- $config -}}
{{- end -}}

{{/* imagePullSecrets of a pod. */}}
{{- define "modulebase.imagePullSecrets" -}}
{{- $names := .Values.imagePullSecrets -}}
{{- if .Values.image.privateRegistry.enabled -}}
{{- $names = prepend $names (include "modulebase.pullSecretName" .) -}}
{{- end -}}
{{- range uniq $names }}
- name: {{ . | quote }}
{{- end -}}
{{- end -}}
