package models_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/models/region"
)

func knownRegency(code string) bool {
	_, ok := region.RegencyByCode(code)
	return ok
}

func TestParseNIK(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     string
		err      error
	}{
		{"a man's number", "3171001708900001", "3171001708900001", nil},
		{"a woman's number has 40 added to the day", "3171005708900001", "3171005708900001", nil},
		{"spaces, dots and hyphens are forgiven", " 3171.0017-0890 0001\t", "3171001708900001", nil},
		{"invisible marks of a copied number are forgiven", "\u202a3171001708900001\u202c\u00a0", "3171001708900001", nil},
		{"29 February is possible in a year we don't know", "3171002902010001", "3171002902010001", nil},
		{"a woman's 31st", "3171007112990001", "3171007112990001", nil},
		{"fifteen digits", "317100170890001", "", models.NIKNotSixteenDigits},
		{"seventeen digits", "31710017089000011", "", models.NIKNotSixteenDigits},
		{"nothing", "", "", models.NIKNotSixteenDigits},
		{"what a spreadsheet makes of a long number", "3.17100170890E+15", "", models.NIKNotSixteenDigits},
		{"digits of another script", "３１７１００１７０８９００００１", "", models.NIKNotSixteenDigits},
		{"day 0", "3171000008900001", "", models.NIKImpossibleDay},
		{"day 32", "3171003208900001", "", models.NIKImpossibleDay},
		{"day 40 is no woman's either", "3171004008900001", "", models.NIKImpossibleDay},
		{"day 72", "3171007208900001", "", models.NIKImpossibleDay},
		{"31 April", "3171003104900001", "", models.NIKImpossibleDay},
		{"30 February", "3171003002900001", "", models.NIKImpossibleDay},
		{"month 0", "3171001700900001", "", models.NIKImpossibleMonth},
		{"month 13", "3171001713900001", "", models.NIKImpossibleMonth},
		{"serial 0000", "3171001708900000", "", models.NIKSerialZero},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := models.ParseNIK(c.in)
			if string(got) != c.want || !errors.Is(err, c.err) {
				t.Errorf("ParseNIK(%q) = %s, %v, want %s, %v", c.in, string(got), err, c.want, c.err)
			}
		})
	}
}

func TestNIKDetails(t *testing.T) {
	got := models.NIK("9101005708900012").Details()
	want := models.NIKDetails{Region: "910100", Day: 17, Month: 8, Year: 90, Female: true, Serial: "0012"}
	if got != want || got.Regency() != "91.01" {
		t.Errorf("got %+v in %s, want %+v in 91.01", got, got.Regency(), want)
	}
}

func TestNIKWarnings(t *testing.T) {
	for _, c := range []struct {
		name string
		nik  models.NIK
		born models.LocalDate
		sex  models.Sex
		want []models.NIKWarning
	}{
		{"all agrees", "3171005708900001", "1990-08-17", models.SexFemale, nil},
		{"the century is not in the number", "3171005708900001", "1890-08-17", models.SexFemale, nil},
		{"what isn't known isn't compared", "3171005708900001", "", "", nil},
		{"another birth date", "3171005708900001", "1990-08-18", models.SexFemale, []models.NIKWarning{models.NIKOtherBirthDate}},
		{"a birth date that doesn't exist", "3171002902010001", "2001-02-29", models.SexMale, []models.NIKWarning{models.NIKOtherBirthDate}},
		{"another sex", "3171005708900001", "1990-08-17", models.SexMale, []models.NIKWarning{models.NIKOtherSex}},
		{"a regency that moved to a new province since", "9101001708900001", "1990-08-17", models.SexMale, nil},
		{"everything at once", "9999001708900001", "1991-08-17", models.SexFemale,
			[]models.NIKWarning{models.NIKOtherBirthDate, models.NIKOtherSex, models.NIKUnknownRegion}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.nik.Warnings(c.born, c.sex, knownRegency); !slices.Equal(got, c.want) {
				t.Errorf("%s, born %s, %s: got %v, want %v", string(c.nik), c.born, c.sex, got, c.want)
			}
		})
	}
}

// private holds what must never show by accident.
type private struct {
	NIK   models.NIK
	Phone models.Phone
}

func TestNumbersOfPeopleAreMaskedWhereverTheyShow(t *testing.T) {
	p := private{NIK: "3171001708900001", Phone: "+6281234567890"}
	shown := map[string]string{
		"JSON":     fmt.Sprint(jsonOf(t, p)),
		"template": rendered(t, p),
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		shown[verb] = fmt.Sprintf(verb, p)
	}
	for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"text log": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"JSON log": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		var out bytes.Buffer
		slog.New(handler(&out)).Info("x", "nik", p.NIK, "phone", p.Phone, "both", p, "pointer", &p)
		shown[name] = out.String()
	}
	for name, text := range shown {
		if !strings.Contains(text, "************0001") || !strings.Contains(text, "+628*******890") {
			t.Errorf("%s: %s lacks the masked numbers", name, text)
		}
		for _, secret := range []string{"317100", "1708", "12345", fmt.Sprintf("%x", "3171")} {
			if strings.Contains(text, secret) {
				t.Errorf("%s: %s shows %q", name, text, secret)
			}
		}
	}
}

func jsonOf(t *testing.T, p private) string {
	t.Helper()
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func rendered(t *testing.T, p private) string {
	t.Helper()
	var out bytes.Buffer
	page := template.Must(template.New("").Parse(`<p title="{{.NIK}}">{{.NIK}} &#43;{{.Phone}}</p>`))
	if err := page.Execute(&out, p); err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(out.String(), "&#43;", "+")
}

func TestMaskingHidesWhatIsTooShort(t *testing.T) {
	for in, want := range map[string]string{"": "", "12": "**", "1234": "****", "12345": "*2345"} {
		if got := models.NIK(in).Masked(); got != want {
			t.Errorf("NIK(%q).Masked() = %q, want %q", in, got, want)
		}
	}
	if got := models.NIK("3171001708900001").LastFour() + models.NIK("12").LastFour(); got != "0001" {
		t.Errorf("LastFour: got %q, want 0001 and nothing", got)
	}
}

func FuzzParseNIK(f *testing.F) {
	for _, s := range []string{"3171001708900001", " 3171.0057-0890 0001", "317100170890001", "", "\xff\xfe", "3171003002900001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := models.ParseNIK(s)
		if err != nil {
			var known models.NIKError
			if n != "" || !errors.As(err, &known) {
				t.Fatalf("ParseNIK(%q) = %q, %v", s, string(n), err)
			}
			return
		}
		if again, err := models.ParseNIK(string(n)); err != nil || again != n || len(n) != 16 {
			t.Fatalf("ParseNIK(%q) = %q, read again %q, %v", s, string(n), string(again), err)
		}
		n.Warnings("1990-08-17", models.SexMale, knownRegency)
	})
}
