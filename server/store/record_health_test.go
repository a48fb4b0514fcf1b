package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/server/store"
)

// Every sign of trouble alone, just short of it, and all at once: what the database
// finds is what the words of the models say.
func TestAgentsAreFoundByWhatIsWrongWithThem(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, cfg store.Config) {
		c := newClass(t, cfg)
		c.now = models.MillisOf(time.Date(2026, 6, 22, 3, 0, 0, 0, time.UTC))
		now, st := c.now, c.st
		at := func(code string, r models.Rhythm) models.Site {
			return models.Site{ID: uuid.New(), Code: code, Name: code, Zone: models.ZoneWIB, Rhythm: r}
		}
		site, daily, weekly, idle := at("A", ""), at("B", models.RhythmDaily), at("C", models.RhythmWeekly), at("D", "")
		well := func() models.Agent {
			return models.Agent{SiteID: site.ID, Status: models.AgentActive, PublicKey: []byte{1}, Version: exchange.Version, LastContact: now, RosterRev: 5,
				RosterAt: now, Disk: models.Disk{Free: models.LittleDisk, Total: 1 << 40}}
		}
		day := 24 * time.Hour
		want := map[string][]models.Ailment{}
		var agents []models.Agent
		seq := 0
		for _, kind := range []struct {
			name    string
			change  func(*models.Agent)
			ailment []models.Ailment
		}{
			{"well", func(*models.Agent) {}, nil},
			{"silent for just a day", func(a *models.Agent) { a.LastContact = now.Add(-day) }, nil},
			{"silent", func(a *models.Agent) { a.LastContact = now.Add(-day - 1e6) }, []models.Ailment{models.AilmentSilent}},
			{"silent where files come every week", func(a *models.Agent) { a.SiteID, a.LastContact = weekly.ID, now.Add(-7*day) }, nil},
			{"silent where files came every week", func(a *models.Agent) { a.SiteID, a.LastContact = weekly.ID, now.Add(-11*day) },
				[]models.Ailment{models.AilmentSilent}},
			{"silent where files come every day", func(a *models.Agent) { a.SiteID, a.LastContact = daily.ID, now.Add(-40*time.Hour) }, nil},
			{"silent where files came every day", func(a *models.Agent) { a.SiteID, a.LastContact = daily.ID, now.Add(-3*day) },
				[]models.Ailment{models.AilmentSilent}},
			{"silent where nobody teaches", func(a *models.Agent) { a.SiteID, a.LastContact = idle.ID, 0 }, nil},
			{"one reply behind where files come", func(a *models.Agent) { a.SiteID, a.RosterRev, a.RosterAt = weekly.ID, 4, now.Add(-9*day) }, nil},
			{"little disk", func(a *models.Agent) { a.Disk.Free-- }, []models.Ailment{models.AilmentDisk}},
			{"a full disk", func(a *models.Agent) { a.Disk.Free = 0 }, []models.Ailment{models.AilmentDisk}},
			{"an unknown disk", func(a *models.Agent) { a.Disk = models.Disk{} }, nil},
			{"two minutes fast", func(a *models.Agent) { a.ClockOffset = 120_000 }, nil},
			{"more than two minutes slow", func(a *models.Agent) { a.ClockOffset = -120_001 }, []models.Ailment{models.AilmentClock}},
			{"unsent", func(a *models.Agent) { a.Unsent = 1 }, []models.Ailment{models.AilmentUnsent}},
			{"behind since an hour", func(a *models.Agent) { a.RosterRev, a.RosterAt = 4, now.Add(-time.Hour) }, nil},
			{"behind since two days", func(a *models.Agent) { a.RosterRev, a.RosterAt = 4, now.Add(-2*day) }, []models.Ailment{models.AilmentRoster}},
			{"another version", func(a *models.Agent) { a.Version = "0" }, []models.Ailment{models.AilmentVersion}},
			{"everything", func(a *models.Agent) {
				*a = models.Agent{SiteID: site.ID, Status: models.AgentActive, PublicKey: []byte{1}, Version: "0", Unsent: 3, ClockOffset: 1e9, Disk: models.Disk{Total: 9}}
			}, models.Ailments()},
			{"revoked", func(a *models.Agent) {
				*a = models.Agent{SiteID: site.ID, Status: models.AgentRevoked, PublicKey: []byte{1}, Disk: models.Disk{Total: 9}}
			}, nil},
		} {
			a := well()
			kind.change(&a)
			a.ID, a.Name, a.TokenHash = uuid.New(), kind.name, []byte(kind.name)
			agents = append(agents, a)
			want[kind.name] = kind.ailment
		}
		err := st.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveSites([]models.Site{site, daily, weekly, idle}) })
		for _, s := range []models.Site{site, daily, weekly} {
			if err == nil {
				err = st.DB().Save(&models.SiteFeed{SiteID: s.ID, Revision: 5}).Error
			}
			for start := now.Add(-30*day + time.Hour); err == nil && start < now.Add(2*day); start = start.Add(day) {
				seq++
				err = st.DB().Create(&models.Session{ID: uuid.New(), SiteID: s.ID, ClassID: c.session.ClassID, Seq: 50 + seq, StartsAt: start, EndsAt: start.Add(4 * time.Hour),
					Status: models.SessionPlanned}).Error
			}
		}
		if err == nil {
			err = st.DB().Create(&agents).Error
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range append(models.Ailments(), store.AnyAilment, "") {
			list, err := st.Read(t.Context()).ListAgents(store.AgentFilter{Ails: x, Now: now}, store.Slice{Limit: 100})
			if err != nil {
				t.Fatal(err)
			}
			found := map[string]bool{}
			for _, a := range list.Rows {
				found[a.Name] = true
				if a.Rhythm == "" {
					t.Errorf("%s: no rhythm", a.Name)
				}
				if got := a.Ailing(now); !slices.Equal(got, want[a.Name]) {
					t.Errorf("%s has %v, want %v", a.Name, got, want[a.Name])
				}
			}
			for name, has := range want {
				if should := x == "" || slices.Contains(has, x) || x == store.AnyAilment && len(has) > 0; found[name] != should {
					t.Errorf("asked for %q: %s is found: %t, want %t", x, name, found[name], should)
				}
			}
		}
	})
}

