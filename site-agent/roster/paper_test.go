package roster_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/models/exchange"
	"buktihadir/scripts/sample"
	"buktihadir/site-agent/roster"
)

// eight is Monday, 22 June 2026, 08.00 WIB.
const eight = models.Millis(1782090000000)

func TestASheetListsWhatBelongsToItsOwnSession(t *testing.T) {
	site, err := sample.New(2, eight)
	if err != nil {
		t.Fatal(err)
	}
	site.People[1].Body.Role, site.People[1].Body.Name = models.PersonInstructor, "Zainal"
	page, err := site.Page(1)
	if err != nil {
		t.Fatal(err)
	}
	class, second := site.Classes[0], uuid.New()
	afternoon, err := exchange.NewItem(exchange.KindSession, second[:], exchange.Session{Class: class.ID, Seq: 2, Start: eight.Add(5 * time.Hour),
		End: eight.Add(8 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	r := roster.New(site.Place)
	if err := r.Load(append(page.Items, afternoon)); err != nil {
		t.Fatal(err)
	}
	mark := func(session uuid.UUID, at models.Millis, d models.Direction) {
		r.Note(roster.Mark{Past: attendance.Past{At: at, Direction: d}, Enrollment: site.People[0].ID, Session: session})
	}
	mark(class.Session, eight, models.DirectionIn)
	mark(class.Session, eight.Add(4*time.Hour), models.DirectionOut)
	mark(second, eight.Add(5*time.Hour), models.DirectionIn)
	for session, want := range map[uuid.UUID][2]models.Millis{class.Session: {eight, eight.Add(4 * time.Hour)}, second: {eight.Add(5 * time.Hour), 0}} {
		lines := r.Lines(session)
		if len(lines) != 2 || lines[0].Name != "Zainal" || [2]models.Millis{lines[1].In, lines[1].Out} != want {
			t.Errorf("%+v, want the instructor first and the participant from %d to %d", lines, want[0], want[1])
		}
	}
	j, ok := r.JudgeRow(site.People[0].ID, second, models.DirectionOut, eight.Add(8*time.Hour))
	if !ok || j.Decision.Verdict != models.VerdictAcceptedOut || j.Decision.Session.ID != second {
		t.Errorf("a row of the afternoon's sheet: %+v", j.Decision)
	}
	if _, ok := r.JudgeRow(site.People[0].ID, uuid.New(), models.DirectionIn, eight); ok {
		t.Error("a row of a sheet of no session is judged")
	}
}
