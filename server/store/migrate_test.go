package store_test

import (
	"cmp"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	diff "github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"buktihadir/models"
	"buktihadir/scripts/e2e/pg"
	"buktihadir/server/store"
)

func TestBothDatabasesHaveTheSameMigrationsInOrder(t *testing.T) {
	ids := func(database string) []string {
		all, err := store.MigrationIDs(database)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	lite, postgres := ids("sqlite"), ids("postgres")
	if d := diff.Diff(lite, postgres); d != "" {
		t.Errorf("SQLite (-) and PostgreSQL (+) differ:\n%s", d)
	}
	name := regexp.MustCompile(`^\d{4}_[a-z_]+$`)
	for i, id := range lite {
		if !name.MatchString(id) {
			t.Errorf("%s: want NNNN_name.sql", id)
		}
		if i > 0 && id[:4] <= lite[i-1][:4] {
			t.Errorf("%s does not come after %s", id, lite[i-1])
		}
	}
}

// column is what both databases must agree on.
type column struct {
	Table, Name        string
	Nullable, Defaults bool
}

// columns are those of all tables, sorted.
func columns(t *testing.T, db *gorm.DB) (list []column) {
	t.Helper()
	tables, err := db.Migrator().GetTables()
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		types, err := db.Migrator().ColumnTypes(table)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range types {
			primary, _ := c.PrimaryKey()
			nullable, known := c.Nullable()
			if !known {
				t.Errorf("%s.%s: nobody knows whether it may be null", table, c.Name())
			}
			_, preset := c.DefaultValue()
			list = append(list, column{table, c.Name(), nullable && !primary, preset})
		}
	}
	slices.SortFunc(list, func(a, b column) int { return cmp.Or(cmp.Compare(a.Table, b.Table), cmp.Compare(a.Name, b.Name)) })
	return list
}

func TestBothDatabasesHaveTheSameTablesAndColumns(t *testing.T) {
	lite := columns(t, open(t, store.Config{Dir: t.TempDir()}).DB())
	postgres := columns(t, open(t, store.Config{Dir: t.TempDir(), URL: pg.New(t)}).DB())
	if d := diff.Diff(lite, postgres); d != "" {
		t.Errorf("SQLite (-) and PostgreSQL (+) differ:\n%s", d)
	}
}

// A migration that gives a recorded table a column has to guard it.
func TestEveryColumnOfTheRecordIsGuardedButThoseDecidedLater(t *testing.T) {
	later := map[string][]string{
		"scan_events": {"corrected", "enrollment_id", "given_enrollment", "given_session", "quarantine", "sure"}, "corrections": nil, "case_decisions": nil, "stray_batches": nil,
		"restores": nil, "documents": {"content", "file_name"}, "attachments": {"content"},
	}
	onBoth(t, func(t *testing.T, cfg store.Config) {
		db := open(t, cfg).DB()
		for table, open := range later {
			query := `SELECT event_object_column FROM information_schema.triggered_update_columns WHERE trigger_name = ?`
			if cfg.URL == "" {
				query = `SELECT sql FROM sqlite_master WHERE name = ?`
			}
			var rows []string
			if err := db.Raw(query, table+"_never_change").Scan(&rows).Error; err != nil {
				t.Fatal(err)
			}
			guarded := strings.FieldsFunc(strings.Join(rows, " "), func(r rune) bool { return strings.ContainsRune(" ,\n", r) })
			for _, c := range columns(t, db) {
				if want := !slices.Contains(open, c.Name); c.Table == table && slices.Contains(guarded, c.Name) != want {
					t.Errorf("%s.%s: guarded is %v, want %v", table, c.Name, !want, want)
				}
			}
		}
	})
}

// testdata/at_0033.sql is a database that the program made when one text with
// placeholders served both databases, with a class, two scans and a correction.
func TestADatabaseOfBeforeTheFoldersGoesOn(t *testing.T) {
	dump, err := os.ReadFile("testdata/at_0033.sql")
	if err != nil {
		t.Fatal(err)
	}
	cfg := store.Config{Dir: t.TempDir(), MasterKey: []byte("0123456789abcdef0123456789abcdef")}
	db, err := sql.Open("sqlite", filepath.Join(cfg.Dir, "server.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), string(dump)); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	st := open(t, cfg)
	fresh := open(t, store.Config{Dir: t.TempDir()})
	if d := diff.Diff(columns(t, fresh.DB()), columns(t, st.DB())); d != "" {
		t.Errorf("a new database (-) and an old one (+) differ:\n%s", d)
	}
	for _, kind := range []string{"index", "trigger"} {
		if d := diff.Diff(named(t, fresh.DB(), kind), named(t, st.DB(), kind)); d != "" {
			t.Errorf("%s: a new database (-) and an old one (+) differ:\n%s", kind, d)
		}
	}
	events, err := st.Read(t.Context()).Events(store.EventFilter{})
	if err != nil || len(events) != 2 {
		t.Errorf("%d events (%v), want the 2 of then", len(events), err)
	}
	counts := func() (rows []models.Tally) {
		if err := st.DB().Where("count <> 0").Order("scope, dim, key, day, measure").Find(&rows).Error; err != nil {
			t.Error(err)
		}
		return rows
	}
	kept := counts()
	err = st.Write(t.Context(), func(tx *store.Tx) error {
		found, err := tx.CheckLog()
		if len(found) > 0 {
			t.Errorf("the log of then: %v", found)
		}
		return errors.Join(err, tx.Recount())
	})
	if err != nil {
		t.Error(err)
	}
	if d := diff.Diff(counts(), kept); d != "" {
		t.Errorf("what is counted (-) and what the update kept (+) differ:\n%s", d)
	}
}

// named are the definitions of a SQLite database's objects of a kind, by name, with
// normalized line breaks.
func named(t *testing.T, db *gorm.DB, kind string) map[string]string {
	t.Helper()
	var rows []struct{ Name, SQL string }
	if err := db.Raw("SELECT name, COALESCE(sql, '') AS sql FROM sqlite_master WHERE type = ?", kind).Scan(&rows).Error; err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, r := range rows {
		texts[r.Name] = strings.Join(strings.Fields(r.SQL), " ")
	}
	return texts
}
