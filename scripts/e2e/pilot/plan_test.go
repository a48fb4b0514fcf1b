package pilot_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/region"
)

// The pilot's size. Every site has its classes one after the other, a class of the
// morning and one of the afternoon.
const (
	sitesOfProvince = 6
	classesOfSite   = 5
	peopleOfClass   = 30
	sessionsOfClass = 5
)

// provinces take part: six in the west, three in the middle, one in the east.
func provinces() []string {
	return []string{"12", "16", "32", "33", "35", "36", "52", "53", "73", "91"}
}

// days are the days on which the pilot teaches: weekdays of three weeks, except a holiday
// (16 June 2026). These are the first and the last of them:
const (
	firstDay = models.LocalDate("2026-06-08")
	today    = models.LocalDate("2026-06-24")
)

func days() (list []models.LocalDate) {
	for d := firstDay; len(list) < 14; d = d.AddDays(1) {
		if w := d.Weekday(); w != time.Saturday && w != time.Sunday && d != "2026-06-16" {
			list = append(list, d)
		}
	}
	return list
}

// plan is the pilot as its maker knows it: what is planned, and what will happen.
type plan struct {
	sites    []*site
	classes  []*class
	luck     *rand.Rand
	handmade string // the provider that reads few tickets
	dawdling string // the province where many come late
	empty    *class // the class to which few come
	silent   *site  // from the fourth day's evening on
	tardy    *site  // has not told of this morning yet
	skewed   *site  // its clock is wrong
	old      *site  // an older program
	laden    *site  // it has reported of events that it has not sent
	rushed   *session
	claimed  []*person // by the desk of another site
}

type site struct {
	n                    int
	code, name           string
	province, regency    string
	zone                 models.Zone
	provider, instructor string
	classes              []*class
	id                   uuid.UUID
}

type class struct {
	code     string
	site     *site
	sessions []*session
	people   []*person
	id       uuid.UUID
}

type session struct {
	class      *class
	seq, slot  int // the slot is a half of a day
	day        models.LocalDate
	start, end string
	startsAt   models.Millis
	endsAt     models.Millis
	id         uuid.UUID
}

type person struct {
	class             *class
	number, nik, name string
	male              bool
	fates             []fate // at each session
	token             string
	place             uuid.UUID
}

// fate is what somebody does at a session.
type fate struct {
	came, byHand bool
	corrected    bool // they came by a decision of the office
	tick         int  // seconds after the start
}

func (f fate) after() time.Duration { return time.Duration(f.tick) * time.Second }

func (f fate) status() models.AttendanceStatus {
	switch {
	case !f.came:
		return models.StatusAbsent
	case f.tick > 15*60 && !f.corrected:
		return models.StatusLate
	}
	return models.StatusPresent
}

// newPlan makes the pilot up, always the same.
func newPlan(t *testing.T) *plan {
	t.Helper()
	p := &plan{luck: rand.New(rand.NewPCG(2022, 12)), dawdling: "33"}
	for _, code := range provinces() {
		province, ok := region.ProvinceByCode(code)
		if !ok {
			t.Fatalf("no province %s", code)
		}
		regencies := region.Regencies(code)
		for range sitesOfProvince {
			p.addSite(province, regencies[len(p.sites)%sitesOfProvince])
		}
	}
	p.handmade, p.empty = p.sites[19].provider, p.sites[10].classes[1]
	p.silent, p.tardy, p.skewed, p.old, p.laden = p.sites[16], p.sites[38], p.sites[27], p.sites[30], p.sites[2]
	p.rushed = p.sites[6].classes[0].sessions[1]
	p.claimed = p.sites[40].classes[2].people[3:7]
	for _, c := range p.classes {
		for _, s := range c.sessions {
			p.decide(s)
		}
	}
	return p
}

func (p *plan) addSite(province region.Province, regency region.Regency) {
	n := len(p.sites)
	s := &site{n: n, province: province.Code, regency: regency.Code, zone: models.Zone(regency.Zone)}
	s.code, s.name = fmt.Sprintf("%s-%d", province.ISO[3:], n%sitesOfProvince+1), fmt.Sprintf("Balai Latihan %s", regency.Name)
	s.provider, s.instructor = fmt.Sprintf("LP-%02d", n%50+1), fmt.Sprintf("INS-%02d", n+1)
	p.sites = append(p.sites, s)
	for k := range classesOfSite {
		c := &class{code: fmt.Sprintf("%s%c", s.code, 'A'+k), site: s}
		for i := range sessionsOfClass {
			slot := i*classesOfSite + k
			x := &session{class: c, seq: i + 1, slot: slot, day: days()[slot/2], start: "08:00", end: "11:00"}
			if slot%2 == 1 {
				x.start, x.end = "13:00", "16:00"
			}
			hour, _ := strconv.Atoi(x.start[:2])
			x.startsAt = x.day.Start(s.zone).Add(time.Duration(hour) * time.Hour)
			x.endsAt = x.startsAt.Add(3 * time.Hour)
			c.sessions = append(c.sessions, x)
		}
		for range peopleOfClass {
			p.addPerson(c)
		}
		s.classes, p.classes = append(s.classes, c), append(p.classes, c)
	}
}

