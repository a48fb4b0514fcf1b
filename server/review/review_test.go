package review_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/models/ledger"
	"buktihadir/server/document"
	"buktihadir/server/plan"
	"buktihadir/server/review"
	"buktihadir/server/store"
	"buktihadir/templates"

	"github.com/google/uuid"
)

func newLedger(w io.Writer) *ledger.Writer { return ledger.NewWriter(w) }

func verified(t testing.TB, r io.Reader) ledger.Verdict {
	t.Helper()
	v, err := ledger.Verify(r, "")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestWhoWasNeverSeenIsPendingUntilTheSiteHasToldEverything(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, c := range []struct {
		name    string
		session models.Session
		told    func()
		at      func(models.Session) models.Millis
		status  models.AttendanceStatus
		waiting bool
	}{
		{name: "reported past its end", session: o.session("A", 3), at: func(models.Session) models.Millis { return o.now }, status: models.StatusAbsent},
		{name: "not begun", session: o.session("A", 4), at: func(s models.Session) models.Millis { return s.StartsAt - 1 }, status: models.StatusPending},
		{name: "going on", session: o.session("A", 4), at: func(s models.Session) models.Millis { return s.EndsAt }, status: models.StatusPending},
		{name: "over, and the site is silent", session: o.session("A", 4), at: func(s models.Session) models.Millis {
			return s.EndsAt + 1
		}, status: models.StatusPending, waiting: true},
		{name: "over, and the site has told until its very end, not past it", session: o.session("A", 4), told: func() {
			o.now = o.session("A", 4).EndsAt
			o.tell(o.now)
		}, at: func(s models.Session) models.Millis { return s.EndsAt + 1 }, status: models.StatusPending, waiting: true},
		{name: "over, and told", session: o.session("A", 4), told: func() {
			o.now = o.session("A", 4).EndsAt + 60_000
			o.tell(o.now)
		}, at: func(models.Session) models.Millis { return o.now }, status: models.StatusAbsent, waiting: true},
		{name: "told until the last that somebody may leave", session: o.session("A", 4), told: func() {
			o.now = o.session("A", 4).EndsAt + 121*60_000
			o.tell(o.now)
		}, at: func(models.Session) models.Millis { return o.now }, status: models.StatusAbsent},
	} {
		if c.told != nil {
			c.told()
		}
		rows, err := review.OfSession(o.q(), c.session, c.at(c.session))
		o.ok(err)
		for _, r := range rows {
			if r.Number == "P-3" && (r.Status != c.status || r.Waiting != c.waiting) {
				t.Errorf("%s: %s, waiting %v; want %s, %v", c.name, r.Status, r.Waiting, c.status, c.waiting)
			}
		}
		if len(rows) != 4 {
			t.Errorf("%s: %d people, want the class's four", c.name, len(rows))
		}
	}
	rows, err := review.OfClass(o.q(), o.class("A").ID, o.now)
	if o.ok(err); len(rows) != 16 {
		t.Errorf("%d rows of four people at four sessions", len(rows))
	}
}

func TestWhatACorrectionNeeds(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v, of := o.visit("A", 1, 3), o.visit("B", 1, 4)
	for _, c := range []struct {
		name   string
		visit  store.Visit
		status models.AttendanceStatus
		reason string
		paper  *review.Evidence
		want   error
	}{
		{name: "a reason", visit: v, status: models.StatusSick, reason: " \n", want: review.ErrNoReason},
		{name: "a status that a person may decide", visit: v, status: models.StatusPending, reason: "uji", want: review.ErrStatus},
		{name: "a place in the session's class", visit: store.Visit{Session: v.Session, Enrollment: of.Enrollment}, status: models.StatusSick, reason: "uji",
			want: store.ErrNotFound},
		{name: "a paper that is one", visit: v, status: models.StatusSick, reason: "uji", paper: &review.Evidence{Name: "surat.pdf", Content: []byte("MZ")},
			want: review.ErrEvidence},
		{name: "a paper that is not too large", visit: v,
			status: models.StatusSick, reason: "uji", paper: &review.Evidence{Name: "surat.pdf", Content: append([]byte("%PDF-"), make([]byte, 6<<20)...)},
			want: review.ErrEvidence},
	} {
		if err := review.CorrectBy(t.Context(), o.st, o.by, c.visit.Session, c.visit.Enrollment, c.status, c.reason, c.paper); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	o.want("nothing was corrected", o.statuses("A", 3), "absent absent absent")
}

func TestTheNewestCorrectionCountsAndBothValuesStay(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		v := o.visit("A", 1, 3)
		for _, to := range []models.AttendanceStatus{models.StatusPresent, models.StatusSick} {
			o.ok(review.Correct(t.Context(), o.st, o.by, v.Session, v.Enrollment, to, "surat"))
		}
		o.want("who is sick", o.statuses("A", 3), "sick/absent absent absent")
		passes, err := o.q().TicketPagesOf(*o.place("A", 3).Enrollment.ParticipantID, o.now)
		if o.ok(err); !passes[0].Sessions[0].Otherwise() || passes[0].Sessions[0].Derived != models.StatusAbsent || passes[0].Sessions[1].Otherwise() {
			t.Errorf("their own page shows %+v", passes[0].Sessions)
		}
		said, err := o.q().CorrectionsOf(v.Session, v.Enrollment)
		if o.ok(err); len(said) != 2 || said[0].Order != 2 || said[0].Author != "Ibu PMO" {
			t.Errorf("the record of it: %+v", said)
		}
		o.whole()
	})
}

