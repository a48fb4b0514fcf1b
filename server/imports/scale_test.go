package imports_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"buktihadir/scripts/e2e/database"
	"buktihadir/server/imports"
	"buktihadir/server/plan/plantest"
)

func TestAHundredThousandPeopleAreImportedInSeconds(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	const people, bound = 100_000, 2 * time.Minute // seconds where nothing else runs
	inTime := func(t *testing.T, o *fixture) {
		t.Helper()
		var b strings.Builder
		b.WriteString(plantest.PeopleHead)
		for n := range people {
			fmt.Fprintf(&b, "REG-%d,3273%02d150695%04d,Peserta %d,0812%08d,\n", n, n/9999+1, n%9999+1, n, n)
		}
		began := time.Now()
		rep := o.Good(imports.KindParticipants, b.String())
		took := time.Since(began)
		t.Logf("%d rows in %s", rep.New, took.Round(time.Millisecond))
		if rep.New != people || took > bound {
			t.Errorf("%d of %d rows in %s, want all in %s", rep.New, people, took, bound)
		}
	}
	// One after the other, and beside no other test: time is looked at.
	t.Run("sqlite", func(t *testing.T) { inTime(t, newOffice(t)) })
	t.Run("postgres", func(t *testing.T) { inTime(t, &fixture{plantest.On(t, database.Postgres(t))}) })
}
