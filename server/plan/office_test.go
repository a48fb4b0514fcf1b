package plan_test

import (
	"testing"

	"buktihadir/server/plan/plantest"
)

type fixture struct{ *plantest.Office }

func onBoth(t *testing.T, test func(t *testing.T, o *fixture)) {
	t.Helper()
	plantest.OnBoth(t, func(t *testing.T, o *plantest.Office) { test(t, &fixture{o}) })
}

func newOffice(t *testing.T) *fixture {
	t.Helper()
	return &fixture{plantest.New(t)}
}
