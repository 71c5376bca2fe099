//go:build tools

// Package tools names the program that the sidecar's recipe is run with, so that go.mod keeps its module.
package tools

import _ "github.com/caddyserver/caddy/v2/cmd/caddy"
