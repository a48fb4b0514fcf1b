package desk_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/roster"
)

func attachment(name, photo string) journal.Attachment {
	return journal.Attachment{Salt: bytes.Repeat([]byte{3}, journal.SaltSize), Name: name, Photo: []byte(photo)}
}

const picture = "\xff\xd8\xff\xe0a picture"

// last is the newest event of the journal.
func (p *place) last(t *testing.T) journal.Event {
	t.Helper()
	rows, err := p.store.Rows(t.Context(), 0, 1000)
	if err != nil || len(rows) == 0 {
		t.Fatal(err)
	}
	return rows[len(rows)-1].Event
}

func TestWhyNobodyCameIsWrittenDownWithItsPicture(t *testing.T) {
	p := newPlace(t, 4, nil)
	who, session := p.site.People[0].ID, p.site.Classes[0].Session
	request := desk.NoteRequest{ID: uuid.New(), Session: session, Enrollment: who, Noted: models.StatusSick, Reason: "demam",
		Attached: attachment("", picture), Desk: "Meja 1", Staff: p.site.Officer}
	for range 2 { // the page sends it until it is answered
		if o, err := p.Note(t.Context(), request); err != nil || o.Kind != models.EventNote || o.Person == nil || o.Person.Enrollment != who {
			t.Fatalf("%+v, %v", o, err)
		}
	}
	e := p.last(t)
	if e.Seq != 1 || e.Noted != models.StatusSick || e.Verdict != models.VerdictNone || e.Session != session || e.Reason != "demam" {
		t.Errorf("the journal says %+v", e)
	}
	a, err := p.Attachment(t.Context(), e.Attached)
	if d := cmp.Diff(request.Attached, a); d != "" || err != nil {
		t.Errorf("the picture is another, %v (-want +got):\n%s", err, d)
	}
	if n := p.Notes(session); len(n) != 1 || n[0].Person == nil || n[0].Noted != models.StatusSick {
		t.Errorf("the session's notes: %+v", n)
	}
	if _, err := p.Void(t.Context(), desk.VoidRequest{ID: uuid.New(), Seq: 1, Reason: "salah orang"}); err != nil {
		t.Errorf("a note can't be voided: %v", err)
	}
	if n := p.Notes(session); len(n) != 0 {
		t.Errorf("after the void: %+v", n)
	}
}

