package attendance_test

import (
	"crypto/ed25519"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/models/ticket"
)

// at reads a WIB time of 20 June 2022 ("08.15"), or with a day ("21 08.15").
func at(t testing.TB, clock string) models.Millis { return atIn(t, models.ZoneWIB, clock) }

func atIn(t testing.TB, zone models.Zone, clock string) models.Millis {
	t.Helper()
	for _, layout := range []string{"2 15.04", "2 15.04.05", "2 15.04.05.000"} {
		for _, text := range []string{"20 " + clock, clock} {
			if got, err := time.ParseInLocation("1.2006 "+layout, "6.2022 "+text, zone.Location()); err == nil {
				return models.MillisOf(got)
			}
		}
	}
	t.Fatalf("no time: %q", clock)
	return 0
}

// story is one scan at a desk and all that is known there: unless a case says
// otherwise, Siti's printed ticket at a class that meets from 08.00 to 12.00.
type story struct {
	scan  attendance.Scan
	known attendance.Known
	past  attendance.History
	now   models.Millis
}

func sessionID(n byte) uuid.UUID { return uuid.UUID{'s', n} }

func siti() ticket.Ticket {
	return ticket.Ticket{Print: true, ID: models.Ref{1}, Class: models.Ref{2}, ValidFrom: 19163, ValidUntil: 19163, Name: "Siti"} // 20 June 2022
}

func newStory(t testing.TB, now string) *story {
	t.Helper()
	return &story{
		now:  at(t, now),
		past: attendance.History{},
		scan: attendance.Scan{Direction: models.DirectionAuto, Reading: attendance.Reading{Ticket: ticket.Scanned{Ticket: siti()}}},
		known: attendance.Known{
			Class: &attendance.Class{ID: uuid.UUID{'c'}, Zone: models.ZoneWIB, Phase: models.PhaseRunning,
				Policy: models.DefaultPolicy(), Secret: []byte("class secret")},
			Sessions:   []attendance.Session{{ID: sessionID(1), Seq: 1, Start: at(t, "08.00"), End: at(t, "12.00")}},
			Enrollment: &attendance.Enrollment{ID: uuid.UUID{'e'}, Ticket: models.Ref{1}, NIK4: "0042"},
		},
	}
}

func (s *story) judge() attendance.Decision { return attendance.Judge(s.scan, s.known, s.past, s.now) }

func (s *story) policy() *models.Policy { return &s.known.Class.Policy }

// meets replaces the sessions: start and end of each.
func (s *story) meets(t testing.TB, times ...string) {
	t.Helper()
	s.known.Sessions = nil
	for i := 0; i < len(times); i += 2 {
		s.known.Sessions = append(s.known.Sessions, attendance.Session{ID: sessionID(byte(i/2 + 1)), Seq: i/2 + 1,
			Start: at(t, times[i]), End: at(t, times[i+1])})
	}
}

// was tells of an accepted scan at session n.
func (s *story) was(t testing.TB, n byte, dir models.Direction, clock string) {
	t.Helper()
	s.past[sessionID(n)] = append(s.past[sessionID(n)], attendance.Past{At: at(t, clock), Direction: dir, Desk: "Meja 1"})
}

// live makes the ticket a live one whose code was drawn some steps from now.
func (s *story) live(steps int64) {
	t := &s.scan.Ticket
	t.Print, t.Live = false, true
	tail := ticket.TailAt(ticket.TailKey(s.known.Class.Secret, t.ID), t.ID, ticket.StepAt(s.now)+steps)
	t.Tail = &tail
}

func TestACodeEndsInATicketOrTheReasonWhyItIsNone(t *testing.T) {
	ours, theirs := ed25519.NewKeyFromSeed(make([]byte, 32)), ed25519.NewKeyFromSeed(append(make([]byte, 31), 1))
	keys := ticket.NewKeys(ed25519.PublicKey(ours[32:]))
	text := func(key ed25519.PrivateKey) string {
		s, err := ticket.Sign(siti(), key)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	good := text(ours)
	forged := []byte(good)
	forged[len(forged)-5] ^= 'A' ^ 'B'
	if forged[len(forged)-5] = 'A'; good[len(good)-5] == 'A' {
		forged[len(forged)-5] = 'B'
	}
	for _, c := range []struct {
		name, code string
		want       models.Verdict
	}{
		{"our ticket", good, models.VerdictNone},
		{"a ticket of another key", text(theirs), models.VerdictUnknownKey},
		{"our ticket, changed", string(forged), models.VerdictBadSignature},
		{"our ticket, cut off", good[:50], models.VerdictMalformed},
		{"a web address", "https://example.com", models.VerdictMalformed},
		{"nothing", "", models.VerdictMalformed},
		{"bytes", "\x00\xff\xfe", models.VerdictMalformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := attendance.Read(c.code, keys)
			if got.Refused != c.want {
				t.Fatalf("Read(%q) = %q, want %q", c.code, got.Refused, c.want)
			}
			if c.want == models.VerdictNone && got.Ticket.ID != siti().ID {
				t.Errorf("it is ticket %s", got.Ticket.ID)
			}
			s := newStory(t, "08.00")
			if s.scan.Reading = got; c.want != models.VerdictNone {
				if d := s.judge(); d.Verdict != c.want || d.Session != nil {
					t.Errorf("the desk shows %+v, want %s", d, c.want)
				}
			}
		})
	}
}
