package ics_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ical "github.com/arran4/golang-ical"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/server/web/page/ics"
)

var update = flag.Bool("update", false, "write the golden file anew")

func at(day models.LocalDate, z models.Zone, hours float64) models.Millis {
	return day.Start(z).Add(time.Duration(hours * float64(time.Hour)))
}

// schedule has what a calendar may have: three zones, a place on the map, a cancelled
// meeting, one that was moved, and words that need care.
func schedule() ics.Calendar {
	remind := []time.Duration{24 * time.Hour, 2 * time.Hour} // of what takes place
	lat, lon := -6.914744, 107.60981
	return ics.Calendar{Name: "Barista; kelas 1, Bandung", Lang: "id", Events: []ics.Event{
		{UID: "01890000-0000-7000-8000-000000000001", Starts: at("2026-12-31", models.ZoneWIB, 20), Ends: at("2026-12-31", models.ZoneWIB, 23.5),
			Changed: 1_790_000_000_000, Zone: models.ZoneWIB,
			Summary: "BDG-BARISTA-1 · Sesi 1 · Barista dan Pengelolaan Kedai Kopi untuk Usaha Rumahan", Description: "Ruang 2\nBawa KTP; laptop, charger",
			Address: "Balai Latihan Kerja Bandung, Jalan Gatot Subroto 170", Latitude: &lat, Longitude: &lon},
		{UID: "01890000-0000-7000-8000-000000000002", Sequence: 3, Starts: at("2027-01-01", models.ZoneWIT, 8), Ends: at("2027-01-01", models.ZoneWIT, 12),
			Changed: 1_790_000_100_000,
			Zone:    models.ZoneWIT, Summary: "JYP-LAS-1 · Sesi 2 · Las Dasar", Cancelled: true, Remind: remind},
		{UID: "01890000-0000-7000-8000-000000000003", Sequence: 1, Starts: at("2027-01-02", models.ZoneWITA, 8.25), Ends: at("2027-01-02", models.ZoneWITA, 12),
			Changed: 1_790_000_200_000,
			Zone:    models.ZoneWITA, Summary: "KPG-JAHIT-1 · Sesi 1 · Menjahit ⌘ \"é\" ไทย", Remind: remind},
	}}
}

func TestACalendarIsWrittenAsTheStandardSays(t *testing.T) {
	got, err := ics.Write(schedule())
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "schedule.ics")
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the calendar is\n%s\nwant\n%s", got, want)
	}
}

// Whatever the plan's words are, no line is longer than 75 octets, none is cut within a
// character, none is somebody's own making, and whoever reads the calendar reads those words.
func TestEveryLineFoldsAndReadsBack(t *testing.T) {
	word := rapid.StringOfN(rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune("\r\n;,:\\\"<> ⌘é\x00\u2028"))), 0, 200, -1)
	rapid.Check(t, func(t *rapid.T) {
		c := schedule()
		e := &c.Events[0]
		e.Summary, e.Description, e.Address = word.Draw(t, "summary"), word.Draw(t, "description"), word.Draw(t, "address")
		c.Name = word.Draw(t, "name")
		got, err := ics.Write(c)
		if err != nil {
			t.Fatal(err)
		}
		text, whole := strings.CutSuffix(string(got), "\r\n")
		if !whole || strings.ContainsAny(strings.ReplaceAll(text, "\r\n", ""), "\r\n\x00") {
			t.Fatalf("a line ends in another way than CR LF: %q", got)
		}
		for _, line := range strings.Split(text, "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) {
				t.Fatalf("%d octets: %q", len(line), line)
			}
		}
		read, err := ical.ParseCalendar(bytes.NewReader(got))
		if err != nil || len(read.Events()) != len(c.Events) {
			t.Fatalf("%v: %d events in\n%s", err, len(read.Events()), got)
		}
		for property, wrote := range map[ical.ComponentProperty]string{ical.ComponentPropertySummary: e.Summary, ical.ComponentPropertyDescription: e.Description,
			ical.ComponentPropertyLocation: e.Address} {
			want, found := ics.Plain(wrote), ""
			if p := read.Events()[0].GetProperty(property); p != nil {
				found = p.Value
			}
			if found != want {
				t.Errorf("%s says %q, want %q", property, found, want)
			}
		}
	})
}
