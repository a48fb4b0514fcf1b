package webtest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"buktihadir/models"
	"buktihadir/scripts/e2e/database"
	"buktihadir/server/store"
)

// Seeded is what the tests' office has: two institutions, three zones, a class
// with attendance and one that lies outside a coordinator's scope.
type Seeded struct {
	DB                      *gorm.DB // the store's tables, seen from outside
	vault                   *store.Vault
	Now                     models.Millis
	Pilot                   models.Pilot
	Own, Other              models.Provider
	Sites                   []models.Site
	Classes                 []models.Class // the last one is the other institution's
	Sessions                []models.Session
	Participants            []models.Participant
	Enrollments             []models.Enrollment
	Agent                   models.Agent
	Document                models.Document
	Officer                 models.Officer
	Personal                []string // every NIK and phone number, whole
	ForeignPerson, OwnPlace models.Enrollment
}

// seed writes rows as other programs of ours would have.
func seed(t testing.TB, cfg store.Config, vault *store.Vault) *Seeded {
	t.Helper()
	db := database.Besides(t, cfg)
	p := &Seeded{DB: db.Begin(), vault: vault, Now: cfg.Now()}
	p.places(t)
	for i, at := range []struct {
		code, course, title string
		provider            models.Provider
	}{
		{"BDG-BARISTA-1", "BAR-01", "Barista dan Pengelolaan Kedai Kopi", p.Own},
		{"KPG-JAHIT-1", "JHT-01", "Menjahit Busana Kerja untuk Usaha Rumahan", p.Own},
		{"JYP-LAS-1", "LAS-01", "Las Dasar", p.Other},
	} {
		p.class(t, at.code, at.course, at.title, at.provider, p.Sites[i])
	}
	p.ForeignPerson = p.Enrollments[len(p.Enrollments)-1]
	p.OwnPlace = p.Enrollments[0]
	p.record(t)
	if err := p.DB.Commit().Error; err != nil {
		t.Fatal(err)
	}
	p.DB = db
	return p
}

// Add writes a row.
func (p *Seeded) Add(t testing.TB, row any) {
	t.Helper()
	if err := p.DB.Create(row).Error; err != nil {
		t.Fatalf("%T: %v", row, err)
	}
}

func (p *Seeded) places(t testing.TB) {
	t.Helper()
	today := models.ZoneWIB.Date(p.Now)
	p.Pilot = models.Pilot{ID: uuid.New(), Code: "UJI-1", Name: "Uji coba tatap muka gelombang pertama", Phase: models.PhaseRunning,
		DecisionNumber: "KCK/12/2026", DecisionDate: today.AddDays(-30), FirstDay: today.AddDays(-7), Quota: 1000, Policy: models.DefaultPolicy()}
	p.Add(t, &p.Pilot)
	p.Add(
		t,
		&[]models.PilotProvince{
			{PilotID: p.Pilot.ID, Province: "32", Quota: 400},
			{PilotID: p.Pilot.ID, Province: "53", Quota: 300},
			{PilotID: p.Pilot.ID, Province: "91"},
		},
	)
	p.Own = models.Provider{ID: uuid.New(), Code: "LPK-01", Name: "LPK Karya Mandiri Nusantara"}
	p.Other = models.Provider{ID: uuid.New(), Code: "LPK-02", Name: "BLK Sentani"}
	p.Add(t, &[]models.Provider{p.Own, p.Other})
	p.Sites = []models.Site{
		{
			ID:         uuid.New(),
			Code:       "BDG-01",
			Name:       "Balai Latihan Kerja Bandung",
			Address:    "Jalan Gatot Subroto 170",
			Regency:    "32.73",
			Capacity:   40,
			Zone:       models.ZoneWIB,
			Facilities: "Listrik, meja, toilet",
		},
		{ID: uuid.New(), Code: "KPG-01", Name: "SMKN 3 Kupang", Address: "Jalan Perintis Kemerdekaan", Regency: "53.71", Capacity: 30, Zone: models.ZoneWITA},
		{
			ID:            uuid.New(),
			Code:          "JYP-01",
			Name:          "Aula Distrik Sentani Timur yang Panjang Sekali Namanya",
			Address:       "",
			Regency:       "91.03",
			Capacity:      25,
			Zone:          models.ZoneWIT,
			Disadvantaged: true,
		},
	}
	for i := range p.Sites {
		p.Sites[i].Rhythm = models.RhythmNetwork
	}
	p.Add(t, &p.Sites)
	p.Officer = models.Officer{ID: uuid.New(), SiteID: p.Sites[0].ID, Name: "Sari Utami", PINHash: "x", Supervisor: true, Active: true}
	p.Add(t, &p.Officer)
	for i, site := range p.Sites[:2] {
		p.Agent = models.Agent{ID: uuid.New(), SiteID: site.ID, Name: "Laptop meja depan", Status: models.AgentActive, PublicKey: []byte{1},
			TokenHash: []byte{byte(i)}, Version: "0.1.0", EnrolledAt: p.Now.Add(-72 * time.Hour), LastContact: p.Now.Add(-time.Duration(i*30+1) * time.Hour),
			ReportedUntil: p.Now.Add(-time.Duration(i*30) * time.Hour), Unsent: int64(i * 12), RosterRev: 3}
		p.Add(t, &p.Agent)
		p.Add(t, &models.SiteFeed{SiteID: site.ID, Revision: int64(3 + i*4)})
	}
	p.Document = models.Document{ID: uuid.New(), Entity: "pilot", EntityID: p.Pilot.ID, Kind: "decision", Version: 1, FileName: "keputusan.pdf",
		MediaType: "application/pdf", Content: []byte("%PDF-1.7 keputusan")}
	p.Add(t, &p.Document)
}

