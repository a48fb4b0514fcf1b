package attendance_test

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
	t.Parallel()
	o := newOffice(t)
	if err := o.Store.Write(t.Context(), (*store.Tx).Recount); err != nil {
		t.Fatal(err)
	}
	for _, role := range []models.Role{models.RoleReviewer, models.RoleCoordinator} {
		b, checked := o.As(t, role), 0
		for _, dim := range models.Dimensions() {
			page := b.Get("/figures?lang=en&by=" + string(dim))
			if page.Status != http.StatusOK {
				t.Fatalf("%s: %d", dim, page.Status)
			}
			for _, m := range listLink.FindAllStringSubmatch(page.Body, -1) {
				want, err := strconv.Atoi(m[2])
				if err != nil {
					t.Fatal(err)
				}
				href := strings.ReplaceAll(m[1], "&amp;", "&")
				_, query, _ := strings.Cut(href, "?")
				file := b.Get("/attendance/jsonl?" + query)
				have := 0
				for line := range strings.Lines(file.Body) {
					var row struct{ Status string }
					if err := json.Unmarshal([]byte(line), &row); err != nil || row.Status == "" {
						t.Fatalf("%s: %q, %v", href, line, err)
					}
					have++
				}
				list := b.Get(href + "&lang=en")
				if none := strings.Contains(list.Body, "No attendance matches."); list.Status != http.StatusOK || have != want || none != (want == 0) {
					t.Errorf("%s by %s: the figure is %d, the file has %d, the page answers %d (empty: %v)", role, href, want, have, list.Status, none)
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
	t.Parallel()
	o := newOffice(t)
	if err := o.Store.Write(t.Context(), (*store.Tx).Recount); err != nil {
		t.Fatal(err)
	}
	b := o.As(t, models.RoleCoordinator)
	foreign := o.Classes[len(o.Classes)-1]
	for _, path := range []string{
		"/attendance?by=class&key=" + foreign.ID.String(), "/attendance/jsonl?by=class&key=" + foreign.ID.String(), "/figures?by=class", "/figures?by=provider",
	} {
		if page := b.Get(path); strings.Contains(page.Body, foreign.Code) || strings.Contains(page.Body, url.QueryEscape(o.Other.Name)) || strings.Contains(page.Body, o.Other.Name) {
			t.Errorf("%s shows another institution's", path)
		}
	}
	if page := b.Get("/attendance/exe"); page.Status != http.StatusNotFound {
		t.Errorf("a format that is none: %d", page.Status)
	}
}
