package region_test

import (
	"math"
	"testing"

	"buktihadir/models/region"
)

func TestEveryRegencyHasAPointInItsProvince(t *testing.T) {
	for _, r := range region.AllRegencies() {
		p, ok := region.PointOf(r.Code)
		if !ok || p.Latitude < -11.1 || p.Latitude > 6.1 || p.Longitude < 95 || p.Longitude > 141.1 {
			t.Errorf("%s %s lies at %+v, outside Indonesia", r.Code, r.Name, p)
			continue
		}
		nearest := math.Inf(1)
		for _, other := range region.Regencies(r.Province) {
			if q, ok := region.PointOf(other.Code); ok && other.Code != r.Code {
				nearest = min(nearest, p.MetresTo(q))
			}
		}
		if nearest > 400_000 {
			t.Errorf("%s %s lies %.0f km from every other regency of its province", r.Code, r.Name, nearest/1000)
		}
	}
}

func TestDistancesBetweenRegencies(t *testing.T) {
	for _, c := range []struct {
		name, from, to string
		km, within     float64
	}{
		{"a place to itself", "32.73", "32.73", 0, 0},
		{"Jakarta to Bandung, as the crow flies", "31.71", "32.73", 115, 10},
		{"Surabaya to Makassar, over the sea", "35.78", "73.71", 780, 30},
		{"Banda Aceh to Jayapura, one end to the other", "11.71", "91.71", 5_120, 60},
		{"a former code is the same place", "91.01", "93.01", 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, okA := region.PointOf(c.from)
			b, okB := region.PointOf(c.to)
			there, back := a.MetresTo(b)/1000, b.MetresTo(a)/1000
			if !okA || !okB || math.Abs(there-c.km) > c.within || math.Abs(there-back) > 1e-6 {
				t.Errorf("%s to %s: %.0f km there, %.0f km back, want %.0f ± %.0f", c.from, c.to, there, back, c.km, c.within)
			}
		})
	}
	if p, ok := region.PointOf("99.99"); ok {
		t.Errorf("a code that is nowhere lies at %+v", p)
	}
}
