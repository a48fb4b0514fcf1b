package schedule_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"gorm.io/driver/postgres"
	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"buktihadir/models"
	"buktihadir/scripts/e2e/database"
	"buktihadir/server/schedule"
	"buktihadir/server/store"
)

// office is a planner over a database that holds one pilot, two sites in two
// provinces, and two classes of two seats each, all imported from files.
type office struct {
	*schedule.Planner
	t     *testing.T
	st    *store.Store
	dir   string
	db    *gorm.DB // the same tables, seen from outside
	pilot models.Pilot
	now   models.Millis
}

const (
	sitesCSV = "kode;nama;alamat;kabupaten;kapasitas\n" +
		"BDG;BLK Bandung;Jalan Gatot Subroto;32.73;4\nKPG;SMKN 3 Kupang;Jalan Perintis;53.71;4\n"
	scheduleHead = "class_code,course_code,course_title,hours,provider_code,provider_name,site_code,capacity,session,date,start,end,room,instructor_code,instructor_name\n"
	scheduleCSV  = scheduleHead +
		"A,BAR,Barista,16,LPK,LPK Karya,BDG,2,1,2026-11-23,08:00,12:00,R1,P1,Pak Budi\n" +
		"A,BAR,Barista,16,LPK,LPK Karya,BDG,2,2,2026-11-24,08.00,12.00,R1,P1,Pak Budi\n" +
		"B,JHT,Menjahit,16,LPK,LPK Karya,KPG,2,1,2026-11-23,08:00,12:00,R1,P2,Bu Ani\n"
	peopleHead = "number,nik,name,phone,class_code\n"
)

func by() schedule.Actor { return schedule.Actor{Name: "cli"} }

func nik(n int) string { return fmt.Sprintf("327300150695%04d", n+1) }

func person(n int, class string) string {
	return fmt.Sprintf("REG-%d,%s,Peserta %d,08120000%04d,%s\n", n, nik(n), n, n, class)
}

// onBoth runs a test in a fresh office on SQLite and on PostgreSQL.
func onBoth(t *testing.T, test func(t *testing.T, o *office)) {
	t.Helper()
	database.OnBoth(t, func(t *testing.T, cfg store.Config) { test(t, officeOn(t, cfg)) })
}

func newOffice(t *testing.T) *office {
	t.Helper()
	return officeOn(t, database.SQLite(t))
}

func officeOn(t *testing.T, cfg store.Config) *office {
	t.Helper()
	o := &office{t: t, dir: cfg.Dir, now: models.LocalDate("2026-11-20").Start(models.ZoneWIB)}
	cfg.Now = func() models.Millis { return o.now }
	var err error
	o.st, err = store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.st.Close() })
	o.db = besides(t, cfg)
	o.Planner = schedule.New(o.st)
	o.pilot, err = o.AddPilot(t.Context(), by(), models.Pilot{Code: "UJI", Name: "Uji coba"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	o.good(schedule.KindSites, sitesCSV)
	o.good(schedule.KindSchedule, scheduleCSV)
	return o
}

func (o *office) load(k schedule.Kind, csv string) (schedule.Report, error) {
	return o.Import(o.t.Context(), by(), schedule.File{Kind: k, Name: "file.csv", Content: []byte(csv), Pilot: &o.pilot.ID}, schedule.Apply, nil)
}

func (o *office) good(k schedule.Kind, csv string) schedule.Report {
	o.t.Helper()
	rep, err := o.load(k, csv)
	if err != nil {
		o.t.Fatalf("import %s: %v %+v %+v", k, err, rep.Errors, rep.Problems)
	}
	return rep
}

func (o *office) decide() {
	o.t.Helper()
	err := o.Decide(o.t.Context(), by(), o.pilot.ID, schedule.Decision{Number: "KCK/1", Date: "2026-11-01", FirstDay: "2026-11-23", FileName: "keputusan.pdf", FileContents: []byte("%PDF-1.7")})
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) class(code string) models.Class {
	o.t.Helper()
	c, err := o.st.Read(o.t.Context()).ClassByCode(code)
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}

func (o *office) participant(n int) models.Participant {
	o.t.Helper()
	p, err := o.st.Read(o.t.Context()).ParticipantByNumber(fmt.Sprintf("REG-%d", n))
	if err != nil {
		o.t.Fatal(err)
	}
	return p
}

// places gives a class's participants, without its instructors.
func (o *office) places(class string) []store.Place {
	o.t.Helper()
	rows, err := o.st.Read(o.t.Context()).Places(o.class(class).ID)
	if err != nil {
		o.t.Fatal(err)
	}
	var out []store.Place
	for _, p := range rows {
		if p.Enrollment.ParticipantID != nil {
			out = append(out, p)
		}
	}
	return out
}

func valid(p store.Place) []models.Ticket {
	var out []models.Ticket
	for _, t := range p.Tickets {
		if t.RevokedAt == 0 {
			out = append(out, t)
		}
	}
	return out
}

// wantRefusal says that an error must be a refusal with a key.
func wantRefusal(t *testing.T, err error, key string) {
	t.Helper()
	r, ok := errors.AsType[interface {
		error
		Message() (string, []any)
	}](err)
	if got := ""; ok {
		got, _ = r.Message()
		ok = got == key
	}
	if !ok {
		t.Errorf("got %v, want the refusal %s", err, key)
	}
}

// people writes participants without a class into the office.
func (o *office) people(from, to int) []uuid.UUID {
	o.t.Helper()
	var b strings.Builder
	b.WriteString(peopleHead)
	for n := from; n < to; n++ {
		b.WriteString(person(n, ""))
	}
	o.good(schedule.KindParticipants, b.String())
	var ids []uuid.UUID
	for n := from; n < to; n++ {
		ids = append(ids, o.participant(n).ID)
	}
	return ids
}

// lines writes a report's errors as line, column and key.
func lines(rep schedule.Report) []string {
	var out []string
	for _, e := range rep.Errors {
		out = append(out, strings.Join(strings.Fields(fmt.Sprint(e.Line, " ", e.Column, " ", e.Key)), " "))
	}
	return out
}

// besides opens an office's database once more.
func besides(t *testing.T, cfg store.Config) *gorm.DB {
	t.Helper()
	dialect := postgres.Open(cfg.URL)
	if cfg.URL == "" {
		dialect = gormsqlite.Dialector{DriverName: "sqlite", DSN: "file:" + filepath.Join(cfg.Dir, "server.db") + "?_pragma=busy_timeout(10000)"}
	}
	db, err := gorm.Open(dialect, &gorm.Config{Logger: logger.Discard})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if raw, err := db.DB(); err == nil {
			_ = raw.Close()
		}
	})
	return db
}

func (o *office) feed(site uuid.UUID) []models.FeedItem {
	o.t.Helper()
	var rows []models.FeedItem
	if err := o.db.Where("site_id = ?", site).Find(&rows).Error; err != nil {
		o.t.Fatal(err)
	}
	return rows
}

func (o *office) history() []models.HistoryEntry {
	o.t.Helper()
	var rows []models.HistoryEntry
	if err := o.db.Order("at, id").Find(&rows).Error; err != nil {
		o.t.Fatal(err)
	}
	return rows
}
