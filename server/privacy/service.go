// Package privacy answers what participants ask of their data: consent, access,
// correction and erasure (UU 27/2022), and opens whole numbers for those who may
// see them, in writing.
package privacy

import "buktihadir/server/store"

// Service answers requests about personal data.
type Service struct{ st *store.Store }

// New makes the service of a store.
func New(st *store.Store) *Service { return &Service{st} }
