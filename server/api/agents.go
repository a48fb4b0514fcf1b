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
	ClockOffset   int64      `json:"clock_offset_ms" doc:"Its clock minus the server's at the last contact"`
}

type agentQuery struct {
	Paging
	Site        uuid.UUID `query:"site"`
	SilentSince time.Time `query:"silent_since" doc:"Only active ones that were not heard from since this instant"`
}

func (a *API) agentOperations() {
	add(a, op{id: "list-agents", method: http.MethodGet, path: "/agents", tag: "Sites", asks: account.ReadAgents, summary: "Site-agents and their health"}, a.agents)
}

func (a *API) agents(ctx context.Context, in *agentQuery) (*page[Agent], error) {
	s, err := in.slice()
	if err != nil {
		return nil, err
	}
	f := store.AgentFilter{Site: in.Site}
	if !in.SilentSince.IsZero() {
		f.SilentSince = models.MillisOf(in.SilentSince)
	}
	list, err := a.Store.Read(ctx).ListAgents(f, s)
	return paged(in.Paging, list.Rows, agentOf, func(r store.AgentEntry) uuid.UUID { return r.ID }), err
}

func agentOf(g store.AgentEntry) Agent {
	return Agent{ID: g.ID, Site: g.SiteID, SiteCode: g.SiteCode, Name: g.Name, Status: string(g.Status), Version: g.Version,
		EnrolledAt: webhook.Time(g.EnrolledAt), LastContact: webhook.Time(g.LastContact), ReportedUntil: webhook.Time(g.ReportedUntil),
		Unsent: g.Unsent, Roster: g.RosterRev, NewestRoster: g.Revision, ClockOffset: g.ClockOffset}
}
