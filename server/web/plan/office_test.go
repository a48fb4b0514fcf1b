package plan_test

import (
	"errors"
	"testing"

	"buktihadir/server/plan"
	"buktihadir/server/web/webtest"
)

// fixture is the office, with what only the tests of the plan ask of it.
type fixture struct{ *webtest.Office }

func newOffice(t testing.TB) *fixture {
	t.Helper()
	return &fixture{webtest.New(t)}
}

// warned makes a change of the plan, agreeing to whatever it warns of.
func warned(t testing.TB, change func(agreed string) (plan.Outcome, error)) {
	t.Helper()
	out, err := change("")
	if errors.Is(err, plan.ErrWarned) {
		_, err = change(out.Agreement())
	}
	if err != nil {
		t.Fatal(err)
	}
}
