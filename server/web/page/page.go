// Package page is the kit that all groups of pages share: the visitor and their
// permissions ([Visitor], [Kit.Guard]), the frame around a page ([Kit.Frame], [Show]),
// forms that keep what was typed ([Form]), paging, downloads, and the addresses that
// pages link to (hrefs.go).
//
// Parts that two groups show alike are here too: the tabs of a class, a line of a
// session, an agent, the history, the budget.
package page

import (
	"log/slog"
	"net/url"

	"github.com/alexedwards/scs/v2"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/agents"
	"buktihadir/server/bulk"
	"buktihadir/server/exchange"
	"buktihadir/server/imports"
	"buktihadir/server/plan"
	"buktihadir/server/privacy"
	"buktihadir/server/proposal"
	"buktihadir/server/receipts"
	"buktihadir/server/seating"
	"buktihadir/server/store"
	"buktihadir/server/subscription"
	"buktihadir/server/webhook"
	"buktihadir/templates"
)

// Config is what the pages are made of.
type Config struct {
	Store     *store.Store
	Accounts  *account.Accounts
	Imports   *imports.Jobs
	Proposals *proposal.Proposals
	Bundles   *exchange.Service
	Webhooks  *webhook.Service
	// These serve the mails that are sent regularly, and say whether there is a mail
	// server.
	Subscriptions *subscription.Service
	Dispatcher    *subscription.Dispatcher
	MailOn        bool
	Set           *templates.Set
	Log           *slog.Logger
	Now           func() models.Millis
	PublicURL     *url.URL // where people reach the server; https makes cookies secure
	Proxies       []string // networks whose word about a visitor's address counts
}

// Kit is what every wing of the pages is built with.
type Kit struct {
	Config
	Plan     *plan.Service
	Seating  *seating.Service
	Privacy  *privacy.Service
	Agents   *agents.Service
	Receipts *receipts.Service
	Sessions *scs.SessionManager
	Bulk     *bulk.Changes
}

// New makes the kit.
func New(cfg Config, sessions *scs.SessionManager, changes *bulk.Changes) *Kit {
	return &Kit{
		Config: cfg, Plan: plan.New(cfg.Store), Seating: seating.New(cfg.Store), Privacy: privacy.New(cfg.Store), Agents: agents.New(cfg.Store),
		Receipts: receipts.New(cfg.Store, cfg.Now),
		Sessions: sessions, Bulk: changes,
	}
}