func TestWhatIsNoNoteIsRefusedAndNothingIsWritten(t *testing.T) {
	p := newPlace(t, 4, nil)
	who, session := p.site.People[0].ID, p.site.Classes[0].Session
	for _, c := range []struct {
		name string
		ask  desk.NoteRequest
		want error
	}{
		{"words without any", desk.NoteRequest{Enrollment: who, Session: session}, desk.ErrNoReason},
		{"a status that only scans give", desk.NoteRequest{Enrollment: who, Session: session, Noted: models.StatusPresent}, desk.ErrNoReason},
		{"of nobody", desk.NoteRequest{Enrollment: uuid.New(), Session: session, Noted: models.StatusSick}, desk.ErrUnknownPerson},
		{"at a session of nobody's", desk.NoteRequest{Enrollment: who, Session: uuid.New(), Noted: models.StatusSick}, desk.ErrUnknownPerson},
		{"a sheet without its picture", desk.NoteRequest{Session: session, Reason: "lembar"}, desk.ErrNoPicture},
		{"a picture that is none", desk.NoteRequest{Session: session, Attached: attachment("", "<svg>")}, journal.ErrAttachment},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.ask.ID = uuid.New()
			if _, err := p.Note(t.Context(), c.ask); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
	if n := verified(t, p.store); n != 0 {
		t.Errorf("%d events", n)
	}
}

func TestWhoIsOnNoListComesAndGoesByNameAndDigits(t *testing.T) {
	p := newPlace(t, 4, nil)
	session := p.site.Classes[0].Session
	ask := func(r desk.WalkInRequest) roster.Outcome {
		t.Helper()
		r.ID, r.Desk, r.Staff = uuid.New(), "Meja 1", p.site.Officer
		o, err := p.WalkIn(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	for _, who := range []journal.Attachment{{Name: " ", Number: "4821"}, {Name: "Siti Aminah"}} {
		if _, err := p.WalkIn(t.Context(), desk.WalkInRequest{ID: uuid.New(), Session: session, Who: who}); !errors.Is(err, desk.ErrNoName) {
			t.Errorf("%+v: %v, want ErrNoName", who, err)
		}
	}
	who := attachment("Siti Aminah", "")
	who.Number = "4821"
	in := ask(desk.WalkInRequest{Session: session, Who: who})
	if e := p.last(t); in.Verdict != models.VerdictUnlisted || e.Kind != models.EventWalkIn || e.Session != session || e.Enrollment != uuid.Nil || e.Reason != "" {
		t.Fatalf("%+v, journal %+v", in, e)
	}
	p.now.Add(2 * time.Hour.Milliseconds())
	if o := ask(desk.WalkInRequest{Before: in.Seq, Direction: models.DirectionOut}); o.Verdict != models.VerdictAcceptedOut {
		t.Errorf("out: %+v", o)
	}
	if e := p.last(t); e.Target != in.Seq || !e.Attached.IsZero() {
		t.Errorf("out in the journal: %+v", e)
	}
	if n := p.Notes(session); len(n) != 1 || !n[0].Left {
		t.Fatalf("the session's walk-ins: %+v", n)
	}
	other := openPlace(t, p.site, p.store, p.dir) // as another process, or the next start, reads it
	if d := cmp.Diff(p.Notes(session), other.Notes(session)); d != "" {
		t.Errorf("read anew:\n%s", d)
	}
	if _, err := p.Void(t.Context(), desk.VoidRequest{ID: uuid.New(), Seq: in.Seq + 1, Reason: "salah tekan"}); err != nil {
		t.Fatal(err)
	}
	if n := p.Notes(session); len(n) != 1 || n[0].Left {
		t.Errorf("after the void of the out: %+v", n)
	}
	if a, err := p.Attachment(t.Context(), p.Notes(session)[0].Attached); err != nil || a.Name != "Siti Aminah" || a.Number != "4821" {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestAWalkInTooLateIsRefusedAndLeavesNoName(t *testing.T) {
	p := newPlace(t, 4, nil)
	p.now.Add(3 * time.Hour.Milliseconds())
	o, err := p.WalkIn(t.Context(), desk.WalkInRequest{ID: uuid.New(), Session: p.site.Classes[0].Session, Who: attachment("Siti", picture)})
	if err != nil || o.Verdict != models.VerdictClosed {
		t.Fatalf("%+v, %v", o, err)
	}
	if items, _, err := p.store.UnsentAttachments(t.Context(), 10, 1e6); err != nil || len(items) > 0 {
		t.Errorf("%d attachments, %v", len(items), err)
	}
}

func TestARowIsJudgedByTheTimeThatTheSheetSays(t *testing.T) {
	p := newPlace(t, 6, nil)
	session := p.site.Classes[0].Session
	p.now.Add(26 * time.Hour.Milliseconds()) // the next morning
	ask := func(i int, d models.Direction, at models.Millis, f func(*desk.KeyInRequest)) (roster.Outcome, error) {
		r := desk.KeyInRequest{ID: uuid.New(), Session: session, Enrollment: p.site.People[i].ID, Direction: d, Written: at, Desk: "Meja 1", Staff: p.site.Officer}
		if f != nil {
			f(&r)
		}
		return p.KeyIn(t.Context(), r)
	}
	late := eight.Add(90 * time.Minute)
	allowed := func(r *desk.KeyInRequest) { r.Supervisor, r.Reason = p.site.Supervisor, "hujan" }
	for _, c := range []struct {
		name    string
		who     int
		dir     models.Direction
		at      models.Millis
		f       func(*desk.KeyInRequest)
		verdict models.Verdict
		kind    models.EventKind
		err     error
	}{
		{"came", 0, models.DirectionIn, eight, nil, models.VerdictAcceptedIn, models.EventManual, nil},
		{"the same row again", 0, models.DirectionIn, eight, nil, models.VerdictAlreadyIn, models.EventRefused, nil},
		{"left", 0, models.DirectionOut, eight.Add(4 * time.Hour), nil, models.VerdictAcceptedOut, models.EventManual, nil},
		{"too late by the sheet", 1, models.DirectionIn, late, nil, models.VerdictClosed, models.EventRefused, nil},
		{"too late, and a supervisor admits", 1, models.DirectionIn, late, allowed, models.VerdictAcceptedIn, models.EventOverride, nil},
		{"an officer is no supervisor", 2, models.DirectionIn, late, func(r *desk.KeyInRequest) {
			allowed(r)
			r.Supervisor = p.site.Officer
		}, "", "", desk.ErrNotSupervisor},
		{"a supervisor says why", 2, models.DirectionIn, late, func(r *desk.KeyInRequest) { allowed(r); r.Reason = " " }, "", "", desk.ErrNoReason},
		{"in the future", 2, models.DirectionIn, eight.Add(27 * time.Hour), nil, "", "", desk.ErrImpossibleTime},
		{"of eight days ago", 2, models.DirectionIn, eight.Add(-8 * 24 * time.Hour), nil, "", "", desk.ErrImpossibleTime},
		{"of another session", 2, models.DirectionIn, eight, func(r *desk.KeyInRequest) { r.Session = uuid.New() }, "", "", desk.ErrUnknownPerson},
	} {
		o, err := ask(c.who, c.dir, c.at, c.f)
		if !errors.Is(err, c.err) || err == nil && (o.Verdict != c.verdict || o.Kind != c.kind || o.At() != c.at) {
			t.Errorf("%s: %s %s at %d, %v; want %s %s", c.name, o.Verdict, o.Kind, o.At(), err, c.verdict, c.kind)
		}
		if err == nil {
			if e := p.last(t); e.Written != c.at || e.Method != models.MethodPaper || e.At() != c.at {
				t.Errorf("%s: the journal says %+v", c.name, e)
			}
		}
	}
	if n := len(p.Present(session)); n != 2 {
		t.Errorf("%d are present, want the two who were keyed in", n)
	}
}
