package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/scripts/e2e/database"
	"buktihadir/server/store"
)

// town is a small pilot on real programs: one site, a class whose session takes
// check-ins now, and one whose session comes later today.
type town struct {
	t             *testing.T
	programs      Programs
	office, desk  string // data directories
	database      string // of the office, where it is not SQLite
	zone          models.Zone
	serves        []string // further arguments of the server
	server, agent *Process
	pin           string
	officer       uuid.UUID
}

type townTicket struct {
	Participant struct {
		Enrollment   uuid.UUID
		Name, Number string
		Role         models.PersonRole
	}
	Ticket models.Ref
	Token  string
	Link   string
}

type townMark struct {
	Person struct{ Name, Number string }
	Seq    int `json:"session_seq"`
	Status models.AttendanceStatus
	First  *time.Time `json:"first_in"`
}

// zoneOfDay is a zone in which there is room for a later session today: where it is
// 22:00 in the west, a new day has begun in the east.
func zoneOfDay(now time.Time) (models.Zone, string) {
	if h := now.In(models.ZoneWIB.Location()).Hour(); h < 22 {
		return models.ZoneWIB, "32.73"
	}
	return models.ZoneWIT, "91.71"
}

// townHours are the local date and hours of the town's two sessions, one that takes
// check-ins now and one that comes later on the same day.
func townHours(now time.Time) (day, current, later string) {
	zone, _ := zoneOfDay(now)
	local := now.In(zone.Location())
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, local.Location())
	clock := func(after time.Duration) string {
		return midnight.Add(max(local.Add(after).Sub(midnight), 0)).Format("15:04")
	}
	return local.Format(time.DateOnly), clock(-10*time.Minute) + "," + clock(time.Hour),
		clock(80*time.Minute) + "," + clock(110*time.Minute)
}

func TestTheTownHasALaterSessionAtEveryMinuteOfTheDay(t *testing.T) {
	for now := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC); now.Day() == 24; now = now.Add(time.Minute) {
		if _, current, later := townHours(now); current[6:] <= current[:5] || later[:5] <= current[6:] || later[6:] <= later[:5] {
			t.Fatalf("at %s: sessions %s and %s", now.Format(time.RFC3339), current, later)
		}
	}
}

// newTown plans the town and starts the server. policy is what `pilot policy`
// sets, "name=value" each.
func newTown(t *testing.T, policy ...string) *town {
	t.Helper()
	return newTownOn(t, database.SQLite(t), policy...)
}

func newTownOn(t *testing.T, cfg store.Config, policy ...string) *town {
	t.Helper()
	w := &town{t: t, programs: Build(t), office: cfg.Dir, desk: t.TempDir(), database: cfg.URL}
	w.openOffice("127.0.0.1:0")
	now := time.Now()
	zone, regency := zoneOfDay(now)
	w.zone = zone
	yesterday := now.In(zone.Location()).AddDate(0, 0, -1).Format(time.DateOnly)
	day, current, later := townHours(now)
	files := map[string]string{
		"sites.csv": "code,name,address,regency,capacity\nT-1,Balai Uji,Jl. Uji 1," + regency + ",600\n",
		"schedule.csv": strings.Join([]string{
			"class_code,course_code,course_title,hours,provider_code,provider_name,site_code,capacity,session,date,start,end,room",
			"KINI,K1,Pelatihan Kini,4,LP,Lembaga Uji,T-1,600,1," + day + "," + current + ",R1",
			"NANTI,K2,Pelatihan Nanti,4,LP,Lembaga Uji,T-1,40,1," + day + "," + later + ",R2", "",
		}, "\n"),
		"people.csv": "number,nik,name,class_code\nP-1,3273000101900001,Siti Rahma,KINI\nP-2,3273000101900002,Budi Santoso,KINI\n" +
			"P-3,3273000101900003,Agus Salim,KINI\nP-4,3273000101900004,Dewi Lestari,NANTI\n",
		"decision.pdf": "%PDF-1.7 keputusan",
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(w.office, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w.do("pilot", "add", "--code", "UJI", "--name", "Uji coba")
	w.do("pilot", "decide", "--code", "UJI", "--number",
		"1/2022", "--date", yesterday, "--first-day", yesterday, "--document", filepath.Join(w.office, "decision.pdf"))
	for _, p := range policy {
		w.do("pilot", "policy", "--code", "UJI", "--set", p)
	}
	w.do("import", "sites", filepath.Join(w.office, "sites.csv"))
	w.do("import", "schedule", filepath.Join(w.office, "schedule.csv"), "--pilot", "UJI")
	w.do("import", "participants", filepath.Join(w.office, "people.csv"), "--pilot", "UJI")
	who := Lines[struct {
		Officer uuid.UUID
		PIN     string
	}](t, w.do("officer", "add", "--site", "T-1", "--name", "Sari", "--supervisor", "--json"))[0]
	w.officer, w.pin = who.Officer, who.PIN
	code := Lines[struct{ Code string }](t, w.do("agent", "add", "--site", "T-1", "--json"))[0].Code
	w.programs.Agent.Must(t, "--data", w.desk, "enroll", "--server", w.server.URL, "--code", code)
	return w
}

// do runs a command of the server.
func (w *town) do(args ...string) string {
	w.t.Helper()
	return w.programs.Server.Must(w.t, append(w.data(), args...)...)
}

// data says where the office's data are.
func (w *town) data() []string {
	if w.database != "" {
		return []string{"--data", w.office, "--database", w.database}
	}
	return []string{"--data", w.office}
}

func (w *town) openOffice(address string) {
	w.t.Helper()
	w.server = w.programs.Server.Serve(w.t, slices.Concat(w.data(), []string{"serve", "--listen", address}, w.serves)...)
}

// reopens ends the server and starts it again at its address.
func (w *town) reopens() {
	w.t.Helper()
	w.server.Stop()
	w.openOffice(strings.TrimPrefix(w.server.URL, "http://"))
}

func (w *town) openDesk() {
	w.t.Helper()
	w.agent = w.programs.Agent.Serve(w.t, "--data", w.desk, "serve", "--listen", "127.0.0.1:0")
}

// tickets are a class's, by registration number; instructors are left out.
func (w *town) tickets(class string) map[string]townTicket {
	w.t.Helper()
	out := map[string]townTicket{}
	for _, x := range Lines[townTicket](w.t, w.do("ticket", "list", "--class", class, "--json")) {
		out[x.Participant.Number] = x
	}
	return out
}

// mark is somebody's attendance, once the server has any.
func (w *town) mark(class, number string) townMark {
	w.t.Helper()
	for _, m := range Lines[townMark](w.t, w.do("attendance", "--class", class, "--json")) {
		if m.Person.Number == number {
			return m
		}
	}
	w.t.Fatalf("nobody %s in class %s", number, class)
	return townMark{}
}

// eventually waits for what the programs do in the background.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.After(45 * time.Second)
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("never happened: %s", what)
		}
	}
}
