package store

import (
	"errors"
	"maps"
	"slices"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"buktihadir/models"
	"buktihadir/models/exchange"
)

// Knowing are the sites whose desks know a class. A session may be held at another site than
// the rest of its class.
type Knowing struct {
	People map[uuid.UUID]bool // where the class is at home or meets: these know everybody in it
	Class  map[uuid.UUID]bool // and where a session once was to be: these know where it is now
}

func (k Knowing) add(site uuid.UUID) { k.People[site], k.Class[site] = true, true }

// Knowing finds the sites that know a class.
func (q Queries) Knowing(class uuid.UUID) (Knowing, error) {
	all, err := q.knowing([]uuid.UUID{class})
	return all[class], err
}

// knowingOf finds the sites that know the classes of sessions.
func (q Queries) knowingOf(sessions map[uuid.UUID]models.Session) (map[uuid.UUID]Knowing, error) {
	var classes []uuid.UUID
	for _, s := range sessions {
		classes = append(classes, s.ClassID)
	}
	slices.SortFunc(classes, orderly)
	return q.knowing(slices.Compact(classes))
}

func (q Queries) knowing(classes []uuid.UUID) (map[uuid.UUID]Knowing, error) {
	homes, err1 := in[models.Class](q.db.Select("id", "site_id"), "id", classes)
	meets, err2 := in[models.Session](q.db.Distinct("class_id", "site_id"), "class_id", classes)
	met, err3 := in[models.Session](q.db.Table("session_versions v").Joins("JOIN sessions x ON x.id = v.session_id").Distinct("x.class_id", "v.site_id"),
		"x.class_id", classes)
	out := map[uuid.UUID]Knowing{}
	for _, c := range homes {
		out[c.ID] = Knowing{map[uuid.UUID]bool{}, map[uuid.UUID]bool{}}
		out[c.ID].add(c.SiteID)
	}
	for _, s := range meets {
		out[s.ClassID].add(s.SiteID)
	}
	for _, s := range met {
		out[s.ClassID].Class[s.SiteID] = true
	}
	return out, errors.Join(err1, err2, err3)
}

// Replan stores sessions, and what changes of classes, tells every site that knows of them or
// has to from now on, and derives the recorded attendance again.
func (t *Tx) Replan(sessions []models.Session, classes ...models.Class) error {
	var ids []uuid.UUID
	for _, s := range sessions {
		ids = append(ids, s.ClassID)
	}
	for _, c := range classes {
		ids = append(ids, c.ID)
	}
	slices.SortFunc(ids, orderly)
	ids = slices.Compact(ids)
	before, err := t.knowing(ids)
	if err != nil {
		return err
	}
	if err := errors.Join(t.SaveClasses(classes), t.SaveSessions(sessions)); err != nil {
		return err
	}
	if err := errors.Join(t.PublishClasses(classes...), t.PublishSessions(sessions...)); err != nil {
		return err
	}
	after, err := t.knowing(ids)
	if err != nil {
		return err
	}
	for id, was := range before {
		if is := after[id]; maps.Equal(was.People, is.People) && maps.Equal(was.Class, is.Class) {
			continue
		}
		if err := t.publishMoved(id, was, after[id]); err != nil {
			return err
		}
	}
	return t.Refold(sessions...)
}

// publishMoved tells desks after a class, or sessions of it, went to another site, or came back:
// who knew of it, and who does. Tickets name no site: they stay as they are.
func (t *Tx) publishMoved(id uuid.UUID, before, now Knowing) error {
	class, err := t.Class(id)
	if err != nil {
		return err
	}
	if err := t.PublishClasses(class); err != nil {
		return err
	}
	sessions, err := t.SessionsOf(class.ID)
	if err != nil {
		return err
	}
	if err := t.PublishSessions(sessions...); err != nil {
		return err
	}
	people, err := t.EnrollmentsOf(class.ID)
	if err != nil {
		return err
	}
	items, err := t.enrollmentItems(people)
	if err != nil {
		return err
	}
	revoked, err := all[models.Ticket](t.db.Where("class_id = ? AND revoked_at <> 0", class.ID))
	if err != nil {
		return err
	}
	for _, r := range revoked {
		it, err := revocationItem(r)
		if err != nil {
			return err
		}
		items = append(items, it)
	}
	for _, it := range items {
		for _, site := range but(now.People, before.People) {
			t.Publish(site, it)
		}
		for _, site := range but(before.People, now.People) {
			t.Publish(site, exchange.Item{Kind: it.Kind, Key: it.Key})
		}
	}
	for _, site := range but(before.Class, now.Class) {
		t.Publish(site, exchange.Item{Kind: exchange.KindClass, Key: class.ID[:]})
	}
	return nil
}

