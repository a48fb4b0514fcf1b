package attendance

import (
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/region"
	"buktihadir/templates"
)

// drawn are the ids of the shapes in the drawing that pages show.
func drawn(t *testing.T) (ids []string) {
	t.Helper()
	set, err := templates.New()
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	set.Assets.ServeHTTP(w, httptest.NewRequest(http.MethodGet, templates.AssetRoot+"vendor/indonesia/provinces.svg", nil))
	for d := xml.NewDecoder(w.Body); ; {
		token, err := d.Token()
		if err == io.EOF {
			return ids
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "path" {
			for _, a := range start.Attr {
				if a.Name.Local == "id" {
					ids = append(ids, a.Value)
				}
			}
		}
	}
}

func TestEveryProvinceHasAnOutlineOnTheMap(t *testing.T) {
	ids := drawn(t)
	const golden = "id-ac id-ba id-bb id-be id-bt id-go id-ja id-jb id-ji id-jk id-jt id-kb id-ki id-kr id-ks id-kt id-ku id-la id-ma id-mu id-nb id-nt " +
		"id-pa id-pb id-ri id-sa id-sb id-sg id-sn id-sr id-ss id-st id-su id-yo"
	if diff := cmp.Diff(strings.Fields(golden), ids); diff != "" {
		t.Errorf("the drawing's outlines differ (-want +got):\n%s", diff)
	}
	var placed []string
	for _, o := range region.Outlines() {
		placed = append(placed, o.ID)
		if o.X <= 0 || o.X >= region.MapWidth || o.Y <= 0 || o.Y >= region.MapHeight {
			t.Errorf("%s: its number stands off the map: %+v", o.ID, o)
		}
	}
	if diff := cmp.Diff(ids, placed); diff != "" {
		t.Errorf("drawn (-) and placed (+) outlines differ:\n%s", diff)
	}
	for _, p := range region.Provinces() {
		if !slices.Contains(ids, p.MapID) {
			t.Errorf("%s lies in %q, which is not drawn", p.Name, p.MapID)
		}
	}
}

// Whatever provinces have figures, known ones or not: the map and what it names beside
// itself add up to all of them, and each is found under exactly one outline.
func TestNoNumberIsLostOnTheMap(t *testing.T) {
	codes := []string{"", "00"}
	for _, p := range region.Provinces() {
		codes = append(codes, p.Code)
	}
	rapid.Check(t, func(r *rapid.T) {
		var lines []figureLine
		enrolled, all, places := map[string]int64{}, int64(0), int64(0)
		for _, code := range rapid.SliceOfDistinct(rapid.SampledFrom(codes), func(s string) string { return s }).Draw(r, "provinces") {
			n := counts{models.Measure(models.StatusPresent): int64(rapid.IntRange(0, 50).Draw(r, "present")), models.Measure(models.StatusAbsent): 1}
			lines = append(lines, figureLine{Counts: n, Dim: models.ByProvince, Key: code, Label: code})
			all += n.All()
		}
		for _, code := range rapid.SliceOfDistinct(rapid.SampledFrom(codes[2:]), func(s string) string { return s }).Draw(r, "enrolled") {
			enrolled[code] = 7
			places += 7
		}
		m := mapOf(provinceFiguresOf(lines, enrolled))
		gotAll, gotPlaces := m.Elsewhere, int64(0)
		seen := map[string]bool{}
		for _, o := range m.Outlines {
			gotAll, gotPlaces = gotAll+o.All(), gotPlaces+o.Enrolled
			for key := range strings.SplitSeq(o.Key, ",") {
				if key != "" && seen[key] {
					r.Fatalf("%s lies in two outlines", key)
				}
				seen[key] = true
			}
			if o.Known() != (o.Number != nil) {
				r.Fatalf("%s: a number where nothing is known, or none where something is", o.Label)
			}
		}
		if gotAll != all || gotPlaces != places {
			r.Fatalf("the map has %d attendances and %d places, want %d and %d", gotAll, gotPlaces, all, places)
		}
	})
}

func TestYoungProvincesAreAddedUpInTheirFormerOnesOutline(t *testing.T) {
	present := func(n int64) counts { return counts{models.Measure(models.StatusPresent): n} }
	m := mapOf([]provinceFigures{
		{figureLine: figureLine{Counts: present(3), Key: "94", Label: "Papua Tengah"}},
		{figureLine: figureLine{Counts: present(4), Key: "91", Label: "Papua"}},
		{figureLine: figureLine{Counts: present(5), Key: "96", Label: "Papua Barat Daya"}},
	})
	for _, want := range []struct {
		id, label, names, list string
		all                    int64
	}{
		{"id-pa", "Papua", "Papua, Papua Tengah", "/attendance?by=province&key=91%2C94", 7},
		{"id-pb", "Papua Barat Daya", "Papua Barat Daya", "/attendance?by=province&key=96", 5},
	} {
		i := slices.IndexFunc(m.Outlines, func(o outline) bool { return o.ID == want.id })
		o := m.Outlines[i]
		o.Dim = models.ByProvince
		if o.Label != want.label || o.Names() != want.names || o.List("") != want.list || o.All() != want.all {
			t.Errorf("%s: %q of %q, %d, %s", want.id, o.Label, o.Names(), o.All(), o.List(""))
		}
	}
	if merged := m.Merged(); len(merged) != 1 || merged[0].ID != "id-pa" {
		t.Errorf("said to be added up: %+v", merged)
	}
}

func TestATrendHasAGapWhereThereWasNoSession(t *testing.T) {
	day := func(came, missed int64) map[models.Measure]int64 {
		return map[models.Measure]int64{models.Measure(models.StatusPresent): came, models.Measure(models.StatusAbsent): missed}
	}
	const today = models.LocalDate("2026-06-22")
	for _, c := range []struct {
		name           string
		days           map[string]map[models.Measure]int64
		period         period
		points, lines  int
		weeks          bool
		came, expected int64
	}{
		{"nothing at all", nil, twoWeeks, 0, 0, false, 0, 0},
		{"two runs of days", map[string]map[models.Measure]int64{"2026-06-15": day(8, 2), "2026-06-16": day(9, 1), "2026-06-18": day(5, 5), "2026-06-19": day(7, 3)},
			twoWeeks, 4, 2, false, 29, 40},
		{"a day alone has a point and no line", map[string]map[models.Measure]int64{"2026-06-15": day(8, 2)}, sixWeeks, 1, 0, false, 8, 10},
		{"a day whose attendance isn't known yet is a gap", map[string]map[models.Measure]int64{"2026-06-22": {models.Measure(models.StatusPending): 9}}, twoWeeks, 0,
			0, false, 0, 0},
		{"half a year is shown by weeks", map[string]map[models.Measure]int64{"2026-01-05": day(1, 1), "2026-01-11": day(1, 1), "2026-01-12": day(2, 0),
			"2026-06-22": day(3, 1)}, allTime, 3, 1, true, 7, 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := trendOf(c.days, c.period, today)
			came, expected := int64(0), int64(0)
			for _, p := range got.Points {
				came, expected = came+p.Attended(), expected+p.All()
			}
			if len(got.Points) != c.points || len(got.Lines) != c.lines || got.Weeks != c.weeks || came != c.came || expected != c.expected {
				t.Errorf("%d points in %d lines (weeks: %v) with %d of %d, want %d in %d (%v) with %d of %d: %+v",
					len(got.Points), len(got.Lines), got.Weeks, came, expected, c.points, c.lines, c.weeks, c.came, c.expected, got)
			}
		})
	}
}
