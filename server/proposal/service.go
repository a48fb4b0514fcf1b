// Package proposal proposes classes for people who have none: it asks package
// autoplan for a plan, keeps what it proposes, and accepts class by class.
//
// [Service] does the work, [Proposals] does it in the background.
package proposal

import "buktihadir/server/store"

// Service proposes classes and accepts them.
type Service struct{ st *store.Store }

// New makes the service of a store.
func New(st *store.Store) *Service { return &Service{st} }
