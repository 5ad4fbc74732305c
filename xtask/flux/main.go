// Flux's own code for plugins, without the rest of its command: finds, completes, runs and installs plugins as `flux`
// does. It is built inside of Flux's module, because that code is internal to it.
package main

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"runtime"

	"github.com/fluxcd/flux2/v2/internal/plugin"
)

func main() {
	log.SetFlags(0)
	command, args := os.Args[1], os.Args[2:]
	switch command {
	case "list":
		for _, found := range discover() {
			fmt.Println(found.Name)
		}
	case "complete":
		last := len(args) - 1
		words, directive := plugin.CompleteFunc(find(args[0]))(nil, args[1:last], args[last])
		for _, word := range words {
			fmt.Println(word)
		}
		fmt.Println(directive)
	case "run":
		log.Fatal(plugin.Exec(find(args[0]), args[1:]))
	case "install":
		install(args[0], args[1])
	default:
		log.Fatalf("there is no command %q", command)
	}
}

func discover() []plugin.Plugin {
	return plugin.NewHandler().Discover([]string{"install", "get", "reconcile"})
}

func find(name string) string {
	for _, found := range discover() {
		if found.Name == name {
			return found.Path
		}
	}
	log.Fatalf("there is no plugin %q", name)
	return ""
}

// install takes a plugin from a catalogue in a folder, and the archive that its manifest names from there, too.
func install(folder, name string) {
	server := httptest.NewServer(http.FileServer(http.Dir(folder)))
	defer server.Close()
	client := plugin.NewCatalogClient()
	client.BaseURL = server.URL + "/"
	catalog, err := client.FetchCatalog()
	check(err)
	for _, entry := range catalog.Plugins {
		fmt.Println(entry.Name, entry.License)
	}
	manifest, err := client.FetchManifest(name)
	check(err)
	version, err := plugin.ResolveVersion(manifest, "")
	check(err)
	platform, err := plugin.ResolvePlatform(version, runtime.GOOS, runtime.GOARCH)
	check(err)
	platform.URL = server.URL + "/" + path.Base(platform.URL)
	handler := plugin.NewHandler()
	check(plugin.NewInstaller().Install(handler.PluginDir(), manifest, version, platform))
	fmt.Println(plugin.ReadReceipt(handler.PluginDir(), name).Version)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
