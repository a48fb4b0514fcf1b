package models_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"buktihadir/models"
)

func TestSumsAreReadAsTheyAreWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sum := models.Rupiah(rapid.Int64Range(0, int64(models.MostTotal)).Draw(t, "sum"))
		if got, err := models.ParseRupiah(sum.String()); err != nil || got != sum {
			t.Fatalf("%s reads as %d (%v)", sum, got, err)
		}
	})
}

func TestWhatCouldBeAFractionIsNoSum(t *testing.T) {
	for _, c := range []struct {
		text string
		want models.Rupiah
		bad  bool
	}{
		{text: "600000", want: 600_000}, {text: "600.000", want: 600_000}, {text: "600,000", want: 600_000}, {text: " Rp 1.600.000 ", want: 1_600_000},
		{text: "rp0", want: 0},
		{text: "600.00", bad: true}, {text: "1.600.000,50", bad: true}, {text: "6.0000", bad: true}, {text: "-5", bad: true}, {text: "", bad: true},
		{text: "1e6", bad: true}, {text: "1.000,000", bad: true}, {text: "99999999999999999999", bad: true}, {text: "Rp", bad: true},
	} {
		got, err := models.ParseRupiah(c.text)
		if c.bad != errors.Is(err, models.ErrRupiah) || got != c.want {
			t.Errorf("%q reads as %d (%v), want %d, refused: %v", c.text, got, err, c.want, c.bad)
		}
	}
	if got := models.Rupiah(-1_234_567).String(); got != "-Rp1.234.567" {
		t.Errorf("a missing sum writes as %q", got)
	}
}

func TestABudgetOutOfRangeNamesItsNumber(t *testing.T) {
	good := models.Budget{Total: models.MostTotal, WarnAt: 80}
	for _, a := range good.Amounts() {
		*a.At = a.Most()
	}
	if err := good.Check(); err != nil {
		t.Errorf("the largest budget: %v", err)
	}
	for _, c := range []struct {
		field string
		spoil func(*models.Budget)
	}{
		{"total", func(b *models.Budget) { b.Total++ }}, {"onsite_fee", func(b *models.Budget) { b.Rates.Onsite.Fee = -1 }},
		{"blended_class", func(b *models.Budget) { b.Rates.Blended.Class++ }}, {"incentive", func(b *models.Budget) { b.Rates.Incentive++ }},
		{"warn_at", func(b *models.Budget) { b.WarnAt = 0 }}, {"warn_at", func(b *models.Budget) { b.WarnAt = 101 }},
		{"provinces", func(b *models.Budget) { b.Rates.Provinces = map[string]int{"91": 0} }},
	} {
		b := good.Clone()
		c.spoil(&b)
		if got, _ := errors.AsType[models.BudgetError](b.Check()); got.Field != c.field {
			t.Errorf("refused is %q, want %s", got.Field, c.field)
		}
	}
}
