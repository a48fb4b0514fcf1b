// Package sample makes a training site out of nothing: a ticket key, classes with
// a session that is open now, people with signed tickets, officers. An agent's
// store filled with it works like an enrolled one, so that tests and benchmarks
// of a desk need no server.
package sample

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/ticket"
	"buktihadir/site-agent/store"
)

// Site is one training site and all that its desk has to know.
type Site struct {
	Place      exchange.Site
	Rhythm     models.Rhythm
	Key        ed25519.PrivateKey
	Officer    uuid.UUID
	Supervisor uuid.UUID
	PIN        string // of both
	Classes    []Class
	People     []Person
	now        models.Millis
}

// Class has one session.
type Class struct {
	ID, Session uuid.UUID
	Body        exchange.Class
	Start, End  models.Millis
}

// Person holds a ticket.
type Person struct {
	ID     uuid.UUID
	Ticket models.Ref
	Class  int // index of Classes
	Body   exchange.Enrollment
}

const classSize = 40

// New makes a site whose sessions begin at now, with people in classes of 40.
func New(people int, now models.Millis) (*Site, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make ticket key: %w", err)
	}
	s := &Site{
		Place: exchange.Site{ID: uuid.New(), Code: "BLK-01", Name: "BLK Sleman", Zone: models.ZoneWIB},
		Key:   key, Officer: uuid.New(), Supervisor: uuid.New(), PIN: "246810", now: now,
	}
	for i := range people {
		if i%classSize == 0 {
			s.addClass()
		}
		p := Person{ID: uuid.New(), Class: len(s.Classes) - 1}
		rand.Read(p.Ticket[:])
		p.Body = exchange.Enrollment{
			Class: s.Classes[p.Class].ID, Role: models.PersonParticipant, Name: name(i), Number: fmt.Sprintf("PK-2026-%05d", i+1),
			NIK4: fmt.Sprintf("%04d", i%10000), Ticket: p.Ticket[:],
		}
		s.People = append(s.People, p)
	}
	return s, nil
}

func name(i int) string {
	first := []string{"Dewi", "Agus", "Ni Luh", "Yohanes", "Siti", "Muhammad", "Maria", "Putu"}
	last := []string{"Lestari", "Salim", "Ayu", "Wanggai", "Aminah", "Rizki", "Goreti"}
	return first[i%len(first)] + " " + last[i%len(last)]
}

func (s *Site) addClass() {
	c := Class{ID: uuid.New(), Session: uuid.New(), Start: s.now, End: s.now.Add(4 * time.Hour)}
	c.Body = exchange.Class{
		Code: fmt.Sprintf("LAS-%02d", len(s.Classes)+1), Course: "Las Dasar", Provider: "LPK Maju", Phase: models.PhaseRunning,
		Policy: models.DefaultPolicy(), Secret: []byte("class secret"),
	}
	binary.BigEndian.PutUint64(c.Body.Ref[:], uint64(len(s.Classes)+1))
	s.Classes = append(s.Classes, c)
}

// Token signs a person's paper ticket.
func (s *Site) Token(i int) (string, error) { return s.Sign(s.ticket(i), s.Key) }

func (s *Site) ticket(i int) ticket.Ticket {
	p, day := s.People[i], ticket.DayOf(s.now.Time())
	return ticket.Ticket{Print: true, ID: p.Ticket, Class: s.Classes[p.Class].Body.Ref, ValidFrom: day - 1, ValidUntil: day + 30, Name: p.Body.Name}
}

// Change signs a person's ticket after changing it.
func (s *Site) Change(i int, change func(*ticket.Ticket)) (string, error) {
	t := s.ticket(i)
	change(&t)
	return s.Sign(t, s.Key)
}

// Sign signs any ticket with any key.
func (s *Site) Sign(t ticket.Ticket, key ed25519.PrivateKey) (string, error) {
	text, err := ticket.Sign(t, key)
	if err != nil {
		return "", fmt.Errorf("sign ticket: %w", err)
	}
	return text, nil
}

// Fill enrolls the store's agent at the site and gives it the roster.
func (s *Site) Fill(ctx context.Context, st *store.Store) error {
	id := store.Identity{Agent: uuid.New(), Name: "meja depan", Token: "none", Site: s.Place, EnrolledAt: s.now}
	rand.Read(id.Epoch[:])
	if err := st.SaveIdentity(ctx, id); err != nil {
		return err
	}
	page, err := s.Page(1)
	if err != nil {
		return err
	}
	return st.ApplyPage(ctx, page, s.now)
}

// Page is the whole roster as the server would send it at a revision.
func (s *Site) Page(revision uint64) (exchange.RosterPage, error) {
	pub := s.Key.Public().(ed25519.PublicKey) //nolint:forcetypeassert,errcheck // by construction
	keyID := ticket.KeyIDOf(pub)
	pin, err := argon2id.CreateHash(s.PIN, &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	if err != nil {
		return exchange.RosterPage{}, fmt.Errorf("hash PIN: %w", err)
	}
	b := roster{}
	add(&b, exchange.KindSite, s.Place.ID[:], s.Place)
	add(&b, exchange.KindRhythm, s.Place.ID[:], exchange.Rhythm{Rhythm: s.Rhythm})
	add(&b, exchange.KindKey, keyID[:], exchange.TicketKey{Public: pub})
	add(&b, exchange.KindOfficer, s.Officer[:], exchange.Officer{Name: "Sari Wulandari", PINHash: pin})
	add(&b, exchange.KindOfficer, s.Supervisor[:], exchange.Officer{Name: "Bambang Pengawas", PINHash: pin, Supervisor: true})
	for _, c := range s.Classes {
		add(&b, exchange.KindClass, c.ID[:], c.Body)
		add(&b, exchange.KindSession, c.Session[:], exchange.Session{Class: c.ID, Seq: 1, Start: c.Start, End: c.End, Room: "Ruang A"})
	}
	for _, p := range s.People {
		add(&b, exchange.KindEnrollment, p.ID[:], p.Body)
	}
	page := exchange.RosterPage{Scope: []byte("sample"), To: revision, Latest: revision, Items: b.items, Reset: true, Digest: &exchange.Digest{}}
	for _, it := range b.items {
		page.Digest.Add(it)
	}
	return page, b.err
}

// roster collects items and the first error.
type roster struct {
	items []exchange.Item
	err   error
}

func add[B exchange.Body](r *roster, kind exchange.ItemKind, key []byte, body B) {
	it, err := exchange.NewItem(kind, key, body)
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("sample item %d: %w", kind, err)
	}
	r.items = append(r.items, it)
}
