package mail_test

import (
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/scripts/e2e/pg"
	"buktihadir/scripts/e2e/postoffice"
	"buktihadir/server/mail"
	"buktihadir/server/store"
)

// desk is an outbox over a real database, with a clock that tests move.
type desk struct {
	t   *testing.T
	cfg store.Config
	st  *store.Store
	now models.Millis
}

func onBoth(t *testing.T, test func(*testing.T, *desk)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, newDesk(t, "")) })
	t.Run("postgres", func(t *testing.T) { test(t, newDesk(t, pg.New(t))) })
}

func newDesk(t *testing.T, url string) *desk {
	t.Helper()
	d := &desk{t: t, now: models.MillisOf(time.Date(2026, 6, 22, 3, 0, 0, 0, time.UTC))}
	d.cfg = store.Config{Dir: t.TempDir(), URL: url, Now: func() models.Millis { return d.now }}
	d.open()
	return d
}

func (d *desk) open() {
	d.t.Helper()
	var err error
	d.st, err = store.Open(d.t.Context(), d.cfg)
	d.ok(err)
	st := d.st
	d.t.Cleanup(func() { _ = st.Close() })
}

func (d *desk) ok(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) post(l mail.Letter) (id uuid.UUID) {
	d.t.Helper()
	d.ok(d.st.Write(d.t.Context(), func(tx *store.Tx) (err error) { id, err = mail.Post(tx, l); return err }))
	return id
}

func (d *desk) sender(s mail.Server) *mail.Sender {
	d.t.Helper()
	sender, err := mail.NewSender(d.st, slog.New(slog.DiscardHandler), func() models.Millis { return d.now }, s)
	d.ok(err)
	return sender
}

func (d *desk) mail(id uuid.UUID) models.Mail {
	d.t.Helper()
	m, err := d.st.Read(d.t.Context()).Mail(id)
	d.ok(err)
	return m
}

func letter(to string) mail.Letter {
	return mail.Letter{Address: to, Name: "Siti", Subject: "Laporan", Text: "Halo"}
}

func TestALetterArrivesAsItWasWritten(t *testing.T) {
	for _, security := range []mail.Security{mail.STARTTLS, mail.TLS, mail.Plain} {
		t.Run(string(security), func(t *testing.T) {
			d, p := newDesk(t, ""), postoffice.New(t, security, "localhost")
			id := d.post(mail.Letter{
				Address: "siti@contoh.id", Name: "Siti Ramadhani, “Ká” \"x\"\r\nBcc: jahat@contoh.id", Subject: "Kehadiran — 92,5 %\r\nBcc: jahat@contoh.id",
				Text: "Halo Siti\n.\nSelesai — ✓\n", HTML: "<p>Halo &amp; selamat — ✓</p>",
				File: &mail.File{Name: "kehadiran.csv", MediaType: "text/csv", Content: []byte("nama,sesi\r\nSití,1\r\n")},
			})
			d.ok(d.sender(p.Server).Send(t.Context()))
			letters := p.Letters()
			if len(letters) != 1 || letters[0].To != "siti@contoh.id" || letters[0].From != "hadir@contoh.id" {
				t.Fatalf("%d letters: %+v; problem %q", len(letters), letters, d.mail(id).Problem)
			}
			m, err := netmail.ReadMessage(strings.NewReader(letters[0].Content))
			d.ok(err)
			if m.Header.Get("Bcc") != "" || m.Header.Get("Message-Id") != "<"+id.String()+"@contoh.id>" || m.Header.Get("Auto-Submitted") != "auto-generated" {
				t.Errorf("headers: %v", m.Header)
			}
			to, err := m.Header.AddressList("To")
			if err != nil || len(to) != 1 || to[0].Name != "Siti Ramadhani, “Ká” \"x\" Bcc: jahat@contoh.id" {
				t.Errorf("to %+v, %v", to, err)
			}
			subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
			if err != nil || subject != "Kehadiran — 92,5 % Bcc: jahat@contoh.id" {
				t.Errorf("subject %q, %v", subject, err)
			}
			want := map[string]string{"text/plain": "Halo Siti\r\n.\r\nSelesai — ✓\r\n", "text/html": "<p>Halo &amp; selamat — ✓</p>",
				"text/csv": "nama,sesi\r\nSití,1\r\n"}
			have := parts(t, m.Header.Get("Content-Type"), m.Body)
			for kind, text := range want {
				if have[kind] != text {
					t.Errorf("%s: %q, want %q", kind, have[kind], text)
				}
			}
			if kept := d.mail(id); kept.State != models.DeliveryDone || kept.Content != nil {
				t.Errorf("afterwards it is %s, and %d bytes of it are kept", kept.State, len(kept.Content))
			}
		})
	}
}

