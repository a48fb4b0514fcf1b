package review_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/privacy"
	"buktihadir/server/review"
	"buktihadir/server/seating"
	"buktihadir/server/store"
)

// asks puts a request and finds it.
func (o *fixture) asks(p models.Participant, kind models.RequestKind, said string) models.DataRequest {
	o.t.Helper()
	o.ok(privacy.New(o.st).Ask(o.t.Context(), p.ID, kind, said))
	rows, err := o.q().RequestsOf(p.ID)
	o.ok(err)
	return rows[0]
}

// answers gives the refusal's key, or "" without a refusal.
func (o *fixture) answers(r models.DataRequest, a privacy.Answer) string {
	o.t.Helper()
	a.Words = "sudah kami kerjakan"
	err := privacy.New(o.st).AnswerRequest(o.t.Context(), o.actor(), r.ID, a)
	if refusal, ok := errors.AsType[*office.Refusal](err); ok {
		return refusal.Key
	}
	o.ok(err)
	return ""
}

// resultsOf is somebody's attendance at all sessions of A.
func (o *fixture) resultsOf(enrollment uuid.UUID) string {
	o.t.Helper()
	var out []string
	for n := 1; n <= 4; n++ {
		a := o.at(store.Visit{Session: o.session("A", n).ID, Enrollment: enrollment})
		out = append(out, fmt.Sprintf("%s/%s %d min", a.Status, a.Derived, a.Minutes))
	}
	return strings.Join(out, ", ")
}

// roster is whom the site knows.
func (o *fixture) roster() map[uuid.UUID]exchange.Enrollment {
	o.t.Helper()
	known := map[uuid.UUID]exchange.Enrollment{}
	o.ok(o.st.Write(o.t.Context(), func(tx *store.Tx) error {
		page, err := tx.RosterPage(o.class("A").SiteID, 0, nil)
		for _, it := range page.Items {
			if it.Kind != exchange.KindEnrollment {
				continue
			}
			if known[uuid.UUID(it.Key)], err = exchange.BodyOf[exchange.Enrollment](it); err != nil {
				return err
			}
		}
		return err
	}))
	return known
}

// lists says how many are on the lists that are made of everybody.
func (o *fixture) lists() string {
	o.t.Helper()
	links, err := o.q().EachLink(store.LinkFilter{Pilot: o.pilot.ID}, func(store.LinkEntry) error { return nil })
	o.ok(err)
	parts, err := o.q().PrintParts(o.pilot.ID, 100)
	o.ok(err)
	printed, err := o.q().TicketsToPrint(store.PrintFilter{Pilot: o.pilot.ID, From: parts[0].From, To: parts[0].To}, 100)
	o.ok(err)
	requests, err := o.q().OpenRequests(store.Slice{Limit: 9})
	o.ok(err)
	open, late, err := o.q().CountRequests(o.now)
	if o.ok(err); open != requests.Total {
		o.t.Errorf("%d requests are open, and %d are listed", open, requests.Total)
	}
	return fmt.Sprintf("links of %d, tickets of %d in %s-%s:%d, %d requests, %d late", links, len(printed), parts[0].From, parts[0].To, parts[0].Count, open, late)
}

func (o *fixture) evidence(correction uuid.UUID) []byte {
	o.t.Helper()
	d, err := o.q().Evidence(correction)
	o.ok(err)
	return d.Content
}

