package database_test

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "github.com/jackc/pgx/v5/stdlib"

	"buktihadir/scripts/e2e/database"
	"buktihadir/scripts/e2e/pg"
	"buktihadir/server/store"
)

// content is what a database holds once it has been opened: each table with its rows, and
// each part of the schema as it was declared.
type content struct {
	rows   map[string]int
	schema []string
	epoch  []byte
	key    []byte // the master key
}

func look(t *testing.T, cfg store.Config) content {
	t.Helper()
	st, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	driver, address := "sqlite", "file:"+filepath.Join(cfg.Dir, "server.db")
	schema := "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema"
	tables := "SELECT name FROM sqlite_schema WHERE type = 'table'"
	if cfg.URL != "" {
		driver, address = "pgx", cfg.URL
		tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
		schema = `SELECT 'column ' || concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default)
			FROM information_schema.columns WHERE table_schema = 'public'
			UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
			UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
			UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal`
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	c := content{rows: map[string]int{}, schema: texts(t, db, schema)}
	for _, table := range texts(t, db, tables) {
		var n int
		scan(t, db, "SELECT count(*) FROM "+table, &n)
		c.rows[table] = n
	}
	scan(t, db, "SELECT value FROM settings WHERE name LIKE '%epoch%'", &c.epoch)
	if c.key, err = os.ReadFile(filepath.Join(cfg.Dir, "master.key")); err != nil {
		t.Fatal(err)
	}
	return c
}

func scan(t *testing.T, db *sql.DB, query string, into any) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), query).Scan(into); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

func texts(t *testing.T, db *sql.DB, query string) (all []string) {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		all = append(all, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

func TestACopyIsAsADatabaseThatWasMadeHere(t *testing.T) {
	for _, c := range []struct {
		name  string
		made  store.Config
		empty func(testing.TB) store.Config
	}{
		{"sqlite", store.Config{Dir: t.TempDir()}, database.SQLite},
		{"postgres", store.Config{Dir: t.TempDir(), URL: pg.New(t)}, database.Postgres},
	} {
		t.Run(c.name, func(t *testing.T) {
			made, first, second := look(t, c.made), look(t, c.empty(t)), look(t, c.empty(t))
			for i, copied := range []content{first, second} {
				if diff := cmp.Diff(made.rows, copied.rows); diff != "" {
					t.Errorf("rows of the database made here (-) and of copy %d (+):\n%s", i+1, diff)
				}
				if diff := cmp.Diff(made.schema, copied.schema); diff != "" {
					t.Errorf("schema of the database made here (-) and of copy %d (+):\n%s", i+1, diff)
				}
			}
			if len(made.schema) < 100 || len(made.rows) < 50 {
				t.Errorf("%d parts of a schema and %d tables were compared: this test looks in the wrong place", len(made.schema), len(made.rows))
			}
			if bytes.Equal(first.epoch, second.epoch) || len(first.epoch) == 0 {
				t.Errorf("epochs of two copies: %x, %x", first.epoch, second.epoch)
			}
			if bytes.Equal(first.key, second.key) {
				t.Errorf("two copies have one master key, %.8s…", first.key)
			}
		})
	}
}
