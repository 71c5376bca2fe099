{{/*
Fills in the default of each value that is null or not there: somebody left it empty, or helm upgrade --reuse-values brought the values of an
earlier chart. Every template begins with it. files/defaults.yaml is a copy of values.yaml, which Helm shows to no template.
*/}}
{{- define "iris.complete" -}}
{{- include "iris.fill" (list .Values (.Files.Get "files/defaults.yaml" | fromYaml)) -}}
{{- end }}

{{- define "iris.fill" -}}
{{- $values := index . 0 }}
{{- range $name, $default := index . 1 }}
{{- $value := get $values $name }}
{{- if or (not (hasKey $values $name)) (kindIs "invalid" $value) }}
{{- $_ := set $values $name $default }}
{{- else if and (kindIs "map" $value) (kindIs "map" $default) $default (not (has $name (list "resources" "nodeSelector" "labels"))) }}
{{- include "iris.fill" (list $value $default) }}
{{- end }}
{{- end }}
{{- end }}

{{/* The name of an object: kustomize's nameSuffix for a shard. Takes the root and what stands before the suffix, such as "-nudge". */}}
{{- define "iris.name" -}}
{{- $root := index . 0 -}}
iris-credential-operator{{ index . 1 }}{{ with $root.Values.shard }}-{{ . }}{{ end }}
{{- end }}

{{- define "iris.selector" -}}
app.kubernetes.io/name: iris-credential-operator
app.kubernetes.io/instance: {{ .Values.shard | default "main" | quote }}
{{- end }}

{{/* The labels of an object that selects no pods. */}}
{{- define "iris.labels" -}}
{{- $ours := dict "app.kubernetes.io/name" "iris-credential-operator" "app.kubernetes.io/part-of" "iris" }}
{{- with .Values.shard }}{{ $_ := set $ours "app.kubernetes.io/instance" . }}{{ end }}
{{- toYaml (merge $ours .Values.labels) }}
{{- end }}

{{/* The labels of an object that selects pods. */}}
{{- define "iris.instanceLabels" -}}
{{- toYaml (merge (include "iris.selector" . | fromYaml) (include "iris.labels" . | fromYaml)) }}
{{- end }}

{{/* As a part of the metadata of an object. */}}
{{- define "iris.annotations" }}
{{- with .Values.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
{{- end }}
{{- end }}

{{/*
A manifest of the folder files, which are copies of those that kustomize reads, with this release's labels.
Takes the root, the document, its name and, if it has one, its namespace.
*/}}
{{- define "iris.manifest" -}}
{{- $root := index . 0 }}
{{- $document := index . 1 }}
{{- $metadata := dict "name" (index . 2) "labels" (merge (include "iris.labels" $root | fromYaml) ($document.metadata.labels | default dict)) }}
{{- with index . 3 }}{{ $_ := set $metadata "namespace" . }}{{ end }}
{{- with $root.Values.annotations }}{{ $_ := set $metadata "annotations" . }}{{ end }}
{{- $_ := set $document "metadata" $metadata }}
{{- toYaml $document }}
{{- end }}

{{/* A binding of the operator's service account. Takes the root, the kind, the kind of the role, the name of both and, if it has one, the namespace. */}}
{{- define "iris.binding" -}}
{{- $root := index . 0 -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ index . 1 }}
metadata:
  name: {{ index . 3 }}
  {{- with index . 4 }}
  namespace: {{ . }}
  {{- end }}
  labels:
    {{- include "iris.labels" $root | nindent 4 }}
  {{- include "iris.annotations" $root }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ index . 2 }}
  name: {{ index . 3 }}
subjects:
  - kind: ServiceAccount
    name: {{ include "iris.name" (list $root "") }}
    namespace: {{ $root.Release.Namespace }}
{{- end }}

{{- define "iris.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{/* A variable that is left out when it has no value. */}}
{{- define "iris.variable" -}}
{{- $value := index . 1 | toString -}}
{{- if and $value (ne $value "<nil>") }}
- name: {{ index . 0 }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}

{{/* The variables of the values that are given. */}}
{{- define "iris.chosenVariables" -}}
{{- include "iris.variable" (list "IRIS_TOKEN_URL" .Values.endpoints.tokenUrl) }}
{{- include "iris.variable" (list "IRIS_CLIENT_CREDENTIALS_TOKEN_URL" .Values.endpoints.clientCredentialsTokenUrl) }}
{{- include "iris.variable" (list "IRIS_APP_TOKEN_URL" .Values.endpoints.appTokenUrl) }}
{{- include "iris.variable" (list "IRIS_NAMESPACES" (join "," .Values.namespaces)) }}
{{- include "iris.variable" (list "IRIS_SHARD" .Values.shard) }}
{{- include "iris.variable" (list "IRIS_REQUIRE_LOGIN_LABEL" (ternary "true" "" .Values.loginLabel.required)) }}
{{- include "iris.variable" (list "IRIS_NUDGE_PODS" (ternary "true" "" .Values.nudge.enabled)) }}
{{- include "iris.variable" (list "IRIS_MAX_REQUESTS_PER_SECOND" .Values.limits.requestsPerSecond) }}
{{- include "iris.variable" (list "IRIS_MAX_CONCURRENT_REQUESTS" .Values.limits.concurrentRequests) }}
{{- include "iris.variable" (list "IRIS_REQUEST_TIMEOUT" .Values.limits.requestTimeout) }}
{{- include "iris.variable" (list "IRIS_LOG_LEVEL" .Values.log.level) }}
{{- if or .Values.caBundle.configMap .Values.caBundle.secret }}
- name: IRIS_CA_BUNDLE
  value: {{ printf "/etc/iris/%s" .Values.caBundle.key | quote }}
{{- end }}
{{- if .Values.proxy.https }}
- name: HTTPS_PROXY
  value: {{ .Values.proxy.https | quote }}
{{- include "iris.variable" (list "NO_PROXY" .Values.proxy.noProxy) }}
{{- end }}
{{- end }}

{{/* Every variable of the container. One of the value env takes the place of the chart's: Kubernetes takes each name once. */}}
{{- define "iris.variables" -}}
{{- $further := list }}
{{- range .Values.env }}{{ $further = append $further .name }}{{ end }}
{{- range concat (include "iris.chosenVariables" . | fromYamlArray) (include "iris.ownVariables" . | fromYamlArray) }}
{{- if not (has .name $further) }}
{{ list . | toYaml }}
{{- end }}
{{- end }}
{{- with .Values.env }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "iris.ownVariables" -}}
- name: IRIS_LOG_FORMAT
  value: {{ .Values.log.format }}
- name: IRIS_LEADER_ELECTION
  value: "true"
- name: IRIS_PROBE_PORT
  value: "8081"
- name: POD_NAMESPACE
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
{{- end }}
