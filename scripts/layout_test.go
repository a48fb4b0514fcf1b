// Package scripts holds the chores of the project. Its tests keep the rooms of the
// code apart, and what the pages say true.
package scripts

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "buktihadir/"

// room says whom the packages of a folder may import: themselves, and what
// is named here with all that lies below it, or alone if it ends in "$".
type room struct {
	folder string
	may    []string
}

// forPages are the rooms that a page may ask: every one below the doors.
func forPages() []string {
	return []string{
		"server/agents", "server/subscription", "server/figures", "server/report", "server/document", "server/mail", "server/webhook", "server/exchange",
		"server/imports", "server/proposal", "server/privacy", "server/receipts",
		"server/plan", "server/seating", "server/review", "server/bulk",
		"server/account", "server/office", "server/store", "templates", "models",
	}
}

// forDesk are the rooms that a page of the desk may ask.
func forDesk() []string {
	return []string{"site-agent/desk", "site-agent/offline", "site-agent/roster", "site-agent/pairing", "site-agent/store", "templates", "models"}
}

// wing is a room that may ask the kit of its pages too.
func wing(kit string, may []string) []string { return append([]string{kit}, may...) }

// rooms is the order of the packages: an import goes down this list, never up. The
// longest folder that fits a package decides.
func rooms() []room {
	return []room{
		{"scripts", []string{"scripts", "server", "site-agent", "templates", "models"}},
		{"server", []string{"server", "templates", "models"}},
		{"server/web", forPages()},
		{"server/web/plan", wing("server/web/page", forPages())},
		{"server/web/people", wing("server/web/page", forPages())},
		{"server/web/sites", wing("server/web/page", forPages())},
		{"server/web/attendance", wing("server/web/page", forPages())},
		{"server/web/admin", wing("server/web/page", forPages())},
		{"server/web/ticket", wing("server/web/page", forPages())},
		{"server/web/page", forPages()},
		{"server/web/webtest", append([]string{"scripts", "server/web"}, forPages()...)},
		{"server/api", []string{"server/figures", "server/report", "server/webhook", "server/imports", "server/proposal", "server/privacy", "server/plan", "server/seating", "server/review", "server/account", "server/office", "server/store", "templates", "models"}},
		{"server/exchange", []string{"server/office", "server/store", "models"}},
		{"server/agents", []string{"server/office", "server/store", "models"}},
		{"server/office", []string{"server/store", "models"}},
		{"server/seating", []string{"server/bulk", "server/office", "server/store", "models"}},
		{"server/plan", []string{"server/seating", "server/office", "server/store", "models"}},
		{"server/plan/plantest", []string{"scripts", "server/imports", "server/proposal", "server/plan", "server/seating", "server/office", "server/store",
			"models"}},
		{"server/imports", []string{"server/plan", "server/seating", "server/office", "server/store", "models"}},
		{"server/proposal", []string{"server/plan", "server/seating", "server/office", "server/store", "models"}},
		{"server/privacy", []string{"server/seating", "server/office", "server/store", "models"}},
		{"server/receipts", []string{"server/account", "server/store", "models"}},
		{"server/review", []string{"server/bulk", "server/document", "server/office", "server/store", "models"}},
		{"server/bulk", []string{"server/office", "server/store", "models"}},
		{"server/account", []string{"server/office", "server/store", "models"}},
		{"server/webhook", []string{"server/outbox", "server/office", "server/store", "models"}},
		{"server/mail", []string{"server/outbox", "server/office", "server/store", "models"}},
		{"server/outbox", []string{"models"}},
		{"server/subscription", []string{"server/figures", "server/report", "server/mail", "server/account", "server/office", "server/store", "templates", "models"}},
		{"server/figures", []string{"server/report", "server/store", "templates", "models"}},
		{"server/report", []string{"server/document", "models"}},
		{"server/document", []string{"templates", "models"}},
		{"server/store", []string{"models"}},
		{"site-agent", []string{"site-agent", "templates", "models"}},
		{"site-agent/web", forDesk()},
		{"site-agent/web/checkin", wing("site-agent/web/page", forDesk())},
		{"site-agent/web/station", append(wing("site-agent/web/page", forDesk()), "site-agent/web/certificate")},
		{"site-agent/web/kiosk", wing("site-agent/web/page", forDesk())},
		{"site-agent/web/phone", wing("site-agent/web/page", forDesk())},
		{"site-agent/web/page", forDesk()},
		{"site-agent/web/certificate", []string{"models"}},
		{"site-agent/desk", []string{"site-agent/roster", "site-agent/offline", "site-agent/store", "models"}},
		{"site-agent/offline", []string{"site-agent/roster", "models"}},
		{"site-agent/roster", []string{"models"}},
		{"site-agent/pairing", []string{"site-agent/store", "models"}},
		{"site-agent/uplink", []string{"site-agent/store", "models"}},
		{"site-agent/others", []string{"site-agent/uplink", "site-agent/desk", "site-agent/roster", "site-agent/store", "models"}},
		{"site-agent/store", []string{"models"}},
		{"templates", []string{"models"}},
		{"models", nil},
		{"models/ticket", []string{"models$"}},
		{"models/journal", []string{"models$"}},
		{"models/attendance", []string{"models$", "models/ticket"}},
		{"models/exchange", []string{"models$", "models/journal"}},
		{"models/ledger", []string{"models$", "models/journal", "models/attendance"}},
		{"models/anomaly", []string{"models$"}},
		{"models/budget", []string{"models$"}},
		{"models/attempts", []string{"models$"}},
		{"models/receipt", []string{"models$", "models/journal"}},
		{"models/bundle", nil},
		{"models/names", nil},
		{"models/region", nil},
	}
}