// parts reads a message's parts by their types, decoded.
func parts(t *testing.T, contentType string, body io.Reader) map[string]string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for r := multipart.NewReader(body, params["boundary"]); ; {
		part, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		inner, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(inner, "multipart/") {
			for k, v := range parts(t, part.Header.Get("Content-Type"), part) {
				out[k] = v
			}
			continue
		}
		content, err := io.ReadAll(decoded(part))
		if err != nil {
			t.Fatal(err)
		}
		out[inner] = string(content)
	}
}

// decoded reads a part's content; package multipart has undone quoted-printable.
func decoded(p *multipart.Part) io.Reader {
	if strings.EqualFold(p.Header.Get("Content-Transfer-Encoding"), "base64") {
		return base64.NewDecoder(base64.StdEncoding, p)
	}
	return p
}

func TestNobodyIsWrittenToWithoutAnAddress(t *testing.T) {
	d := newDesk(t, "")
	for _, address := range []string{"", "admin", "Siti <siti@contoh.id>", "siti@contoh.id, budi@contoh.id", "siti@contoh.id\r\nBcc: x@y.id",
		`"siti> ORCPT=a"@contoh.id`, " siti@contoh.id"} {
		err := d.st.Write(t.Context(), func(tx *store.Tx) error { _, err := mail.Post(tx, letter(address)); return err })
		if !errors.Is(err, mail.ErrAddress) {
			t.Errorf("%q: %v, want ErrAddress", address, err)
		}
	}
}

func TestWhatIsInALetterLiesSealed(t *testing.T) {
	d := newDesk(t, "")
	l := letter("siti@contoh.id")
	l.Text = "tautan rahasia"
	if m := d.mail(d.post(l)); len(m.Content) == 0 || strings.Contains(string(m.Content), "rahasia") {
		t.Errorf("stored as %q", m.Content)
	}
}

func TestWhatAServerAnswersDecides(t *testing.T) {
	busy, unknown := postoffice.Answers(451, "try again later"), postoffice.Answers(550, "no such user")
	for _, c := range []struct {
		name           string
		atRcpt, atData func(int) error
		from           string
		state          models.DeliveryState
		problem        string
		letters        int
	}{
		{name: "it takes the letter", state: models.DeliveryDone, letters: 1},
		{name: "it is busy", atRcpt: func(int) error { return busy }, state: models.DeliveryWaiting, problem: "recipient 451 4.1.1 try again later"},
		{name: "it knows nobody of that name", atRcpt: func(int) error { return unknown }, state: models.DeliveryDead, problem: "recipient 550 5.1.1 no such user"},
		{name: "it doesn't like what is in there", atData: func(int) error {
			return postoffice.Answers(554, "looks like spam")
		}, state: models.DeliveryDead, problem: "content 554 5.1.1 looks like spam"},
		{name: "the office's address isn't the office's", from: postoffice.BadSender, state: models.DeliveryWaiting, problem: "sender 550 5.7.1 not your address"},
		{name: "it hangs up after the last line", atData: func(int) error {
			return postoffice.ErrHangUp
		}, state: models.DeliveryWaiting, problem: "cut EOF", letters: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, p := newDesk(t, ""), postoffice.New(t, mail.STARTTLS, "localhost")
			p.Told(c.atRcpt, c.atData)
			if c.from != "" {
				p.Server.From = c.from
			}
			id := d.post(letter("siti@contoh.id"))
			d.ok(d.sender(p.Server).Send(t.Context()))
			if m := d.mail(id); m.State != c.state || m.Problem != c.problem || m.Attempts != 1 || len(p.Letters()) != c.letters {
				t.Errorf("%s %q after %d attempts, %d letters; want %s %q, %d", m.State, m.Problem, m.Attempts, len(p.Letters()), c.state, c.problem, c.letters)
			}
		})
	}
}

func TestALetterIsTriedAgainUntilItIsTakenUnderOneMessageID(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		p := postoffice.New(t, mail.STARTTLS, "localhost")
		p.Told(nil, func(n int) error {
			switch n {
			case 1:
				return postoffice.Answers(421, "closing down")
			case 2:
				return postoffice.ErrHangUp // it has accepted the mail, but the answer is lost
			case 3:
				return postoffice.Answers(452, "disk full")
			}
			return nil
		})
		id := d.post(letter("siti@contoh.id"))
		for range 10 {
			m := d.mail(id)
			if m.State != models.DeliveryWaiting {
				break
			}
			d.now = max(d.now, m.NextAt) - 1
			before := m.Attempts
			d.ok(d.sender(p.Server).Send(t.Context()))
			if d.mail(id).Attempts != before && m.NextAt > d.now {
				t.Fatalf("attempt %d came too early", before+1)
			}
			d.now++
			d.ok(d.sender(p.Server).Send(t.Context()))
		}
		letters := p.Letters()
		if m := d.mail(id); m.State != models.DeliveryDone || m.Attempts != 4 || len(letters) != 2 {
			t.Fatalf("%s after %d attempts, %d letters", m.State, m.Attempts, len(letters))
		}
		for _, l := range letters {
			if !strings.Contains(l.Content, "Message-ID: <"+id.String()+"@contoh.id>") {
				t.Errorf("a letter of another number:\n%s", l.Content)
			}
		}
	})
}

