// Package templates holds everything people see of both programs: HTML pages,
// their parts, texts in two languages, styles, scripts and icons, all embedded.
// It knows no handler and no database: a handler fills a Page and calls
// Set.Render.
//
// To add a page, put pages/FAMILY/NAME.html beside the others; it defines
// "main" and is rendered by the name "FAMILY/NAME"; the office's pages lie one
// folder deeper, by the wing of the menu: "server/WING/NAME". The family decides the
// layout: server pages stand in layouts/office.html, agent pages in desk.html,
// what stands there for everybody to see in stand.html, ticket pages (what
// participants open) in ticket.html, letters in mail.html. Give it the data it
// shows as the Body of a Page. Words go into texts/WING.AREA.id.json and
// texts/WING.AREA.en.json under the same key (desk, ticket and shared are wings too;
// all keys with one first word stand in one file) and reach the page through {{t "key"}};
// a test fails when a language lacks one. Styles and scripts go into static/,
// into the folder of who uses them (desk, ticket, office) or beside these where
// several do, and are linked by {{asset "app.css"}}; a test fails when nothing
// uses them. Nothing stands inline: the policy of SecurityHeaders forbids
// scripts and styles in a page.
package templates

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"
	"text/template/parse"
)

//go:embed layouts partials pages static texts
var files embed.FS

// Set is every page in every language, parsed once. It is safe for concurrent use.
type Set struct {
	Texts  *Texts
	Assets *Assets
	pages  map[pageKey]func() (*template.Template, error)
}

type pageKey struct {
	lang Lang
	name string
}

// New parses the pages of some families, of all where none is named; an error is a
// mistake in a page. A program that shows one family has no use for the others, which
// take more memory than all else that a site's computer needs.
func New(families ...string) (*Set, error) { return newSet(files, families...) }

func newSet(tree fs.FS, families ...string) (*Set, error) {
	texts, err := newTexts(tree)
	if err != nil {
		return nil, err
	}
	assets, err := newAssets(tree)
	if err != nil {
		return nil, err
	}
	s := &Set{Texts: texts, Assets: assets, pages: map[pageKey]func() (*template.Template, error){}}
	for _, lang := range Langs() {
		if err := s.parse(tree, lang, families); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func layoutOf(family string) string {
	switch family {
	case "server":
		return "layouts/office.html"
	case "agent":
		return "layouts/desk.html"
	case "stand":
		return "layouts/stand.html"
	case "mail":
		return "layouts/mail.html"
	}
	return "layouts/ticket.html"
}

func (s *Set) parse(tree fs.FS, lang Lang, families []string) error {
	parts, err := template.New("").Funcs(s.funcs(lang)).ParseFS(tree, "layouts/parts.html", "partials/*.html")
	if err != nil {
		return fmt.Errorf("parse partials: %w", err)
	}
	shallow, err1 := fs.Glob(tree, "pages/*/*.html")
	deep, err2 := fs.Glob(tree, "pages/*/*/*.html") // the office's, by wing
	if err := errors.Join(err1, err2); err != nil {
		return fmt.Errorf("list pages: %w", err)
	}
	for _, file := range slices.Concat(shallow, deep) {
		name := strings.TrimSuffix(strings.TrimPrefix(file, "pages/"), ".html")
		family, _, _ := strings.Cut(name, "/")
		if len(families) > 0 && !slices.Contains(families, family) {
			continue
		}
		page, err := template.New("").Funcs(s.funcs(lang)).ParseFS(tree, layoutOf(family), file)
		if err != nil {
			return fmt.Errorf("page %s: %w", file, err)
		}
		s.pages[pageKey{lang, name}] = sync.OnceValues(func() (*template.Template, error) { return complete(page, parts) })
	}
	return nil
}

var called = regexp.MustCompile(`{{template "([^"]+)"`)

// complete gives a page the parts that it shows. It waits until the page is first asked
// for: a site's computer shows few of them, mostly in one language.
func complete(page, parts *template.Template) (*template.Template, error) {
	for _, t := range page.Templates() {
		if err := borrow(page, parts, t.Tree); err != nil {
			return nil, err
		}
	}
	return page, nil
}

// borrow gives a page its own copy of those parts that a template of it names, and
// of what they name: most pages use few of the many.
func borrow(page, parts *template.Template, tree *parse.Tree) error {
	if tree == nil || tree.Root == nil {
		return nil
	}
	for _, call := range called.FindAllStringSubmatch(tree.Root.String(), -1) {
		part := parts.Lookup(call[1])
		if part == nil || page.Lookup(call[1]) != nil {
			continue // the page's own; or of nobody, which rendering complains of
		}
		if _, err := page.AddParseTree(call[1], part.Tree.Copy()); err != nil {
			return fmt.Errorf("part %s: %w", call[1], err)
		}
		if err := borrow(page, parts, part.Tree); err != nil {
			return err
		}
	}
	return nil
}

// Render writes a whole page, or nothing at all if there is an error.
func (s *Set) Render(w io.Writer, page string, v View) error {
	return s.RenderPart(w, page, "layout", v)
}

// RenderPart writes one block that a page defines, for a page that replaces a
// part of itself; as with Render, all or nothing.
func (s *Set) RenderPart(w io.Writer, page, part string, v View) error {
	whole, ok := s.pages[pageKey{v.language(), page}]
	if !ok {
		return fmt.Errorf("page %q: no such page", page)
	}
	t, err := whole()
	if err != nil {
		return fmt.Errorf("page %q: %w", page, err)
	}
	var buf bytes.Buffer
	if err := t.ExecuteTemplate(&buf, part, v); err != nil {
		return fmt.Errorf("page %q: %w", page, err)
	}
	if _, err := buf.WriteTo(w); err != nil {
		return fmt.Errorf("page %q: %w", page, err)
	}
	return nil
}
