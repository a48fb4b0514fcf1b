package store_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"gorm.io/gorm/schema"

	"buktihadir/models"
	"buktihadir/scripts/e2e/database"
	"buktihadir/server/store"
)

// onBoth runs a test on SQLite and on PostgreSQL.
func onBoth(t *testing.T, test func(t *testing.T, cfg store.Config)) {
	t.Helper()
	database.OnBoth(t, test)
}

func open(t *testing.T, cfg store.Config) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return st
}

func entities() []any {
	return append(store.LogEntities(),
		models.Setting{}, models.DataKey{}, models.SigningKey{}, models.Pilot{}, models.PilotProvince{}, models.Wave{}, models.Provider{},
		models.Course{}, models.Site{}, models.SiteFeed{}, models.FeedItem{}, models.Class{}, models.Session{},
		models.Instructor{}, models.Officer{}, models.Participant{}, models.Enrollment{}, models.Ticket{},
		models.Completion{}, models.User{}, models.HTTPSession{}, models.HistoryEntry{}, models.ImportJob{}, models.AutoPlan{},
		models.ProposedClass{}, models.Document{},
		models.Agent{}, models.AgentCode{}, models.Journal{}, models.ScanEvent{}, models.RejectedBatch{}, models.Attachment{},
		models.Attendance{}, models.Correction{}, models.BootAnchor{}, models.Case{}, models.CaseDecision{}, models.CarriedBundle{}, models.Restore{},
		models.SessionVersion{}, models.Teaching{}, models.Holiday{}, models.Tally{}, models.TallyPlace{},
		models.Mail{}, models.Subscription{}, models.SubscriptionRun{}, models.APIToken{}, models.Webhook{}, models.Delivery{}, models.AttendanceRevision{},
		models.ChangeHead{},
		models.BulkChange{}, models.BulkItem{}, models.WaitingPlace{}, models.Budget{}, models.Feed{}, models.DataRequest{}, models.Acknowledgement{},
	)
}

func TestEveryTableHasTheColumnsOfItsEntity(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, cfg store.Config) {
		db := open(t, cfg).DB()
		left, err := db.Migrator().GetTables()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entities() {
			entity, err := schema.Parse(e, &sync.Map{}, db.NamingStrategy)
			if err != nil {
				t.Fatal(err)
			}
			types, err := db.Migrator().ColumnTypes(entity.Table)
			if err != nil {
				t.Fatalf("%s: %v", entity.Table, err)
			}
			var have []string
			for _, c := range types {
				have = append(have, c.Name())
			}
			want := slices.Clone(entity.DBNames)
			slices.Sort(have)
			slices.Sort(want)
			if diff := cmp.Diff(want, have); diff != "" {
				t.Errorf("%s: entity (-) and table (+) differ:\n%s", entity.Table, diff)
			}
			left = slices.DeleteFunc(left, func(name string) bool { return name == entity.Table })
		}
		left = slices.DeleteFunc(left, func(name string) bool { return name == "migrations" || name == "sqlite_sequence" })
		if len(left) > 0 {
			t.Errorf("tables without an entity: %v", left)
		}
	})
}

func TestADatabaseOfANewerProgramIsRefused(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, cfg store.Config) {
		st := open(t, cfg)
		if err := st.DB().Exec("INSERT INTO migrations (id) VALUES ('9999_future')").Error; err != nil {
			t.Fatal(err)
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Open(t.Context(), cfg); !errors.Is(err, store.ErrNewer) {
			t.Errorf("opening gave %v, want ErrNewer", err)
		}
	})
}

func TestWhatADatabaseRefusesIsNamedAlikeOnBoth(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, cfg store.Config) {
		st := open(t, cfg)
		site := models.Site{ID: uuid.New(), Code: "A", Name: "A", Zone: models.ZoneWIB}
		err := st.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveSites([]models.Site{site}) })
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name string
			do   func(tx *store.Tx) error
			want error
		}{
			{"a code that is taken", func(tx *store.Tx) error {
				return tx.SaveSites([]models.Site{{ID: uuid.New(), Code: "A", Zone: models.ZoneWIB}})
			}, store.ErrExists},
			{"an officer of no site", func(tx *store.Tx) error { return tx.SaveOfficer(models.Officer{ID: uuid.New(), SiteID: uuid.New()}) }, store.ErrReferenced},
			{"a site that isn't there", func(tx *store.Tx) error { _, err := tx.SiteByCode("B"); return err }, store.ErrNotFound},
		} {
			t.Run(c.name, func(t *testing.T) {
				if err := st.Write(t.Context(), c.do); !errors.Is(err, c.want) {
					t.Errorf("got %v, want %v", err, c.want)
				}
			})
		}
	})
}

func TestAFailedTransactionLeavesNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, cfg store.Config) {
		st := open(t, cfg)
		err := st.Write(t.Context(), func(tx *store.Tx) error {
			site := models.Site{ID: uuid.New(), Code: "A", Zone: models.ZoneWIB}
			if err := tx.SaveSites([]models.Site{site}); err != nil {
				return err
			}
			return errors.Join(tx.PublishSite(site), context.Canceled)
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("Write gave %v", err)
		}
		for _, table := range []string{"sites", "site_feeds", "feed_items"} {
			var n int64
			if err := st.DB().Table(table).Count(&n).Error; err != nil || n != 0 {
				t.Errorf("%s has %d rows (%v), want none", table, n, err)
			}
		}
	})
}
