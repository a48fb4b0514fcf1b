package desk_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/roster"
)

func (p *place) rollCall(people ...int) desk.RollCallRequest {
	r := desk.RollCallRequest{ID: uuid.New(), Session: p.site.Classes[0].Session, Reason: "listrik padam", Signed: []byte(picture), Desk: "Meja 1",
		Staff: p.site.Officer}
	for _, i := range people {
		r.People = append(r.People, p.site.People[i].ID)
	}
	return r
}

// The page sends a roll call until it is answered, and each person is checked in once; each
// event carries the signature.
func TestARollCallChecksEverybodyInOnce(t *testing.T) {
	p := newPlace(t, 5, nil)
	p.scan(t, roster.ScanRequest{Code: p.code(t, 2)})
	request := p.rollCall(0, 1, 2)
	for range 3 {
		called, err := p.RollCall(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []models.Verdict{models.VerdictAcceptedIn, models.VerdictAcceptedIn, models.VerdictAlreadyIn} {
			if called[i].Verdict != want || called[i].Person.Enrollment != request.People[i] {
				t.Errorf("person %d is answered %+v", i+1, called[i])
			}
		}
	}
	request.People = append(request.People, p.site.People[3].ID) // one who came meanwhile
	if _, err := p.RollCall(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	if in, missing := p.counted(0); in != 4 || missing != 1 {
		t.Errorf("%d are in and %d are missing, want 4 and 1", in, missing)
	}
	rows, err := p.store.Rows(t.Context(), 0, 100)
	if err != nil || len(rows) != 6 {
		t.Fatalf("the journal has %d events, want a scan, a note and four of the roll call; %v", len(rows), err)
	}
	for _, row := range rows[1:] {
		if e := row.Event; e.Attached.IsZero() || e.Attached != rows[1].Event.Attached || e.Reason != request.Reason {
			t.Errorf("event %d doesn't carry the signature: %+v", e.Seq, e)
		}
	}
	if a, err := p.Attachment(t.Context(), rows[5].Event.Attached); err != nil || string(a.Photo) != picture {
		t.Errorf("the signature is %+v, %v", a, err)
	}
}

func TestARollCallHasLimits(t *testing.T) {
	p := newPlace(t, 2, nil)
	for name, c := range map[string]struct {
		change func(*desk.RollCallRequest)
		want   error
	}{
		"without a reason":      {func(r *desk.RollCallRequest) { r.Reason = " " }, desk.ErrNoReason},
		"without a signature":   {func(r *desk.RollCallRequest) { r.Signed = nil }, desk.ErrNoPicture},
		"with another file":     {func(r *desk.RollCallRequest) { r.Signed = []byte("<svg>") }, journal.ErrAttachment},
		"of nobody":             {func(r *desk.RollCallRequest) { r.People = nil }, desk.ErrTooMany},
		"of more than a hall":   {func(r *desk.RollCallRequest) { r.People = slices.Repeat(r.People, desk.MostCalled+1) }, desk.ErrTooMany},
		"of no session":         {func(r *desk.RollCallRequest) { r.Session = uuid.New() }, desk.ErrNoSession},
		"of somebody elsewhere": {func(r *desk.RollCallRequest) { r.People = []uuid.UUID{uuid.New()} }, desk.ErrUnknownPerson},
	} {
		t.Run(name, func(t *testing.T) {
			r := p.rollCall(0)
			c.change(&r)
			if _, err := p.RollCall(t.Context(), r); !errors.Is(err, c.want) {
				t.Errorf("answers %v, want %v", err, c.want)
			}
		})
	}
	if in, _ := p.counted(0); in != 0 {
		t.Errorf("%d are in", in)
	}
}

// Nobody looks at twelve ID cards in a second: a supervisor has to say that it was so.
func TestTooManyByHandAskForASupervisor(t *testing.T) {
	p := newPlace(t, 14, nil)
	byHand := func(i int, id uuid.UUID) error {
		p.now.Add(80)
		_, err := p.ManualCheckIn(t.Context(), roster.ManualCheckIn{ID: id, Enrollment: p.site.People[i].ID, Reason: "HP mati", Staff: p.site.Officer})
		return err
	}
	first := uuid.New()
	refused := 0
	for i := range 12 {
		id := uuid.New()
		if i == 0 {
			id = first
		}
		if err := byHand(i, id); errors.Is(err, desk.ErrTooFast) {
			refused++
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if in, _ := p.counted(0); refused != 3 || in != 9 {
		t.Errorf("%d were held back and %d are in, want 3 and 9", refused, in)
	}
	if err := byHand(0, first); err != nil {
		t.Errorf("a repeat of what was recorded: %v", err)
	}
	o, err := p.Override(t.Context(), desk.OverrideRequest{ScanRequest: roster.ScanRequest{ID: uuid.New(), Method: models.MethodManual},
		Enrollment: p.site.People[11].ID, Reason: "semua KTP sudah dilihat", Supervisor: p.site.Supervisor})
	if e := p.last(t); err != nil || o.Verdict != models.VerdictAcceptedIn || e.Kind != models.EventManual || e.Staff != p.site.Supervisor || e.Reason == "" {
		t.Errorf("a supervisor's word is answered %+v, %v, and journaled as %+v", o, err, e)
	}
	p.now.Add(8_000)
	if err := byHand(10, uuid.New()); err != nil {
		t.Errorf("later: %v", err)
	}
	if _, err := p.RollCall(t.Context(), p.rollCall(9, 12, 13)); err != nil {
		t.Errorf("a roll call: %v", err)
	}
}
