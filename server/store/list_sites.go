package store

import (
	"strconv"

	"github.com/google/uuid"

	"buktihadir/models"
)

// SiteEntry is a site as a list shows it.
type SiteEntry struct {
	models.Site
	Classes, Agents, Officers int
	NextStart                 models.Millis // of the next session; 0: no session
}

// SiteFilter narrows a list of sites.
type SiteFilter struct {
	Province string // Kemendagri code; "" for all
	Words    string // in its code, name or address
}

// ListSites lists sites by code; now says which session is the next.
func (q Queries) ListSites(f SiteFilter, now models.Millis, part Slice) (Listed[SiteEntry], error) {
	db := q.db.Table("sites s")
	if f.Province != "" {
		db = db.Where("s.regency LIKE ?", f.Province+".%")
	}
	if f.Words != "" {
		db = db.Where(`LOWER(s.code || ' ' || s.name || ' ' || s.address) LIKE ? ESCAPE '\'`, containing(f.Words))
	}
	return listed[SiteEntry](db, siteColumns(now), "s.code, s.id", part)
}

// SiteEntry finds one site with its counts.
func (q Queries) SiteEntry(id uuid.UUID, now models.Millis) (SiteEntry, error) {
	var row SiteEntry
	return row, translate(q.db.Table("sites s").Where("s.id = ?", id).Select(siteColumns(now)).Take(&row).Error)
}

func siteColumns(now models.Millis) string {
	return `s.*, (SELECT COUNT(*) FROM classes c WHERE c.site_id = s.id) AS classes,
		(SELECT COUNT(*) FROM agents a WHERE a.site_id = s.id AND a.status = 'active') AS agents,
		(SELECT COUNT(*) FROM officers o WHERE o.site_id = s.id AND o.active) AS officers,
		COALESCE((SELECT MIN(x.starts_at) FROM sessions x WHERE x.site_id = s.id AND x.status = 'planned' AND x.ends_at > ` +
		strconv.FormatInt(int64(now), 10) + `), 0) AS next_start`
}

// AgentEntry is a site-agent as a list shows it. Revision is the newest roster
// that it could have, Awaited the start of the first session that was not over at its last
// contact.
type AgentEntry struct {
	models.Agent
	SiteCode, SiteName string
	Zone               models.Zone
	Rhythm             models.Rhythm
	Revision           int64
	Awaited            models.Millis
}

// AgentFilter narrows a list of agents.
type AgentFilter struct {
	Site        uuid.UUID
	SilentSince models.Millis  // only those not heard from since
	Sites       []uuid.UUID    // only theirs; nil: any
	Online      bool           // only of sites that are in touch while they teach
	Ails        models.Ailment // only those with this, at Now
	Now         models.Millis
}

// ListAgents lists agents: active first, then by site and name.
func (q Queries) ListAgents(f AgentFilter, s Slice) (Listed[AgentEntry], error) {
	db := q.db.Table("agents a").Joins("JOIN sites s ON s.id = a.site_id").Joins("LEFT JOIN site_feeds f ON f.site_id = a.site_id")
	if f.Site != uuid.Nil {
		db = db.Where("a.site_id = ?", f.Site)
	}
	if f.Sites != nil {
		db = db.Where("a.site_id IN ?", f.Sites)
	}
	if f.Online {
		db = db.Where("s.rhythm NOT IN ?", carriedRhythms())
	}
	if f.SilentSince != 0 {
		db = db.Where("a.status = ? AND a.last_contact < ?", models.AgentActive, f.SilentSince)
	}
	if f.Ails != "" {
		db = ailing(db, f.Ails, f.Now)
	}
	return listed[AgentEntry](db, "a.*, s.code AS site_code, s.name AS site_name, s.zone, s.rhythm, COALESCE(f.revision, 0) AS revision, "+
		"COALESCE((SELECT MIN(x.starts_at) "+unreported+"), 0) AS awaited",
		"a.status, s.code, a.name, a.id", s)
}
