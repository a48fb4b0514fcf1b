package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	officestore "buktihadir/server/store"
	"buktihadir/site-agent/store"
	"buktihadir/site-agent/uplink"
)

// stage is a small pilot as files: the server's database and the data of
// enrolled agents. It is planned once and copied for every run.
type stage struct {
	dir     string
	policy  models.Policy
	began   models.Millis // when it was planned
	pilot   uuid.UUID
	sites   []models.Site
	classes []stageClass
	desks   []stageDesk

	supervisors []uuid.UUID // one at each site
}

type stageClass struct {
	models.Class
	sessions []models.Session
	people   []*person
	been     map[uuid.UUID]bool // sites that sessions of it were, or are, to be at
}

// person is somebody with a place in a class, and every ticket they ever held.
type person struct {
	place       uuid.UUID
	participant uuid.UUID
	name, nik4  string
	number      string
	tickets     []models.Ticket
}

// stageDesk is an agent that was enrolled before the first day.
type stageDesk struct {
	folder string
	site   int
	id     uuid.UUID
}

const (
	firstDay = models.LocalDate("2027-05-10")
	lastDay  = models.LocalDate("2027-05-12")
	people   = 10 // of a class
	serverAt = "http://office.example"
)

// policies are what the stages differ by: one stage a policy.
func policies() []models.Policy {
	plain := models.DefaultPolicy()
	noCheckOut := plain
	noCheckOut.CheckOut, noCheckOut.LateUpload = false, 12
	strict := plain
	strict.Reentry, strict.OpenStay, strict.MinStay, strict.LateAfter = false, 60, 20, 5
	suspicious := plain
	suspicious.SpotCheck = 1000
	return []models.Policy{plain, noCheckOut, strict, suspicious}
}

// newStage plans a pilot of two sites in two zones with three classes, in a
// folder below dir.
func newStage(ctx context.Context, dir string, number int, policy models.Policy) (*stage, error) {
	s := &stage{dir: filepath.Join(dir, fmt.Sprint("stage-", number)), policy: policy}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the stage: %w", err)
	}
	now := firstDay.Start(models.ZoneWIB).Add(-24 * hour)
	s.began = now
	st, err := officestore.Open(ctx, officestore.Config{Dir: s.dir, Now: func() models.Millis { return now }})
	if err != nil {
		return nil, err
	}
	err = errors.Join(s.plan(ctx, st), s.read(ctx, st))
	if err == nil {
		for i, site := range []int{0, 0, 1} {
			if err = s.enrol(ctx, st, now, i, site); err != nil {
				break
			}
		}
	}
	return s, errors.Join(err, st.Close())
}

func actor() office.Actor { return office.Actor{Name: "simulation"} }

func (s *stage) plan(ctx context.Context, st *officestore.Store) error {
	p := plan.New(st)
	pilot, err := p.AddPilot(ctx, actor(), models.Pilot{Code: "UJI", Name: "Uji coba", Policy: s.policy}, nil)
	if err != nil {
		return err
	}
	s.pilot = pilot.ID
	if err := p.Decide(ctx, actor(), pilot.ID,
		plan.Decision{Number: "1", Date: firstDay.AddDays(-9), FirstDay: firstDay, FileName: "keputusan.pdf", FileContents: []byte("%PDF-1.7")}); err != nil {
		return err
	}
	classes := []string{"class_code,course_code,course_title,hours,provider_code,provider_name,site_code,capacity,session,date,start,end,room"}
	for _, x := range []struct{ class, site, room, first, second string }{
		{"A", "S-1", "R1", "08:00,12:00", "13:00,16:00"}, {"B", "S-2", "R1", "08:30,12:30", "14:00,17:00"}, {"C", "S-1", "R2", "09:00,12:00", "13:30,15:30"},
	} {
		for i, at := range []string{string(firstDay) + "," + x.first, string(firstDay) + "," + x.second, string(firstDay.AddDays(1)) + "," + x.first} {
			classes = append(classes, fmt.Sprintf("%s,K,Kursus,9,LP,Lembaga,%s,%d,%d,%s,%s", x.class, x.site, people+5, i+1, at, x.room))
		}
	}
	list := []string{"number,nik,name,class_code"}
	for i, class := range []string{"A", "B", "C"} {
		for k := range people {
			n := i*people + k + 1
			list = append(list, fmt.Sprintf("P-%d,320000010190%04d,Peserta %d,%s", n, n, n, class))
		}
	}
	files := []string{"code,name,address,regency,capacity\nS-1,Balai Satu,Jl. Satu,32.73,80\nS-2,Balai Dua,Jl. Dua,91.71,80", strings.Join(classes, "\n"),
		strings.Join(list, "\n")}
	for i, text := range files {
		report, err := imports.New(st).Import(ctx, actor(),
			imports.File{Kind: imports.Kinds()[i], Name: "x.csv", Content: []byte(text), Pilot: &pilot.ID}, plan.Apply, nil)
		if err != nil || !report.OK() {
			return fmt.Errorf("import the plan: %w %v %v", err, report.Errors, report.Problems)
		}
	}
	return nil
}

