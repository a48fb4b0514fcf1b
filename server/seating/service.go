// Package seating gives and takes places in classes: enrolments with their
// tickets, many at once or one by one, and the money that places cost.
//
// [Service] makes every change. A seat is given only if class, site, quota and budget
// have room, whoever asks. A refusal is an [office.Refusal].
package seating

import "buktihadir/server/store"

// Service seats people, issues tickets and keeps the budget.
type Service struct{ st *store.Store }

// New makes the service of a store.
func New(st *store.Store) *Service { return &Service{st} }
