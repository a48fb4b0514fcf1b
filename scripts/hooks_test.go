package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// house is a small project with the real hook and the real test of imports.
func house(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	hook, err := os.ReadFile("hooks/pre-commit")
	if err != nil {
		t.Fatal(err)
	}
	layout, err := os.ReadFile("layout_test.go")
	if err != nil {
		t.Fatal(err)
	}
	put(t, dir, "hook", string(hook))
	put(t, dir, "scripts/layout_test.go", string(layout))
	put(t, dir, "go.mod", "module buktihadir\n\ngo 1.26\n")
	for _, pkg := range []string{"models", "templates", "server/web", "server/store", "site-agent/desk"} {
		put(t, dir, pkg+"/a.go", "package "+filepath.Base(pkg)+"\n")
	}
	if out, err := run(dir, "git", "init", "-q"); err != nil {
		t.Fatalf("git init: %v, %s", err, out)
	}
	return dir
}

func put(t *testing.T, dir, name, content string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// run runs a program in dir. A hook of the outer project that runs the tests has git
// look for that project, by what is left out here.
func run(dir, program string, args ...string) (string, error) {
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "GIT_") })
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestTheHookRefusesWhatTheWholeRunWouldRefuse(t *testing.T) {
	for _, c := range []struct {
		name, file, content string
		want                string // empty: it may be committed
	}{
		{"a change that is in order", "server/web/b.go", "package web\n\nimport _ \"buktihadir/server/store\"\n", ""},
		{"a page of documentation", "server/README.md", "# Server\n", ""},
		{"a file that isn't formatted", "server/web/b.go", "package web\nfunc  a() {}\n", "gofmt would change:\nserver/web/b.go"},
		{"a call that vet finds", "server/web/b.go", "package web\n\nimport \"fmt\"\n\nfunc a() { fmt.Printf(\"%d\", \"x\") }\n", "Printf"},
		{"an import that goes upwards", "server/store/b.go", "package store\n\nimport _ \"buktihadir/server/web\"\n", "imports buktihadir/server/web"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := house(t)
			put(t, dir, c.file, c.content)
			if out, err := run(dir, "git", "add", c.file); err != nil {
				t.Fatalf("git add: %v, %s", err, out)
			}
			out, err := run(dir, "bash", "hook")
			if (err != nil) != (c.want != "") || !strings.Contains(out, c.want) {
				t.Errorf("the hook ended with %v, %q; want %q", err, out, c.want)
			}
		})
	}
}
