package templates

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sources reads files whose names end so, by their names.
func sources(t *testing.T, tree fs.FS, ends string) map[string]string {
	t.Helper()
	list := map[string]string{}
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ends) || strings.HasSuffix(name, "_test.go") {
			return err
		}
		text, err := fs.ReadFile(tree, name)
		list[name] = string(text)
		return err
	})
	if err != nil || len(list) == 0 {
		t.Fatalf("%d files *%s: %v", len(list), ends, err)
	}
	return list
}

// ownSources leaves out what others wrote.
func ownSources(t *testing.T, ends string) map[string]string {
	t.Helper()
	list := sources(t, files, ends)
	for name := range list {
		if strings.HasPrefix(name, "static/vendor/") || strings.HasPrefix(name, "static/rulebook/") {
			delete(list, name)
		}
	}
	return list
}

var (
	cssComment  = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssSelector = regexp.MustCompile(`[^{};]*\{`)
	cssClass    = regexp.MustCompile(`\.([A-Za-z][\w-]*)`)
	classGiven  = regexp.MustCompile(`(?s)\bclass="((?:\{\{.*?\}\}|[^"])*)"`)
	classInCode = regexp.MustCompile("classList\\.\\w+\\(\"([^\"]+)\"|className\\s*[:=]\\s*[\"`]([^\"`]*)[\"`]")
	action      = regexp.MustCompile(`(?s)\{\{.*?\}\}|\$\{.*?\}`)
)

// given are the classes that pages and scripts give to elements, and the beginnings of those
// whose end is a value.
func given(t *testing.T) (whole map[string]bool, begun []string) {
	t.Helper()
	whole = map[string]bool{"icon": true} // (*Assets).icon
	take := func(attribute string) {
		for word := range strings.FieldsSeq(action.ReplaceAllString(attribute, "|")) {
			parts := strings.Split(strings.Trim(word, "|"), "|")
			if strings.HasSuffix(parts[0], "-") {
				begun = append(begun, parts[0])
				continue
			}
			for _, part := range parts {
				whole[part] = true
			}
		}
	}
	for _, text := range ownSources(t, ".html") {
		for _, m := range classGiven.FindAllStringSubmatch(text, -1) {
			take(m[1])
		}
	}
	for _, text := range ownSources(t, ".js") {
		for _, m := range classInCode.FindAllStringSubmatch(text, -1) {
			take(m[1] + m[2])
		}
	}
	return whole, begun
}

func TestEveryStyleIsOfSomethingThatPagesShow(t *testing.T) {
	whole, begun := given(t)
	for name, text := range ownSources(t, ".css") {
		for _, selector := range cssSelector.FindAllString(cssComment.ReplaceAllString(text, ""), -1) {
			for _, class := range cssClass.FindAllStringSubmatch(selector, -1) {
				asBegun := func(start string) bool { return strings.HasPrefix(class[1], start) }
				if !whole[class[1]] && !slices.ContainsFunc(begun, asBegun) && !strings.HasPrefix(class[1], "htmx-") {
					t.Errorf("%s has a style for .%s, which nothing is", name, class[1])
				}
			}
		}
	}
}

func TestEveryClassOfAPageIsKnownToAStyleOrAScript(t *testing.T) {
	known := map[string]bool{}
	for _, ends := range []string{".css", ".js"} {
		for _, text := range ownSources(t, ends) {
			for _, class := range cssClass.FindAllStringSubmatch(text, -1) {
				known[class[1]] = true
			}
		}
	}
	whole, _ := given(t)
	for class := range whole {
		if class != "" && !known[class] {
			t.Errorf("class %q of a page has no style, and no script looks for it", class)
		}
	}
}

var (
	assetNamed = regexp.MustCompile(`\basset "([^"]+)"|"` + AssetRoot + `([^"]+)"`)
	imported   = regexp.MustCompile(`(?:from|import)\s*\(?"(\.[^"]+)"`)
	goString   = regexp.MustCompile(`"([\w/.-]+)"`)
)

func TestEveryStaticFileIsLoadedBySomething(t *testing.T) {
	a := mustSet(t).Assets
	loaded := map[string]bool{}
	var load func(name string)
	load = func(name string) {
		f, ok := a.byName[name]
		if !ok || loaded[name] {
			return
		}
		loaded[name] = true
		if path.Ext(name) == ".js" {
			for _, m := range imported.FindAllStringSubmatch(string(f.raw()), -1) {
				load(path.Join(path.Dir(name), m[1]))
			}
		}
	}
	for _, text := range ownSources(t, ".html") {
		for _, m := range assetNamed.FindAllStringSubmatch(text, -1) {
			load(m[1] + m[2])
		}
	}
	for _, dir := range []string{".", filepath.Join("..", "server", "web"), filepath.Join("..", "site-agent", "web")} {
		for _, text := range sources(t, os.DirFS(dir), ".go") {
			for _, m := range goString.FindAllStringSubmatch(text, -1) {
				load(m[1])
			}
		}
	}
	for name := range a.byName {
		switch path.Base(name) {
		case "LICENSE", "README", "sources.sha256":
			continue
		}
		if !loaded[name] {
			t.Errorf("static/%s: no page, script or program loads it", name)
		}
	}
}

func TestEveryIconOfTheSpriteIsShownSomewhere(t *testing.T) {
	var all strings.Builder
	for _, dir := range []string{".", filepath.Join("..", "server"), filepath.Join("..", "site-agent"), filepath.Join("..", "models")} {
		for _, text := range sources(t, os.DirFS(dir), ".go") {
			all.WriteString(text)
		}
	}
	for _, ends := range []string{".html", ".js"} {
		for _, text := range ownSources(t, ends) {
			all.WriteString(text)
		}
	}
	for icon := range mustSet(t).Assets.icons {
		if !strings.Contains(all.String(), `"`+icon+`"`) {
			t.Errorf("icon %q is shown nowhere: take it out of scripts/assets", icon)
		}
	}
}
