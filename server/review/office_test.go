package review_test

import (
	"bytes"
	"cmp"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/scripts/e2e/database"
	"buktihadir/server/bulk"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/review"
	"buktihadir/server/seating"
	"buktihadir/server/store"
)

// office is a planned course of two classes at one site, A in the morning and B in the
// afternoon, with a desk whose journal tells who came.
type fixture struct {
	t     testing.TB
	st    *store.Store
	plan  *plan.Service
	now   models.Millis
	by    models.User
	pilot models.Pilot

	agent  models.Agent
	key    ed25519.PrivateKey
	events []journal.Event
	head   journal.Head
}

const sheetHead = "class_code,course_code,course_title,hours,provider_code,provider_name,site_code,capacity,session,date,start,end,room\n"

// seatsOf is how many A and B have.
const seatsOf = 6

func onBoth(t *testing.T, test func(t *testing.T, o *fixture)) {
	t.Helper()
	database.OnBoth(t, func(t *testing.T, cfg store.Config) { test(t, officeOn(t, cfg)) })
}

func newOffice(t testing.TB) *fixture {
	t.Helper()
	return officeOn(t, database.SQLite(t))
}

// officeOn stands between the third and the fourth session of both classes. A has four
// people, who came as seen says; B has one, who came to nothing.
func officeOn(t testing.TB, cfg store.Config) *fixture {
	t.Helper()
	o := &fixture{t: t, by: models.User{ID: uuid.New(), Name: "Ibu PMO"}, now: models.MillisOf(time.Date(2024, 5, 9, 1, 0, 0, 0, models.ZoneWIB.Location()))}
	cfg.Now = func() models.Millis { return o.now }
	var err error
	o.st, err = store.Open(t.Context(), cfg)
	o.ok(err)
	t.Cleanup(func() { _ = o.st.Close() })
	o.plan = plan.New(o.st)
	o.pilot, err = o.plan.AddPilot(t.Context(), o.actor(), models.Pilot{Code: "UJI", Name: "Uji"}, nil)
	o.ok(err)
	o.ok(o.plan.Decide(t.Context(), o.actor(), o.pilot.ID,
		plan.Decision{Number: "1", Date: "2024-01-01", FirstDay: "2024-01-01", FileName: "keputusan.pdf", FileType: "application/pdf",
			FileContents: []byte("%PDF-1.7")}))
	o.load(imports.KindSites, "code,name,address,regency,capacity\nT-1,Balai Uji,Jl. Uji,32.73,5000\n")
	sheet := sheetHead
	for i, day := range []string{"2024-05-10", "2024-05-11", "2024-05-12", "2024-05-14"} {
		sheet += fmt.Sprintf("A,K,Kursus,16,LP,Lembaga,T-1,%d,%d,%s,08:00,12:00,R1\n", seatsOf, i+1, day)
		sheet += fmt.Sprintf("B,K,Kursus,16,LP,Lembaga,T-1,%d,%d,%s,13:00,17:00,R1\n", seatsOf, i+1, day)
	}
	o.load(imports.KindSchedule, sheet)
	o.load(imports.KindParticipants,
		"number,nik,name,class_code\nP-0,3273000101900001,Siti,A\n"+
			"P-1,3273000101900002,Budi,A\nP-2,3273000101900003,Agus,A\nP-3,3273000101900004,Dewi,A\nP-4,3273000101900005,Eka,B\n")
	o.now = o.now.Add(4 * 24 * time.Hour)
	o.enrolAgent()
	for n := 1; n <= 3; n++ {
		o.came("A", n, 0, 0, 240)  // whole
		o.came("A", n, 1, 30, 120) // late, and too short
		o.came("A", n, 2, 0, 60)   // left early
	}
	o.tell(o.now)
	return o
}

func (o *fixture) ok(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *fixture) actor() office.Actor { return office.Actor{ID: &o.by.ID, Name: o.by.Name} }

func (o *fixture) q() store.Queries { return o.st.Read(o.t.Context()) }

func (o *fixture) load(k imports.Kind, csv string) {
	o.t.Helper()
	rep, err := imports.New(o.st).Import(o.t.Context(), o.actor(), imports.File{Kind: k, Name: "f.csv", Content: []byte(csv), Pilot: &o.pilot.ID}, plan.Apply, nil)
	if err != nil {
		o.t.Fatalf("%v %+v", err, rep)
	}
}

func (o *fixture) enrolAgent() {
	o.t.Helper()
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	o.ok(err)
	site, err := o.q().SiteByCode("T-1")
	o.ok(err)
	epoch := models.Epoch(uuid.New())
	o.ok(o.st.Write(o.t.Context(), func(tx *store.Tx) error {
		code, _, err := tx.NewAgentCode(site.ID, "meja")
		if err != nil {
			return err
		}
		o.agent, _, err = tx.EnrolAgent(exchange.EnrolRequest{Protocol: exchange.Protocol, Code: code, PublicKey: pub, Epoch: epoch})
		return err
	}))
	o.key, o.head = key, journal.Head{Agent: o.agent.ID, Epoch: epoch}
}