// stranger is a library that only some folders may know.
type stranger struct {
	library string
	only    []string // empty: all but never
	never   []string
	because string
}

func strangers() []stranger {
	noHTTP := []string{"models", "server/store", "site-agent/store"}
	return []stranger{
		{library: "github.com/wneessen/go-mail", only: []string{"server/mail"}, because: "letters go through the outbox"},
		{library: "gorm.io", only: []string{"server/store", "site-agent/store", "server/plan/plantest", "server/web/webtest"}, because: "GORM stays in the stores"},
		{library: "net/http", never: noHTTP, because: "neither the rulebook nor a store sees HTTP"},
		{library: "github.com/gin-gonic", never: noHTTP, because: "neither the rulebook nor a store sees HTTP"},
		{library: "database/sql$", never: []string{"models"}, because: "the rulebook sees no database"},
	}
}

// within reports whether a path is the folder or lies below it; a folder that
// ends in "$" has nothing below.
func within(path, folder string) bool {
	exact, alone := strings.CutSuffix(folder, "$")
	return path == exact || !alone && strings.HasPrefix(path, folder+"/")
}

func inAny(path string, folders []string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return within(path, f) })
}

// roomOf is the room with the longest folder that holds the package.
func roomOf(pkg string) room {
	var found room
	for _, r := range rooms() {
		if within(pkg, r.folder) && len(r.folder) > len(found.folder) {
			found = r
		}
	}
	return found
}

// complaint says what is wrong with an import; it is empty if nothing is.
func complaint(pkg, imported string) string {
	path, ours := strings.CutPrefix(imported, module)
	if !ours && imported+"/" == module {
		path, ours = "", true
	}
	if ours {
		own := roomOf(pkg)
		switch {
		case own.folder == "":
			return "has no room of its own: this project has server, site-agent, models, templates and scripts"
		case own.folder != "models" && within(path, own.folder), inAny(path, own.may):
			return ""
		}
		return "may import of ours only " + strings.Join(own.may, ", ")
	}
	for _, s := range strangers() {
		known := len(s.only) == 0 || inAny(pkg, s.only) || within(pkg, "scripts")
		if within(imported, s.library) && (!known || inAny(pkg, s.never)) {
			return s.because
		}
	}
	return ""
}

