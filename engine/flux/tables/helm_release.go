// Writes ../src/admission/helm_release.txt from the CRD of HelmReleases in helm-controller v1.6.2: what the API
// server asks of the fields, without their descriptions. Run it in a Go module that requires sigs.k8s.io/yaml, with
// the CRD on standard input:
//
//	go run helm_release.go < config/crd/bases/helm.toolkit.fluxcd.io_helmreleases.yaml > helm_release.txt
//
// A line is a field, indented below its object, with `!` where it is required and `=` where it has a default; then its
// type. `[]` stands for the items of a list, `{}` for the values of a map.
package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"sort"
	"strings"

	"sigs.k8s.io/yaml"
)

type schema struct {
	Type                 string
	Properties           map[string]schema
	Items                *schema
	AdditionalProperties *schema
	Required             []string
	Enum                 []string
	Default              any
	Pattern              string
	MinLength, MaxLength int
}

func print(name string, s schema, depth int) {
	kind := s.Type
	if kind == "" {
		kind = "any"
	}
	line := name + " " + kind
	if len(s.Enum) > 0 {
		line += " in=" + strings.Join(s.Enum, ",")
	}
	if s.MinLength > 0 {
		line += fmt.Sprintf(" min=%d", s.MinLength)
	}
	if s.MaxLength > 0 {
		line += fmt.Sprintf(" max=%d", s.MaxLength)
	}
	if s.Pattern != "" {
		line += " like=" + s.Pattern
	}
	fmt.Println(strings.Repeat(" ", depth) + line)
	var names []string
	for name := range s.Properties {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		mark := ""
		if slices.Contains(s.Required, name) {
			mark += "!"
		}
		if s.Properties[name].Default != nil {
			mark += "="
		}
		print(name+mark, s.Properties[name], depth+1)
	}
	if s.Items != nil {
		print("[]", *s.Items, depth+1)
	}
	if s.AdditionalProperties != nil {
		print("{}", *s.AdditionalProperties, depth+1)
	}
}

func main() {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		panic(err)
	}
	var crd struct {
		Spec struct {
			Versions []struct {
				Name   string
				Schema struct{ OpenAPIV3Schema schema }
			}
		}
	}
	if err := yaml.Unmarshal(text, &crd); err != nil {
		panic(err)
	}
	for _, version := range crd.Spec.Versions {
		if version.Name == "v2" {
			print("spec!", version.Schema.OpenAPIV3Schema.Properties["spec"], 0)
		}
	}
}
