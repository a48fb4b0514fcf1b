package scripts

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"buktihadir/templates"
)

// The history shows an action by the text "action." and the action. The test finds an
// action as Action in a literal, or as the argument of a parameter called action.
func TestEveryRecordedActionHasWords(t *testing.T) {
	set, err := templates.New()
	if err != nil {
		t.Fatal(err)
	}
	files := serverFiles(t)
	takes := map[string]int{} // function -> which of its parameters is the action
	for _, f := range files {
		for _, d := range f.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok {
				if at, ok := actionParameter(fd.Type); ok {
					takes[fd.Name.Name] = at
				}
			}
		}
	}
	actions := map[string]bool{}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && strings.EqualFold(key.Name, "action") {
					note(actions, n.Value)
				}
			case *ast.CallExpr:
				if at, ok := takes[called(n)]; ok && at < len(n.Args) {
					note(actions, n.Args[at])
				}
			}
			return true
		})
	}
	if len(actions) < 50 {
		t.Fatalf("only %d actions were found: %v", len(actions), actions)
	}
	for action := range actions {
		if !set.Texts.Has("action." + action) {
			t.Errorf("the history has no words for %q", action)
		}
	}
}

func serverFiles(t *testing.T) (files []*ast.File) {
	t.Helper()
	err := filepath.WalkDir("../server", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		files = append(files, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func actionParameter(f *ast.FuncType) (at int, ok bool) {
	for _, field := range f.Params.List {
		for _, name := range field.Names {
			if name.Name == "action" {
				return at, true
			}
			at++
		}
	}
	return 0, false
}

func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func note(actions map[string]bool, value ast.Expr) {
	if lit, ok := value.(*ast.BasicLit); ok && lit.Kind == token.STRING {
		if text, err := strconv.Unquote(lit.Value); err == nil && strings.Contains(text, ".") {
			actions[text] = true
		}
	}
}
