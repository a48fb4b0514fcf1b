// Package agents registers, renews and ends the site-agents: the programs that
// record attendance at the sites. The pages and the command line both call it,
// so that both allow and record the same.
//
// Package exchange answers the agents' own requests (enrol, send, fetch).
package agents

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// longestName is how long an agent's name may be, in characters.
const longestName = 120

// Service changes agents.
type Service struct{ st *store.Store }

// New makes the service of a store.
func New(st *store.Store) *Service { return &Service{st} }

// Code is a one-time code that makes a program an agent.
type Code struct {
	Text    string
	Expires models.Millis
}

// Add makes a one-time code for a new agent of a site. Without a name the agent is
// called by the site's code.
func (s *Service) Add(ctx context.Context, by office.Actor, site uuid.UUID, name string) (code Code, err error) {
	if name = strings.TrimSpace(name); utf8.RuneCountInString(name) > longestName {
		return code, office.RefuseField("agent", "account.name_wrong")
	}
	err = s.st.Write(ctx, func(tx *store.Tx) error {
		row, err := tx.Site(site)
		if err != nil {
			return err
		}
		if name == "" {
			name = row.Code
		}
		if code.Text, code.Expires, err = tx.NewAgentCode(site, name); err != nil {
			return err
		}
		return by.Record(tx, office.Done{Action: "agent.add", Entity: "site", ID: site.String(), Detail: name})
	})
	return code, err
}

// Revoke ends an agent's trust. The agent may still deliver what it recorded before.
func (s *Service) Revoke(ctx context.Context, by office.Actor, agent uuid.UUID) (models.Agent, error) {
	return s.change(ctx, by, agent, "agent.revoke", (*store.Tx).RevokeAgent)
}

// Rotate gives an agent another bearer token with its next contact; the present one
// works until the agent has the other.
func (s *Service) Rotate(ctx context.Context, by office.Actor, agent uuid.UUID) (models.Agent, error) {
	return s.change(ctx, by, agent, "agent.rotate", (*store.Tx).RotateToken)
}

func (s *Service) change(ctx context.Context, by office.Actor, id uuid.UUID, action string,
	change func(*store.Tx, uuid.UUID) error) (agent models.Agent, err error) {
	err = s.st.Write(ctx, func(tx *store.Tx) error {
		if agent, err = tx.Agent(id); err != nil {
			return err
		}
		if err := change(tx, id); err != nil {
			return err
		}
		return by.Record(tx, office.Done{Action: action, Entity: "site", ID: agent.SiteID.String(), Detail: agent.Name})
	})
	return agent, err
}
