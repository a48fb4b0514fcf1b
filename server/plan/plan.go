package plan

import (
	"errors"
)

// ErrDry ends a transaction that was only tried.
var ErrDry = errors.New("only tried")

// Mode says whether a change is made or only tried.
type Mode int

// Check only reports what would happen.
const (
	Apply Mode = iota
	Check
)
