// Package proposal proposes classes for people without a class. It asks package autoplan
// for a plan, stores the proposal, and accepts it class by class.
//
// [Service] does the work, [Proposals] does it in the background.
package proposal

import "buktihadir/server/store"

// Service proposes classes and accepts them.
type Service struct{ st *store.Store }

// New makes the service of a store.
func New(st *store.Store) *Service { return &Service{st} }
