package offline_test

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
	"buktihadir/scripts/sample"
	"buktihadir/site-agent/offline"
	"buktihadir/site-agent/roster"
)

const (
	eight  = models.Millis(1782090000000) // Monday, 22 June 2026, 08.00 WIB
	minute = models.Millis(60_000)
)

// day is a phone's way through a day, by the true time in ms since its contact.
type day struct {
	off, set   models.Millis // its clock's error at the contact, and by how much it was set
	setAt      models.Millis // when; a negative one is never
	slept      models.Millis // how long it slept, which its other clock doesn't count
	sleptAt    models.Millis
	reopened   models.Millis // when the page was opened again; a negative one is never
	agentIsOff models.Millis // the agent's clock was set by so much meanwhile
	rebooted   bool          // the agent's machine started again meanwhile
	unsure     bool          // and does not know the time
}

func (d day) phone(at models.Millis) offline.Reading {
	r := offline.Reading{Wall: eight + d.off + at, Mono: 5000 + int64(at), Page: uuid.UUID{1}}
	if d.setAt >= 0 && at >= d.setAt {
		r.Wall += d.set
	}
	if at >= d.sleptAt {
		r.Mono -= int64(min(d.slept, at-d.sleptAt))
	}
	if d.reopened >= 0 && at >= d.reopened {
		r.Page = uuid.UUID{2}
		r.Mono -= 3000
	}
	return r
}

func (d day) stamp() offline.Stamp {
	return offline.Stamp{At: eight, Sure: true, Boot: uuid.UUID{9}, Mono: 7000}
}

func (d day) held(at models.Millis) offline.Queued {
	return offline.Queued{Stamp: d.stamp(), Contact: d.phone(0), Here: d.phone(at)}
}

func (d day) meeting(at models.Millis) offline.Meeting {
	m := offline.Meeting{At: eight + at + d.agentIsOff, Sure: !d.unsure, Boot: uuid.UUID{9}, Mono: 7000 + int64(at), Phone: d.phone(at)}
	if d.rebooted {
		m.Boot, m.Mono = uuid.UUID{10}, 100
	}
	return m
}