// class adds a class with a session yesterday, one now and one tomorrow, and its people.
func (p *Seeded) class(t testing.TB, code, courseCode, title string, provider models.Provider, site models.Site) {
	t.Helper()
	course := models.Course{ID: uuid.New(), Code: courseCode, Title: title, Hours: 16, Mode: models.ModeOnsite, ProviderID: provider.ID}
	p.Add(t, &course)
	class := models.Class{ID: uuid.New(), Ref: models.Ref{byte(len(p.Classes) + 1)}, PilotID: p.Pilot.ID, CourseID: course.ID, ProviderID: provider.ID,
		SiteID: site.ID, Code: code, Capacity: site.Capacity}
	var err error
	if class.Secret, err = p.vault.Seal(make([]byte, 32), "class/"+class.ID.String()+"/secret"); err != nil {
		t.Fatal(err)
	}
	p.Add(t, &class)
	p.Classes = append(p.Classes, class)
	instructor := models.Instructor{ID: uuid.New(), Code: "P-" + code, Name: "Pelatih " + site.Code, ProviderID: provider.ID}
	p.Add(t, &instructor)
	p.Enroll(t, models.Enrollment{ClassID: class.ID, Role: models.PersonInstructor, InstructorID: &instructor.ID})
	start := p.Now.Add(-90 * time.Minute)
	for i, day := range []int{-1, 0, 1} {
		s := models.Session{ID: uuid.New(), ClassID: class.ID, SiteID: site.ID, Seq: i + 1, Room: "Ruang 2", Status: models.SessionPlanned,
			StartsAt: start.Add(time.Duration(day) * 24 * time.Hour), EndsAt: start.Add(time.Duration(day)*24*time.Hour + 4*time.Hour)}
		p.Add(t, &s)
		p.Sessions = append(p.Sessions, s)
	}
	for range 12 {
		p.person(t, class)
	}
}

