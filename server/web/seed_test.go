package web_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"gorm.io/driver/postgres"
	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"buktihadir/models"
	"buktihadir/server/store"
)

// seeded is what the tests' office has: two institutions, three zones, a class
// with attendance and one that lies outside a coordinator's scope.
type seeded struct {
	db                      *gorm.DB
	vault                   *store.Vault
	now                     models.Millis
	pilot                   models.Pilot
	own, other              models.Provider
	sites                   []models.Site
	classes                 []models.Class // the last one is the other institution's
	sessions                []models.Session
	participants            []models.Participant
	enrollments             []models.Enrollment
	agent                   models.Agent
	document                models.Document
	officer                 models.Officer
	personal                []string // every NIK and phone number, whole
	foreignPerson, ownPlace models.Enrollment
}

// newPlan writes rows as other programs of ours would have, into a PostgreSQL or,
// where its address is empty, into the folder's SQLite.
func newPlan(t testing.TB, dir, address string, vault *store.Vault, now models.Millis) *seeded {
	t.Helper()
	var dialect gorm.Dialector = gormsqlite.Dialector{DriverName: "sqlite", DSN: "file:" + filepath.Join(dir, "server.db") + "?_pragma=busy_timeout(10000)"}
	if address != "" {
		dialect = postgres.Open(address)
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
	p := &seeded{db: db, vault: vault, now: now}
	p.places(t)
	for i, at := range []struct {
		code, course, title string
		provider            models.Provider
	}{
		{"BDG-BARISTA-1", "BAR-01", "Barista dan Pengelolaan Kedai Kopi", p.own},
		{"KPG-JAHIT-1", "JHT-01", "Menjahit Busana Kerja untuk Usaha Rumahan", p.own},
		{"JYP-LAS-1", "LAS-01", "Las Dasar", p.other},
	} {
		p.class(t, at.code, at.course, at.title, at.provider, p.sites[i])
	}
	p.foreignPerson = p.enrollments[len(p.enrollments)-1]
	p.ownPlace = p.enrollments[0]
	p.record(t)
	return p
}

func (p *seeded) add(t testing.TB, row any) {
	t.Helper()
	if err := p.db.Create(row).Error; err != nil {
		t.Fatalf("%T: %v", row, err)
	}
}

func (p *seeded) places(t testing.TB) {
	t.Helper()
	today := models.ZoneWIB.Date(p.now)
	p.pilot = models.Pilot{ID: uuid.New(), Code: "UJI-1", Name: "Uji coba tatap muka gelombang pertama", Phase: models.PhaseRunning,
		DecisionNumber: "KCK/12/2026", DecisionDate: today.AddDays(-30), FirstDay: today.AddDays(-7), Quota: 1000, Policy: models.DefaultPolicy()}
	p.add(t, &p.pilot)
	p.add(t, &[]models.PilotProvince{{PilotID: p.pilot.ID, Province: "32", Quota: 400}, {PilotID: p.pilot.ID, Province: "53", Quota: 300}, {PilotID: p.pilot.ID, Province: "91"}})
	p.own = models.Provider{ID: uuid.New(), Code: "LPK-01", Name: "LPK Karya Mandiri Nusantara"}
	p.other = models.Provider{ID: uuid.New(), Code: "LPK-02", Name: "BLK Sentani"}
	p.add(t, &[]models.Provider{p.own, p.other})
	p.sites = []models.Site{
		{ID: uuid.New(), Code: "BDG-01", Name: "Balai Latihan Kerja Bandung", Address: "Jalan Gatot Subroto 170", Regency: "32.73", Capacity: 40, Zone: models.ZoneWIB, Facilities: "Listrik, meja, toilet"},
		{ID: uuid.New(), Code: "KPG-01", Name: "SMKN 3 Kupang", Address: "Jalan Perintis Kemerdekaan", Regency: "53.71", Capacity: 30, Zone: models.ZoneWITA},
		{ID: uuid.New(), Code: "JYP-01", Name: "Aula Distrik Sentani Timur yang Panjang Sekali Namanya", Address: "", Regency: "91.03", Capacity: 25, Zone: models.ZoneWIT, Disadvantaged: true},
	}
	p.add(t, &p.sites)
	p.officer = models.Officer{ID: uuid.New(), SiteID: p.sites[0].ID, Name: "Sari Utami", PINHash: "x", Supervisor: true, Active: true}
	p.add(t, &p.officer)
	for i, site := range p.sites[:2] {
		p.agent = models.Agent{ID: uuid.New(), SiteID: site.ID, Name: "Laptop meja depan", Status: models.AgentActive, PublicKey: []byte{1},
			TokenHash: []byte{byte(i)}, Version: "0.1.0", EnrolledAt: p.now.Add(-72 * time.Hour), LastContact: p.now.Add(-time.Duration(i*30+1) * time.Hour),
			ReportedUntil: p.now.Add(-time.Duration(i*30) * time.Hour), Unsent: int64(i * 12), RosterRev: 3}
		p.add(t, &p.agent)
		p.add(t, &models.SiteFeed{SiteID: site.ID, Revision: int64(3 + i*4)})
	}
	p.document = models.Document{ID: uuid.New(), Entity: "pilot", EntityID: p.pilot.ID, Kind: "decision", Version: 1, FileName: "keputusan.pdf",
		MediaType: "application/pdf", Content: []byte("%PDF-1.7 keputusan")}
	p.add(t, &p.document)
}

// class adds a class with a session yesterday, one now and one tomorrow, and its people.
func (p *seeded) class(t testing.TB, code, courseCode, title string, provider models.Provider, site models.Site) {
	t.Helper()
	course := models.Course{ID: uuid.New(), Code: courseCode, Title: title, Hours: 16, Mode: models.ModeOnsite, ProviderID: provider.ID}
	p.add(t, &course)
	class := models.Class{ID: uuid.New(), Ref: models.Ref{byte(len(p.classes) + 1)}, PilotID: p.pilot.ID, CourseID: course.ID, ProviderID: provider.ID,
		SiteID: site.ID, Code: code, Capacity: site.Capacity}
	var err error
	if class.Secret, err = p.vault.Seal(make([]byte, 32), "class/"+class.ID.String()+"/secret"); err != nil {
		t.Fatal(err)
	}
	p.add(t, &class)
	p.classes = append(p.classes, class)
	instructor := models.Instructor{ID: uuid.New(), Code: "P-" + code, Name: "Pelatih " + site.Code, ProviderID: provider.ID}
	p.add(t, &instructor)
	p.enroll(t, models.Enrollment{ClassID: class.ID, Role: models.PersonInstructor, InstructorID: &instructor.ID})
	start := p.now.Add(-90 * time.Minute)
	for i, day := range []int{-1, 0, 1} {
		s := models.Session{ID: uuid.New(), ClassID: class.ID, SiteID: site.ID, Seq: i + 1, Room: "Ruang 2", Status: models.SessionPlanned,
			StartsAt: start.Add(time.Duration(day) * 24 * time.Hour), EndsAt: start.Add(time.Duration(day)*24*time.Hour + 4*time.Hour)}
		p.add(t, &s)
		p.sessions = append(p.sessions, s)
	}
	for range 12 {
		p.person(t, class)
	}
}

func (p *seeded) person(t testing.TB, class models.Class) {
	t.Helper()
	n := len(p.participants)
	names := []string{"Siti Aminah", "Budi Santoso", "Maria Goreti Bere", "Yohanes Wenda", "Dewi Lestari Kusumaningtyas Prawirodirdjo", "Agus", "Nur Hidayah", "I Made Wirawan", "Rambu Ana", "Petrus Kogoya", "Fitri Handayani", "Ujang Komarudin"}
	nik, phone := fmt.Sprintf("0073%02d150695%04d", n%90+1, n+1), fmt.Sprintf("+62812345%05d", n)
	p.personal = append(p.personal, nik, phone, phone[3:])
	id := uuid.New()
	seal := func(text, what string) []byte {
		b, err := p.vault.Seal([]byte(text), "participant/"+id.String()+"/"+what)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	person := models.Participant{ID: id, Number: fmt.Sprintf("REG-%05d", n+1), Name: names[n%len(names)], NIKSealed: seal(nik, "nik"), NIKIndex: p.vault.Index("nik", nik),
		PhoneSealed: seal(phone, "phone"), PhoneIndex: p.vault.Index("phone", phone), BirthDate: "1995-06-15", Sex: models.SexMale, Regency: "32.73", Wave: 1 + n%3,
		LinkVersion: 1, LinkHash: id[:]}
	p.add(t, &person)
	p.participants = append(p.participants, person)
	p.enroll(t, models.Enrollment{ClassID: class.ID, Role: models.PersonParticipant, ParticipantID: &person.ID})
}

func (p *seeded) enroll(t testing.TB, e models.Enrollment) {
	t.Helper()
	e.ID, e.Status = uuid.New(), models.EnrollmentActive
	p.add(t, &e)
	p.enrollments = append(p.enrollments, e)
	p.add(t, &models.Ticket{ID: models.Ref(e.ID[:8]), EnrollmentID: e.ID, ClassID: e.ClassID, KeyID: []byte{1}, ValidFrom: "2026-01-01", ValidUntil: "2027-01-01",
		Token: "BH1" + e.ID.String(), IssuedAt: p.now})
}

// record adds what the first class's people did.
func (p *seeded) record(t testing.TB) {
	t.Helper()
	statuses := []models.AttendanceStatus{models.StatusPresent, models.StatusLate, models.StatusPresent, models.StatusLeftEarly, models.StatusPresent, models.StatusAbsent, models.StatusPresent}
	for _, s := range p.sessions[:2] {
		for i, e := range p.enrollments[:10] {
			status := statuses[i%len(statuses)]
			a := models.Attendance{SessionID: s.ID, EnrollmentID: e.ID, ClassID: e.ClassID, Status: status, Derived: status}
			if status != models.StatusAbsent {
				a.FirstIn, a.Minutes, a.Accepted = s.StartsAt.Add(time.Duration(i*4-10)*time.Minute), 200-i, 1
			}
			if i%3 == 0 {
				a.Flags = "manual,late_upload"
			}
			p.add(t, &a)
		}
	}
	p.add(t, &models.HistoryEntry{ID: uuid.New(), At: p.now.Add(-time.Hour), Actor: "Ani", Action: "pilot.approve", Entity: "pilot", EntityID: p.pilot.ID.String(),
		Detail: `{"number":"KCK/12/2026"}`, Reason: ""})
}
