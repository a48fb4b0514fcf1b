// Package plan holds what is planned: pilots and their gate, sessions and what
// collides with them, instructors, officers, days off, policies, and the calendar
// addresses that publish it.
//
// [Service] carries every change: it checks the rules, stores what follows from
// the change, tells the sites' agents, and writes the history, in one transaction.
package plan

import "buktihadir/server/store"

// Service changes the plan.
type Service struct{ st *store.Store }

// New makes the service of a store.
func New(st *store.Store) *Service { return &Service{st} }