// Late and too short is not attended, and no other status says that it is to count: the
// same one does.
func TestACorrectionToTheVeryStatusThatWasDerivedCounts(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	v := o.visit("A", 1, 1)
	attended := func() int {
		p, err := o.q().Progress(o.class("A").ID, v.Enrollment)
		o.ok(err)
		return p[v.Enrollment].Attended
	}
	if n := attended(); n != 0 {
		t.Fatalf("%d sessions are attended, and the person was never there long enough", n)
	}
	o.ok(review.Correct(t.Context(), o.st, o.by, v.Session, v.Enrollment, models.StatusLate, "kereta mogok, mengganti di sore hari"))
	if n := attended(); n != 1 {
		t.Errorf("%d sessions are attended, want the one that was decided to count", n)
	}
	o.want("both values", o.statuses("A", 1), "late/late late late")
	b := o.draft(models.StatusLate, v, o.visit("A", 2, 1))
	o.want("in bulk, who counts already is left out, and who does not is not", o.items(b), "refused:already good")
	o.apply(b)
	if n := attended(); n != 2 {
		t.Errorf("%d sessions are attended, want two", n)
	}
	o.undo(b)
	if n := attended(); n != 1 {
		t.Errorf("undone, %d sessions are attended, want one", n)
	}
}

func TestOnePaperOfManyIsKeptOnceAndFoundFromEach(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	paper := []byte("%PDF-1.7 surat dinas kesehatan")
	b, err := review.DraftCorrections(t.Context(), o.st, o.by, review.Request{Visits: []store.Visit{o.visit("A", 1, 3), o.visit("A", 2, 3)},
		Status: models.StatusSick, Reason: "wabah", Evidence: &review.Evidence{Name: "surat.pdf", Content: paper}})
	o.ok(err)
	o.apply(b)
	var ids []string
	for n := 1; n <= 2; n++ {
		v := o.visit("A", n, 3)
		said, err := o.q().CorrectionsOf(v.Session, v.Enrollment)
		o.ok(err)
		d, err := o.q().Evidence(said[0].ID)
		if o.ok(err); !bytes.Equal(d.Content, paper) {
			t.Errorf("session %d: another paper", n)
		}
		ids = append(ids, d.ID.String())
	}
	if ids[0] != ids[1] || strings.Contains(ids[0], "0000-0000") {
		t.Errorf("the papers %v, want one", ids)
	}
	o.whole()
}

func TestAClassesOwnPolicyDerivesItsResultsAnew(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	own := models.DefaultPolicy()
	own.LateAfter, own.MinutesShare = 45, 30
	set := func(own *models.Policy, reason string) {
		t.Helper()
		err := o.plan.SetClassPolicy(t.Context(), o.actor(), o.class("A").ID, own, reason)
		shift, ok := errors.AsType[*plan.WouldShift](err)
		if !ok || shift.Results != 6 || shift.People != 2 || len(shift.First) != 6 || shift.First[0].Name == "" || shift.First[0].Class != "A" {
			t.Fatalf("%v, want the six results of Budi and Agus to be agreed to", err)
		}
		for _, s := range shift.First {
			if s.Was.Status == s.Now.Status {
				t.Errorf("%s: %s stays", s.Name, s.Was.Status)
			}
		}
		if err := o.plan.SetClassPolicy(t.Context(), o.actor().Agreeing("0011223344556677"), o.class("A").ID, own, reason); err == nil {
			t.Error("agreed to something else, and changed")
		}
		o.ok(o.plan.SetClassPolicy(t.Context(), o.actor().Agreeing(shift.Agreement), o.class("A").ID, own, reason))
	}
	own.MinutesShare = 20
	set(&own, "jembatan putus")
	o.want("who was late", o.statuses("A", 1), "present present present")
	o.want("who left early", o.statuses("A", 2), "present present present")
	o.whole()
	set(nil, "sudah baik")
	o.want("who is late again", o.statuses("A", 1), "late late late")
}

// What a site hasn't told when a class is closed is taken for what it is then.
func TestResultsAreFinalOnceTheClassIsClosed(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		class, who := o.class("A"), o.place("A", 0).Enrollment.ID
		last := o.session("A", 4)
		o.now = last.EndsAt + 1
		o.came("A", 4, 0, 0, 240)
		o.tell(last.EndsAt) // not past the end: more may be reported
		o.ok(o.st.Write(t.Context(), func(tx *store.Tx) error { return tx.MarkTasks(who, true) }))
		standing := func(attended, provisional int, completed bool) {
			t.Helper()
			p, err := o.q().Progress(class.ID, who)
			o.ok(err)
			if got := p[who]; got.Attended != attended || got.Provisional != provisional || got.Completed != completed || (got.CompletedAt != 0) != completed {
				t.Errorf("%+v, want %d attended, %d provisional, completed %v", got, attended, provisional, completed)
			}
		}
		standing(4, 1, false)
		set, err := templates.New()
		o.ok(err)
		printer := review.Printer{Renderer: document.Renderer{Texts: set.Texts, Lang: templates.Indonesian}, Proof: func(id uuid.UUID) string { return "/proof/" + id.String() }}
		now, err := review.Examine(o.q(), class.ID, o.now)
		o.ok(err)
		o.ok(review.Close(t.Context(), o.st, o.by, printer, class.ID, now.Seen(), "komputer presensi hilang"))
		standing(4, 0, true)
		papers, err := o.q().IssuedOf(class.ID)
		o.ok(err)
		for _, d := range papers {
			if d.Outdated {
				t.Errorf("a paper of %s is outdated as soon as it is issued", d.Entity)
			}
		}
		for v, a := range o.attendances() {
			if a.ClassID == class.ID && !a.Final {
				t.Errorf("%v is provisional still: %+v", v, a)
			}
		}
		o.whole()
	})
}
