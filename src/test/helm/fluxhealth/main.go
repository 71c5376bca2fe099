// Program fluxhealth evaluates the health check expressions of a Flux Kustomization with Flux's own code: it reads a file
// {"expressions": {"inProgress": …, "failed": …, "current": …}, "object": {…}} and prints Current, Failed or InProgress.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/fluxcd/pkg/apis/kustomize"
	"github.com/fluxcd/pkg/runtime/cel"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

type question struct {
	Expressions kustomize.HealthCheckExpressions `json:"expressions"`
	Object      unstructured.Unstructured        `json:"object"`
}

func main() {
	file, err := os.Open(os.Args[1])
	if err != nil {
		fail(err)
	}
	var asked question
	if err := json.NewDecoder(file).Decode(&asked); err != nil {
		fail(err)
	}
	evaluator, err := cel.NewStatusEvaluator(&asked.Expressions)
	if err != nil {
		fail(err)
	}
	result, err := evaluator.Evaluate(context.Background(), &asked.Object)
	if err != nil {
		fail(err)
	}
	fmt.Println(result.Status)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
