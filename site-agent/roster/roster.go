// Package roster is the data that a desk judges by: the site's roster, and the people who
// have come.
//
// A Roster answers one request at one moment. The desk keeps one beside its journal. A
// phone that is offline keeps another, compiled to WebAssembly, so that both judge with
// the same code. Verdicts belong to models/attendance; the package has no clock, no
// randomness and no storage.
package roster

import (
	"crypto/ed25519"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/models/exchange"
	"buktihadir/models/names"
	"buktihadir/models/ticket"
)

// Roster is a desk's copy of the roster, and the accepted events that it knows of.
// It is not safe for concurrent use. Make one with New.
type Roster struct {
	Site   exchange.Site
	Rhythm models.Rhythm // by which the site reports
	Keys   ticket.Keys
	// Others is what the site's other agents have told; nil: nobody is asked.
	Others *Others
	// Withdrawn says that the office has deactivated this agent. Load keeps it.
	Withdrawn bool

	classes  map[uuid.UUID]*class
	byRef    map[models.Ref]*class
	people   map[uuid.UUID]*person
	owner    map[models.Ref]uuid.UUID   // whose a ticket is or was, as far as the roster or an event has ever said
	tickets  map[uuid.UUID][]models.Ref // the same, by enrollment
	revoked  map[models.Ref]bool
	officers map[uuid.UUID]Officer
	agents   map[uuid.UUID]Agent

	alikes  *alikes
	marks   map[subject][]Mark
	offsets []int // of recent live codes, in steps
}

// New makes an empty roster of a site.
func New(site exchange.Site) *Roster {
	return &Roster{Site: site, marks: map[subject][]Mark{}, owner: map[models.Ref]uuid.UUID{}, tickets: map[uuid.UUID][]models.Ref{}}
}

type class struct {
	attendance.Class
	body     exchange.Class
	sessions []attendance.Session
	rooms    map[uuid.UUID]string
	sites    map[uuid.UUID]string // of sessions held elsewhere
	people   []*person
	alikes   *alikes // of the whole roster
}

type person struct {
	id     uuid.UUID
	class  *class
	body   exchange.Enrollment
	ticket models.Ref
	index  string // the text that a search looks through
	alike  bool   // the name can be taken for another's
}

// Officer may work the site's desks.
type Officer struct {
	exchange.Officer
	ID uuid.UUID
}

// Load replaces the roster.
func (r *Roster) Load(items []exchange.Item) error {
	r.Keys, r.Rhythm = ticket.Keys{}, models.RhythmNetwork
	r.classes, r.byRef = map[uuid.UUID]*class{}, map[models.Ref]*class{}
	r.people, r.revoked = map[uuid.UUID]*person{}, map[models.Ref]bool{}
	r.officers, r.agents = map[uuid.UUID]Officer{}, map[uuid.UUID]Agent{}
	// Classes before what points at them.
	for _, kind := range []exchange.ItemKind{
		exchange.KindSite, exchange.KindRhythm, exchange.KindKey, exchange.KindClass, exchange.KindSession,
		exchange.KindElsewhere, exchange.KindEnrollment, exchange.KindRevocation, exchange.KindOfficer, exchange.KindAgent,
	} {
		for _, it := range items {
			if it.Kind != kind {
				continue
			}
			if err := r.loadItem(it); err != nil {
				return fmt.Errorf("roster item %d/%x: %w", it.Kind, it.Key, err)
			}
		}
	}
	r.alikes = &alikes{people: r.people}
	for _, c := range r.classes {
		c.alikes = r.alikes
		slices.SortFunc(c.sessions, func(a, b attendance.Session) int { return int(a.Start - b.Start) })
		slices.SortFunc(c.people, func(a, b *person) int {
			return strings.Compare(strings.ToLower(a.body.Name), strings.ToLower(b.body.Name))
		})
	}
	return nil
}