// but are the sites of one set that another lacks.
func but(sites, others map[uuid.UUID]bool) (out []uuid.UUID) {
	for site := range sites {
		if !others[site] {
			out = append(out, site)
		}
	}
	return out
}

func revocationItem(r models.Ticket) (exchange.Item, error) {
	return exchange.NewItem(exchange.KindRevocation, r.ID[:], exchange.Revocation{Class: r.ClassID, At: r.RevokedAt, Enrollment: r.EnrollmentID})
}

// PublishSessions tells the sites of sessions when and where they are. Other sites that know
// their class learn where that is, and what is no longer theirs.
func (t *Tx) PublishSessions(sessions ...models.Session) error {
	byID := map[uuid.UUID]models.Session{}
	for _, s := range sessions {
		byID[s.ID] = s
	}
	known, err := t.knowingOf(byID)
	if err != nil {
		return err
	}
	sites := map[uuid.UUID]models.Site{}
	for _, s := range sessions {
		here, err := exchange.NewItem(exchange.KindSession, s.ID[:], exchange.Session{
			Class: s.ClassID, Seq: s.Seq, Start: s.StartsAt, End: s.EndsAt, Room: s.Room, Cancelled: s.Status == models.SessionCancelled,
		})
		if err != nil {
			return err
		}
		t.Publish(s.SiteID, here)
		if len(known[s.ClassID].Class) < 2 {
			continue
		}
		site, err := cached(sites, s.SiteID, t.Site)
		if err != nil {
			return err
		}
		there, err := exchange.NewItem(exchange.KindElsewhere, s.ID[:], exchange.Elsewhere{
			Class: s.ClassID, Seq: s.Seq, Start: s.StartsAt, End: s.EndsAt, Cancelled: s.Status == models.SessionCancelled, Site: site.Name, Room: s.Room,
		})
		if err != nil {
			return err
		}
		for knows := range known[s.ClassID].Class {
			gone := exchange.Item{Kind: exchange.KindSession, Key: s.ID[:]}
			if knows == s.SiteID {
				gone.Kind = exchange.KindElsewhere
			} else {
				t.Publish(knows, there)
			}
			t.Publish(knows, gone)
		}
	}
	return nil
}

func orderly(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) }

// lockSites makes transactions that derive attendance at any of some sites wait for each other.
// They are always locked in the same order, so that two never wait for one another.
func (t *Tx) lockSites(sites []uuid.UUID) error {
	sites = slices.Clone(sites)
	slices.SortFunc(sites, orderly)
	for _, site := range slices.Compact(sites) {
		if err := t.lockSite(site); err != nil {
			return err
		}
	}
	return nil
}

// lockSitesOf locks sites, and those that sessions are held at: what is recorded at one site of
// a session that has moved is part of the same results as what is recorded at the other.
func (t *Tx) lockSitesOf(sites, sessions []uuid.UUID) error {
	if len(sessions) > 0 {
		held, err := in[models.Session](t.db.Distinct("site_id"), "id", sessions)
		if err != nil {
			return err
		}
		for _, s := range held {
			sites = append(sites, s.SiteID)
		}
	}
	return t.lockSites(sites)
}

// LockClass locks a class with all that its attendance is derived from, besides some sites, and
// gives it as it is then: who changes something only while it is open asks this first.
func (t *Tx) LockClass(id uuid.UUID, besides ...uuid.UUID) (models.Class, error) {
	// The row itself, so that what is read next stays so: where the class meets.
	c, err := one[models.Class](t.db.Clauses(clause.Locking{Strength: "NO KEY UPDATE"}), "id = ?", id)
	if err != nil {
		return c, err
	}
	knows, err := t.Knowing(id)
	if err != nil {
		return c, err
	}
	return c, t.lockSites(append(but(knows.People, nil), besides...))
}
