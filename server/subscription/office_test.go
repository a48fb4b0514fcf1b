package subscription_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"buktihadir/models"
	"buktihadir/scripts/e2e/pg"
	"buktihadir/scripts/e2e/postoffice"
	"buktihadir/server/imports"
	"buktihadir/server/mail"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/store"
	"buktihadir/server/subscription"
	"buktihadir/templates"
)

// office has two institutions with a class each, attendance of yesterday and of the week
// before, and a mail server.
type fixture struct {
	t     *testing.T
	cfg   store.Config
	st    *store.Store
	set   *templates.Set
	now   models.Millis
	post  *postoffice.Office
	users map[string]models.User
}

func onBoth(t *testing.T, test func(*testing.T, *fixture)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, newOffice(t, "")) })
	t.Run("postgres", func(t *testing.T) { test(t, newOffice(t, pg.New(t))) })
}

func (o *fixture) ok(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

const people = 3 // in each class

// texts are read once: that takes longer than most of these tests.
var texts = sync.OnceValues(func() (*templates.Set, error) { return templates.New() })

func newOffice(t *testing.T, database string) *fixture {
	t.Helper()
	o := &fixture{t: t, now: instant(t, "2026-05-12T06:30:00+07:00"), users: map[string]models.User{}, post: postoffice.New(t, mail.STARTTLS, "localhost")}
	o.cfg = store.Config{Dir: t.TempDir(), URL: database, Now: func() models.Millis { return o.now }}
	var err error
	o.st, err = store.Open(t.Context(), o.cfg)
	o.ok(err)
	t.Cleanup(func() { _ = o.st.Close() })
	o.set, err = texts()
	o.ok(err)
	p, by, ctx := plan.New(o.st), office.Actor{Name: "test"}, t.Context()
	pilot, err := p.AddPilot(ctx, by, models.Pilot{Code: "UJI", Name: "Uji"}, nil)
	o.ok(err)
	o.ok(p.Decide(ctx, by, pilot.ID, plan.Decision{Number: "1", Date: "2026-01-01", FirstDay: "2026-01-01", FileName: "keputusan.pdf", FileType: "application/pdf",
		FileContents: []byte("%PDF-1.7")}))
	list := "number,nik,name,class_code\n"
	for i := range 2 * people {
		list += "P-" + strconv.Itoa(i) + ",32732301019000" + strconv.Itoa(10+i) + ",Orang " + strconv.Itoa(i) + "," + []string{"A", "B"}[i/people] + "\n"
	}
	for i, text := range []string{
		"code,name,address,regency,capacity\nT-1,Balai Uji,Jl. Uji,32.73,80\nT-2,Balai Lain,Jl. Lain,32.73,80\n",
		"class_code,course_code,course_title,hours,provider_code,provider_name,site_code,capacity,session,date,start,end\n" +
			"A,K,Kursus,4,LP,Lembaga,T-1,40,1,2026-05-04,08:00,12:00\nA,K,Kursus,4,LP,Lembaga,T-1,40,2,2026-05-11,08:00,12:00\n" +
			"B,L,Kursus lain,4,LX,Lembaga lain,T-2,40,1,2026-05-04,08:00,12:00\nB,L,Kursus lain,4,LX,Lembaga lain,T-2,40,2,2026-05-11,08:00,12:00\n",
		list,
	} {
		_, err := imports.New(o.st).Import(ctx, by, imports.File{Kind: imports.Kinds()[i], Name: "x.csv", Content: []byte(text), Pilot: &pilot.ID}, plan.Apply, nil)
		o.ok(err)
	}
	for _, code := range []string{"A", "B"} {
		o.attend(code)
	}
	for _, u := range []struct {
		name     string
		role     models.Role
		provider string
	}{{"ani", models.RoleAdmin, ""}, {"rudi", models.RoleReviewer, ""}, {"kiki", models.RoleCoordinator, "LP"}} {
		o.add(u.name, u.role, u.provider)
	}
	return o
}

// attend gives everybody of a class a status at each session.
func (o *fixture) attend(code string) {
	o.t.Helper()
	q := o.st.Read(o.t.Context())
	class, err := q.ClassByCode(code)
	o.ok(err)
	sessions, err := q.SessionsOf(class.ID)
	o.ok(err)
	places, err := q.Places(class.ID)
	o.ok(err)
	statuses := []models.AttendanceStatus{models.StatusPresent, models.StatusAbsent, models.StatusSick}
	for n, s := range sessions {
		for i, p := range places {
			o.ok(o.st.Write(o.t.Context(), func(tx *store.Tx) error {
				return tx.Correct(models.Correction{
					SessionID: s.ID, EnrollmentID: p.Enrollment.ID, Status: statuses[(i+n)%len(statuses)], Reason: "surat", AuthorID: uuid.New()})
			}))
		}
	}
}

func (o *fixture) add(name string, role models.Role, provider string) {
	o.t.Helper()
	u := models.User{ID: uuid.New(), Email: name + "@contoh.id", Name: "Bu " + name, Role: role, PasswordHash: "x", Active: true}
	if provider != "" {
		p, err := o.st.Read(o.t.Context()).ProviderByCode(provider)
		o.ok(err)
		u.ProviderID = &p.ID
	}
	o.ok(o.st.Write(o.t.Context(), func(tx *store.Tx) error { return tx.AddUser(u) }))
	o.users[name] = u
}

// change stores a changed user.
func (o *fixture) change(name string, f func(*models.User)) {
	o.t.Helper()
	u := o.users[name]
	f(&u)
	o.users[name] = u
	o.ok(o.st.Write(o.t.Context(), func(tx *store.Tx) error { return tx.SaveUser(u) }))
}

// daily asks for a list every day at 07.00 WIB.
func (o *fixture) daily(name, list, format string, period models.Period) models.Subscription {
	o.t.Helper()
	s, err := subscription.NewService(o.st).Add(o.t.Context(), subscription.New{Name: "Laporan pagi", List: list, Format: format, Period: period,
		Lang:   templates.Indonesian,
		Repeat: models.Repeat{Every: models.EveryDay, Hour: 7, Zone: models.ZoneWIB}}, o.users[name])
	o.ok(err)
	return s
}

func (o *fixture) dispatcher() *subscription.Dispatcher {
	return subscription.NewDispatcher(o.st, o.set, slog.New(slog.DiscardHandler), func() models.Millis {
		return o.now
	}, &url.URL{Scheme: "https", Host: "hadir.contoh.id"})
}

// deliver posts what is due, and sends what is posted.
func (o *fixture) deliver() {
	o.t.Helper()
	o.ok(o.dispatcher().Round(o.t.Context()))
	o.sends()
}

func (o *fixture) sends() {
	o.t.Helper()
	sender, err := mail.NewSender(o.st, slog.New(slog.DiscardHandler), func() models.Millis { return o.now }, o.post.Server)
	o.ok(err)
	o.ok(sender.Send(o.t.Context()))
}

func (o *fixture) runs(s models.Subscription) []store.RunEntry {
	o.t.Helper()
	list, err := o.st.Read(o.t.Context()).ListRuns(s.ID, store.Slice{Limit: 100})
	o.ok(err)
	return list.Rows
}

func (o *fixture) subscription(s models.Subscription) models.Subscription {
	o.t.Helper()
	s, err := o.st.Read(o.t.Context()).Subscription(s.ID)
	o.ok(err)
	return s
}

// read splits a mail into its parts: text, HTML, and the file.
type read struct {
	to, subject, text, html, fileName string
	file                              []byte
}

func (o *fixture) letters() (all []read) {
	o.t.Helper()
	for _, l := range o.post.Letters() {
		m, err := netmail.ReadMessage(strings.NewReader(l.Content))
		o.ok(err)
		r := read{to: l.To}
		r.subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		o.ok(err)
		o.parts(&r, m.Header.Get("Content-Type"), m.Body)
		all = append(all, r)
	}
	return all
}

func (o *fixture) parts(r *read, contentType string, body io.Reader) {
	o.t.Helper()
	_, params, err := mime.ParseMediaType(contentType)
	o.ok(err)
	for parts := multipart.NewReader(body, params["boundary"]); ; {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return
		}
		o.ok(err)
		kind, _, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		o.ok(err)
		if strings.HasPrefix(kind, "multipart/") {
			o.parts(r, p.Header.Get("Content-Type"), p)
			continue
		}
		var from io.Reader = p
		if p.Header.Get("Content-Transfer-Encoding") == "base64" {
			from = base64.NewDecoder(base64.StdEncoding, p)
		}
		content, err := io.ReadAll(from)
		o.ok(err)
		switch name := p.FileName(); {
		case name != "":
			r.fileName, r.file = name, content
		case kind == "text/html":
			r.html = string(content)
		default:
			r.text = string(content)
		}
	}
}

// rows are a workbook's, without its head.
func (o *fixture) rows(file []byte) [][]string {
	o.t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(file))
	o.ok(err)
	rows, err := f.GetRows("Sheet1")
	o.ok(errors.Join(err, f.Close()))
	return rows[1:]
}
