package main

import (
	"helm.sh/helm/v4/pkg/action"
	"helm.sh/helm/v4/pkg/postrenderer"
	"sigs.k8s.io/yaml"

	v2 "github.com/fluxcd/helm-controller/api/v2"
	"github.com/fluxcd/helm-controller/internal/postrender"
)

func init() {
	postRenderer = func(text string) (postrenderer.PostRenderer, action.PostRenderStrategy, error) {
		var rel v2.HelmRelease
		if err := yaml.Unmarshal([]byte(text), &rel); err != nil {
			return nil, "", err
		}
		strategy := action.PostRenderStrategyCombined
		switch rel.Spec.PostRenderStrategy {
		case "separate":
			strategy = action.PostRenderStrategySeparate
		case "nohooks":
			strategy = action.PostRenderStrategyNoHooks
		}
		return postrender.BuildPostRenderers(&rel), strategy, nil
	}
}
