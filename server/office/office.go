// Package office has what all changes at the office share: the person or program that
// acts ([Actor]), the reason of a refusal ([Refusal]), the entry in the history
// ([Actor.Record]), and the stored form of a refusal ([Problem]).
//
// Pages, API, command line and imports use these same types, so they all give the same
// answer. The rules themselves are in the packages above: seating, plan, imports, review
// and others.
package office

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
)

// Actor is who changes something. It is written into the history.
type Actor struct {
	ID       *uuid.UUID // of a user or an API token; nil: the command line, or the server itself
	Name     string
	Provider *uuid.UUID // the only institution that this actor plans for; nil: all
	Reason   string     // why; used where the change itself asks for no reason of its own
	Agreed   string     // what the actor has seen and agreed to, in the code that the refusal gave
}

// Program is an actor without an account: the command line, the server, an agent, a participant.
func Program(name string) Actor { return Actor{Name: name} }

// User is a user as an actor for all institutions.
func User(u models.User) Actor { return Actor{ID: &u.ID, Name: u.Name} }

// Because returns the actor with a reason.
func (a Actor) Because(reason string) Actor {
	a.Reason = strings.TrimSpace(reason)
	return a
}

// Agreeing returns the actor with what they agree to.
func (a Actor) Agreeing(code string) Actor {
	a.Agreed = strings.TrimSpace(code)
	return a
}

// Plans reports whether the actor may plan a class.
func (a Actor) Plans(c models.Class) bool { return a.Provider == nil || c.ProviderID == *a.Provider }

// Done says what an actor did, for the history.
type Done struct {
	Action string // a stable code, "pilot.approve"; its text is "action.pilot.approve"
	Entity string // the kind of thing it was done to
	ID     string // which of them; empty for all of a kind
	Detail string // the change, without personal numbers
	Reason string // empty: the actor's reason
}

// Record writes what the actor did into the history, in the transaction that does it.
func (a Actor) Record(tx *store.Tx, d Done) error {
	if d.Reason == "" {
		d.Reason = a.Reason
	}
	return tx.Record(models.HistoryEntry{ActorID: a.ID, Actor: a.Name, Action: d.Action, Entity: d.Entity, EntityID: d.ID, Detail: d.Detail, Reason: d.Reason})
}

// Log writes an entry for an act that does not change data: a list was exported,
// documents were printed.
func (a Actor) Log(ctx context.Context, st *store.Store, d Done) error {
	return st.Write(ctx, func(tx *store.Tx) error { return a.Record(tx, d) })
}

// Restored begins a new epoch after a backup was put back, for a reason that
// everybody can read for good.
func (a Actor) Restored(ctx context.Context, st *store.Store, reason string) error {
	return st.Write(ctx, func(tx *store.Tx) error { return tx.Restored(a.Name, reason) })
}

// CheckLog finds changes that were made in the database without the server.
func CheckLog(ctx context.Context, st *store.Store) (found []store.LogProblem, err error) {
	err = st.Write(ctx, func(tx *store.Tx) (err error) { found, err = tx.CheckLog(); return err })
	return found, err
}

// Progress is told how many rows of how many are done.
type Progress func(done, total int)

// Cause is what a caller may decide by when something is refused.
type Cause string

// The causes of refusals.
const (
	Rule Cause = ""     // a rule forbids it; the text says which
	Full Cause = "full" // no seat is left: in the class, its site, a quota or the budget
)

// Refusal is a rule that says no, in words for people: a text's key with the
// text's arguments, by name and value in turn.
type Refusal struct {
	Cause Cause
	Key   string
	Args  []any
	Field string // the input that caused it; empty: the thing as a whole
}

// Refuse makes a refusal of the thing as a whole.
func Refuse(key string, args ...any) *Refusal { return &Refusal{Key: key, Args: args} }

// RefuseFull makes a refusal for want of a seat.
func RefuseFull(key string, args ...any) *Refusal { return &Refusal{Cause: Full, Key: key, Args: args} }

// RefuseField makes a refusal of what an input holds.
func RefuseField(field, key string, args ...any) *Refusal {
	return &Refusal{Field: field, Key: key, Args: args}
}

// ReasonNeeded refuses a change without a reason.
func ReasonNeeded() *Refusal { return RefuseField("reason", "plan.reason_needed") }

// Message gives the text's key and arguments.
func (r *Refusal) Message() (key string, args []any) { return r.Key, r.Args }

func (r *Refusal) Error() string { return fmt.Sprint(append([]any{r.Key}, r.Args...)...) }

// worded is an error of a package below that has words for people too, such as
// a mail server's answer.
type worded interface {
	error
	Message() (key string, args []any)
}

// RefusalOf finds the refusal in an error. It is false if the error is a fault that the
// user cannot correct.
func RefusalOf(err error) (*Refusal, bool) {
	if r, ok := errors.AsType[*Refusal](err); ok {
		return r, true
	}
	if w, ok := errors.AsType[worded](err); ok {
		key, args := w.Message()
		return Refuse(key, args...), true
	}
	return nil, false
}

// IsFull reports whether an error is a refusal for want of a seat.
func IsFull(err error) bool {
	r, ok := errors.AsType[*Refusal](err)
	return ok && r.Cause == Full
}

// Problem is a refusal in a form that can be kept.
type Problem struct {
	Key  string   `json:"key"`
	Args []string `json:"args,omitempty"`
}

// Problem is the refusal as it is kept.
func (r *Refusal) Problem() Problem {
	p := Problem{Key: r.Key}
	for _, a := range r.Args {
		p.Args = append(p.Args, fmt.Sprint(a))
	}
	return p
}

// ProblemsOf are the refusals in an error, which may join several. It returns an error
// that is not a refusal.
func ProblemsOf(err error) ([]Problem, error) {
	if joined, ok := errors.AsType[interface {
		error
		Unwrap() []error
	}](err); ok {
		var all []Problem
		for _, e := range joined.Unwrap() {
			some, err := ProblemsOf(e)
			if err != nil {
				return nil, err
			}
			all = append(all, some...)
		}
		return all, nil
	}
	if r, ok := errors.AsType[*Refusal](err); ok {
		return []Problem{r.Problem()}, nil
	}
	return nil, err
}

// Text is the problem as JSON.
func (p Problem) Text() (string, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return "", fmt.Errorf("describe a refusal: %w", err)
	}
	return string(text), nil
}
