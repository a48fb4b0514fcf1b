// Package privacy answers the requests of participants about their data: consent, access,
// correction and erasure (UU 27/2022). It also shows whole numbers to users who may see
// them, and records that.
package privacy

import "buktihadir/server/store"

// Service answers requests about personal data.
type Service struct{ st *store.Store }

// New makes the service of a store.
func New(st *store.Store) *Service { return &Service{st} }
