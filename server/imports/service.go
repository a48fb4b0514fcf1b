// Package imports takes sites, schedules and participants from spreadsheets, and
// writes the templates and exports that are filled in the same way.
//
// [Service.Import] applies a file as a whole or not at all; [Jobs] does it in the
// background, so that it goes on after a restart.
package imports

import "buktihadir/server/store"

// Service imports files.
type Service struct{ st *store.Store }

// New makes the service of a store.
func New(st *store.Store) *Service { return &Service{st} }
