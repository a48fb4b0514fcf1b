package scripts

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// tree is every file and folder of the project, by its path from the top.
func tree(t *testing.T) []string {
	t.Helper()
	var paths []string
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "dist"):
			return fs.SkipDir
		case name != "..":
			paths = append(paths, filepath.ToSlash(name)[len("../"):])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

var (
	fences = regexp.MustCompile("(?ms)^```.*?^```$")
	spans  = regexp.MustCompile("`[^`\n]+`")
	links  = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	marks  = regexp.MustCompile(`[^\w\- ]`) // what an anchor leaves out of its chapter's name
	holes  = regexp.MustCompile(`<[^>]*>`)  // "pages/server/<wing>"
	script = regexp.MustCompile(`\./[\w./-]+`)
	source = regexp.MustCompile(`^[\w.*][\w./*-]*\.(go|md|html|css|js|json|csv|sql|service|png)$`)
)

// mentions are the files and folders of the project that a page names: what its
// links point to, what stands in backticks, and what its commands start with "./".
// Each is a list of patterns (path.Match) of which one has to exist. tops are the
// names at the top of the project.
func mentions(page, text string, tops []string) map[string][]string {
	found, beside := map[string][]string{}, path.Dir(page)
	from := func(base, name string) string { return path.Join(base, holes.ReplaceAllString(name, "*")) }
	for _, m := range links.FindAllStringSubmatch(text, -1) {
		if target, _, _ := strings.Cut(m[1], "#"); target != "" && !strings.Contains(target, ":") {
			found[m[1]] = []string{from(beside, target)}
		}
	}
	for _, block := range fences.FindAllString(text, -1) {
		for _, name := range script.FindAllString(block, -1) {
			name = strings.TrimSuffix(name, "/...")
			if strings.Count(name, "/") > 1 {
				found[name] = []string{from("", name)}
			}
		}
	}
	for _, span := range spans.FindAllString(fences.ReplaceAllString(text, ""), -1) {
		for name := range strings.FieldsSeq(strings.Trim(span, "`")) {
			name = strings.TrimSuffix(strings.TrimRight(name, ",:;"), "/...")
			rest, dotted := strings.CutPrefix(name, "./")
			first, _, deep := strings.Cut(rest, "/")
			switch {
			case (deep || dotted) && slices.Contains(tops, first):
				found[name] = []string{from("", name)}
			case deep && source.MatchString(holes.ReplaceAllString(name, "*")):
				found[name] = []string{from("", name), from(beside, name)}
			}
		}
	}
	return found
}

// pages are the documents of a tree that are this project's own, and what they say.
func pages(t *testing.T, paths []string) map[string]string {
	t.Helper()
	own := map[string]string{}
	for _, page := range paths {
		if path.Ext(page) != ".md" || strings.HasPrefix(page, "templates/static/vendor/") {
			continue
		}
		text, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(page)))
		if err != nil {
			t.Fatal(err)
		}
		own[page] = string(text)
	}
	if len(own) < 5 {
		t.Errorf("saw %d pages, want the README and one in each folder at least", len(own))
	}
	return own
}

func TestEveryPathThatThePagesNameExists(t *testing.T) {
	paths := tree(t)
	var tops []string
	for _, p := range paths {
		if !strings.Contains(p, "/") {
			tops = append(tops, p)
		}
	}
	for page, text := range pages(t, paths) {
		found := mentions(page, text, tops)
		for _, name := range slices.Sorted(maps.Keys(found)) {
			patterns := found[name]
			exists := func(p string) bool {
				return slices.ContainsFunc(patterns, func(pattern string) bool {
					ok, err := path.Match(pattern, p)
					return err == nil && ok
				})
			}
			if !slices.ContainsFunc(paths, exists) {
				t.Errorf("%s names %s, which doesn't exist", page, name)
			}
		}
	}
}

var manual = regexp.MustCompile(`[\w./-]+\.md`)

