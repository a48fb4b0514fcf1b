// Package plantest is an office for tests of what is planned: a database with one
// pilot, two sites and two classes, and the services that change them.
package plantest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"buktihadir/models"
	"buktihadir/scripts/e2e/database"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/proposal"
	"buktihadir/server/seating"
	"buktihadir/server/store"
)

// Services under names of their own, so that one struct can embed them all.
type (
	planService     = plan.Service
	seatingService  = seating.Service
	importsService  = imports.Service
	proposalService = proposal.Service
)

// Office is the services over a database that holds one pilot, two sites in two
// provinces, and two classes of two seats each, all imported from files.
type Office struct {
	*planService
	*seatingService
	*importsService
	*proposalService
	T     *testing.T
	Store *store.Store
	Dir   string
	DB    *gorm.DB // the same tables, seen from outside
	Pilot models.Pilot
	Now   models.Millis
}

// The files of the office: two sites, the sessions of two classes, and heads for more.
const (
	SitesCSV = "kode;nama;alamat;kabupaten;kapasitas\n" +
		"BDG;BLK Bandung;Jalan Gatot Subroto;32.73;4\nKPG;SMKN 3 Kupang;Jalan Perintis;53.71;4\n"
	ScheduleHead = "class_code,course_code,course_title,hours,provider_code,provider_name,site_code,capacity," +
		"session,date,start,end,room,instructor_code,instructor_name\n"
	ScheduleCSV = ScheduleHead +
		"A,BAR,Barista,16,LPK,LPK Karya,BDG,2,1,2026-11-23,08:00,12:00,R1,P1,Pak Budi\n" +
		"A,BAR,Barista,16,LPK,LPK Karya,BDG,2,2,2026-11-24,08.00,12.00,R1,P1,Pak Budi\n" +
		"B,JHT,Menjahit,16,LPK,LPK Karya,KPG,2,1,2026-11-23,08:00,12:00,R1,P2,Bu Ani\n"
	PeopleHead = "number,nik,name,phone,class_code\n"
)

// By is who changes something in these tests.
func By() office.Actor { return office.Actor{Name: "cli"} }

// NIK is the ID number of the nth participant.
func NIK(n int) string { return fmt.Sprintf("327300150695%04d", n+1) }

// Person is the line of the nth participant in a file.
func Person(n int, class string) string {
	return fmt.Sprintf("REG-%d,%s,Peserta %d,08120000%04d,%s\n", n, NIK(n), n, n, class)
}

// OnBoth runs a test in a fresh office on SQLite and on PostgreSQL.
func OnBoth(t *testing.T, test func(t *testing.T, o *Office)) {
	t.Helper()
	database.OnBoth(t, func(t *testing.T, cfg store.Config) { test(t, On(t, cfg)) })
}

// New is an office on SQLite.
func New(t *testing.T) *Office {
	t.Helper()
	return On(t, database.SQLite(t))
}

