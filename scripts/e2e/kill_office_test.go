package e2e

import (
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"buktihadir/models"
	"buktihadir/scripts/e2e/database"
	"buktihadir/scripts/e2e/pg"
	"buktihadir/server/store"
)

// officeKills is how often the office dies in these tests; KILLS=N for longer.
func officeKills(t *testing.T, usual int) int {
	t.Helper()
	text := os.Getenv("KILLS")
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("KILLS=%q: want a number", text)
	}
	return n
}

//survives:power The power fails at the server, at any moment while its site computers send | Every scan that showed green is there in the end, once, and the log of the record holds
func TestTheOfficeHasEachGreenOnceHoweverOftenItIsKilled(t *testing.T) {
	t.Parallel()
	database.OnBoth(t, func(t *testing.T, cfg store.Config) {
		w := newTownOn(t, cfg)
		address := strings.TrimPrefix(w.server.URL, "http://")
		w.endures(officeKills(t, 8), 12, func(luck *rand.Rand) {
			<-time.After(time.Duration(luck.IntN(300)) * time.Millisecond)
			w.server.Kill()
		}, func() { w.openOffice(address) })
	})
}

//survives:power The server's PostgreSQL crashes while site computers send | The server goes on by itself once the database is back, and has every scan that showed green, once
func TestTheServerOutlivesACrashOfItsDatabase(t *testing.T) {
	t.Parallel()
	url := pg.Start(t, pg.Options{Durable: true}).Database(t)
	w := newTownOn(t, store.Config{Dir: t.TempDir(), URL: url})
	w.endures(officeKills(t, 3), 12, func(luck *rand.Rand) {
		<-time.After(time.Duration(luck.IntN(200)) * time.Millisecond)
		crash(t, url)
	}, func() {
		eventually(t, "the server answers again", func() bool {
			return w.programs.Agent.Run(t, "", "--data", w.desk, "sync").Code == 0
		})
	})
}

// crash kills one process of a PostgreSQL server, which then drops every
// connection and recovers as after a power cut.
func crash(t *testing.T, url string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }() // it is cut off
	var pid int
	if err := conn.QueryRow(t.Context(), "SELECT pg_backend_pid()").Scan(&pid); err != nil {
		t.Fatal(err)
	}
	backend, err := os.FindProcess(pid)
	if err == nil {
		err = backend.Kill()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// endures scans a few people, sends, strikes meanwhile and mends, again and again.
func (w *town) endures(strikes, each int, strike func(*rand.Rand), mend func()) {
	w.t.Helper()
	each = min(each, 590/strikes) // the class has no more room
	scans := strikes * each
	w.crowd(scans)
	w.programs.Agent.Must(w.t, "--data", w.desk, "sync")
	var codes []string
	for _, x := range w.tickets("KINI") {
		if strings.HasPrefix(x.Participant.Number, "R-") {
			codes = append(codes, x.Token)
		}
	}
	luck := rand.New(rand.NewPCG(9, uint64(strikes)))
	shown, cut := map[uint64]uuid.UUID{}, 0
	for len(codes) > 0 {
		for _, g := range scanUntilKilled(w.t, w.programs.Agent, w.desk, codes[:each], each, luck) {
			shown[g.Seq] = g.Person.Enrollment
		}
		codes = codes[each:]
		sending := exec.Command(string(w.programs.Agent), "sync", "--data", w.desk)
		if err := sending.Start(); err != nil {
			w.t.Fatal(err)
		}
		strike(luck)
		if sending.Wait() != nil {
			cut++
		}
		mend()
	}
	w.programs.Agent.Must(w.t, "--data", w.desk, "sync")
	w.t.Logf("%d strikes, %d of them cut a sync short", strikes, cut)
	w.holdsEachOnce(shown, scans)
	w.do("audit", "check")
	for _, m := range Lines[townMark](w.t, w.do("attendance", "--class", "KINI", "--json")) {
		if want := strings.HasPrefix(m.Person.Number, "R-"); (m.First != nil) != want || want && m.Status == models.StatusAbsent {
			w.t.Errorf("%s is %s, seen: %v", m.Person.Number, m.Status, m.First)
		}
	}
}
