//go:build tools

// Package helm pins the programs that the chart is tested with, so that `go build` can make them.
package helm

import (
	_ "github.com/helm-unittest/helm-unittest/cmd/helm-unittest"
	_ "github.com/yuin/gopher-lua/cmd/glua"
	_ "helm.sh/helm/v3/cmd/helm"
	_ "helm.sh/helm/v4/cmd/helm"
)