func (p *Seeded) person(t testing.TB, class models.Class) {
	t.Helper()
	n := len(p.Participants)
	names := []string{
		"Siti Aminah",
		"Budi Santoso",
		"Maria Goreti Bere",
		"Yohanes Wenda",
		"Dewi Lestari Kusumaningtyas Prawirodirdjo",
		"Agus",
		"Nur Hidayah",
		"I Made Wirawan",
		"Rambu Ana",
		"Petrus Kogoya",
		"Fitri Handayani",
		"Ujang Komarudin",
	}
	nik, phone := fmt.Sprintf("0073%02d150695%04d", n%90+1, n+1), fmt.Sprintf("+62812345%05d", n)
	p.Personal = append(p.Personal, nik, phone, phone[3:])
	id := uuid.New()
	seal := func(text, what string) []byte {
		b, err := p.vault.Seal([]byte(text), "participant/"+id.String()+"/"+what)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	person := models.Participant{
		ID:        id,
		Number:    fmt.Sprintf("REG-%05d", n+1),
		Name:      names[n%len(names)],
		NIKSealed: seal(nik, "nik"),
		NIKIndex:  p.vault.Index("nik", nik),
		PhoneSealed: seal(
			phone,
			"phone",
		),
		PhoneIndex:  p.vault.Index("phone", phone),
		BirthDate:   "1995-06-15",
		Sex:         models.SexMale,
		Regency:     "32.73",
		Wave:        1 + n%3,
		LinkVersion: 1,
		LinkHash:    id[:],
	}
	p.Add(t, &person)
	p.Participants = append(p.Participants, person)
	p.Enroll(t, models.Enrollment{ClassID: class.ID, Role: models.PersonParticipant, ParticipantID: &person.ID})
}

// Enroll gives a place in a class, with its ticket.
func (p *Seeded) Enroll(t testing.TB, e models.Enrollment) {
	t.Helper()
	e.ID, e.Status, e.CreatedAt = uuid.New(), models.EnrollmentActive, p.Now.Add(-48*time.Hour)
	p.Add(t, &e)
	p.Enrollments = append(p.Enrollments, e)
	p.Add(
		t,
		&models.Ticket{ID: models.Ref(e.ID[:8]), EnrollmentID: e.ID, ClassID: e.ClassID, KeyID: []byte{1}, ValidFrom: "2026-01-01", ValidUntil: "2027-01-01",
			Token: "BH1" + e.ID.String(), IssuedAt: p.Now},
	)
}

// record adds what the first class's people did.
func (p *Seeded) record(t testing.TB) {
	t.Helper()
	statuses := []models.AttendanceStatus{
		models.StatusPresent,
		models.StatusLate,
		models.StatusPresent,
		models.StatusLeftEarly,
		models.StatusPresent,
		models.StatusAbsent,
		models.StatusPresent,
	}
	for _, s := range p.Sessions[:2] {
		for i, e := range p.Enrollments[:10] {
			status := statuses[i%len(statuses)]
			a := models.Attendance{SessionID: s.ID, EnrollmentID: e.ID, ClassID: e.ClassID, Status: status, Derived: status, Final: true}
			if status != models.StatusAbsent {
				a.FirstIn, a.Minutes, a.Accepted = s.StartsAt.Add(time.Duration(i*4-10)*time.Minute), 200-i, 1
			}
			if i%3 == 0 {
				a.Flags = "manual,late_upload"
			}
			p.Add(t, &a)
		}
	}
	p.Add(
		t,
		&models.HistoryEntry{ID: uuid.New(), At: p.Now.Add(-time.Hour), Actor: "Ani", Action: "pilot.approve", Entity: "pilot", EntityID: p.Pilot.ID.String(),
			Detail: `{"number":"KCK/12/2026"}`, Reason: ""},
	)
}

// LinkOf makes a seeded participant's page reachable, as an import would have.
func (o *Office) LinkOf(t testing.TB, i int) string {
	t.Helper()
	person := o.Participants[i]
	link := o.Store.Read(t.Context()).LinkOf(person)
	known := map[string]any{"link_hash": store.LinkHash(link), "created_at": o.Now - 1}
	if err := o.DB.Model(&models.Participant{}).Where("id = ?", person.ID).Updates(known).Error; err != nil {
		t.Fatal(err)
	}
	return "/t/" + link
}

// PlaceOf is a participant's place in the first class, whose instructor comes before them.
func (o *Office) PlaceOf(i int) models.Enrollment { return o.Enrollments[i+1] }