func TestALetterIsGivenUpAfterThreeDaysAndSentAgainWhenAsked(t *testing.T) {
	d := newDesk(t, "")
	p := postoffice.New(t, mail.Plain, "localhost")
	p.Told(func(int) error { return postoffice.Answers(450, "busy") }, nil)
	id, began := d.post(letter("siti@contoh.id")), d.now
	for range 100 {
		m := d.mail(id)
		if m.State == models.DeliveryDead {
			break
		}
		d.now = max(d.now, m.NextAt)
		d.ok(d.sender(p.Server).Send(t.Context()))
	}
	if m := d.mail(id); m.State != models.DeliveryDead || d.now.Sub(began) > mail.GiveUp || d.now.Sub(began) < mail.GiveUp-6*time.Hour || len(m.Content) == 0 {
		t.Fatalf("%s after %s", m.State, d.now.Sub(began))
	}
	history, err := d.st.Read(t.Context()).ListHistory(store.HistoryFilter{Entity: "mail", EntityID: id.String()}, store.Slice{Limit: 10})
	if d.ok(err); len(history.Rows) != 1 || history.Rows[0].Action != "mail.dead" {
		t.Errorf("history %+v", history.Rows)
	}
	p.Told(nil, nil)
	d.ok(d.st.Write(t.Context(), func(tx *store.Tx) error { return tx.MailAgain(id) }))
	d.ok(d.sender(p.Server).Send(t.Context()))
	if m := d.mail(id); m.State != models.DeliveryDone || len(p.Letters()) != 1 {
		t.Errorf("asked for again: %s, %d letters", m.State, len(p.Letters()))
	}
	d.now = d.now.Add(mail.Keep + time.Hour)
	d.ok(d.sender(p.Server).Tidy(t.Context()))
	if _, err := d.st.Read(t.Context()).Mail(id); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a month later it is still there: %v", err)
	}
}

// A user who was deactivated, moved, or has another address does not get older mails.
func TestALetterForSomebodyWhoMayNoLongerSeeItIsNotSent(t *testing.T) {
	other := uuid.New()
	for _, c := range []struct {
		name   string
		change func(*models.User)
		sent   bool
	}{
		{"nothing has changed", func(*models.User) {}, true},
		{"another name", func(u *models.User) { u.Name = "Siti R." }, true},
		{"another password", func(u *models.User) { u.PasswordHash = "y" }, true},
		{"shut out", func(u *models.User) { u.Active = false }, false},
		{"another role", func(u *models.User) { u.Role = models.RoleReviewer }, false},
		{"another institution", func(u *models.User) { u.ProviderID = &other }, false},
		{"another address", func(u *models.User) { u.Email = "baru@contoh.id" }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, p := newDesk(t, ""), postoffice.New(t, mail.Plain, "localhost")
			mine := models.Provider{ID: uuid.New(), Code: "A", Name: "A"}
			u := models.User{ID: uuid.New(), Email: "siti@contoh.id", Name: "Siti", Role: models.RoleCoordinator, ProviderID: &mine.ID, PasswordHash: "x", Active: true}
			d.ok(d.st.Write(t.Context(), func(tx *store.Tx) error {
				return errors.Join(tx.SaveProviders([]models.Provider{mine, {ID: other, Code: "B", Name: "B"}}), tx.AddUser(u))
			}))
			l := letter(u.Email)
			l.User = &u
			id := d.post(l)
			c.change(&u)
			d.ok(d.st.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveUser(u) }))
			d.ok(d.sender(p.Server).Send(t.Context()))
			if m := d.mail(id); (len(p.Letters()) == 1) != c.sent || !c.sent && (m.State != models.DeliveryDead || m.Problem != "withdrawn") {
				t.Errorf("%d letters; %s %q", len(p.Letters()), m.State, m.Problem)
			}
		})
	}
}

func TestTwoServersOfOneDatabaseSendEachLetterOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		p := postoffice.New(t, mail.Plain, "localhost")
		for range 20 {
			d.post(letter("siti@contoh.id"))
		}
		done := make(chan error)
		for range 2 {
			s := d.sender(p.Server)
			go func() { done <- s.Send(t.Context()) }()
		}
		for range 2 {
			d.ok(<-done)
		}
		once := map[string]bool{}
		for _, l := range p.Letters() {
			m, err := netmail.ReadMessage(strings.NewReader(l.Content))
			d.ok(err)
			once[m.Header.Get("Message-Id")] = true
		}
		if len(once) != 20 || len(p.Letters()) != 20 {
			t.Errorf("%d letters, %d different; want 20", len(p.Letters()), len(once))
		}
	})
}
