package e2e

import (
	"math/rand/v2"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/scripts/e2e/postoffice"
	"buktihadir/server/mail"
	"buktihadir/server/store"
)

// useMail tells the programs that start from now on of a mail server.
func useMail(t *testing.T, p *postoffice.Office) {
	t.Helper()
	authority := filepath.Join(t.TempDir(), "authority.pem")
	if err := os.WriteFile(authority, p.Authority, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"HOST": p.Server.Host, "PORT": strconv.Itoa(p.Server.Port), "SECURITY": string(p.Server.Security), "USER": p.Server.User,
		"PASSWORD": p.Server.Password, "FROM": p.Server.From, "AUTHORITY": authority} {
		t.Setenv("BUKTI_HADIR_MAIL_"+name, value)
	}
}

//survives:power The server is killed between making a scheduled report and its mail server taking it, again and again | Each report arrives; what comes twice has the same Message-ID
func TestEachReportArrivesHoweverOftenTheOfficeIsKilled(t *testing.T) {
	p := postoffice.New(t, mail.STARTTLS, "localhost")
	useMail(t, p)
	luck := rand.New(rand.NewPCG(7, 25))
	p.Told(nil, func(n int) error {
		switch n % 5 {
		case 2:
			return postoffice.Answers(451, "try again later")
		case 4:
			return postoffice.ErrHangUp // it has taken the letter, and nobody learns of it
		}
		return nil
	})
	w := newTown(t)
	address := strings.TrimPrefix(w.server.URL, "http://")
	const reports = 12
	st, err := store.Open(t.Context(), store.Config{Dir: w.office})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	user := models.User{ID: uuid.New(), Email: "rudi@contoh.id", Name: "Rudi", Role: models.RoleReviewer, PasswordHash: "x", Active: true}
	if err := st.Write(t.Context(), func(tx *store.Tx) error { return tx.AddUser(user) }); err != nil {
		t.Fatal(err)
	}
	var ids []uuid.UUID
	for i := range reports {
		if i%4 == 0 && i > 0 {
			<-time.After(time.Duration(luck.IntN(2500)) * time.Millisecond)
			w.server.Kill()
			w.openOffice(address)
		}
		s := models.Subscription{ID: uuid.New(), UserID: user.ID, Name: "Laporan " + strconv.Itoa(i), List: "/figures?by=class", Format: "csv", Lang: "id", Active: true,
			Rhythm: models.Rhythm{Every: models.EveryDay, Zone: models.ZoneWIB}, NextAt: 1}
		if err := st.Write(t.Context(), func(tx *store.Tx) error { return tx.AddSubscription(s) }); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, s.ID)
	}
	for range 2 {
		<-time.After(time.Duration(luck.IntN(2500)) * time.Millisecond)
		w.server.Kill()
		w.openOffice(address)
	}
	// Whoever died with a letter has left it claimed for two minutes. That is rare.
	arrives(t, func() bool {
		posted := map[string]bool{}
		for _, id := range ids {
			runs, err := st.Read(t.Context()).ListRuns(id, store.Slice{Limit: 10})
			if err != nil || len(runs.Rows) > 1 {
				t.Fatalf("%d runs of one due time, %v", len(runs.Rows), err)
			}
			if len(runs.Rows) == 1 {
				posted["<"+runs.Rows[0].MailID.String()+"@contoh.id>"] = true
			}
		}
		arrived := map[string]string{}
		for _, l := range p.Letters() {
			m, err := netmail.ReadMessage(strings.NewReader(l.Content))
			if err != nil {
				t.Fatal(err)
			}
			id := m.Header.Get("Message-Id")
			if before, twice := arrived[id]; twice && before != m.Header.Get("Subject") || !posted[id] {
				t.Fatalf("letter %s was not posted, or is another one", id)
			}
			arrived[id] = m.Header.Get("Subject")
		}
		return len(posted) == reports && len(arrived) == reports
	})
}

// arrives waits for what may take as long as a letter is claimed for.
func arrives(t *testing.T, done func() bool) {
	t.Helper()
	deadline := time.After(3 * time.Minute)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("not every report is with the mail server")
		}
	}
}

func TestTheTerminalSaysWhetherMailWorks(t *testing.T) {
	p := postoffice.New(t, mail.TLS, "localhost")
	programs, dir := Build(t), t.TempDir()
	if r := programs.Server.Run(t, "", "--data", dir, "mail", "test", "--to", "siti@contoh.id"); r.Code != 1 || !strings.Contains(r.Stderr, "--mail-host") {
		t.Errorf("without a mail server: %d %s", r.Code, r.Stderr)
	}
	useMail(t, p)
	if out := programs.Server.Must(t, "--data", dir, "mail", "test", "--to", "siti@contoh.id"); !strings.Contains(out, "siti@contoh.id") || len(p.Letters()) != 1 {
		t.Errorf("%s, %d letters", out, len(p.Letters()))
	}
	t.Setenv("BUKTI_HADIR_MAIL_PASSWORD", "salah-sekali")
	r := programs.Server.Run(t, "", "--data", dir, "mail", "test", "--to", "siti@contoh.id", "--lang", "en")
	if r.Code != 1 || !strings.Contains(r.Stderr, "refused the user name or the password") || strings.Contains(r.Stderr, "salah-sekali") {
		t.Errorf("with a wrong password: %d %s", r.Code, r.Stderr)
	}
}