func (p *plan) addPerson(c *class) {
	first := []string{"Siti", "Dewi", "Ratna", "Yuliana", "Maria", "Putri", "Ni Luh", "Fitri", "Budi", "Agus", "Yosef", "Rizky", "Dedi", "I Made", "Andi",
		"Markus"}
	last := []string{"Santoso", "Wijaya", "Lestari", "Rambu Kahi", "Wanggai", "Hidayat", "Permana", "Ndolu", "Siregar", "Kogoya", "Saputra", "Tanamal", "Maulana"}
	n := len(p.classes)*peopleOfClass + len(c.people)
	who := &person{class: c, number: fmt.Sprintf("PRK-%06d", 480001+n), male: p.luck.IntN(2) == 0}
	day := 1 + p.luck.IntN(28)
	if !who.male {
		day += 40
	}
	who.nik = fmt.Sprintf("%s%s00%02d0695%04d", c.site.province, c.site.regency[3:], day, n%9999+1)
	who.name = first[p.luck.IntN(len(first))] + " " + last[p.luck.IntN(len(last))]
	c.people = append(c.people, who)
}

// decide draws what everybody does at a session.
func (p *plan) decide(s *session) {
	absent, late, byHand := 5, 6, 3
	if s.class == p.empty {
		absent = 55
	}
	if s.class.site.province == p.dawdling {
		late = 40
	}
	if s.class.site.provider == p.handmade {
		byHand = 60
	}
	onTime, after := []int{-24, -18, -13, -9, -5, -2}, []int{17, 22, 28}
	for i, who := range s.class.people {
		f := fate{came: p.luck.IntN(100) >= absent, byHand: p.luck.IntN(100) < byHand}
		minute := onTime[i%len(onTime)]
		if p.luck.IntN(100) < late {
			minute = after[i%len(after)]
		} else if s == p.rushed && i < 14 {
			minute = onTime[0]
		}
		if slices.Contains(p.claimed, who) && s.seq == 2 {
			f, minute = fate{came: true}, onTime[i%len(onTime)]
		}
		f.tick = minute * 60
		who.fates = append(who.fates, f)
	}
}

// reported says that all of a session has come to the office at the end of the story.
func (p *plan) reported(s *session) bool {
	if s.class.site == p.tardy && s.slot >= 22 {
		return false
	}
	return s.endsAt <= p.now() && p.seen(s)
}

// now is when the story ends: half past ten in the west, on its last day.
func (p *plan) now() models.Millis {
	return today.Start(models.ZoneWIB).Add(10*time.Hour + 30*time.Minute)
}

// table is a file to import.
func table(t *testing.T, rows [][]string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (p *plan) siteRows() [][]string {
	rows := [][]string{{"code", "name", "address", "regency", "capacity"}}
	for _, s := range p.sites {
		rows = append(rows, []string{s.code, s.name, "Jl. Pendidikan 1", s.regency, "80"})
	}
	return rows
}

func (p *plan) scheduleRows() [][]string {
	rows := [][]string{{"class_code", "course_code", "course_title", "hours", "provider_code", "provider_name", "site_code", "capacity", "session", "date",
		"start", "end", "room",
		"instructor_code", "instructor_name"}}
	titles := []string{"Barista Pemula", "Teknisi Listrik Rumah", "Menjahit Pakaian", "Las Dasar", "Administrasi Perkantoran"}
	for _, c := range p.classes {
		k := int(c.code[len(c.code)-1] - 'A')
		for _, s := range c.sessions {
			rows = append(rows, []string{c.code, c.site.provider + "-" + strconv.Itoa(k+1), titles[k], "15", c.site.provider, "Lembaga " + c.site.provider, c.site.code,
				strconv.Itoa(peopleOfClass + 5),
				strconv.Itoa(s.seq), string(s.day), s.start, s.end, "Ruang " + strconv.Itoa(k+1), c.site.instructor, "Pelatih " + c.site.code})
		}
	}
	return rows
}

func (p *plan) peopleRows() [][]string {
	rows := [][]string{{"number", "nik", "name", "sex", "regency", "wave", "class_code"}}
	for _, c := range p.classes {
		for _, who := range c.people {
			sex := models.SexFemale
			if who.male {
				sex = models.SexMale
			}
			rows = append(rows, []string{who.number, who.nik, who.name, string(sex), c.site.regency, "48", c.code})
		}
	}
	return rows
}
