// Writes ../src/kustomize/merge_keys.txt from the OpenAPI data that kustomize v5.8.1 has built in: which
// lists of Kubernetes objects a strategic merge patch merges by key, and which kinds have no namespace.
// Run it in a Go module that requires sigs.k8s.io/kustomize/kyaml v0.21.1:
//
//	go run merge_keys.go > engine/flux/src/kustomize/merge_keys.txt
package main

import (
	"fmt"
	"sort"
	"strings"

	"k8s.io/kube-openapi/pkg/validation/spec"
	"sigs.k8s.io/kustomize/kyaml/openapi"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

type field struct{ name, keys, target string } // keys: "" object, "=" list of scalars, "a,b" list of objects

var (
	types   = map[string][]field{}
	pending = map[string]bool{}
	useful  = map[string]bool{}
)

func ref(s spec.Schema) string {
	r := s.Ref.String()
	return r[strings.LastIndex(r, "/")+1:]
}

func visit(name string) {
	if pending[name] {
		return
	}
	pending[name] = true
	def, ok := openapi.Schema().Definitions[name]
	if !ok {
		return
	}
	var fields []field
	add := func(key string, s spec.Schema) {
		if r := ref(s); r != "" {
			visit(r)
			fields = append(fields, field{key, "", r})
			return
		}
		if len(s.Type) == 1 && s.Type[0] == "array" && s.Items != nil && s.Items.Schema != nil {
			rs := openapi.ResourceSchema{Schema: &s}
			strategy, keys := rs.PatchStrategyAndKeyList()
			if strings.Contains(","+strategy+",", ",merge,") {
				target := ref(*s.Items.Schema)
				if target != "" {
					visit(target)
				}
				list := strings.Join(keys, ",")
				if list == "" {
					list = "="
				}
				fields = append(fields, field{key, list, target})
			}
		}
	}
	for key, s := range def.Properties {
		add(key, s)
	}
	if def.AdditionalProperties != nil && def.AdditionalProperties.Schema != nil {
		add("*", *def.AdditionalProperties.Schema)
	}
	sort.Slice(fields, func(i, j int) bool { return fields[i].name < fields[j].name })
	types[name] = fields
}

func main() {
	openapi.SchemaForResourceType(yaml.TypeMeta{APIVersion: "v1", Kind: "Pod"})
	roots := map[string]string{}
	var cluster []string
	for name, def := range openapi.Schema().Definitions {
		gvks, ok := def.Extensions["x-kubernetes-group-version-kind"].([]interface{})
		if !ok {
			continue
		}
		for _, g := range gvks {
			m := g.(map[string]interface{})
			group, version, kind := m["group"].(string), m["version"].(string), m["kind"].(string)
			api := version
			if group != "" {
				api = group + "/" + version
			}
			visit(name)
			if openapi.IsCertainlyClusterScoped(yaml.TypeMeta{APIVersion: api, Kind: kind}) {
				cluster = append(cluster, api+"/"+kind)
			}
			if len(gvks) == 1 {
				roots[api+"/"+kind] = name
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for name, fields := range types {
			if useful[name] {
				continue
			}
			for _, f := range fields {
				if f.keys != "" || useful[f.target] {
					useful[name], changed = true, true
					break
				}
			}
		}
	}
	var kinds []string
	for k, name := range roots {
		if useful[name] {
			kinds = append(kinds, k)
		}
	}
	sort.Strings(kinds)
	sort.Strings(cluster)
	body := func(name string, id func(string) string) string {
		var parts []string
		for _, f := range types[name] {
			if f.keys == "" && !useful[f.target] {
				continue
			}
			part := f.name
			if f.keys != "" {
				part += "[" + f.keys + "]"
			}
			if f.target != "" && useful[f.target] {
				part += ":" + id(f.target)
			}
			parts = append(parts, part)
		}
		return strings.Join(parts, " ")
	}
	// Types with equal fields are one type.
	same := map[string]string{}
	var names []string
	for name := range types {
		if useful[name] {
			names = append(names, name)
			same[name] = name
		}
	}
	sort.Strings(names)
	for changed := true; changed; {
		changed = false
		seen := map[string]string{}
		for _, name := range names {
			b := body(name, func(t string) string { return same[t] })
			if first, ok := seen[b]; ok {
				if same[name] != first {
					same[name], changed = first, true
				}
			} else {
				seen[b] = name
			}
		}
	}
	ids := map[string]int{}
	var order []string
	for _, name := range names {
		if same[name] == name {
			ids[name] = len(order)
			order = append(order, name)
		}
	}
	id := func(t string) string { return fmt.Sprint(ids[same[t]]) }
	fmt.Println("# types: the fields that lead to lists, number by line")
	for _, name := range order {
		fmt.Println(body(name, id))
	}
	fmt.Println("# kinds: API version, kind, type")
	byKind := map[string][]string{}
	for _, k := range kinds {
		t := id(roots[k])
		byKind[t] = append(byKind[t], k)
	}
	var ts []string
	for t := range byKind {
		ts = append(ts, t)
	}
	sort.Strings(ts)
	for _, t := range ts {
		fmt.Println(t, strings.Join(byKind[t], " "))
	}
	fmt.Println("# kinds without a namespace")
	fmt.Println(strings.Join(cluster, " "))
}
