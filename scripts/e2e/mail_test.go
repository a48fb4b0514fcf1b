package e2e

import (
	"errors"
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

// mailBy are the arguments that tell the server of a mail server.
func mailBy(t *testing.T, p *postoffice.Office, password string) []string {
	t.Helper()
	dir := t.TempDir()
	authority, secret := filepath.Join(dir, "authority.pem"), filepath.Join(dir, "password")
	if err := errors.Join(os.WriteFile(authority, p.Authority, 0o600), os.WriteFile(secret, []byte(password), 0o600)); err != nil {
		t.Fatal(err)
	}
	return []string{"--mail-host", p.Server.Host, "--mail-port", strconv.Itoa(p.Server.Port), "--mail-security", string(p.Server.Security), "--mail-user",
		p.Server.User,
		"--mail-password-file", secret, "--mail-from", p.Server.From, "--mail-authority", authority}
}

//survives:power The server is killed between making a scheduled report and its mail server taking it, again and again | Each report arrives; what comes twice has the same Message-ID
func TestEachReportArrivesHoweverOftenTheOfficeIsKilled(t *testing.T) {
	t.Parallel()
	p := postoffice.New(t, mail.STARTTLS, "localhost")
	luck := rand.New(rand.NewPCG(7, 25))
	p.Told(nil, func(n int) error {
		switch n % 5 {
		case 2:
			return postoffice.Answers(451, "try again later")
		case 4:
			return postoffice.ErrHangUp // it has accepted the mail, but the answer is lost
		}
		return nil
	})
	w := newTown(t)
	w.serves = mailBy(t, p, p.Server.Password)
	w.reopens()
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
		s := models.Subscription{ID: uuid.New(), UserID: user.ID, Name: "Laporan " + strconv.Itoa(i), List: "/figures?by=class", Format: "csv", Lang: "id",
			Active: true,
			Repeat: models.Repeat{Every: models.EveryDay, Zone: models.ZoneWIB}, NextAt: 1}
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
	// A process that died with a mail has left it claimed for two minutes. That is rare.
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
	t.Parallel()
	p := postoffice.New(t, mail.TLS, "localhost")
	programs, dir := Build(t), t.TempDir()
	if r := programs.Server.Run(t, "", "--data", dir, "mail", "test", "--to", "siti@contoh.id"); r.Code != 1 || !strings.Contains(r.Stderr, "--mail-host") {
		t.Errorf("without a mail server: %d %s", r.Code, r.Stderr)
	}
	test := func(password string, more ...string) Result {
		args := append([]string{"--data", dir, "mail", "test", "--to", "siti@contoh.id"}, more...)
		return programs.Server.Run(t, "", append(args, mailBy(t, p, password)...)...)
	}
	if r := test(p.Server.Password); r.Code != 0 || !strings.Contains(r.Stdout, "siti@contoh.id") || len(p.Letters()) != 1 {
		t.Errorf("%+v, %d letters", r, len(p.Letters()))
	}
	r := test("salah-sekali", "--lang", "en")
	if r.Code != 1 || !strings.Contains(r.Stderr, "refused the user name or the password") || strings.Contains(r.Stderr, "salah-sekali") {
		t.Errorf("with a wrong password: %d %s", r.Code, r.Stderr)
	}
}
