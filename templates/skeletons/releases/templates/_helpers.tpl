{{/*
The domain under which a component has its address (`values`): its own, or that of the platform, if that says one.
*/}}
{{- define "<< module.name >>.domain" -}}
{{- $platform := dict -}}
{{- if kindIs "map" .values.platform -}}
  {{- $platform = .values.platform -}}
{{- end -}}
{{- $facts := lookup "v1" "ConfigMap" "icekube" "idtconfigmap" -}}
{{- $platform.domain | default (dig "data" "domain" "" $facts) -}}
{{- end -}}

{{/*
Where a component is reached, from its values (`values`), its name (`name`), and whether its base chart has an ingress
unless told otherwise (`ingress`). Empty if it has none.
*/}}
{{- define "<< module.name >>.address" -}}
{{- $ingress := dict -}}
{{- if kindIs "map" .values.ingress -}}
  {{- $ingress = .values.ingress -}}
{{- end -}}
{{- $enabled := .ingress -}}
{{- if hasKey $ingress "enabled" -}}
  {{- $enabled = $ingress.enabled -}}
{{- end -}}
{{- if $enabled -}}
  {{- $name := .name -}}
  {{- if kindIs "map" .values.app -}}
    {{- $name = .values.app.name | default $name -}}
  {{- end -}}
  {{- $tls := dict -}}
  {{- if kindIs "map" $ingress.tls -}}
    {{- $tls = $ingress.tls -}}
  {{- end -}}
  {{- $host := $ingress.host | default (printf "%v.%s" $name (include "<< module.name >>.domain" . | default "DOMAIN")) -}}
  {{- $scheme := ternary "http" "https" (eq (toString $tls.enabled) "false") -}}
{{ $scheme }}://{{ $host }}{{ $ingress.path | default "" | toString | trimSuffix "/" }}
{{- end -}}
{{- end -}}
