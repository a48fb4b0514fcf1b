package models_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"buktihadir/models"
)

func TestAPolicysNumbersMakeSense(t *testing.T) {
	if err := models.DefaultPolicy().Check(); err != nil {
		t.Errorf("the starting point: %v", err)
	}
	if err := (models.Policy{}).Check(); err != nil {
		t.Errorf("all zero: %v", err)
	}
	const day = 24 * 60
	for _, c := range []struct {
		name  string
		field func(p *models.Policy) *int
		most  int
	}{
		{"check_in_before", func(p *models.Policy) *int { return &p.CheckInBefore }, day},
		{"check_in_after", func(p *models.Policy) *int { return &p.CheckInAfter }, day},
		{"late_after", func(p *models.Policy) *int { return &p.LateAfter }, day},
		{"check_out_before", func(p *models.Policy) *int { return &p.CheckOutBefore }, day},
		{"check_out_after", func(p *models.Policy) *int { return &p.CheckOutAfter }, day},
		{"min_stay", func(p *models.Policy) *int { return &p.MinStay }, day},
		{"open_stay", func(p *models.Policy) *int { return &p.OpenStay }, day},
		{"minutes_share", func(p *models.Policy) *int { return &p.MinutesShare }, 100},
		{"sessions_share", func(p *models.Policy) *int { return &p.SessionsShare }, 100},
		{"spot_check", func(p *models.Policy) *int { return &p.SpotCheck }, 1000},
		{"late_upload", func(p *models.Policy) *int { return &p.LateUpload }, 365 * 24},
	} {
		for value, fits := range map[int]bool{-1: false, 0: true, c.most: true, c.most + 1: false} {
			p := models.DefaultPolicy()
			*c.field(&p) = value
			err := p.Check()
			if (err == nil) != fits || err != nil && (!errors.Is(err, models.ErrPolicy) || !strings.Contains(err.Error(), c.name)) {
				t.Errorf("%s of %d: %v, want it to fit: %v", c.name, value, err, fits)
			}
		}
	}
}

func TestAPilotsPhases(t *testing.T) {
	may := map[models.Phase][]models.Phase{
		models.PhasePreparing:        {models.PhaseAwaitingDecision},
		models.PhaseAwaitingDecision: {models.PhasePreparing, models.PhaseApproved},
		models.PhaseApproved:         {models.PhaseRunning, models.PhaseSuspended},
		models.PhaseRunning:          {models.PhaseSuspended, models.PhaseClosed},
		models.PhaseSuspended:        {models.PhaseApproved, models.PhaseRunning, models.PhaseClosed},
	}
	for _, from := range append(models.Phases(), "unheard of") {
		for _, to := range models.Phases() {
			if got, want := from.MayBecome(to), slices.Contains(may[from], to); got != want {
				t.Errorf("from %s to %s: %v, want %v", from, to, got, want)
			}
		}
		if got, want := from.Open(), from == models.PhaseApproved || from == models.PhaseRunning; got != want {
			t.Errorf("%s is open: %v, want %v", from, got, want)
		}
	}
}

func TestWhatAVerdictAllows(t *testing.T) {
	accepted := []models.Verdict{models.VerdictAcceptedIn, models.VerdictAcceptedOut, models.VerdictUnlisted}
	repeated := []models.Verdict{models.VerdictAlreadyIn, models.VerdictAlreadyOut}
	overridable := append([]models.Verdict{models.VerdictTooEarly, models.VerdictClosed, models.VerdictOtherClass, models.VerdictRevoked,
		models.VerdictExpired, models.VerdictNotYetValid, models.VerdictStaleCode, models.VerdictStaticRefused}, models.VerdictAlreadyOut)
	for _, v := range append(models.Verdicts(), "unheard of") {
		if v.Accepted() != slices.Contains(accepted, v) || v.Repeated() != slices.Contains(repeated, v) || v.Overridable() != slices.Contains(overridable, v) {
			t.Errorf("%q: accepted %v, repeated %v, overridable %v", v, v.Accepted(), v.Repeated(), v.Overridable())
		}
	}
}

func TestEveryListNamesEachOnce(t *testing.T) {
	once(t, "phases", models.Phases(), 6)
	once(t, "roles", models.Roles(), 3)
	once(t, "statuses", models.AttendanceStatuses(), 10)
	once(t, "verdicts", models.Verdicts(), 22)
	once(t, "event kinds", models.EventKinds(), 9)
	once(t, "methods", models.Methods(), 6)
	once(t, "confidences", models.Confidences(), 3)
	once(t, "spot outcomes", models.SpotOutcomes(), 4)
	once(t, "flags", models.Flags(), 18)
}

func once[T ~string](t *testing.T, name string, list []T, n int) {
	t.Helper()
	sorted := slices.Clone(list)
	slices.Sort(sorted)
	if got := len(slices.Compact(sorted)); got != n || len(list) != n {
		t.Errorf("%s: %d, %d of them different, want %d: %q", name, len(list), got, n, list)
	}
}
