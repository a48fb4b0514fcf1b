package desk_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/roster"
)

func TestListsSayWhoIsInOutAndNoted(t *testing.T) {
	p := newPlace(t, 4, nil)
	session := p.site.Classes[0].Session
	p.scan(t, roster.ScanRequest{Code: p.code(t, 0)})
	p.scan(t, roster.ScanRequest{Code: p.code(t, 1)})
	if _, err := p.Note(t.Context(), desk.NoteRequest{ID: uuid.New(), Session: session, Enrollment: p.site.People[2].ID, Noted: models.StatusSick}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Note(t.Context(), desk.NoteRequest{ID: uuid.New(), Session: session, Enrollment: p.site.People[3].ID, Reason: "terlambat"}); err != nil {
		t.Fatal(err)
	}
	p.now.Add(10 * time.Minute.Milliseconds())
	p.scan(t, roster.ScanRequest{Code: p.code(t, 1), Direction: models.DirectionOut})
	for i, want := range []roster.Person{
		{Here: models.DirectionIn}, {Here: models.DirectionOut}, {Noted: models.StatusSick}, {Said: "terlambat"},
	} {
		found := p.Search(p.site.People[i].Body.Number, uuid.Nil)
		if len(found) != 1 || found[0].Here != want.Here || found[0].Noted != want.Noted || found[0].Said != want.Said {
			t.Errorf("person %d is found as %+v", i+1, found)
		}
	}
	for _, x := range p.Missing(session) {
		if x.Noted == "" && x.Said == "" {
			t.Errorf("among the missing %s has no mark", x.Name)
		}
	}
	p.now.Add(24 * time.Hour.Milliseconds())
	if found := p.Search(p.site.People[0].Body.Number, uuid.Nil); found[0].Here != "" {
		t.Errorf("on the next day they are still %s", found[0].Here)
	}
}

func TestASheetDoesNotSayLeftOfWhoHasComeAgain(t *testing.T) {
	p := newPlace(t, 2, nil)
	for i, direction := range []models.Direction{models.DirectionIn, models.DirectionOut, models.DirectionIn} {
		p.now.Store(int64(eight.Add(time.Duration(10*i) * time.Minute)))
		if o := p.scan(t, roster.ScanRequest{Code: p.code(t, 0), Direction: direction}); !o.Verdict.Accepted() {
			t.Fatalf("%s is answered %s", direction, o.Verdict)
		}
	}
	for _, line := range p.Lines(p.site.Classes[0].Session) {
		if line.Enrollment == p.site.People[0].ID && (line.In != eight || line.Out != 0) {
			t.Errorf("the sheet says in %v, out %v", line.In, line.Out)
		}
	}
}
