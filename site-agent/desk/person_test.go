package desk_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/offline"
	"buktihadir/site-agent/roster"
)

// brings gives the desk the site's roster as it is now, and what else the office says.
func (p *place) brings(t *testing.T, revision uint64, more ...exchange.Item) {
	t.Helper()
	page, err := p.site.Page(revision)
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range more {
		page.Items = append(page.Items, it)
		page.Digest.Add(it)
	}
	if err := p.store.ApplyPage(t.Context(), page, models.Millis(p.now.Load())); err != nil {
		t.Fatal(err)
	}
	if err := p.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// revokes has the office revoke the ticket of a person; another one is issued unless it is nil.
func (p *place) revokes(t *testing.T, i int, fresh []byte) {
	t.Helper()
	x := &p.site.People[i]
	old := x.Ticket
	it, err := exchange.NewItem(exchange.KindRevocation, old[:], exchange.Revocation{Class: x.Body.Class, At: eight, Enrollment: x.ID})
	if err != nil {
		t.Fatal(err)
	}
	if x.Body.Ticket = fresh; fresh != nil {
		x.Ticket = models.Ref(fresh)
	}
	p.brings(t, 2, it)
}

func anotherTicket() []byte {
	id := make([]byte, models.RefSize)
	rand.Read(id)
	return id
}

// counted are a session's people who are in, and who are missing.
func (p *place) counted(i int) (in, missing int) {
	n, _ := p.Session(p.site.Classes[p.site.People[i].Class].Session)
	return n.In, n.Missing
}

func TestWhoIsAdmittedWithARevokedTicketIsIn(t *testing.T) {
	for name, c := range map[string]struct {
		fresh   bool // another ticket is issued
		early   bool // it is issued before the override
		restart bool
	}{
		"without another ticket":           {},
		"after the computer was restarted": {restart: true},
		"and gets another ticket later":    {fresh: true},
		"and has another ticket at home":   {fresh: true, early: true},
		"and has another, after a restart": {fresh: true, early: true, restart: true},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t, 3, nil)
			old := p.code(t, 0)
			var first, second []byte
			if c.early {
				first = anotherTicket()
			} else if c.fresh {
				second = anotherTicket()
			}
			p.revokes(t, 0, first)
			if o := p.scan(t, roster.ScanRequest{Code: old}); o.Verdict != models.VerdictRevoked || o.Person == nil || o.Person.Number != "PK-2026-00001" {
				t.Fatalf("a revoked ticket is answered %+v", o)
			}
			o, err := p.Override(t.Context(), desk.OverrideRequest{
				ScanRequest: roster.ScanRequest{ID: uuid.New(), Code: old, Method: models.MethodCamera}, Reason: "kenal", Supervisor: p.site.Supervisor,
			})
			if err != nil || !o.Verdict.Accepted() || o.Person == nil || o.Person.ClassCode != "LAS-01" {
				t.Fatalf("the override is answered %+v, %v", o, err)
			}
			if second != nil {
				p.revokes(t, 0, second)
			}
			if c.restart {
				p = openPlace(t, p.site, p.store, p.dir) // reads all from the disk
			}
			if in, missing := p.counted(0); in != 1 || missing != 2 {
				t.Errorf("%d are in and %d are missing, want 1 and 2", in, missing)
			}
			p.now.Add(5 * time.Minute.Milliseconds())
			again, err := p.ManualCheckIn(t.Context(), roster.ManualCheckIn{ID: uuid.New(), Enrollment: p.site.People[0].ID, Reason: "tiket hilang"})
			if err != nil || again.Verdict != models.VerdictAlreadyIn {
				t.Errorf("a second coming is answered %s, %v", again.Verdict, err)
			}
			if c.fresh {
				if o := p.scan(t, roster.ScanRequest{Code: p.code(t, 0)}); o.Verdict != models.VerdictAlreadyIn {
					t.Errorf("a second coming with the new ticket is answered %s", o.Verdict)
				}
			}
			if _, err := p.Void(t.Context(), desk.VoidRequest{ID: uuid.New(), Seq: o.Seq, Reason: "salah orang"}); err != nil {
				t.Fatal(err)
			}
			if in, missing := p.counted(0); in != 0 || missing != 3 {
				t.Errorf("after the void %d are in and %d are missing, want 0 and 3", in, missing)
			}
		})
	}
}

// An older server does not say whose a revoked ticket was; the desk knows it from before.
func TestADeskRemembersWhoseARevokedTicketWas(t *testing.T) {
	p := newPlace(t, 2, nil)
	x := &p.site.People[0]
	x.Body.Ticket = nil
	p.brings(t, 2)
	if o := p.scan(t, roster.ScanRequest{Code: p.code(t, 0)}); o.Person == nil || o.Person.Enrollment != x.ID {
		t.Errorf("it is answered %+v", o)
	}
}

// A person who came before the roster knew the ticket is in, also once they have another one.
func TestWhoCameUnlistedIsInAfterANewTicket(t *testing.T) {
	p := newPlace(t, 2, nil)
	late := p.site.People[1]
	known := p.site.People
	code := p.code(t, 1)
	p.site.People = known[:1]
	p.store = openStore(t, t.TempDir())
	if err := p.site.Fill(t.Context(), p.store); err != nil {
		t.Fatal(err)
	}
	q := openPlace(t, p.site, p.store, p.dir)
	if o := q.scan(t, roster.ScanRequest{Code: code}); o.Verdict != models.VerdictUnlisted {
		t.Fatalf("somebody new is answered %s", o.Verdict)
	}
	q.site.People = known
	q.revokes(t, 1, anotherTicket())
	if in, missing := q.counted(1); in != 1 || missing != 1 {
		t.Errorf("%d are in and %d are missing, want 1 and 1", in, missing)
	}
	q.now.Add(5 * time.Minute.Milliseconds())
	if o, err := q.ManualCheckIn(t.Context(), roster.ManualCheckIn{ID: uuid.New(), Enrollment: late.ID, Reason: "tiket hilang"}); err != nil ||
		o.Verdict != models.VerdictAlreadyIn {
		t.Errorf("a second coming is answered %s, %v", o.Verdict, err)
	}
}

// A phone that is offline knows of it too.
func TestAPhoneAloneCountsWhoWasAdmittedWithARevokedTicket(t *testing.T) {
	p := newPlace(t, 2, nil)
	old := p.code(t, 0)
	p.revokes(t, 0, nil)
	if _, err := p.Override(t.Context(), desk.OverrideRequest{
		ScanRequest: roster.ScanRequest{ID: uuid.New(), Code: old, Method: models.MethodCamera}, Reason: "kenal", Supervisor: p.site.Supervisor,
	}); err != nil {
		t.Fatal(err)
	}
	_, _, kit := p.Contact(p.site.Officer, uuid.New(), "", offline.Place{})
	here := offline.Reading{Wall: models.Millis(p.now.Load()), Page: uuid.New()}
	phone, err := offline.Open(*kit, here, nil)
	if err != nil {
		t.Fatal(err)
	}
	here.Mono += 5 * time.Minute.Milliseconds()
	here.Wall = here.Wall.Add(5 * time.Minute)
	a, _, err := phone.Judge(offline.Ask{ID: uuid.New(), Enrollment: p.site.People[0].ID, Reason: "tiket hilang"}, here)
	if err != nil || a.Verdict != string(models.VerdictAlreadyIn) {
		t.Errorf("a second coming is answered %s, %v", a.Verdict, err)
	}
	if sight := phone.Look("", here); sight.Sessions[0].In != 1 {
		t.Errorf("the phone counts %+v", sight.Sessions)
	}
}
