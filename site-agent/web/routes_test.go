package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"buktihadir/templates"
)

// parsed gives every file of the desk's pages but tests, by its path.
func parsed(t *testing.T) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files[path], err = parser.ParseFile(token.NewFileSet(), path, nil, 0)
		return err
	})
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files of the desk's pages, %v", len(files), err)
	}
	return files
}

// TestEveryAddressStandsInOneFile holds what the package's documentation says of routes.go.
func TestEveryAddressStandsInOneFile(t *testing.T) {
	makes := []string{"Get", "Post", "GET", "POST", "HEAD", "Any", "Handle", "Route"}
	for path, file := range parsed(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || path == "routes.go" || len(call.Args) < 2 {
				return true
			}
			f, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !slices.Contains(makes, f.Sel.Name) {
				return true
			}
			if lit, ok := call.Args[0].(*ast.BasicLit); ok && strings.HasPrefix(lit.Value, `"/`) {
				t.Errorf("%s makes a route of %s: routes belong in routes.go", path, lit.Value)
			}
			return true
		})
	}
}

// TestPagesLeadToAddressesThatExist compares each address that Go code names with the table.
func TestPagesLeadToAddressesThatExist(t *testing.T) {
	s := newSite(t, nil)
	known := map[string]bool{"/setup/request": true, "/setup/reply": true, templates.AssetRoot: true, "/live": true}
	for _, r := range s.server.routes() {
		for path := r.Path; path != "/" && path != "."; path = filepath.ToSlash(filepath.Dir(path)) {
			known[path] = true
		}
	}
	for path, file := range parsed(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if _, network, _ := strings.Cut(text, "/"); err != nil || !strings.HasPrefix(text, "/") || len(network) < 2 {
				return true
			}
			text, _, _ = strings.Cut(text, "?")
			if text = strings.TrimSuffix(text, "/"); !strings.Contains(text, ":") && !known[text] {
				t.Errorf("%s names %s, which the table of routes lacks", path, text)
			}
			return true
		})
	}
}