// came writes into the desk's journal that somebody came and left, in minutes after the
// session's start.
func (o *fixture) came(class string, session, person, in, out int) {
	o.t.Helper()
	s, place := o.session(class, session), o.place(class, person)
	for i, minutes := range []int{in, out} {
		at := s.StartsAt + models.Millis(minutes)*60_000
		e := journal.Event{Format: journal.Format, Agent: o.head.Agent, Epoch: o.head.Epoch, Seq: o.head.Seq + 1, Prev: o.head.Hash, Kind: models.EventIn,
			Verdict: models.VerdictAcceptedIn,
			Method:  models.MethodCamera, Confidence: models.ConfidenceSynced, Class: s.ClassID, Session: s.ID,
			Enrollment: place.Enrollment.ID, Ticket: place.Tickets[0].ID, Occurred: at, Wall: at}
		if i == 1 {
			e.Kind, e.Verdict = models.EventOut, models.VerdictAcceptedOut
		}
		canonical, err := e.Bytes()
		o.ok(err)
		o.head, err = o.head.Follow(e, canonical)
		o.ok(err)
		o.events = append(o.events, e)
	}
}

// tell brings what is in the journal, and says that it is all until then.
func (o *fixture) tell(until models.Millis) {
	o.t.Helper()
	batch, err := exchange.NewBatch(journal.Head{Agent: o.head.Agent, Epoch: o.head.Epoch}, o.events, until, o.key)
	o.ok(err)
	events, s, err := batch.Expand(o.agent.PublicKey)
	o.ok(err)
	o.ok(o.st.Write(o.t.Context(), func(tx *store.Tx) error { _, err := tx.Ingest(o.agent, events, s); return err }))
}

func (o *fixture) class(code string) models.Class {
	o.t.Helper()
	c, err := o.q().ClassByCode(code)
	o.ok(err)
	return c
}

func (o *fixture) session(class string, n int) models.Session {
	o.t.Helper()
	all, err := o.q().SessionsOf(o.class(class).ID)
	o.ok(err)
	return all[n-1]
}

// place is somebody's place in a class, a cancelled one too.
func (o *fixture) place(class string, person int) store.Place {
	o.t.Helper()
	all, err := o.q().Places(o.class(class).ID)
	o.ok(err)
	at := slices.IndexFunc(all, func(p store.Place) bool { return p.Number == fmt.Sprintf("P-%d", person) })
	if at < 0 {
		o.t.Fatalf("P-%d has no place in %s", person, class)
	}
	return all[at]
}

func (o *fixture) visit(class string, session, person int) store.Visit {
	o.t.Helper()
	return store.Visit{Session: o.session(class, session).ID, Enrollment: o.place(class, person).Enrollment.ID}
}

func (o *fixture) at(v store.Visit) models.Attendance {
	o.t.Helper()
	rows, err := o.q().AttendancesAt([]store.Visit{v})
	o.ok(err)
	return rows[v]
}

// statuses are somebody's at the first three sessions, with what was derived where the
// office decided.
func (o *fixture) statuses(class string, person int) string {
	o.t.Helper()
	var out []string
	for n := 1; n <= 3; n++ {
		a := o.at(o.visit(class, n, person))
		text := string(cmp.Or(a.Status, "nothing"))
		if a.Corrected {
			text += "/" + string(a.Derived)
		}
		out = append(out, text)
	}
	return strings.Join(out, " ")
}

func (o *fixture) changes() *bulk.Changes {
	return bulk.New(o.st, func(b models.BulkChange) []bulk.Work {
		switch {
		case b.Kind == models.BulkCorrect:
			return []bulk.Work{review.Corrections{}}
		case b.Carry:
			return []bulk.Work{seating.Places{}, review.Carrying{}}
		}
		return []bulk.Work{seating.Places{}}
	})
}

func (o *fixture) bulkBy() office.Actor { return office.Actor{ID: &o.by.ID, Name: o.by.Name} }

func (o *fixture) draft(to models.AttendanceStatus, visits ...store.Visit) models.BulkChange {
	o.t.Helper()
	b, err := review.DraftCorrections(o.t.Context(), o.st, o.by, review.Request{Visits: visits, Status: to, Reason: "surat dinas"})
	o.ok(err)
	return b
}

func (o *fixture) apply(b models.BulkChange) {
	o.t.Helper()
	o.ok(o.changes().Apply(o.t.Context(), o.bulkBy(), b.ID))
}

func (o *fixture) undo(b models.BulkChange) {
	o.t.Helper()
	o.ok(o.changes().Undo(o.t.Context(), o.bulkBy(), b.ID, "salah pilih"))
}

// items are what became of each in a bulk change, with why not.
func (o *fixture) items(b models.BulkChange) string {
	o.t.Helper()
	rows, err := o.q().BulkItems(b.ID)
	o.ok(err)
	var out []string
	for _, it := range rows {
		text := string(it.State)
		if it.Problem != "" {
			text += ":" + strings.Split(strings.Split(it.Problem, `"bulk.`)[1], `"`)[0]
		}
		out = append(out, text)
	}
	return strings.Join(out, " ")
}

func (o *fixture) want(what, got, want string) {
	o.t.Helper()
	if got != want {
		o.t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// whole says that the database is what its log says, and proves an export of it.
func (o *fixture) whole() {
	o.t.Helper()
	o.ok(o.st.Write(o.t.Context(), func(tx *store.Tx) error {
		found, err := tx.CheckLog()
		if len(found) > 0 {
			o.t.Errorf("the log finds %v", found)
		}
		return err
	}))
	var out bytes.Buffer
	o.ok(o.st.ExportLog(o.t.Context(), store.Scope{}, "uji", newLedger(&out)))
	if v := verified(o.t, &out); len(v.Differences) > 0 || v.Results == 0 {
		o.t.Errorf("an export is not proven: %+v", v)
	}
}
