package web_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// handlersOf are the handlers that a route names, as wing and method: p.plan.ClassPage.
func handlersOf(route ast.Node) (list [][2]string) {
	ast.Inspect(route, func(n ast.Node) bool {
		if method, ok := n.(*ast.SelectorExpr); ok {
			if wing, ok := method.X.(*ast.SelectorExpr); ok {
				list = append(list, [2]string{wing.Sel.Name, method.Sel.Name})
			}
		}
		return true
	})
	return list
}

func TestEachRouteStandsInTheGroupOfItsWing(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "routes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	groups := 0
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		group, ok := strings.CutSuffix(f.Name.Name, "Routes")
		if !ok {
			continue
		}
		groups++
		routes := 0
		ast.Inspect(f, func(n ast.Node) bool {
			table, ok := n.(*ast.CompositeLit)
			if !ok || n.Pos() < f.Body.Lbrace {
				return true
			}
			for _, r := range table.Elts {
				routes++
				if h := handlersOf(r); len(h) != 1 || h[0][0] != group {
					t.Errorf("route %d of %s names %v, want one handler of p.%s", routes, f.Name.Name, h, group)
				}
			}
			return false
		})
		if routes == 0 {
			t.Errorf("%s has no routes", f.Name.Name)
		}
	}
	if wings, err := filepath.Glob("*/doc.go"); err != nil || groups != len(wings) {
		t.Errorf("%d groups of routes for %d wings, %v", groups, len(wings), err)
	}
}

func TestNoOtherFileNamesARouteOrMountsOne(t *testing.T) {
	t.Parallel()
	mounts := []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "Any", "Match", "Handle", "HandleFunc", "Group", "Guard"}
	pattern := regexp.MustCompile(`"/[^" ]*[:*][a-z]+[/"]`) // a parameter makes an address a route's
	files, set := 0, token.NewFileSet()
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || path == "routes.go" {
			return err
		}
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		files++
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if pattern.MatchString(n.Value) {
					t.Errorf("%s names the route %s", set.Position(n.Pos()), n.Value)
				}
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.SelectorExpr); ok && path != "web.go" && slices.Contains(mounts, f.Sel.Name) {
					t.Errorf("%s mounts a route with %s", set.Position(n.Pos()), f.Sel.Name)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || files < 50 {
		t.Errorf("%d files were read, %v", files, err)
	}
}