// The test is here because it needs a desk: an erased person has records, and those stay
// complete.
func TestWhoIsErasedIsNowhereAndTheirRecordStaysWhole(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		const nik = "3273000101900001"
		v := o.visit("A", 1, 0)
		person, err := o.q().ParticipantByNumber("P-0")
		o.ok(err)
		link := o.q().LinkOf(person)
		o.ok(review.CorrectBy(t.Context(), o.st, o.by,
			v.Session, v.Enrollment, models.StatusSick, "surat", &review.Evidence{Name: "surat.pdf", Content: []byte("%PDF-surat Siti")}))
		if corrections, err := o.q().CorrectionsOf(v.Session, v.Enrollment); err != nil || string(o.evidence(corrections[0].ID)) != "%PDF-surat Siti" {
			t.Fatalf("the paper can't be read: %v", err)
		}
		o.want("before, the lists", o.lists(), "links of 5, tickets of 5 in A-B:5, 0 requests, 0 late")
		before, said := o.resultsOf(v.Enrollment), o.asks(person, models.RequestErasure, nik+" salah ketik")
		o.asks(person, models.RequestCorrection, "nama saya")
		o.want("with a request, the lists", o.lists(), "links of 5, tickets of 5 in A-B:5, 2 requests, 0 late")
		place := o.place("A", 0).Enrollment
		events, err := o.q().EventsOfPlace(place)
		o.ok(err)
		decided, err := o.q().CorrectionsOfPlace(place)
		o.ok(err)
		seen, err := o.q().NumbersSeen(0, []string{place.ClassID.String()})
		if o.ok(err); len(events) != 6 || len(decided) != 1 || len(seen) != 0 {
			t.Errorf("they are shown %d scans, %d corrections and %d who saw their numbers, want 6, 1 and 0", len(events), len(decided), len(seen))
		}

		if key := o.answers(said, privacy.Answer{Done: true, Settled: true}); key != "requests.class_open" {
			t.Fatalf("with a class that is open: %q", key)
		}
		if p, err := o.q().ParticipantByLink(link); err != nil || p.Name != "Siti" || o.place("A", 0).Enrollment.Status != models.EnrollmentActive {
			t.Fatalf("what was refused has changed %+v, %v", p, err)
		}
		if key := o.answers(said, privacy.Answer{Done: true, Anyway: true}); key != "" {
			t.Fatalf("decided nevertheless: %q", key)
		}
		if key := o.answers(said, privacy.Answer{Done: true, Anyway: true}); key != "requests.answered" {
			t.Errorf("a second time: %q", key)
		}

		if _, err := o.q().ParticipantByLink(link); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the link still leads somewhere: %v", err)
		}
		gone, err := o.q().Participant(person.ID)
		o.ok(err)
		whole, number, err := o.q().WholeNumbers(gone)
		if o.ok(err); gone.Name != store.Erased || whole != "" || number != "" || gone.BirthDate != "" || gone.Regency != "" || gone.ErasedAt == 0 ||
			bytes.Equal(gone.NIKIndex, o.q().NIKIndex(models.NIK(nik))) {
			t.Errorf("still known: %+v %q %q", gone, whole, number)
		}
		places, err := o.q().Places(o.class("A").ID)
		o.ok(err)
		held := places[slices.IndexFunc(places, func(p store.Place) bool { return p.Enrollment.ID == v.Enrollment })]
		if held.Name != store.Erased || held.Enrollment.Status != models.EnrollmentCancelled || len(held.Tickets) != 1 || held.Tickets[0].RevokedAt == 0 ||
			held.Tickets[0].Token != "" {
			t.Errorf("their place is %+v", held)
		}
		_, err = seating.New(o.st).Enroll(t.Context(), o.actor(), o.class("B").ID, person.ID)
		if refusal, _ := errors.AsType[*office.Refusal](err); refusal == nil || refusal.Key != "plan.person_erased" {
			t.Errorf("who is erased gets a place: %v", err)
		}
		if list, err := o.q().ListParticipants(store.ParticipantFilter{}, store.Slice{Limit: 99}); err != nil || list.Total != 4 {
			t.Errorf("%d participants are listed, want the 4 others; %v", list.Total, err)
		}
		corrections, err := o.q().CorrectionsOf(v.Session, v.Enrollment)
		o.ok(err)
		if _, err := o.q().Evidence(corrections[0].ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the paper is still there: %v", err)
		}
		request, err := o.q().Request(said.ID)
		o.ok(err)
		if words, err := o.q().Said(request); err != nil || words != "" || request.State != models.RequestDone {
			t.Errorf("what they wrote is still there: %q, %v", words, err)
		}
		o.want("afterwards, the lists", o.lists(), "links of 4, tickets of 4 in A-B:4, 0 requests, 0 late")
		known := o.roster()[v.Enrollment]
		if known.Name != store.Erased || known.NIK4 != "" || known.Ticket != nil || !known.Cancelled {
			t.Errorf("the site is told %+v", known)
		}
		o.want("their attendance, by a number that names nobody", o.resultsOf(v.Enrollment), before)
		o.whole()
		o.load(imports.KindParticipants, "number,nik,name,class_code\nP-0,"+nik+",Siti,A\n")
		if again, err := o.q().ParticipantByNumber("P-0"); err != nil || again.ID == person.ID {
			t.Errorf("they can't register anew: %v", err)
		}
	})
}

func TestWithdrawnConsentEndsPlacesAndARefusalEndsNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	person, err := o.q().ParticipantByNumber("P-1")
	o.ok(err)
	o.ok(privacy.New(o.st).Acknowledge(t.Context(), person.ID))
	asked := o.asks(person, models.RequestWithdrawal, "")
	if asked.DueAt != o.now.Add(models.AnswerWithin) || asked.Overdue(asked.DueAt) || !asked.Overdue(asked.DueAt+1) {
		t.Errorf("an answer is due at %d, want three days after %d", asked.DueAt, o.now)
	}
	for _, c := range []struct {
		kind models.RequestKind
		said string
		want string
	}{
		{models.RequestWithdrawal, "", "rights.already_asked"}, {models.RequestCorrection, " \n", "rights.say_what"},
		{models.RequestCorrection, strings.Repeat("é", 2001), "rights.too_long"},
	} {
		refusal, _ := errors.AsType[*office.Refusal](privacy.New(o.st).Ask(t.Context(), person.ID, c.kind, c.said))
		if refusal == nil || refusal.Key != c.want {
			t.Errorf("%s %.10q: %v, want %s", c.kind, c.said, refusal, c.want)
		}
	}
	if key := o.answers(asked, privacy.Answer{}); key != "" || o.place("A", 1).Enrollment.Status != models.EnrollmentActive {
		t.Errorf("refused: %q, and the place is %s", key, o.place("A", 1).Enrollment.Status)
	}
	if key := o.answers(o.asks(person, models.RequestWithdrawal, ""), privacy.Answer{Done: true}); key != "" {
		t.Fatal(key)
	}
	given, err := o.q().Acknowledged(person.ID, models.PurposeVersion)
	if o.ok(err); given.WithdrawnAt == 0 || o.place("A", 1).Enrollment.Status != models.EnrollmentCancelled {
		t.Errorf("after the withdrawal: %+v", given)
	}
	if p, err := o.q().Participant(person.ID); err != nil || p.Name != "Budi" {
		t.Errorf("nobody asked for an erasure: %+v, %v", p, err)
	}
	o.whole()
}
