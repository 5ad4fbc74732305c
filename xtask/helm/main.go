// Helm's `template` in one process: answers questions from standard input, a JSON line each, so that thousands of
// charts can be compared. Built with Helm's own module, and, with flux.go beside it, in helm-controller's.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"runtime/debug"
	"strings"

	"helm.sh/helm/v4/pkg/action"
	"helm.sh/helm/v4/pkg/chart"
	"helm.sh/helm/v4/pkg/chart/loader"
	"helm.sh/helm/v4/pkg/cli/values"
	"helm.sh/helm/v4/pkg/postrenderer"
	release "helm.sh/helm/v4/pkg/release/v1"
)

type question struct {
	Chart   string   `json:"chart"`
	Set     []string `json:"set"`
	Values  []string `json:"values"`
	Release string   `json:"release"`
}

type answer struct {
	Output string `json:"output"`
	Hooks  string `json:"hooks"`
	Error  string `json:"error"`
}

// postRenderer makes the post-renderer of a HelmRelease and says how hooks pass through it.
var postRenderer func(helmRelease string) (postrenderer.PostRenderer, action.PostRenderStrategy, error)

func main() {
	// Values that are nested in themselves end the process: sooner than with a gigabyte of stack.
	debug.SetMaxStack(64 << 20)
	log.SetOutput(io.Discard)
	slog.SetDefault(slog.New(slog.DiscardHandler))
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<28)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for lines.Scan() {
		var q question
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if err := out.Encode(run(q)); err != nil {
			os.Exit(1)
		}
	}
}

func run(q question) (a answer) {
	defer func() {
		if r := recover(); r != nil {
			a = answer{Error: fmt.Sprintf("panic: %v", r)}
		}
	}()
	rel, err := install(q)
	if err != nil {
		return answer{Error: err.Error()}
	}
	var hooks bytes.Buffer
	for _, h := range rel.Hooks {
		fmt.Fprintf(&hooks, "---\n# Source: %s\n%s\n", h.Path, h.Manifest)
	}
	if q.Release != "" {
		return answer{Output: rel.Manifest, Hooks: hooks.String()}
	}
	return answer{Output: strings.TrimSpace(rel.Manifest) + "\n" + hooks.String()}
}

func install(q question) (*release.Release, error) {
	client := action.NewInstall(action.NewConfiguration())
	client.DryRunStrategy = action.DryRunClient
	client.ReleaseName = "demo"
	client.Namespace = "default"
	client.Replace = true
	client.IncludeCRDs = q.Release == ""
	if q.Release != "" {
		renderer, strategy, err := postRenderer(q.Release)
		if err != nil {
			return nil, err
		}
		client.PostRenderer, client.PostRenderStrategy = renderer, strategy
	}
	options := values.Options{Values: q.Set, ValueFiles: q.Values}
	vals, err := options.MergeValues(nil)
	if err != nil {
		return nil, err
	}
	requested, err := loader.Load(q.Chart)
	if err != nil {
		return nil, err
	}
	accessor, err := chart.NewAccessor(requested)
	if err != nil {
		return nil, err
	}
	if kind := accessor.MetadataAsMap()["Type"]; kind != "" && kind != "application" {
		return nil, fmt.Errorf("%s charts are not installable", kind)
	}
	if listed := accessor.MetaDependencies(); len(listed) > 0 {
		if err := action.CheckDependencies(requested, listed); err != nil {
			return nil, fmt.Errorf("an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to fetch missing dependencies: %w", err)
		}
	}
	rel, err := client.RunWithContext(context.Background(), requested, vals)
	if err != nil {
		return nil, err
	}
	return rel.(*release.Release), nil
}
