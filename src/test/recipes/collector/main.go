// Command collector calls each URL of its standard input with the client authentication bearertokenauth of a collector's configuration,
// and prints each status. It is that extension and no whole collector: it runs no pipeline.
package main

import (
	"bufio"
	"context"
	"fmt"
	"log"
	"net/http"
	"os"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/bearertokenauthextension"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/extensionauth"
	"go.uber.org/zap"
)

type host struct{}

func (host) GetExtensions() map[component.ID]component.Component { return nil }

func main() {
	client, err := authenticated(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		response, err := client.Get(lines.Text())
		if err != nil {
			log.Fatal(err)
		}
		_ = response.Body.Close()
		fmt.Println(response.StatusCode)
	}
}

func authenticated(file string) (*http.Client, error) {
	factory := bearertokenauthextension.NewFactory()
	config, err := configuration(file, factory)
	if err != nil {
		return nil, err
	}
	settings := extension.Settings{
		ID:                component.NewID(factory.Type()),
		TelemetrySettings: component.TelemetrySettings{Logger: zap.NewNop()},
	}
	made, err := factory.Create(context.Background(), settings, config)
	if err != nil {
		return nil, err
	}
	if err := made.Start(context.Background(), host{}); err != nil {
		return nil, err
	}
	transport, err := made.(extensionauth.HTTPClient).RoundTripper(http.DefaultTransport)
	return &http.Client{Transport: transport}, err
}

func configuration(file string, factory extension.Factory) (component.Config, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	retrieved, err := confmap.NewRetrievedFromYAML(content)
	if err != nil {
		return nil, err
	}
	whole, err := retrieved.AsConf()
	if err != nil {
		return nil, err
	}
	section, err := whole.Sub("extensions::bearertokenauth")
	if err != nil {
		return nil, err
	}
	config := factory.CreateDefaultConfig()
	if err := section.Unmarshal(config); err != nil {
		return nil, err
	}
	return config, confmap.Validate(config)
}
