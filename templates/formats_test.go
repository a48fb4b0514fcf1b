package templates

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"buktihadir/models"
)

func TestFiguresAndTimesAreWrittenAsReadersExpect(t *testing.T) {
	texts := mustSet(t).Texts
	id, en := texts.Formats(Indonesian), texts.Formats(English)
	at := models.MillisOf(time.Date(2022, time.June, 20, 1, 0, 0, 0, time.UTC))
	late := models.MillisOf(time.Date(2022, time.June, 20, 15, 30, 0, 0, time.UTC))
	tests := []struct{ name, got, want string }{
		{"a time stands in western time with a dot", id.Clock(at, models.ZoneWIB), "08.00 WIB"},
		{"the same moment is two hours later in the east", id.Clock(at, models.ZoneWIT), "10.00 WIT"},
		{"a time that is not set is a dash", id.Clock(0, models.ZoneWIB), "–"},
		{"what is no zone says that it is UTC", id.Clock(at, ""), "01.00 UTC"},
		{"a span names its zone once", id.Hours(at, at.Add(4*time.Hour), models.ZoneWITA), "09.00–13.00 WITA"},
		{"a span past midnight says so", id.Hours(late, late.Add(4*time.Hour), models.ZoneWIB), "22.30–02.30 WIB (+1)"},
		{"a date has its weekday", id.Date(at, models.ZoneWIB), "Senin, 20 Juni 2022"},
		{"a date is English for English readers", en.Date(at, models.ZoneWIB), "Monday, 20 June 2022"},
		{"late in the day it is tomorrow in the east", id.Date(late, models.ZoneWIT), "Selasa, 21 Juni 2022"},
		{"a date and time share one line", id.DateTime(at, models.ZoneWIB), "Senin, 20 Juni 2022, 08.00 WIB"},
		{"a calendar date needs no zone", id.Day("2022-06-20"), "20 Juni 2022"},
		{"what is no date is a dash", id.Day("2022-02-31"), "–"},
		{"a share has a comma and a space", id.Percent(0.925), "92,5\u00a0%"},
		{"a whole share has no decimals", id.Percent(1), "100\u00a0%"},
		{"thousands have dots", id.Number(12_800_000), "12.800.000"},
		{"thousands have commas in English", en.Number(12_800_000), "12,800,000"},
		{"money has no space", id.Rupiah(600_000), "Rp600.000"},
		{"money is written alike in English", en.Rupiah(600_000), "Rp600.000"},
		{"money owed has its sign in front", id.Rupiah(-1500), "-Rp1.500"},
		{"a moment ago", id.Ago(at, at.Add(30*time.Second)), "baru saja"},
		{"one minute is singular in English", en.Ago(at, at.Add(time.Minute)), "1 minute ago"},
		{"minutes", en.Ago(at, at.Add(59*time.Minute)), "59 minutes ago"},
		{"hours", id.Ago(at, at.Add(23*time.Hour)), "23 jam lalu"},
		{"days", id.Ago(at, at.Add(50*time.Hour)), "2 hari lalu"},
		{"a clock that is behind shows no negative age", id.Ago(at.Add(time.Hour), at), "baru saja"},
		{"never", id.Ago(0, at), "belum pernah"},
		{"a long number shows its last four", mask("0001234567890123"), "••••••••••••0123"},
		{"a short number shows nothing", mask("1234"), "••••"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.got != tt.want {
				t.Errorf("got %q, want %q", tt.got, tt.want)
			}
		})
	}
}

func TestAVisitorKeepsTheLanguageTheyChose(t *testing.T) {
	tests := []struct {
		name, query, cookie string
		want                Lang
	}{
		{"nobody asked: Indonesian", "", "", Indonesian},
		{"the switch wins over the kept language", "?lang=id", "en", Indonesian},
		{"the switch to English", "?lang=en", "", English},
		{"the kept language", "", "en", English},
		{"an unknown language is not followed", "?lang=xx", "zz", Indonesian},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/"+tt.query, nil)
			if tt.cookie != "" {
				r.AddCookie(&http.Cookie{Name: langCookie, Value: tt.cookie})
			}
			if got := ChooseLang(httptest.NewRecorder(), r); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