// goPackage is the part of go list's answer that counts here. Test files may
// import more: they need databases and both programs.
type goPackage struct {
	ImportPath string
	Imports    []string
}

func TestNobodyImportsUpwards(t *testing.T) {
	out, err := exec.Command("go", "list", "-e", "-tags", "nomsgpack", "-json=ImportPath,Imports", module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	packages := 0
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; packages++ {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("read go list's answer: %v", err)
		}
		pkg := strings.TrimPrefix(p.ImportPath, module)
		for _, imported := range p.Imports {
			if c := complaint(pkg, imported); c != "" {
				t.Errorf("%s imports %s: %s", pkg, imported, c)
			}
		}
	}
	if packages < 5 {
		t.Errorf("go list named %d packages, so this test saw next to nothing", packages)
	}
}

func TestTheOrderOfTheHouse(t *testing.T) {
	for _, c := range []struct {
		name, pkg, imported string
		allowed             bool
	}{
		{"a page asks a domain package", "server/web", module + "server/review", true},
		{"the pages mount their wings", "server/web", module + "server/web/plan", true},
		{"a wing uses the kit", "server/web/plan", module + "server/web/page", true},
		{"a wing stays out of its neighbour", "server/web/plan", module + "server/web/people", false},
		{"the kit knows no wing", "server/web/page", module + "server/web/plan", false},
		{"the tests' office mounts every page", "server/web/webtest", module + "server/web", true},
		{"no wing asks the tests' office", "server/web/plan", module + "server/web/webtest", false},
		{"a domain package stays out of pages", "server/review", module + "server/web", false},
		{"a domain package stays out of its neighbour", "server/plan", module + "server/review", false},
		{"a paper knows no database", "server/document", module + "server/store", false},
		{"the agent's door asks the store only", "server/exchange", module + "server/account", false},
		{"the store looks at every model", "server/store", module + "models/journal", true},
		{"the store never sees HTTP", "server/store", "net/http", false},
		{"a handler never sees GORM", "server/web", "gorm.io/gorm", false},
		{"not even the program's wiring sees GORM", "server", "gorm.io/gorm", false},
		{"the agent never imports the server", "site-agent", module + "server/store", false},
		{"a wing of the desk's pages stays out of its neighbour", "site-agent/web/kiosk", module + "site-agent/web/checkin", false},
		{"the kit of the desk's pages knows no wing", "site-agent/web/page", module + "site-agent/web/station", false},
		{"the desk stays out of the uplink", "site-agent/desk", module + "site-agent/uplink", false},
		{"the words know none of their users", "models", module + "models/ticket", false},
		{"the rulebook reads tickets", "models/attendance", module + "models/ticket", true},
		{"a ticket doesn't know the journal", "models/ticket", module + "models/journal", false},
		{"the rulebook sees no database", "models/attendance", "database/sql", false},
		{"an entity says how a column stores it", "models", "database/sql/driver", true},
		{"a folder that the table lacks has no imports", "helpers", module + "models", false},
		{"the stories need both programs", "scripts/e2e", module + "server/store", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := complaint(c.pkg, c.imported); (got == "") != c.allowed {
				t.Errorf("%s importing %s: complaint %q, want allowed = %v", c.pkg, c.imported, got, c.allowed)
			}
		})
	}
}

// A write has one function below the doors, so that every door obeys the same rule.
func TestDoorsWriteThroughTheDomain(t *testing.T) {
	for _, pattern := range []string{"../server/web/*.go", "../server/web/*/*.go", "../server/api/*.go", "../server/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") || strings.Contains(file, "/webtest/") {
				continue
			}
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if writes := regexp.MustCompile(`(?i)\b(store|st)\.Write\(`).FindString(string(source)); writes != "" {
				t.Errorf("%s calls %s: the domain has a function for each change", file, writes)
			}
		}
	}
}
