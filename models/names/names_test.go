package names_test

import (
	"strings"
	"testing"

	"buktihadir/models/names"
)

func TestANameIsKeptInOneForm(t *testing.T) {
	for in, want := range map[string]string{
		"  Siti  Nur   Aisyah ":                        "Siti Nur Aisyah",
		"\u200bDewi\u00a0Ayu\u200b Lestari":            "Dewi Ayu Lestari",
		"Bambang\u202e Gnabmab\u202c":                  "Bambang Gnabmab",
		"Agus\r\nSalim\t":                              "Agus Salim",
		"Jose\u0301 \ufeffMa\u2019ruf":                 "José Ma’ruf",
		"\u2067Ali\u2069\u0000 \u034fA\u00adman\ufe0f": "Ali Aman",
		"Ḥasan Ṣāliḥ":                                  "Ḥasan Ṣāliḥ",
		"\u3000\u2003":                                 "",
	} {
		if got := names.Clean(in); got != want || names.Clean(got) != got {
			t.Errorf("%q is kept as %q, want %q", in, got, want)
		}
	}
}

func TestPeopleAreFoundAsStaffSpeakAndType(t *testing.T) {
	for _, c := range []struct {
		stored, typed string
		want          names.Match
	}{
		{"Ma'ruf Nu'man", "Ma’ruf", names.Exact},
		{"Ma'ruf Nu'man", "ma‘ruf nu`man", names.Exact},
		{"Ma'ruf Nu'man", "maruf numan", names.Exact},
		{"Ma’ruf", "ma'r", names.Spelt},
		{"M. Rizki", "Muhammad Rizki", names.Heard},
		{"M Rizki", "moch rizki", names.Heard},
		{"Moh. Rizki", "Mohd Rizki", names.Heard},
		{"Muh. Rizki", "Mochamad Rizki", names.Heard},
		{"Mohammad Rizki", "Mhd. Rizky", names.Heard},
		{"Muhammad Rizki", "M. Rizki", names.Spelt},
		{"Mochammad Rizki", "moh riz", names.Heard},
		{"Ḥasan Ṣāliḥ", "Hasan Salih", names.Exact},
		{"Hasan Salih", "ḥasan ṣāliḥ", names.Exact},
		{"Nguyễn Đức", "nguyen duc", names.Heard},
		{"Siti Nur Aisyah", "Siti  Nur\u00a0Aisyah\u200b", names.Exact},
		{"Siti Nur Aisyah", "aisyah siti", names.Exact},
		{"Yosef Bano", "yosep", names.Heard},
		{"Yosep Bano", "Yoseph", names.Heard},
		{"Joesoef", "Yusuf", names.Heard},
		{"Jusuf Kalla", "yusup", names.Heard},
		{"Soekarno", "Sukarno", names.Heard},
		{"Djoko Tjahjono", "joko cahyono", names.Heard},
		{"Achmad Rizky", "ahmad riski", names.Heard},
		{"Noer Aini", "nur aini", names.Heard},
		{"Nuraini", "nur aini", names.Nearly},
		{"Siti Nuraini", "nur ani", names.Nearly},
		{"Nur Aini", "nuraini", names.Nearly},
		{"Rahmawati", "rahmwati", names.Nearly},
		{"Rahmawati", "rahmaawti", names.Nearly},
		{"Rahmawati", "rakmaw", names.Nearly},
		{"Rahmawati", "rahmawatti", names.Heard},
		{"Lestari", "lestarin", names.Nearly},
		{"Dewi Lestari", "dew", names.Spelt},
		{"Dewi Lestari", "dewa", names.None},
		{"Dewi Lestari", "wi", names.None},
		{"Dewi Lestari", "lestuuro", names.None},
		{"Maria Goreti", "m", names.Spelt},
		{"Nur-Aini", "nur-aini", names.Exact},
		{"陈美玲", "陈美", names.Spelt},
	} {
		if got := names.Ask(c.typed).Matches(names.Index(c.stored, "PRK-480005"), "1234"); got != c.want {
			t.Errorf("%q typed for %q is %v, want %v", c.typed, c.stored, got, c.want)
		}
	}
}

func TestNumbersAreFoundHoweverTheyAreWritten(t *testing.T) {
	for _, c := range []struct {
		number, typed string
		want          names.Match
	}{
		{"PRK-480005", "PRK-480005", names.Exact},
		{"PRK-480005", "prk480005", names.Exact},
		{"PRK-480005", "PRK 480005", names.Exact},
		{"PRK-480005", "480005", names.Exact},
		{"PRK-480005", "0005", names.Exact},
		{"PRK480005", "prk-480005", names.Exact},
		{"PRK480005", "480005", names.Exact},
		{"PRK-480005", "dewi 0005", names.Exact},
		{"PRK-480005", "1234", names.Exact},
		{"PRK-480005", "4800", names.Spelt},
		{"PRK-480005", "prk4800", names.Spelt},
		{"PK-2026-00001", "pk202600001", names.Exact},
		{"PK-2026-00001", "2026-00001", names.Exact},
		{"PRK-480005", "480006", names.None},
		{"PRK-480005", "123", names.None},
		{"PRK-480005", "siti 0005", names.None},
		{"PRK-480005", "%_#", names.None},
	} {
		q := names.Ask(c.typed)
		if got := q.Matches(names.Index("Dewi Lestari", c.number), "1234"); got != c.want && (!q.Empty() || c.want != names.None) {
			t.Errorf("%q typed for %s is %v, want %v", c.typed, c.number, got, c.want)
		}
	}
}

func TestAQueryIsBounded(t *testing.T) {
	if n := len(names.Ask(strings.Repeat("ani ", 10_000)).Patterns()); n > 12 {
		t.Errorf("a long query asks for %d words", n)
	}
}

func FuzzNoQueryFails(f *testing.F) {
	f.Add("M. Rizki", "Muhammad", "0005")
	f.Fuzz(func(t *testing.T, stored, typed, number string) {
		index := names.Index(stored, number)
		if q := names.Ask(stored); !q.Empty() && len(stored) < 40 && q.Matches(index, "") == names.None {
			t.Errorf("%q doesn't find itself in %q", stored, index)
		}
		names.Ask(typed).Matches(index, "")
		if c := names.Clean(typed); names.Clean(c) != c {
			t.Errorf("%q is cleaned further", c)
		}
	})
}
