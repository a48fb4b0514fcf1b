package region_test

import (
	"regexp"
	"testing"

	"buktihadir/models/region"
)

func TestTheReferenceDataIsComplete(t *testing.T) {
	in2022 := 0
	zones := map[string]int{}
	for _, p := range region.Provinces() {
		if p.In2022() {
			in2022++
		} else if former, ok := region.ProvinceByCode(p.Former); !ok || former.MapID != p.MapID || former.Zone != p.Zone {
			t.Errorf("%s came out of %q: want a province with its map shape and zone, got %+v", p.Name, p.Former, former)
		}
		if len(region.Regencies(p.Code)) == 0 {
			t.Errorf("%s has no regencies", p.Name)
		}
		zones[p.Zone]++
	}
	disadvantaged, cities := 0, 0
	for _, r := range region.AllRegencies() {
		if r.Disadvantaged {
			disadvantaged++
		}
		if r.City {
			cities++
		}
	}
	for _, c := range []struct {
		what      string
		got, want int
	}{
		{"provinces", len(region.Provinces()), 38},
		{"provinces of 2022", in2022, 34},
		{"provinces in WIB", zones["WIB"], 18},
		{"provinces in WITA", zones["WITA"], 12},
		{"provinces in WIT", zones["WIT"], 8},
		{"regencies and cities", len(region.AllRegencies()), 514},
		{"cities", cities, 98},
		{"disadvantaged regencies", disadvantaged, 62},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %d, want %d", c.what, c.got, c.want)
		}
	}
}

func TestEveryRegencyLiesInAProvinceAndItsZone(t *testing.T) {
	code := regexp.MustCompile(`^\d\d\.\d\d$`)
	name := regexp.MustCompile(`^(Kabupaten|Kota) [A-Z][a-z]+([ -](dan|[A-Z][a-z]+))*$`)
	seen := map[string]string{}
	for _, r := range region.AllRegencies() {
		p, ok := region.ProvinceByCode(r.Province)
		if !ok || p.Zone != r.Zone || r.Zone == "" {
			t.Errorf("%+v does not match its province %+v", r, p)
		}
		if !code.MatchString(r.Code) || !name.MatchString(r.Name) {
			t.Errorf("%q %q is not written like a code and a name", r.Code, r.Name)
		}
		if (r.Former == "") != p.In2022() || (r.Former != "" && r.Former[:2] != p.Former) {
			t.Errorf("%s has former code %q, its province came out of %q", r.Name, r.Former, p.Former)
		}
		for _, c := range []string{r.Code, r.Former} {
			if other, twice := seen[c]; twice && c != "" {
				t.Errorf("code %s names both %s and %s", c, other, r.Name)
			}
			seen[c] = r.Name
		}
	}
}

func TestRegencyByCode(t *testing.T) {
	for _, c := range []struct{ name, code, want string }{
		{"a code with a dot", "31.71", "Kota Administrasi Jakarta Pusat"},
		{"a code without a dot", "3171", "Kota Administrasi Jakarta Pusat"},
		{"a code of before the province was made finds today's regency", "91.01", "Kabupaten Merauke"},
		{"and its new code finds the same", "93.01", "Kabupaten Merauke"},
		{"a code that a regency never had", "64.99", ""},
		{"a province's code is not a regency's", "31", ""},
		{"nothing", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, ok := region.RegencyByCode(c.code)
			if r.Name != c.want || ok != (c.want != "") {
				t.Errorf("RegencyByCode(%q) = %q, %v, want %q", c.code, r.Name, ok, c.want)
			}
		})
	}
}

func TestFindRegencies(t *testing.T) {
	for _, c := range []struct {
		name, query string
		want        []string
	}{
		{"a bare name finds the regency and the city", "bogor", []string{"32.01", "32.71"}},
		{"an abbreviated kind narrows it", "Kab. Bogor", []string{"32.01"}},
		{"a kind in capitals narrows it", "KOTA BOGOR", []string{"32.71"}},
		{"the cities of Jakarta go by their short names too", "Kota Jakarta Selatan", []string{"31.74"}},
		{"spaces and hyphens are written differently", "Fakfak", []string{"92.03"}},
		{"a name that begins like a kind", "Kotabaru", []string{"63.02"}},
		{"an unknown name", "Atlantis", nil},
		{"nothing", "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, r := range region.FindRegencies(c.query) {
				got = append(got, r.Code)
			}
			if len(got) != len(c.want) {
				t.Fatalf("FindRegencies(%q) = %v, want %v", c.query, got, c.want)
			}
			for i := range got {
				if got[i] != c.want[i] {
					t.Errorf("FindRegencies(%q) = %v, want %v", c.query, got, c.want)
				}
			}
		})
	}
}

func TestAListGivenOutCannotChangeTheData(t *testing.T) {
	region.Provinces()[0].Name = "changed"
	region.AllRegencies()[0].Name = "changed"
	if p, r := region.Provinces()[0], region.AllRegencies()[0]; p.Name == "changed" || r.Name == "changed" {
		t.Errorf("a caller's change shows: %q, %q", p.Name, r.Name)
	}
}
