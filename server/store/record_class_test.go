package store_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/store"
)

// class is one planned class of three people, whose session is over.
type class struct {
	t       *testing.T
	st      *store.Store
	now     models.Millis
	session models.Session
	places  []store.Place
	bare    bool // the guards are off the record
}

func newClass(t *testing.T, cfg store.Config) *class {
	t.Helper()
	c := &class{t: t, now: models.MillisOf(time.Date(2024, 5, 9, 12, 0, 0, 0, models.ZoneWIB.Location()))}
	cfg.Now = func() models.Millis { return c.now }
	c.st = open(t, cfg)
	p, by := plan.New(c.st), office.Actor{Name: "test"}
	pilot, err := p.AddPilot(t.Context(), by, models.Pilot{Code: "UJI", Name: "Uji"}, nil)
	c.ok(err)
	c.ok(p.Decide(t.Context(), by, pilot.ID, plan.Decision{Number: "1", Date: "2024-01-01", FirstDay: "2024-01-01", FileName: "keputusan.pdf", FileContents: []byte("%PDF-1.7")}))
	for i, text := range []string{
		"code,name,address,regency,capacity\nT-1,Balai Uji,Jl. Uji,32.73,80\nT-2,Balai Lain,Jl. Lain,32.73,80\n",
		"class_code,course_code,course_title,hours,provider_code,provider_name,site_code,capacity,session,date,start,end\n" +
			"A,K,Kursus,4,LP,Lembaga,T-1,40,1,2024-05-10,08:00,12:00\nB,K,Kursus,4,LP,Lembaga,T-2,40,1,2024-05-10,08:00,12:00\n",
		"number,nik,name,class_code\nP-1,3273000101900001,Siti,A\nP-2,3273000101900002,Budi,A\nP-3,3273000101900003,Agus,A\nP-4,3273000101900004,Dewi,B\n",
	} {
		_, err := imports.New(c.st).Import(t.Context(), by, imports.File{Kind: imports.Kinds()[i], Name: "x.csv", Content: []byte(text), Pilot: &pilot.ID}, plan.Apply, nil)
		c.ok(err)
	}
	q := c.st.Read(t.Context())
	a, err := q.ClassByCode("A")
	c.ok(err)
	sessions, err := q.SessionsOf(a.ID)
	c.ok(err)
	c.session = sessions[0]
	c.places, err = q.Places(a.ID)
	c.ok(err)
	c.ok(c.st.Write(t.Context(), func(tx *store.Tx) error { _, _, err := tx.NoteKey(); return err }))
	c.now = c.now.Add(48 * time.Hour)
	return c
}

func (c *class) ok(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// book is an agent's journal.
type book struct {
	*class
	agent  models.Agent
	key    ed25519.PrivateKey
	events []journal.Event
	heads  []journal.Head // before each event, and after the last
	told   uint64         // how many of them the server has
}

func (c *class) agent(name string) *book {
	c.t.Helper()
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	c.ok(err)
	b := &book{class: c, key: key}
	epoch := models.Epoch(uuid.New())
	c.ok(c.st.Write(c.t.Context(), func(tx *store.Tx) error {
		code, _, err := tx.NewAgentCode(c.session.SiteID, name)
		if err != nil {
			return err
		}
		b.agent, _, err = tx.EnrolAgent(exchange.EnrolRequest{Protocol: exchange.Protocol, Code: code, PublicKey: pub, Epoch: epoch})
		return err
	}))
	b.heads = []journal.Head{{Agent: b.agent.ID, Epoch: epoch}}
	return b
}

func (b *book) head() journal.Head { return b.heads[len(b.heads)-1] }

// saw appends an entry of a place's holder; f changes it before it is chained.
func (b *book) saw(place int, f func(*journal.Event)) *book {
	b.t.Helper()
	h, who := b.head(), b.places[place]
	at := b.session.StartsAt + models.Millis(len(b.events))*60_000
	e := journal.Event{
		Format: journal.Format, Agent: h.Agent, Epoch: h.Epoch, Seq: h.Seq + 1, Prev: h.Hash, Kind: models.EventIn, Verdict: models.VerdictAcceptedIn,
		Method: models.MethodCamera, Confidence: models.ConfidenceSynced, Class: b.session.ClassID, Session: b.session.ID,
		Enrollment: who.Enrollment.ID, Ticket: who.Tickets[0].ID, Occurred: at, Wall: at,
	}
	if f != nil {
		f(&e)
	}
	canonical, err := e.Bytes()
	b.ok(err)
	if h, err = h.Follow(e, canonical); err != nil {
		b.t.Fatal(err)
	}
	b.events, b.heads = append(b.events, e), append(b.heads, h)
	return b
}

// send brings the events from, excluding to, and says that all until asOf is told.
func (b *book) send(from, to int, asOf models.Millis) (store.Ingested, error) {
	batch, err := exchange.NewBatch(b.heads[from], b.events[from:to], asOf, b.key)
	if err != nil {
		return store.Ingested{}, err
	}
	events, s, err := batch.Expand(b.agent.PublicKey)
	if err != nil {
		return store.Ingested{}, err
	}
	var got store.Ingested
	err = b.st.Write(b.t.Context(), func(tx *store.Tx) (err error) { got, err = tx.Ingest(b.agent, events, s); return err })
	return got, err
}

// tell sends everything, of now.
func (b *book) tell() store.Ingested {
	b.t.Helper()
	got, err := b.send(0, len(b.events), b.now)
	b.ok(err)
	return got
}

func (c *class) events() []models.ScanEvent {
	c.t.Helper()
	var rows []models.ScanEvent
	c.ok(c.st.DB().Order("agent_id, epoch, seq").Find(&rows).Error)
	return rows
}

func (c *class) attendance(place int) models.Attendance {
	c.t.Helper()
	return c.attendanceAt(c.session.ID, place)
}

func (c *class) attendanceAt(session uuid.UUID, place int) models.Attendance {
	c.t.Helper()
	var rows []models.Attendance
	c.ok(c.st.DB().Where("session_id = ? AND enrollment_id = ?", session, c.places[place].Enrollment.ID).Find(&rows).Error)
	if len(rows) != 1 {
		return models.Attendance{Status: models.StatusPending}
	}
	return rows[0]
}
