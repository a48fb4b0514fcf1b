// Package plan manages the plan: pilots and their phases, sessions and their collisions,
// instructors, officers, days off, policies, and the calendar addresses that publish it.
//
// [Service] makes every change: it checks the rules, stores the change and its
// consequences, tells the sites' agents, and writes the history, in one transaction.
package plan

import "buktihadir/server/store"

// Service changes the plan.
type Service struct{ st *store.Store }

// New makes the service of a store.
func New(st *store.Store) *Service { return &Service{st} }
