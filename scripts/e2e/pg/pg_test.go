package pg_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"buktihadir/scripts/e2e/pg"

	"github.com/jackc/pgx/v5"
)

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatalf("connect to %s: %v", url, err)
	}
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	return conn
}

func setting(t *testing.T, conn *pgx.Conn, name string) (value string) {
	t.Helper()
	if err := conn.QueryRow(t.Context(), "SELECT current_setting($1)", name).Scan(&value); err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
	return value
}

func TestEachTestGetsAnEmptyDatabaseOfItsOwn(t *testing.T) {
	first, second := connect(t, pg.New(t)), connect(t, pg.New(t))
	if _, err := first.Exec(t.Context(), "CREATE TABLE attendance (minutes int)"); err != nil {
		t.Fatal(err)
	}
	var tables int
	err := second.QueryRow(t.Context(), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").Scan(&tables)
	if err != nil || tables != 0 {
		t.Fatalf("the second database has %d tables, error %v; want none", tables, err)
	}
	if got := setting(t, first, "fsync"); got != "off" {
		t.Errorf("fsync = %s in the shared cluster, want off", got)
	}
}

func TestADurableClusterWritesThrough(t *testing.T) {
	conn := connect(t, pg.Start(t, pg.Options{Durable: true}).Database(t))
	for _, name := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		if got := setting(t, conn, name); got != "on" {
			t.Errorf("%s = %s, want on", name, got)
		}
	}
}

// TestTheServerEndsWithAKilledTestBinary runs this test binary a second time as
// the victim: it starts a cluster, prints its folder, and is killed.
func TestTheServerEndsWithAKilledTestBinary(t *testing.T) {
	if os.Getenv("PG_VICTIM") != "" {
		conn := connect(t, pg.New(t))
		_, _ = os.Stdout.WriteString(filepath.Dir(setting(t, conn, "data_directory")) + "\n")
		select {}
	}
	victim := exec.Command(os.Args[0], "-test.run=^TestTheServerEndsWithAKilledTestBinary$")
	victim.Env = append(os.Environ(), "PG_VICTIM=1")
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 4096)
	n, err := out.Read(buf)
	if err != nil {
		t.Fatalf("read the victim's folder: %v", err)
	}
	dir := strings.TrimSpace(string(buf[:n]))
	if _, err := os.Stat(filepath.Join(dir, "data", "postmaster.pid")); err != nil {
		t.Fatalf("the victim's cluster does not run in %q: %v", dir, err)
	}
	if err := victim.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = victim.Wait() // killed, as asked

	deadline := time.After(30 * time.Second)
	for tick := time.Tick(20 * time.Millisecond); ; {
		if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
			return
		}
		select {
		case <-tick:
		case <-deadline:
			t.Fatalf("%s still exists 30 s after its test binary was killed", dir)
		}
	}
}