func (r *Roster) loadItem(it exchange.Item) error {
	switch it.Kind {
	case exchange.KindSite:
		body, err := exchange.BodyOf[exchange.Site](it)
		r.Site = body
		return err
	case exchange.KindRhythm:
		body, err := exchange.BodyOf[exchange.Rhythm](it)
		r.Rhythm = body.Rhythm
		return err
	case exchange.KindKey:
		body, err := exchange.BodyOf[exchange.TicketKey](it)
		if err == nil && len(body.Public) == ed25519.PublicKeySize {
			r.Keys[ticket.KeyIDOf(body.Public)] = body.Public
		}
		return err
	case exchange.KindOfficer:
		body, err := exchange.BodyOf[exchange.Officer](it)
		if err != nil {
			return err
		}
		id, err := uuid.FromBytes(it.Key)
		r.officers[id] = Officer{body, id}
		return err
	case exchange.KindAgent:
		return r.loadAgent(it)
	case exchange.KindRevocation:
		if len(it.Key) == models.RefSize {
			r.revoked[models.Ref(it.Key)] = true
			if body, err := exchange.BodyOf[exchange.Revocation](it); err == nil { // an older server doesn't say whose it was
				r.own(models.Ref(it.Key), body.Enrollment)
			}
		}
		return nil
	case exchange.KindClass, exchange.KindSession, exchange.KindElsewhere, exchange.KindEnrollment:
		return r.loadPlan(it)
	}
	return nil // a newer server's kind: kept in the store, of no use here
}

func (r *Roster) loadPlan(it exchange.Item) error {
	id, err := uuid.FromBytes(it.Key)
	if err != nil {
		return err
	}
	switch it.Kind {
	case exchange.KindClass:
		body, err := exchange.BodyOf[exchange.Class](it)
		if err != nil {
			return err
		}
		c := &class{body: body, rooms: map[uuid.UUID]string{}, sites: map[uuid.UUID]string{}, Class: attendance.Class{
			ID: id, Zone: r.Site.Zone, Phase: body.Phase, Policy: body.Policy, Secret: body.Secret,
		}}
		r.classes[id], r.byRef[body.Ref] = c, c
	case exchange.KindSession:
		body, err := exchange.BodyOf[exchange.Session](it)
		if err != nil {
			return err
		}
		if c := r.classes[body.Class]; c != nil {
			c.sessions = append(c.sessions, attendance.Session{ID: id, Seq: body.Seq, Start: body.Start, End: body.End, Cancelled: body.Cancelled})
			c.rooms[id] = body.Room
		}
	case exchange.KindElsewhere:
		body, err := exchange.BodyOf[exchange.Elsewhere](it)
		if err != nil {
			return err
		}
		if c := r.classes[body.Class]; c != nil {
			c.sessions = append(c.sessions,
				attendance.Session{ID: id, Seq: body.Seq, Start: body.Start, End: body.End, Cancelled: body.Cancelled, Elsewhere: true})
			c.rooms[id], c.sites[id] = body.Room, body.Site
		}
	case exchange.KindEnrollment:
		body, err := exchange.BodyOf[exchange.Enrollment](it)
		if err != nil {
			return err
		}
		r.loadPerson(id, body)
	case exchange.KindSite, exchange.KindRhythm, exchange.KindKey, exchange.KindRevocation, exchange.KindOfficer, exchange.KindAgent:
	}
	return nil
}

func (r *Roster) loadPerson(id uuid.UUID, body exchange.Enrollment) {
	c := r.classes[body.Class]
	if c == nil {
		return
	}
	p := &person{id: id, class: c, body: body, index: names.Index(body.Name, body.Number)}
	r.people[id] = p
	if len(body.Ticket) == models.RefSize {
		p.ticket = models.Ref(body.Ticket)
		r.own(p.ticket, id)
	}
	if !body.Cancelled {
		c.people = append(c.people, p)
	}
}

// Officers are the people who may work at the site's desks.
func (r *Roster) Officers() map[uuid.UUID]Officer { return r.officers }

// Size is how many people the roster has.
func (r *Roster) Size() int { return len(r.people) }
