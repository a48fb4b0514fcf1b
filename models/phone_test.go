package models_test

import (
	"errors"
	"strings"
	"testing"

	"buktihadir/models"
)

func TestParsePhone(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     string
		err      error
	}{
		{"as people say it", "081234567890", "+6281234567890", nil},
		{"with the country code", "+6281234567890", "+6281234567890", nil},
		{"with the country code and no plus", "6281234567890", "+6281234567890", nil},
		{"as dialled from abroad", "006281234567890", "+6281234567890", nil},
		{"grouped", "+62 812-3456-7890", "+6281234567890", nil},
		{"with a bracketed zero", "+62 (0)812 3456 7890", "+6281234567890", nil},
		{"without the zero that a spreadsheet dropped", "81234567890", "+6281234567890", nil},
		{"with dashes of a word processor and invisible marks", "\u202a0812\u20133456\u20137890\u202c", "+6281234567890", nil},
		{"the shortest", "0811234567", "+62811234567", nil},
		{"the longest", "0812345678901", "+62812345678901", nil},
		{"a subscriber's 62 is not the country code", "0862123456789", "+62862123456789", nil},
		{"too short", "08112345", "", models.PhoneWrongLength},
		{"too long", "08123456789012", "", models.PhoneWrongLength},
		{"a landline in Jakarta", "0215551234", "", models.PhoneNotMobile},
		{"another country", "+6591234567", "", models.PhoneNotMobile},
		{"only the country code", "+62", "", models.PhoneNotMobile},
		{"nothing", "  ", "", models.PhoneNotDigits},
		{"only a plus", "+", "", models.PhoneNotDigits},
		{"two pluses", "++6281234567890", "", models.PhoneNotDigits},
		{"two numbers", "081234567890/081234567891", "", models.PhoneNotDigits},
		{"what a spreadsheet makes of a long number", "6.28123E+12", "", models.PhoneNotDigits},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := models.ParsePhone(c.in)
			if string(got) != c.want || !errors.Is(err, c.err) {
				t.Errorf("ParsePhone(%q) = %s, %v, want %s, %v", c.in, string(got), err, c.want, c.err)
			}
		})
	}
}

func FuzzParsePhone(f *testing.F) {
	for _, s := range []string{"081234567890", "+62 812-3456-7890", "0215551234", "", "\xff", "+62"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := models.ParsePhone(s)
		if err != nil {
			var known models.PhoneError
			if p != "" || !errors.As(err, &known) {
				t.Fatalf("ParsePhone(%q) = %q, %v", s, string(p), err)
			}
			return
		}
		if again, err := models.ParsePhone(string(p)); err != nil || again != p || !strings.HasPrefix(string(p), "+628") {
			t.Fatalf("ParsePhone(%q) = %q, read again %q, %v", s, string(p), string(again), err)
		}
	})
}
