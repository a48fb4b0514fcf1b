package ticket_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/skip2/go-qrcode"
	"pgregory.net/rapid"

	"buktihadir/models/ticket"
)

func TestTheFormatOfARowNeverChanges(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("testdata", "rows.v1.json"))
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		Session, Enrollment uuid.UUID
		Text                string
	}
	if err := json.Unmarshal(raw, &vectors); err != nil || len(vectors) == 0 {
		t.Fatalf("%d vectors, %v", len(vectors), err)
	}
	for _, v := range vectors {
		row := ticket.Row{Session: v.Session, Enrollment: v.Enrollment}
		if got := row.Text(); got != v.Text {
			t.Errorf("%+v is written %s, want %s", row, got, v.Text)
		}
		if got, err := ticket.ParseRow(v.Text); err != nil || got != row {
			t.Errorf("%s reads as %+v, %v", v.Text, got, err)
		}
	}
}

func TestARowReadsBackHoweverItWasTypedAndIsNoTicket(t *testing.T) {
	id := rapid.Map(rapid.SliceOfN(rapid.Byte(), 16, 16), func(b []byte) uuid.UUID { return uuid.UUID(b) })
	rapid.Check(t, func(t *rapid.T) {
		row := ticket.Row{Session: id.Draw(t, "session"), Enrollment: id.Draw(t, "enrollment")}
		text := row.Text()
		typed := rapid.SampledFrom([]string{text, strings.ToLower(text), "]Q1" + text, " " + text + "\n",
			strings.ReplaceAll(text, "0", "O"), strings.ReplaceAll(text, "1", "l")}).Draw(t, "typed")
		if got, err := ticket.ParseRow(typed); err != nil || got != row {
			t.Fatalf("%s reads as %+v, %v; want %+v", typed, got, err, row)
		}
		if _, err := ticket.Parse(typed); !errors.Is(err, ticket.ErrMalformed) {
			t.Fatalf("a row passes for a ticket: %v", err)
		}
		at := rapid.IntRange(len(ticket.RowPrefix), len(text)-1).Draw(t, "at")
		if _, err := ticket.ParseRow(text[:at]); !errors.Is(err, ticket.ErrNoRow) {
			t.Fatalf("a row that was cut off: %v", err)
		}
	})
}

func TestOnlyWhatBeginsLikeOurCodesIsOurs(t *testing.T) {
	for text, want := range map[string]bool{
		"BH1A6A7": true, "bhla6a7": true, "]Q1BHI": true, " BHR1ABC\n": true, "bhri": true,
		"": false, "BH": false, "BH2A6A7": false, "HTTPS://BH1": false, "WIFI:S:BH1;;": false, "\xff\x00": false,
	} {
		if got := ticket.Ours(text); got != want {
			t.Errorf("%q is ours: %t, want %t", text, got, want)
		}
	}
}

func TestAMisreadRowIsNearlyAlwaysNoticed(t *testing.T) {
	text, passed, tried := ticket.Row{Session: uuid.Max, Enrollment: uuid.UUID{7}}.Text(), 0, 0
	for at := len(ticket.RowPrefix); at < len(text); at++ {
		for _, c := range []byte("0123456789ABCDEFGHJKMNPQRSTVWXYZ") {
			if c == text[at] {
				continue
			}
			tried++
			if _, err := ticket.ParseRow(text[:at] + string(c) + text[at+1:]); err == nil {
				passed++
			}
		}
	}
	if passed > 1 {
		t.Errorf("%d of %d misreadings pass", passed, tried)
	}
}

func TestARowFitsVersion3(t *testing.T) {
	q, err := qrcode.New(ticket.Row{Session: uuid.Max, Enrollment: uuid.Max}.Text(), qrcode.Medium)
	if err != nil || q.VersionNumber > 3 {
		t.Errorf("version %d, %v", q.VersionNumber, err)
	}
}

func FuzzParseRow(f *testing.F) {
	for _, text := range []string{"", "BHR1", "BHR1" + strings.Repeat("0", 55), ticket.Row{Session: uuid.Max, Enrollment: uuid.Max}.Text(), "]Q1BHR1\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		row, err := ticket.ParseRow(text)
		if err != nil {
			if !errors.Is(err, ticket.ErrNoRow) {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		if again, err := ticket.ParseRow(row.Text()); err != nil || again != row {
			t.Errorf("%q reads as %+v, and that as %+v, %v", text, row, again, err)
		}
	})
}
