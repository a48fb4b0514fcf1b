package web

import (
	"errors"
	"html/template"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/store"
	"buktihadir/templates"
)

const (
	missWindow = 10 * time.Minute
	missMost   = 30     // a whole class may sit behind one address and mistype
	missTable  = 10_000 // addresses remembered
)

// missLimit counts wrong links by visitor's address, so that right ones can't be guessed.
type missLimit struct {
	mu    sync.Mutex
	since models.Millis
	count map[string]int
}

func newMissLimit() *missLimit { return &missLimit{count: map[string]int{}} }

func (l *missLimit) allows(address string, now models.Millis) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.since) >= missWindow || len(l.count) > missTable {
		l.since, l.count = now, map[string]int{}
	}
	return l.count[address] < missMost
}

func (l *missLimit) missed(address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count[address]++
}

// misfortune answers what went wrong.
func (s *participants) misfortune(c *gin.Context, err error) {
	if errors.Is(err, store.ErrNotFound) {
		s.sorry(c, http.StatusNotFound, "ticket.unknown")
		return
	}
	s.Log.Error("participant's page", "route", c.FullPath(), "error", err)
	s.sorry(c, http.StatusInternalServerError, "error.internal")
}

// pass is a place in a class with its ticket, if there is one.
type pass struct {
	Class      store.ClassEntry
	Enrollment models.Enrollment
	Ticket     *models.Ticket
	Phase      models.Phase // the pilot's
	Revoked    bool         // there was a ticket, and none is valid now
	Site       models.Site
	Sessions   []models.Session
	Next       *models.Session
	QR         template.HTML
}

// Shown says whether there is a ticket to show: the pilot must be under way.
func (p pass) Shown() bool { return p.Ticket != nil && p.Phase.Open() }

type passView struct {
	Name, Link string
	Passes     []*pass
	Chosen     *pass
}

// passesOf lists a participant's places with their valid tickets.
func (s *participants) passesOf(q store.Queries, who models.Participant) ([]*pass, error) {
	rows, err := q.EnrollmentsOfParticipants(who.ID)
	if err != nil {
		return nil, err
	}
	var all []*pass
	for _, e := range rows {
		if e.Status != models.EnrollmentActive {
			continue
		}
		class, err := q.ClassEntry(e.ClassID)
		if err != nil {
			return nil, err
		}
		tickets, err := q.TicketsOf(e.ID)
		if err != nil {
			return nil, err
		}
		pilot, err := q.Pilot(class.PilotID)
		if err != nil {
			return nil, err
		}
		one := &pass{Class: class, Enrollment: e, Phase: pilot.Phase}
		for _, t := range tickets {
			if t.RevokedAt == 0 {
				one.Ticket = &t
			}
		}
		one.Revoked = one.Ticket == nil && len(tickets) > 0
		all = append(all, one)
	}
	return all, nil
}

func choose(all []*pass, code string) *pass {
	for _, p := range all {
		if p.Class.Code == code {
			return p
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

// complete adds what the page of one class shows.
func (s *participants) complete(q store.Queries, f templates.Frame, p *pass) error {
	var err error
	if p.Site, err = q.Site(p.Class.SiteID); err != nil {
		return err
	}
	if p.Sessions, err = q.SessionsOf(p.Class.ID); err != nil {
		return err
	}
	for i, one := range p.Sessions {
		if one.EndsAt > f.Now && one.Status != models.SessionCancelled && (p.Next == nil || one.StartsAt < p.Next.StartsAt) {
			p.Next = &p.Sessions[i]
		}
	}
	if p.Shown() && !p.Ticket.Live {
		p.QR, err = s.draw(f, p.Ticket.Token)
	}
	return err
}