func TestEveryPageThatATextSendsPeopleToExists(t *testing.T) {
	paths, seen := tree(t), 0
	for _, file := range paths {
		if path.Dir(file) != "templates/texts" {
			continue
		}
		text, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(file)))
		if err != nil {
			t.Fatal(err)
		}
		for _, page := range manual.FindAllString(string(text), -1) {
			seen++
			if !slices.Contains(paths, page) {
				t.Errorf("%s sends people to %s, which doesn't exist", file, page)
			}
		}
	}
	if seen == 0 {
		t.Error("no text names a page, so this test saw nothing")
	}
}

// A newcomer reads the README in some minutes; what it leaves out stands beside what it is about.
func TestTheReadmeStaysShort(t *testing.T) {
	if info, err := os.Stat("../README.md"); err != nil || info.Size() > 10_000 {
		t.Errorf("README.md: %v, %+v; want at most 10,000 bytes", err, info)
	}
}

// chapters are the anchors of a page's headings, as GitHub makes them.
func chapters(text string) []string {
	var anchors []string
	for line := range strings.Lines(fences.ReplaceAllString(text, "")) {
		if title := strings.TrimLeft(line, "#"); title != line && strings.HasPrefix(title, " ") {
			kept := marks.ReplaceAllString(strings.ToLower(strings.TrimSpace(title)), "")
			anchors = append(anchors, strings.ReplaceAll(kept, " ", "-"))
		}
	}
	return anchors
}

func TestEveryLinkToAChapterFindsIt(t *testing.T) {
	seen := 0
	for page, text := range pages(t, tree(t)) {
		for _, link := range links.FindAllStringSubmatch(text, -1) {
			target, anchor, ok := strings.Cut(link[1], "#")
			if !ok || strings.Contains(target, ":") {
				continue
			}
			seen++
			there := text
			if target != "" {
				other, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(path.Join(path.Dir(page), target))))
				if err != nil {
					t.Errorf("%s links to %s: %v", page, link[1], err)
					continue
				}
				there = string(other)
			}
			if !slices.Contains(chapters(there), anchor) {
				t.Errorf("%s links to %s, which has no such chapter: %q", page, link[1], chapters(there))
			}
		}
	}
	if seen == 0 {
		t.Error("no page links to a chapter, so this test saw nothing")
	}
}

func TestWhatCountsAsAPath(t *testing.T) {
	tops := []string{"README.md", "server", "site-agent", "scripts", "models", "templates"}
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"a folder", "`server/web` mounts the wings", []string{"server/web"}},
		{"a file with a place for a word", "`templates/texts/<wing>.*.json`", []string{"templates/texts/*.*.json"}},
		{"a file beside the page", "`store/feed.go`", []string{"store/feed.go", "server/store/feed.go"}},
		{"a package in a command", "`go doc ./models/ticket Row`", []string{"models/ticket"}},
		{"a script with its arguments", "`./scripts/bench overview 10000`", []string{"scripts/bench"}},
		{"packages below a folder", "`./scripts/test ./models/... -run Judge`", []string{"models", "scripts/test"}},
		{"a script in a block", "```sh\n./scripts/demo --no-wait   # server/none stays\n```", []string{"scripts/demo"}},
		{"packages below a folder, in a block", "```sh\n./scripts/test ./server/store/... -run Feed\n```", []string{"scripts/test", "server/store"}},
		{"a link", "[the desk](../site-agent/README.md#phones)", []string{"site-agent/README.md"}},
		{"a link elsewhere", "[Go](https://go.dev/dl/)", nil},
		{"a program's command", "`server agent add --json`", nil},
		{"an address of the office", "`/api/v1/openapi.json`", nil},
		{"a folder of a machine", "`/var/lib/bukti-hadir`", nil},
		{"a file that somebody gives", "`sites.csv`", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, patterns := range mentions("server/README.md", c.text, tops) {
				got = append(got, patterns...)
			}
			slices.Sort(got)
			if want := slices.Sorted(slices.Values(c.want)); !slices.Equal(got, want) {
				t.Errorf("%s: found %q, want %q", c.text, got, want)
			}
		})
	}
}