// On is an office on a database.
func On(t *testing.T, cfg store.Config) *Office {
	t.Helper()
	o := &Office{T: t, Dir: cfg.Dir, Now: models.LocalDate("2026-11-20").Start(models.ZoneWIB)}
	cfg.Now = func() models.Millis { return o.Now }
	var err error
	o.Store, err = store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Store.Close() })
	o.DB = database.Besides(t, cfg)
	o.planService, o.seatingService, o.importsService, o.proposalService = plan.New(o.Store), seating.New(o.Store), imports.New(o.Store), proposal.New(o.Store)
	o.Pilot, err = o.AddPilot(t.Context(), By(), models.Pilot{Code: "UJI", Name: "Uji coba"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	o.Good(imports.KindSites, SitesCSV)
	o.Good(imports.KindSchedule, ScheduleCSV)
	return o
}

// Load imports a file.
func (o *Office) Load(k imports.Kind, csv string) (imports.Report, error) {
	return o.Import(o.T.Context(), By(), imports.File{Kind: k, Name: "file.csv", Content: []byte(csv), Pilot: &o.Pilot.ID}, plan.Apply, nil)
}

// Good imports a file that must be in order.
func (o *Office) Good(k imports.Kind, csv string) imports.Report {
	o.T.Helper()
	rep, err := o.Load(k, csv)
	if err != nil {
		o.T.Fatalf("import %s: %v %+v %+v", k, err, rep.Errors, rep.Problems)
	}
	return rep
}

// Approve records the committee's decision on the pilot.
func (o *Office) Approve() {
	o.T.Helper()
	err := o.Decide(o.T.Context(), By(), o.Pilot.ID,
		plan.Decision{Number: "KCK/1", Date: "2026-11-01", FirstDay: "2026-11-23", FileName: "keputusan.pdf", FileContents: []byte("%PDF-1.7")})
	if err != nil {
		o.T.Fatal(err)
	}
}

// Class reads a class by its code.
func (o *Office) Class(code string) models.Class {
	o.T.Helper()
	c, err := o.Store.Read(o.T.Context()).ClassByCode(code)
	if err != nil {
		o.T.Fatal(err)
	}
	return c
}

// Participant reads the nth participant.
func (o *Office) Participant(n int) models.Participant {
	o.T.Helper()
	p, err := o.Store.Read(o.T.Context()).ParticipantByNumber(fmt.Sprintf("REG-%d", n))
	if err != nil {
		o.T.Fatal(err)
	}
	return p
}

// Places gives a class's participants, without its instructors.
func (o *Office) Places(class string) []store.Place {
	o.T.Helper()
	rows, err := o.Store.Read(o.T.Context()).Places(o.Class(class).ID)
	if err != nil {
		o.T.Fatal(err)
	}
	var out []store.Place
	for _, p := range rows {
		if p.Enrollment.ParticipantID != nil {
			out = append(out, p)
		}
	}
	return out
}

// Valid are the tickets of a place that were not revoked.
func Valid(p store.Place) []models.Ticket {
	var out []models.Ticket
	for _, t := range p.Tickets {
		if t.RevokedAt == 0 {
			out = append(out, t)
		}
	}
	return out
}

// WantRefusal says that an error must be a refusal with a key.
func WantRefusal(t *testing.T, err error, key string) {
	t.Helper()
	if r, ok := office.RefusalOf(err); !ok || r.Key != key {
		t.Errorf("got %v, want the refusal %s", err, key)
	}
}

// People writes participants without a class into the office.
func (o *Office) People(from, to int) []uuid.UUID {
	o.T.Helper()
	var b strings.Builder
	b.WriteString(PeopleHead)
	for n := from; n < to; n++ {
		b.WriteString(Person(n, ""))
	}
	o.Good(imports.KindParticipants, b.String())
	var ids []uuid.UUID
	for n := from; n < to; n++ {
		ids = append(ids, o.Participant(n).ID)
	}
	return ids
}

// Lines writes a report's errors as line, column and key.
func Lines(rep imports.Report) []string {
	var out []string
	for _, e := range rep.Errors {
		out = append(out, strings.Join(strings.Fields(fmt.Sprint(e.Line, " ", e.Column, " ", e.Key)), " "))
	}
	return out
}

// Feed is what the site-agents of a site are told.
func (o *Office) Feed(site uuid.UUID) []models.FeedItem {
	o.T.Helper()
	var rows []models.FeedItem
	if err := o.DB.Where("site_id = ?", site).Find(&rows).Error; err != nil {
		o.T.Fatal(err)
	}
	return rows
}

// History is the whole history of the office.
func (o *Office) History() []models.HistoryEntry {
	o.T.Helper()
	var rows []models.HistoryEntry
	if err := o.DB.Order("at, id").Find(&rows).Error; err != nil {
		o.T.Fatal(err)
	}
	return rows
}
