// Package schedule is the plan: pilots and their gate, classes and sessions and
// what collides, people and their places, tickets, and the files that all of it
// is imported from.
//
// Planner carries every change: it checks the rules, stores what follows from
// the change, tells the sites' agents, and writes the history, in one
// transaction. What it refuses is a *office.Refusal, whose text exists in two languages.
package schedule

import (
	"github.com/google/uuid"

	"buktihadir/server/office"
	"buktihadir/server/store"
)

// Planner changes the plan.
type Planner struct{ st *store.Store }

// New makes a planner.
func New(st *store.Store) *Planner { return &Planner{st} }

// recordChanges records what was done to a pilot, field by field, and why.
func recordChanges(tx *store.Tx, by office.Actor, action string, pilot uuid.UUID, changes []Change) error {
	text, err := detail(changes)
	if err != nil {
		return err
	}
	return by.Record(tx, office.Done{Action: action, Entity: "pilot", ID: pilot.String(), Detail: text})
}
