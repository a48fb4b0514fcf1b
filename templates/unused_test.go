package templates

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var (
	keyLiteral = regexp.MustCompile("[\"`]([a-z_0-9]+(?:\\.[A-Za-z_0-9:-]+)*)[\"`]")
	// A key is composed as "feed.kind_" + kind, print "bulk.item_" .State,
	// choices("roll.ticket_", …) or Sprintf("figures.grade_%d", …),
	// in Go or in a page.
	keyPrefix = regexp.MustCompile(`"([a-z_]+(?:\.[a-z_]+)*[._])(?:" ?\+|%[ds]"|", "|" [.($])`)
)

// composed are the prefixes that also begin texts with a name in full, and what may
// follow where one is composed.
var composed = map[string]string{
	// parts of the names of changes: "action.bulk." and so on
	"bulk.": ``, "import.": ``, "request.": ``,
	// server/web/page/changes.go: what a change was of; the form names its own fields in full
	"pilot.": ``, "budget.": `(onsite|online|blended)_(fee|travel|class)`, "change.": `true|false`,
	// server/web/plan/policy.go
	"policy.": `(check_(in|out)_(before|after)|min_stay|open_stay|(minutes|sessions)_share|check_out|late_after|newcomers_exempt|` +
		`spot_check|late_upload|hours|reentry|live_only|stale_warns)`,
	// server/web/sites/bundles.go
	"bundle.": `enrolled|took|took_nothing|strays|gap|fork|revoked|roster`,
	// server/web/attendance/cases.go
	"cases.": `(confirmed|dismissed)\..*`,
	// server/web/attendance/person.go
	"person.": `participant|instructor`,
	// server/web/attendance/progress.go
	"progress.": `done|tasks|hours|lost|last|way`,
	// site-agent/web/station/ready.go
	"ready.": `good|warn|bad|[a-z]+(\.(good|warn|bad|unknown))?`,
	// server/web: attendance/figures.go, plan/budget.go, admin/subscriptions.go
	"report.": `xlsx|csv|jsonl|pdf`,
	// server/imports/template.go
	"template.": `(sites|schedule|participants)_.*`,
	// site-agent/exchange.go
	"terminal.": `bad_code|too_many_codes|unknown_agent`,
	// show.go of both programs
	"error.": `[a-z_]+(\.(title|text))?`,
}

func TestNoTextIsUnused(t *testing.T) {
	used, prefixes := map[string]bool{}, map[string]*regexp.Regexp{}
	for _, value := range enumerations() {
		key, err := enumKey(value)
		if err != nil {
			t.Fatal(err)
		}
		used[key] = true
	}
	written := []map[string]string{ownSources(t, ".html"), ownSources(t, ".js")}
	for _, root := range []string{".", "../server", "../site-agent", "../models"} {
		written = append(written, sources(t, os.DirFS(root), ".go"))
	}
	for _, files := range written {
		for _, source := range files {
			for _, found := range keyLiteral.FindAllStringSubmatch(source, -1) {
				used[found[1]] = true
			}
			for _, found := range keyPrefix.FindAllStringSubmatch(source, -1) {
				rest, narrow := composed[found[1]]
				if !narrow {
					rest = `.*`
				}
				prefixes[found[1]] = regexp.MustCompile(`^` + regexp.QuoteMeta(found[1]) + `(` + rest + `)$`)
			}
		}
	}
	for key := range mustSet(t).Texts.keys[Indonesian] {
		// server/web/sure.go asks for a deed's name and, with _sure, what it means.
		deed, asked := strings.CutSuffix(key, "_sure")
		if !used[key] && !composes(prefixes, key) && (!asked || !used[deed]) {
			t.Errorf("nothing shows the text %q", key)
		}
	}
	for prefix := range composed {
		if prefixes[prefix] == nil {
			t.Errorf("nothing composes a key with %q any more", prefix)
		}
	}
}

func composes(prefixes map[string]*regexp.Regexp, key string) bool {
	for _, pattern := range prefixes {
		if pattern.MatchString(key) {
			return true
		}
	}
	return false
}
