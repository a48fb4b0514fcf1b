package people_test

import (
	"testing"

	"buktihadir/server/web/webtest"
)

// fixture is the office, with what only the tests of people ask of it.
type fixture struct{ *webtest.Office }

func newOffice(t testing.TB) *fixture {
	t.Helper()
	return &fixture{webtest.New(t)}
}