// read remembers what was planned.
func (s *stage) read(ctx context.Context, st *officestore.Store) error {
	q := st.Read(ctx)
	var err error
	if s.sites, err = q.Sites(); err != nil {
		return err
	}
	for _, site := range s.sites {
		o, _, err := plan.New(st).AddOfficer(ctx, actor(), site.ID, "Sari", "123456", true)
		if err != nil {
			return err
		}
		s.supervisors = append(s.supervisors, o.ID)
	}
	classes, err := q.AllClasses()
	if err != nil {
		return err
	}
	for _, c := range classes {
		sessions, err1 := q.SessionsOf(c.ID)
		places, err2 := q.Places(c.ID)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		class := stageClass{Class: c, sessions: sessions, been: map[uuid.UUID]bool{c.SiteID: true}}
		for _, p := range places {
			var n int
			if _, err := fmt.Sscanf(p.Number, "P-%d", &n); err != nil {
				return fmt.Errorf("number %q: %w", p.Number, err)
			}
			class.people = append(class.people, &person{
				place: p.Enrollment.ID, participant: *p.Enrollment.ParticipantID, name: p.Name, number: p.Number, nik4: fmt.Sprintf("%04d", n), tickets: p.Tickets,
			})
		}
		s.classes = append(s.classes, class)
	}
	return nil
}

// enrol makes the data of one more agent, which has pulled its roster.
func (s *stage) enrol(ctx context.Context, st *officestore.Store, now models.Millis, number, site int) error {
	folder := filepath.Join(s.dir, fmt.Sprint("desk-", number))
	local, err := store.Open(ctx, folder)
	if err != nil {
		return err
	}
	door := openDoor(st, func() models.Millis { return now }) //nolint:contextcheck // each request brings its own
	client := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) { return deliver(door, r) })}
	up := uplink.New(local, client, func() (models.Millis, int64, uuid.UUID) { return now, 1, uuid.UUID{1} }, slog.New(slog.DiscardHandler))
	code, err := newCode(ctx, st, s.sites[site].ID, fmt.Sprint("meja ", number))
	if err != nil {
		return errors.Join(err, local.Close())
	}
	id, err := up.Enrol(ctx, serverAt, code)
	if err == nil {
		_, err = up.Sync(ctx)
	}
	s.desks = append(s.desks, stageDesk{folder, site, id.Agent})
	return errors.Join(err, local.Close())
}

func newCode(ctx context.Context, st *officestore.Store, site uuid.UUID, name string) (code string, err error) {
	err = st.Write(ctx, func(tx *officestore.Tx) (err error) {
		code, _, err = tx.NewAgentCode(site, name)
		return err
	})
	return code, err
}

// copyFolder copies the files of a folder. No file may be open for writing.
func copyFolder(from, to string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return fmt.Errorf("copy %s: %w", from, err)
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		return fmt.Errorf("copy %s: %w", from, err)
	}
	for _, e := range entries {
		if e.IsDir() || strings.HasSuffix(e.Name(), "-shm") {
			continue
		}
		b, err := os.ReadFile(filepath.Join(from, e.Name()))
		if err == nil {
			err = os.WriteFile(filepath.Join(to, e.Name()), b, 0o600)
		}
		if err != nil {
			return fmt.Errorf("copy %s: %w", from, err)
		}
	}
	return nil
}
