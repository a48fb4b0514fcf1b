package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/server/store"
)

var listLink = regexp.MustCompile(`href="(/attendance\?[^"]*)">(?:<span>)?([0-9.]+)`)

// Every figure opens its list, and the list, on the page and as a file, is as long
// as the figure says; for a coordinator, of their own institution.
func TestEveryFigureOpensAListOfThatLength(t *testing.T) {
	o := newOffice(t)
	if err := o.st.Write(t.Context(), (*store.Tx).Recount); err != nil {
		t.Fatal(err)
	}
	for _, role := range []models.Role{models.RoleReviewer, models.RoleCoordinator} {
		b, checked := o.as(t, role), 0
		for _, dim := range models.Dimensions() {
			page := b.get("/figures?lang=en&by=" + string(dim))
			if page.status != http.StatusOK {
				t.Fatalf("%s: %d", dim, page.status)
			}
			for _, m := range listLink.FindAllStringSubmatch(page.body, -1) {
				want, err := strconv.Atoi(m[2])
				if err != nil {
					t.Fatal(err)
				}
				href := strings.ReplaceAll(m[1], "&amp;", "&")
				_, query, _ := strings.Cut(href, "?")
				file := b.get("/attendance/jsonl?" + query)
				have := 0
				for line := range strings.Lines(file.body) {
					var row struct{ Status string }
					if err := json.Unmarshal([]byte(line), &row); err != nil || row.Status == "" {
						t.Fatalf("%s: %q, %v", href, line, err)
					}
					have++
				}
				list := b.get(href + "&lang=en")
				if none := strings.Contains(list.body, "No attendance matches."); list.status != http.StatusOK || have != want || none != (want == 0) {
					t.Errorf("%s by %s: the figure is %d, the file has %d, the page answers %d (empty: %v)", role, href, want, have, list.status, none)
				}
				checked++
			}
		}
		if checked < 30 {
			t.Errorf("%s: only %d figures were found", role, checked)
		}
	}
}

func TestACoordinatorSeesNoFigureOfOthers(t *testing.T) {
	o := newOffice(t)
	if err := o.st.Write(t.Context(), (*store.Tx).Recount); err != nil {
		t.Fatal(err)
	}
	b := o.as(t, models.RoleCoordinator)
	foreign := o.classes[len(o.classes)-1]
	for _, path := range []string{
		"/attendance?by=class&key=" + foreign.ID.String(), "/attendance/jsonl?by=class&key=" + foreign.ID.String(), "/figures?by=class", "/figures?by=provider",
	} {
		if page := b.get(path); strings.Contains(page.body, foreign.Code) || strings.Contains(page.body, url.QueryEscape(o.other.Name)) || strings.Contains(page.body, o.other.Name) {
			t.Errorf("%s shows another institution's", path)
		}
	}
	if page := b.get("/attendance/exe"); page.status != http.StatusNotFound {
		t.Errorf("a format that is none: %d", page.status)
	}
}
