// Package schedule is the plan: pilots and their gate, classes and sessions and
// what collides, people and their places, tickets, and the files that all of it
// is imported from.
//
// Planner carries every change: it checks the rules, stores what follows from
// the change, tells the sites' agents, and writes the history, in one
// transaction. What it refuses is a *Refusal, whose text exists in two languages.
package schedule

import (
	"fmt"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
)

// Planner changes the plan.
type Planner struct{ st *store.Store }

// New makes a planner.
func New(st *store.Store) *Planner { return &Planner{st} }

// Actor is who changes something, for the history. Without an ID it is the
// command line or the server itself.
type Actor struct {
	ID       *uuid.UUID
	Name     string
	Provider *uuid.UUID // the only institution that this actor plans for; nil: all
	Reason   string     // why a pilot's budget, quotas or rules change
}

// Because is the actor with a reason.
func (a Actor) Because(reason string) Actor {
	a.Reason = strings.TrimSpace(reason)
	return a
}

// Refusal is a rule that says no. Key names its text; Args are the text's
// arguments, by name and value in turn.
type Refusal struct {
	Key  string
	Args []any
}

func refuse(key string, args ...any) *Refusal { return &Refusal{key, args} }

// full says that there is no seat left, of whichever limit.
func (r *Refusal) full() bool { return strings.HasSuffix(r.Key, "_full") }

func (r *Refusal) Error() string { return fmt.Sprint(append([]any{r.Key}, r.Args...)...) }

// Message gives the text's key and arguments.
func (r *Refusal) Message() (key string, args []any) { return r.Key, r.Args }

// plans says whether a class is the actor's to plan.
func (a Actor) plans(c models.Class) bool { return a.Provider == nil || c.ProviderID == *a.Provider }

func (a Actor) record(tx *store.Tx, action, entity, id, detail, reason string) error {
	return tx.Record(models.HistoryEntry{
		ActorID: a.ID, Actor: a.Name, Action: action, Entity: entity, EntityID: id, Detail: detail, Reason: reason,
	})
}

// recordChanges records what was done to a pilot, field by field, and why.
func (a Actor) recordChanges(tx *store.Tx, action string, pilot uuid.UUID, changes []Change) error {
	text, err := detail(changes)
	if err != nil {
		return err
	}
	return a.record(tx, action, "pilot", pilot.String(), text, a.Reason)
}

// newID makes an identifier that sorts by time (UUIDv7, RFC 9562).
func newID() (uuid.UUID, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return id, fmt.Errorf("make an id: %w", err)
	}
	return id, nil
}
