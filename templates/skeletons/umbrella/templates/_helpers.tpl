{{/*
The domain under which components have their addresses: that of the platform, if it says one.
*/}}
{{- define "<< module.name >>.domain" -}}
{{- $facts := lookup "v1" "ConfigMap" "icekube" "idtconfigmap" -}}
{{- dig "data" "domain" "" $facts -}}
{{- end -}}

{{/*
Where a component is reached, from its values (`values`), its name (`name`), whether its base chart has an ingress
unless told otherwise (`ingress`), and the context (`root`). Empty if it has none.
*/}}
{{- define "<< module.name >>.address" -}}
{{- $ingress := .ingress -}}
{{- if kindIs "map" .values.ingress -}}
  {{- if hasKey .values.ingress "enabled" -}}
    {{- $ingress = .values.ingress.enabled -}}
  {{- end -}}
{{- end -}}
{{- if $ingress -}}
  {{- $host := .name -}}
  {{- if kindIs "map" .values.app -}}
    {{- $host = .values.app.name | default $host -}}
  {{- end -}}
  {{- $domain := include "<< module.name >>.domain" .root -}}
  {{- if $domain -}}
https://{{ $host }}.{{ $domain }}
  {{- else -}}
https://{{ $host }}.DOMAIN
  {{- end -}}
{{- end -}}
{{- end -}}
