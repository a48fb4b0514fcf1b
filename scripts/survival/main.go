// Survival writes the table "What survives what" of the README beside it from the tests that
// show it. A test says its row in a line of its comment,
//
//	//survives:network what happens | what holds
//
// so that a row always has a test, and a test cannot be renamed or removed without its
// row.
package main

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// topic is a part of the table.
type topic struct{ name, title string }

// topics are the parts in their order.
func topics() []topic {
	return []topic{
		{"power", "Power and disks"}, {"network", "Network"}, {"file", "No network at all"}, {"clock", "Clocks"},
		{"plan", "People, tickets and site computers change"}, {"hand", "Dishonest hands"}, {"all", "Everything at once"},
	}
}

// row is a line of the table.
type row struct {
	topic      int
	what, hold string
	tests      []string
}

const (
	begin = "<!-- survival: written by go run ./scripts/survival from the tests it names -->\n"
	end   = "<!-- end of survival -->\n"
	mark  = "//survives:"
)

func main() {
	log.SetFlags(0)
	if err := rewrite("."); err != nil {
		log.Fatal("survival: ", err)
	}
}

// page is where the table stands, from the top of the module.
const page = "scripts/survival/README.md"

// rewrite brings the page of the module in dir up to date.
func rewrite(dir string) error {
	name := filepath.Join(dir, filepath.FromSlash(page))
	text, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("read the page: %w", err)
	}
	fresh, err := updated(dir, string(text))
	if err != nil {
		return err
	}
	if err := os.WriteFile(name, []byte(fresh), 0o644); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}

// updated is the page's text with the table that the tests below dir give.
func updated(dir, text string) (string, error) {
	before, rest, ok1 := strings.Cut(text, begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		return "", errors.New(page + " has no place for the table")
	}
	rows, err := collect(dir)
	return before + begin + table(rows) + end + after, err
}

// collect finds every row in the tests below dir.
func collect(dir string) ([]row, error) {
	var rows []row
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != dir && (strings.HasPrefix(d.Name(), ".") || d.Name() == "dist"):
			return fs.SkipDir
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Doc == nil {
				continue
			}
			for _, line := range f.Doc.List {
				if text, ok := strings.CutPrefix(line.Text, mark); ok {
					if rows, err = add(rows, f.Name.Name, text); err != nil {
						return fmt.Errorf("%s: %w", path, err)
					}
				}
			}
		}
		return nil
	})
	slices.SortFunc(rows, func(a, b row) int { return cmp.Or(cmp.Compare(a.topic, b.topic), cmp.Compare(a.what, b.what)) })
	return rows, err
}

// add reads one line of a test's comment. Tests that say the same share a row.
func add(rows []row, test, text string) ([]row, error) {
	name, sentence, _ := strings.Cut(text, " ")
	what, hold, ok := strings.Cut(sentence, " | ")
	at := slices.IndexFunc(topics(), func(t topic) bool { return t.name == name })
	if at < 0 || !ok || strings.TrimSpace(what) == "" || strings.TrimSpace(hold) == "" {
		return rows, fmt.Errorf("%s: want %sTOPIC what happens | what holds", test, mark)
	}
	r := row{topic: at, what: strings.TrimSpace(what), hold: strings.TrimSpace(hold), tests: []string{test}}
	for i, have := range rows {
		if have.topic == r.topic && have.what == r.what && have.hold == r.hold {
			rows[i].tests = append(rows[i].tests, test)
			slices.Sort(rows[i].tests)
			return rows, nil
		}
	}
	return append(rows, r), nil
}

func table(rows []row) string {
	var b strings.Builder
	last := -1
	for _, r := range rows {
		if r.topic != last {
			fmt.Fprintf(&b, "\n**%s**\n\n| what happens | what holds | shown by |\n|---|---|---|\n", topics()[r.topic].title)
			last = r.topic
		}
		fmt.Fprintf(&b, "| %s | %s | `%s` |\n", r.what, r.hold, strings.Join(r.tests, "`, `"))
	}
	return b.String() + "\n"
}
