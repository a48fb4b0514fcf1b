package scripts

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	packages = regexp.MustCompile(`(?:^|[\s(])(?:\./)?((?:models|server|site-agent|scripts|templates)(?:/[\w{},-]+)*)`)
	either   = regexp.MustCompile(`^(.*)\{(.*)\}(.*)$`)
)

// packagesIn are the folders of packages that a script names, each of "a/{b,c}" for itself.
func packagesIn(script string) (found []string) {
	for line := range strings.Lines(script) {
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		for _, m := range packages.FindAllStringSubmatch(line, -1) {
			braces := either.FindStringSubmatch(m[1])
			if braces == nil {
				found = append(found, m[1])
				continue
			}
			for one := range strings.SplitSeq(braces[2], ",") {
				found = append(found, braces[1]+one+braces[3])
			}
		}
	}
	return found
}

func TestTheTestScriptNamesPackagesThatExist(t *testing.T) {
	script, err := os.ReadFile("test")
	if err != nil {
		t.Fatal(err)
	}
	found := packagesIn(string(script))
	for _, want := range []string{"server/store", "site-agent/desk", "server/outbox"} {
		if !slices.Contains(found, want) {
			t.Errorf("found only %q, without %s", found, want)
		}
	}
	for _, name := range found {
		if _, err := os.Stat(filepath.Join("..", filepath.FromSlash(name))); err != nil {
			t.Errorf("scripts/test names %s: %v", name, err)
		}
	}
}
