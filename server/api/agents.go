package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/server/webhook"
)

// Agent is a site-agent with what it says of its health.
type Agent struct {
	ID            uuid.UUID  `json:"id"`
	Site          uuid.UUID  `json:"site"`
	SiteCode      string     `json:"site_code"`
	Name          string     `json:"name"`
	Status        string     `json:"status" enum:"active,revoked"`
	Version       string     `json:"version" doc:"Of its program"`
	EnrolledAt    *time.Time `json:"enrolled_at,omitempty"`
	LastContact   *time.Time `json:"last_contact,omitempty"`
	ReportedUntil *time.Time `json:"reported_until,omitempty" doc:"Everything up to here has arrived"`
	Unsent        int64      `json:"unsent" doc:"Events that it still had to send at the last contact"`
	Roster        int64      `json:"roster_revision" doc:"Of the roster that it has"`
	NewestRoster  int64      `json:"newest_roster_revision" doc:"Of the roster that it could have"`
	RosterAt      *time.Time `json:"roster_current_at,omitempty" doc:"When its roster was last known to be the newest"`
	ClockOffset   int64      `json:"clock_offset_ms" doc:"Its clock minus the server's at the last contact"`
	DiskFree      *int64     `json:"disk_free_bytes,omitempty" doc:"Room on the disk of its data at the last contact; absent: it has not said"`
	DiskTotal     *int64     `json:"disk_total_bytes,omitempty" doc:"Size of that disk"`
	Troubles      []string   `json:"troubles" nullable:"false" doc:"What is wrong with it: silent, disk, clock, unsent, roster, version"`
}

type agentQuery struct {
	Paging
	Site        uuid.UUID `query:"site"`
	SilentSince time.Time `query:"silent_since" doc:"Only active ones that were not heard from since this instant"`
	Trouble     string    `query:"trouble" enum:"any,silent,disk,clock,unsent,roster,version" doc:"Only active ones with this trouble"`
}

func (a *API) agentOperations() {
	add(a, op{id: "list-agents", method: http.MethodGet, path: "/agents", tag: "Sites", asks: account.ReadAgents, summary: "Site-agents and their health"},
		a.agents)
}

func (a *API) agents(ctx context.Context, in *agentQuery) (*page[Agent], error) {
	s, err := in.slice()
	if err != nil {
		return nil, err
	}
	f := store.AgentFilter{Site: in.Site, Ails: models.Ailment(in.Trouble), Now: a.Now()}
	if !in.SilentSince.IsZero() {
		f.SilentSince = models.MillisOf(in.SilentSince)
	}
	list, err := a.Store.Read(ctx).ListAgents(f, s)
	return paged(in.Paging, list.Rows, a.agentOf, func(r store.AgentEntry) uuid.UUID { return r.ID }), err
}

func (a *API) agentOf(g store.AgentEntry) Agent {
	out := Agent{ID: g.ID, Site: g.SiteID, SiteCode: g.SiteCode, Name: g.Name, Status: string(g.Status), Version: g.Version,
		EnrolledAt: webhook.Time(g.EnrolledAt), LastContact: webhook.Time(g.LastContact), ReportedUntil: webhook.Time(g.ReportedUntil),
		Unsent: g.Unsent, Roster: g.RosterRev, NewestRoster: g.Revision, RosterAt: webhook.Time(g.RosterAt), ClockOffset: g.ClockOffset, Troubles: []string{}}
	if g.Disk.Known() {
		out.DiskFree, out.DiskTotal = &g.Disk.Free, &g.Disk.Total
	}
	for _, x := range g.Ailing(a.Now()) {
		out.Troubles = append(out.Troubles, string(x))
	}
	return out
}