func TestWhenSomethingHappenedThatAPhoneHeld(t *testing.T) {
	calm := day{setAt: -1, reopened: -1}
	change := func(f func(*day)) day { d := calm; f(&d); return d }
	for _, c := range []struct {
		name       string
		day        day
		at, handed models.Millis
		want       models.Millis // after the contact
		doubt      journal.Doubt
	}{
		{"clocks that are right", calm, 5 * minute, 60 * minute, 5 * minute, 0},
		{"a phone's clock that is a day wrong all the time", change(func(d *day) { d.off = 1440 * minute }), 5 * minute, 60 * minute, 5 * minute, 0},
		{"an agent whose clock was put right meanwhile", change(func(d *day) { d.agentIsOff = 300 * minute }), 5 * minute, 60 * minute, 305 * minute, 0},
		{"a machine that started again", change(func(d *day) { d.rebooted = true }), 5 * minute, 60 * minute, 5 * minute, 0},
		{"a machine that woke up in 1970 believes the phone", change(func(d *day) {
			d.rebooted, d.unsure, d.agentIsOff = true, true, -eight
		}), 5 * minute, 60 * minute, 5*minute - eight, 0},
		{"a phone's clock was set, and the machine woke up in 1970", change(func(d *day) {
			d.rebooted, d.unsure, d.set, d.setAt = true, true, 57*minute, 20*minute
		}), 5 * minute, 60 * minute, -52 * minute, journal.DoubtClock},
		{"a phone's clock was set back, and the machine woke up in 1970", change(func(d *day) {
			d.rebooted, d.unsure, d.set, d.setAt = true, true, -57*minute, 20*minute
		}), 5 * minute, 60 * minute, 5 * minute, journal.DoubtClock},
		{"a page that was opened again proves nothing to a machine that woke up in 1970", change(func(d *day) {
			d.rebooted, d.unsure, d.reopened = true, true, 10*minute
		}), 5 * minute, 60 * minute, 5 * minute, journal.DoubtClock},
		{"staff have told a machine that started again a wrong time", change(func(d *day) {
			d.rebooted, d.agentIsOff = true, -48*minute
		}), 5 * minute, 60 * minute, 5 * minute, journal.DoubtClock},
		{"they have told it a time that is ahead", change(func(d *day) {
			d.rebooted, d.agentIsOff = true, 48*minute
		}), 5 * minute, 60 * minute, 53 * minute, journal.DoubtClock},
		{"a phone that slept, and a page that was opened again", change(func(d *day) {
			d.slept, d.sleptAt, d.reopened = 20*minute, 10*minute, 12*minute
		}), 40 * minute, 60 * minute, 40 * minute, 0},
		{"a clock set back, and the page open all the time", change(func(d *day) { d.set, d.setAt = -90*minute, 20*minute }), 5 * minute, 60 * minute, 5 * minute, 0},
		{"a clock set ahead after it slept", change(func(d *day) {
			d.set, d.setAt, d.slept, d.sleptAt = 90*minute, 50*minute, 10*minute, 20*minute
		}), 40 * minute, 60 * minute, 30 * minute, journal.DoubtClock},
		{"before the contact", calm, -5 * minute, 60 * minute, -5 * minute, journal.DoubtLimits},
		{"longer alone than it may be", calm, 15 * 60 * minute, 16 * 60 * minute, 15 * 60 * minute, journal.DoubtLimits},
		{"handed over days later", calm, 10 * 60 * minute, 72 * 60 * minute, 10 * 60 * minute, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			at, doubt := c.day.held(c.at).When(c.day.meeting(c.handed))
			if at != eight+c.want || doubt != c.doubt {
				t.Errorf("%v after the contact, doubt %b; want %v, %b", at.Sub(eight), doubt, c.want.Time().Sub(models.Millis(0).Time()), c.doubt)
			}
		})
	}
	later := calm.held(70 * minute)
	if _, doubt := later.When(calm.meeting(60 * minute)); doubt&journal.DoubtLimits == 0 {
		t.Error("after its hand-over, and nothing is in doubt")
	}
}

// Whatever happens to a phone's clock, and to its agent's: a time without doubt is right,
// and one in doubt lies between contact and hand-over.
func TestATimeWithoutDoubtIsRight(t *testing.T) {
	const tolerated = models.Millis(offline.Tolerated / time.Millisecond)
	rapid.Check(t, func(t *rapid.T) {
		span := rapid.Int64Range(0, int64(13*60*minute))
		end := models.Millis(span.Draw(t, "handed over"))
		draw := func(name string) models.Millis {
			return models.Millis(rapid.Int64Range(0, int64(end)).Draw(t, name))
		}
		mistake := func(name string) models.Millis { return models.Millis(rapid.Int64Range(-1e7, 1e7).Draw(t, name)) }
		d := day{off: models.Millis(rapid.Int64Range(-1e10, 1e10).Draw(t, "off")), setAt: -1, reopened: -1, sleptAt: draw("slept at"), slept: draw("slept"),
			rebooted: rapid.Bool().Draw(t, "rebooted")}
		if d.rebooted && rapid.Bool().Draw(t, "may have the time wrong") {
			d.unsure, d.agentIsOff = rapid.Bool().Draw(t, "does not know it"), mistake("agent is off")
		}
		if rapid.Bool().Draw(t, "was set") {
			d.setAt, d.set = draw("set at"), mistake("set by")
		}
		if rapid.Bool().Draw(t, "was opened again") {
			d.reopened = draw("opened again at")
		}
		happened, m := draw("happened"), d.meeting(end)
		if d.hidden(end) {
			return
		}
		at, doubt := d.held(happened).When(m)
		off := (m.At - at) - (end - happened)
		if doubt == 0 && (off < -tolerated || off > tolerated) {
			t.Errorf("%d ms off, and no doubt", off)
		}
		if known := !d.unsure && d.agentIsOff == 0; known && (at < eight-tolerated || at > m.At) || at > m.At && doubt&journal.DoubtLimits == 0 {
			t.Errorf("%d ms after the contact, handed over at %d", at-eight, end)
		}
	})
}

