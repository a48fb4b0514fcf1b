// Package seating gives and takes places in classes: enrolments with their
// tickets, many at once or one by one, and the money that places cost.
//
// [Service] carries every change. A seat is only given where class, site, quota
// and budget have room, whoever asks; what is refused is an [office.Refusal].
package seating

import "buktihadir/server/store"

// Service seats people, issues tickets and keeps the budget.
type Service struct{ st *store.Store }

// New makes the service of a store.
func New(st *store.Store) *Service { return &Service{st} }