func TestAContactSaysHowMuchRoomThereIsAndWhetherTheRosterIsTheNewest(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, cfg store.Config) {
		now := models.MillisOf(time.Date(2026, 6, 22, 3, 0, 0, 0, time.UTC))
		cfg.Now = func() models.Millis { return now }
		st := open(t, cfg)
		site := models.Site{ID: uuid.New(), Code: "A", Name: "A", Zone: models.ZoneWIB}
		agent := models.Agent{ID: uuid.New(), SiteID: site.ID, Status: models.AgentActive, PublicKey: []byte{1}, TokenHash: []byte{1}}
		if err := st.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveSites([]models.Site{site}) }); err != nil {
			t.Fatal(err)
		}
		if err := st.DB().Create(&agent).Error; err != nil {
			t.Fatal(err)
		}
		if err := st.DB().Save(&models.SiteFeed{SiteID: site.ID, Revision: 5}).Error; err != nil {
			t.Fatal(err)
		}
		began, room := now, models.Disk{Free: 7, Total: 9}
		for _, c := range []struct {
			name    string
			contact store.Contact
			disk    models.Disk
			at      models.Millis
		}{
			{"an older roster", store.Contact{RosterRev: 4, Disk: room}, room, 0},
			{"the newest", store.Contact{RosterRev: 5, Disk: models.Disk{Free: 6, Total: 9}}, models.Disk{Free: 6, Total: 9}, began.Add(2 * time.Hour)},
			{"an older one again, and nothing of a disk", store.Contact{RosterRev: 1}, models.Disk{Free: 6, Total: 9}, began.Add(2 * time.Hour)},
		} {
			now = now.Add(time.Hour)
			if err := st.Write(t.Context(), func(tx *store.Tx) error { return tx.NoteContact(agent.ID, c.contact) }); err != nil {
				t.Fatal(err)
			}
			got, err := st.Read(t.Context()).Agent(agent.ID)
			if err != nil || got.Disk != c.disk || got.RosterAt != c.at {
				t.Errorf("%s: %+v at %d (%v), want %+v at %d", c.name, got.Disk, got.RosterAt, err, c.disk, c.at)
			}
		}
	})
}