// hidden says that two errors are as large as each other, so that nobody can see them: a
// clock that was set, and a sleep or what the agent has been told.
func (d day) hidden(end models.Millis) bool {
	near := func(a, b models.Millis) bool {
		return max(a-b, b-a) <= 2*models.Millis(offline.Tolerated/time.Millisecond)
	}
	by := d.phone(end).Wall - d.phone(0).Wall - end
	if d.unsure {
		return near(by, -min(d.slept, end-d.sleptAt))
	}
	return d.agentIsOff != 0 && near(by, d.agentIsOff)
}

func TestAPhoneStopsAfterAWorkingDayAlone(t *testing.T) {
	site, err := sample.New(2, eight.Add(13*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	page, err := site.Page(1)
	if err != nil {
		t.Fatal(err)
	}
	r := roster.New(site.Place)
	if err := r.Load(page.Items); err != nil {
		t.Fatal(err)
	}
	calm := day{setAt: -1, reopened: -1}
	phone, err := offline.Open(offline.Pack(calm.stamp(), page.Items, r), calm.phone(0), nil)
	if err != nil {
		t.Fatal(err)
	}
	code, err := site.Token(0)
	if err != nil {
		t.Fatal(err)
	}
	last := models.Millis(offline.Longest.Milliseconds())
	if a, _, err := phone.Judge(offline.Ask{Code: code}, calm.phone(last)); err != nil || a.Verdict != "accepted_in" {
		t.Errorf("at the last moment: %+v, %v", a, err)
	}
	if _, _, err := phone.Judge(offline.Ask{Code: code}, calm.phone(last+1)); !errors.Is(err, offline.ErrOver) || !phone.Look("", calm.phone(last+1)).Over {
		t.Errorf("after it: %v", err)
	}
	// Setting the clock back gives no second working day: the page's own clock goes on.
	back := day{setAt: 1, set: -10 * 60 * minute, reopened: -1}
	if _, _, err := phone.Judge(offline.Ask{Code: code}, back.phone(last+1)); !errors.Is(err, offline.ErrOver) {
		t.Errorf("with the clock set back: %v", err)
	}
}

func TestAKitHoldsNoPINAndOnlyItsAgentsStampCounts(t *testing.T) {
	site, err := sample.New(3, eight)
	if err != nil {
		t.Fatal(err)
	}
	page, err := site.Page(1)
	if err != nil {
		t.Fatal(err)
	}
	r := roster.New(site.Place)
	if err := r.Load(page.Items); err != nil {
		t.Fatal(err)
	}
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	stamp := offline.Stamp{Officer: site.Officer, Phone: uuid.UUID{4}, At: eight, Boot: uuid.UUID{9}, Mono: 1}.Sign(key)
	kit := offline.Pack(stamp, page.Items, r)
	text, err := json.Marshal(kit)
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range kit.Items {
		if it.Kind == exchange.KindOfficer {
			t.Error("an officer with a PIN's hash is in the kit")
		}
	}
	if strings.Contains(string(text), "argon2id") || kit.Officer != "Sari Wulandari" {
		t.Errorf("the kit is of %q and holds a hash, or is not", kit.Officer)
	}
	pub := key.Public().(ed25519.PublicKey) //nolint:forcetypeassert,errcheck // by construction
	if !stamp.By(pub) {
		t.Error("the agent does not know its own stamp")
	}
	for name, change := range map[string]func(*offline.Stamp){
		"officer": func(s *offline.Stamp) { s.Officer = uuid.UUID{5} }, "phone": func(s *offline.Stamp) { s.Phone = uuid.UUID{5} },
		"time": func(s *offline.Stamp) { s.At++ }, "boot": func(s *offline.Stamp) { s.Boot = uuid.UUID{5} }, "mono": func(s *offline.Stamp) { s.Mono++ },
		"knowledge of the time": func(s *offline.Stamp) { s.Sure = true }, "revision": func(s *offline.Stamp) { s.Revision++ }, "signature": func(s *offline.Stamp) {
			s.Signature = nil
		},
	} {
		other := stamp
		if change(&other); other.By(pub) {
			t.Errorf("a stamp with another %s counts", name)
		}
	}
}
