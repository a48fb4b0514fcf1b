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
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"buktihadir/models"
	"buktihadir/scripts/e2e/pg"
	"buktihadir/scripts/e2e/postoffice"
	"buktihadir/server/mail"
	"buktihadir/server/schedule"
	"buktihadir/server/store"
	"buktihadir/server/subscription"
	"buktihadir/templates"
)

// office has two institutions with a class each, attendance of yesterday and of the week
// before, and a mail server.
type office struct {
	t     *testing.T
	cfg   store.Config
	st    *store.Store
	set   *templates.Set
	now   models.Millis
	post  *postoffice.Office
	users map[string]models.User
}

func onBoth(t *testing.T, test func(*testing.T, *office)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, newOffice(t, "")) })
	t.Run("postgres", func(t *testing.T) { test(t, newOffice(t, pg.New(t))) })
}

func (o *office) ok(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

const people = 3 // in each class

// texts are read once: that takes longer than most of these tests.
var texts = sync.OnceValues(templates.New)

func newOffice(t *testing.T, database string) *office {
	t.Helper()
	o := &office{t: t, now: instant(t, "2026-05-12T06:30:00+07:00"), users: map[string]models.User{}, post: postoffice.New(t, mail.STARTTLS, "localhost")}
	o.cfg = store.Config{Dir: t.TempDir(), URL: database, Now: func() models.Millis { return o.now }}
	var err error
	o.st, err = store.Open(t.Context(), o.cfg)
	o.ok(err)
	t.Cleanup(func() { _ = o.st.Close() })
	o.set, err = texts()
	o.ok(err)
	p, by, ctx := schedule.New(o.st), schedule.Actor{Name: "test"}, t.Context()
	pilot, err := p.AddPilot(ctx, by, models.Pilot{Code: "UJI", Name: "Uji"}, nil)
	o.ok(err)
	o.ok(p.Decide(ctx, by, pilot.ID, schedule.Decision{Number: "1", Date: "2026-01-01", FirstDay: "2026-01-01"}))
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
		_, err := p.Import(ctx, by, schedule.File{Kind: schedule.Kinds()[i], Name: "x.csv", Content: []byte(text), Pilot: &pilot.ID}, schedule.Apply, nil)
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
func (o *office) attend(code string) {
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
				return tx.Correct(models.Correction{SessionID: s.ID, EnrollmentID: p.Enrollment.ID, Status: statuses[(i+n)%len(statuses)], Reason: "surat", AuthorID: uuid.New()})
			}))
		}
	}
}

func (o *office) add(name string, role models.Role, provider string) {
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
func (o *office) change(name string, f func(*models.User)) {
	o.t.Helper()
	u := o.users[name]
	f(&u)
	o.users[name] = u
	o.ok(o.st.Write(o.t.Context(), func(tx *store.Tx) error { return tx.SaveUser(u) }))
}

// daily asks for a list every day at 07.00 WIB.
func (o *office) daily(name, list, format string, period models.Period) models.Subscription {
	o.t.Helper()
	s, err := subscription.NewKeeper(o.st).Add(o.t.Context(), subscription.New{Name: "Laporan pagi", List: list, Format: format, Period: period, Lang: templates.Indonesian,
		Rhythm: models.Rhythm{Every: models.EveryDay, Hour: 7, Zone: models.ZoneWIB}}, o.users[name])
	o.ok(err)
	return s
}

func (o *office) dispatcher() *subscription.Dispatcher {
	return subscription.NewDispatcher(o.st, o.set, slog.New(slog.DiscardHandler), func() models.Millis { return o.now }, &url.URL{Scheme: "https", Host: "hadir.contoh.id"})
}

// deliver posts what is due, and sends what is posted.
func (o *office) deliver() {
	o.t.Helper()
	o.ok(o.dispatcher().Round(o.t.Context()))
	o.sends()
}

func (o *office) sends() {
	o.t.Helper()
	sender, err := mail.NewSender(o.st, slog.New(slog.DiscardHandler), func() models.Millis { return o.now }, o.post.Server)
	o.ok(err)
	o.ok(sender.Send(o.t.Context()))
}

func (o *office) runs(s models.Subscription) []store.RunEntry {
	o.t.Helper()
	list, err := o.st.Read(o.t.Context()).ListRuns(s.ID, store.Slice{Limit: 100})
	o.ok(err)
	return list.Rows
}

func (o *office) subscription(s models.Subscription) models.Subscription {
	o.t.Helper()
	s, err := o.st.Read(o.t.Context()).Subscription(s.ID)
	o.ok(err)
	return s
}

// read is a letter's parts: text, HTML, and the file.
type read struct {
	to, subject, text, html, fileName string
	file                              []byte
}

func (o *office) letters() (all []read) {
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

func (o *office) parts(r *read, contentType string, body io.Reader) {
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
func (o *office) rows(file []byte) [][]string {
	o.t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(file))
	o.ok(err)
	rows, err := f.GetRows("Sheet1")
	o.ok(errors.Join(err, f.Close()))
	return rows[1:]
}

func TestAMailSaysTheFiguresAndCarriesTheList(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		s := o.daily("rudi", "/attendance", "xlsx", models.PeriodYesterday)
		o.deliver()
		if got := o.letters(); len(got) != 0 {
			t.Fatalf("%d letters before it is due", len(got))
		}
		o.now = o.now.Add(time.Hour) // 07.30
		o.deliver()
		o.deliver()
		got := o.letters()
		if len(got) != 1 || got[0].to != "rudi@contoh.id" || got[0].subject != "Laporan pagi · 12 Mei 2026" || got[0].fileName != "kehadiran-2026-05-12.xlsx" {
			t.Fatalf("%d letters: %+v", len(got), got)
		}
		for _, want := range []string{"Yth. Bu rudi,", "Hadir: 2", "Alpa: 2", "Sakit: 2", "Jumlah dalam daftar: 6", "11 Mei 2026", "https://hadir.contoh.id/attendance", "https://hadir.contoh.id/subscriptions/" + s.ID.String()} {
			if !strings.Contains(got[0].text, want) {
				t.Errorf("the text lacks %q:\n%s", want, got[0].text)
			}
		}
		if !strings.Contains(got[0].html, `<a href="https://hadir.contoh.id/attendance`) || strings.Contains(got[0].html+got[0].text, "⟦") {
			t.Errorf("the page:\n%s", got[0].html)
		}
		whole := got[0].text + got[0].html
		for _, row := range o.rows(got[0].file) {
			whole += strings.Join(row, "|")
			if row[3] != "2" || !strings.HasPrefix(row[5], "2026-05-11") {
				t.Errorf("a session of another day: %v", row)
			}
		}
		if strings.Contains(whole, "327323010190") {
			t.Error("an ID card's number is in the mail")
		}
		if runs := o.runs(s); len(runs) != 1 || runs[0].Total != 6 || runs[0].File != "attached" || runs[0].MailState != models.DeliveryDone || runs[0].DueAt != instant(t, "2026-05-12T07:00:00+07:00") {
			t.Errorf("runs: %+v", runs)
		}
		if next := o.subscription(s).NextAt; next != instant(t, "2026-05-13T07:00:00+07:00") {
			t.Errorf("next %s", next.Time())
		}
	})
}

// Whatever page a list is of, each of its files has a row for each that the mail counts.
func TestEveryPageCanBeSent(t *testing.T) {
	o := newOffice(t, "")
	o.ok(o.st.Write(t.Context(), (*store.Tx).Recount))
	for _, list := range []string{"/", "/figures?by=class&sort=absent", "/figures?by=wave", "/progress?standing=lost", "/attendance?what=sick"} {
		o.daily("ani", list, "csv", models.PeriodAll)
	}
	o.now = o.now.Add(time.Hour)
	o.deliver()
	rows := map[string]int{}
	for _, l := range o.letters() {
		name, _, _ := strings.Cut(l.fileName, "-")
		rows[name] += strings.Count(string(l.file), "\n") - 1
		if strings.Contains(l.text, "⟦") || !strings.Contains(string(l.file), ",") {
			t.Errorf("%s:\n%s", l.text, l.file)
		}
	}
	total := int64(0)
	all, err := o.st.Read(t.Context()).ListSubscriptions(nil, store.Slice{Limit: 10})
	o.ok(err)
	for _, s := range all.Rows {
		total += o.runs(s.Subscription)[0].Total
	}
	if len(o.letters()) != 5 || rows["kehadiran"] != 4 || int64(rows["kehadiran"]+rows["kelulusan"]+rows["angka"]) != total {
		t.Errorf("%d letters with %v rows, %d counted", len(o.letters()), rows, total)
	}
}

func TestACoordinatorGetsTheirInstitutionOfTheMomentOfSending(t *testing.T) {
	o := newOffice(t, "")
	o.daily("kiki", "/attendance", "xlsx", models.PeriodAll)
	classes := func() (codes []string) {
		for _, row := range o.rows(o.letters()[len(o.letters())-1].file) {
			codes = append(codes, row[2])
		}
		slices.Sort(codes)
		return slices.Compact(codes)
	}
	o.now = o.now.Add(time.Hour)
	o.deliver()
	if got := classes(); !slices.Equal(got, []string{"A"}) {
		t.Errorf("of LP: %v", got)
	}
	other, err := o.st.Read(t.Context()).ProviderByCode("LX")
	o.ok(err)
	o.change("kiki", func(u *models.User) { u.ProviderID = &other.ID })
	o.now = o.now.Add(24 * time.Hour)
	o.deliver()
	if got := classes(); !slices.Equal(got, []string{"B"}) {
		t.Errorf("moved to LX: %v", got)
	}
	// Written for LX, and moved once more before it is sent.
	o.now = o.now.Add(24 * time.Hour)
	o.ok(o.dispatcher().Round(t.Context()))
	o.change("kiki", func(u *models.User) { u.ProviderID = nil })
	o.sends()
	if got := len(o.letters()); got != 2 {
		t.Errorf("%d letters, want 2: the third was withdrawn", got)
	}
}

func TestASubscriptionEndsWithItsUsersAccount(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*models.User)
		ended  string
	}{
		{"deactivated", func(u *models.User) { u.Active = false }, "user"},
		{"not set up", func(u *models.User) { u.PasswordHash = "" }, "user"},
		{"without an address", func(u *models.User) { u.Email = "admin" }, "address"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newOffice(t, "")
			s := o.daily("kiki", "/progress", "csv", models.PeriodAll)
			o.change("kiki", c.change)
			o.now = o.now.Add(time.Hour)
			o.deliver()
			after := o.subscription(s)
			runs := o.runs(s)
			if len(o.letters()) != 0 || after.Active || after.Ended != c.ended || len(runs) != 1 || runs[0].Problem != c.ended || runs[0].MailID != nil {
				t.Errorf("%d letters; %+v; runs %+v", len(o.letters()), after, runs)
			}
			history, err := o.st.Read(t.Context()).ListHistory(store.HistoryFilter{Entity: "subscription", EntityID: s.ID.String()}, store.Slice{Limit: 10})
			if o.ok(err); !slices.ContainsFunc(history.Rows, func(e models.HistoryEntry) bool { return e.Action == "subscription.end" }) {
				t.Error("nobody is told that it has ended")
			}
			if err := subscription.NewKeeper(o.st).Switch(t.Context(), s.ID, true, o.users["ani"]); err == nil {
				t.Error("it goes on all the same")
			}
			o.now = o.now.Add(48 * time.Hour)
			o.deliver()
			if len(o.runs(s)) != 1 {
				t.Error("it was tried again")
			}
		})
	}
}

func TestTenMissedDaysAreOneMail(t *testing.T) {
	o := newOffice(t, "")
	s := o.daily("rudi", "/attendance", "", models.PeriodYesterday)
	o.now = instant(t, "2026-05-22T09:00:00+07:00")
	o.deliver()
	o.deliver()
	got, runs := o.letters(), o.runs(s)
	if len(got) != 1 || len(runs) != 1 || runs[0].DueAt != instant(t, "2026-05-22T07:00:00+07:00") || got[0].fileName != "" || !strings.Contains(got[0].text, "21 Mei 2026") {
		t.Errorf("%d letters, runs %+v", len(got), runs)
	}
	if next := o.subscription(s).NextAt; next != instant(t, "2026-05-23T07:00:00+07:00") {
		t.Errorf("next %s", next.Time())
	}
}

func TestWhatIsPausedIsNotSentAndNotMadeUpFor(t *testing.T) {
	o := newOffice(t, "")
	s, keeper := o.daily("rudi", "/", "", models.PeriodAll), subscription.NewKeeper(o.st)
	o.ok(keeper.Switch(t.Context(), s.ID, false, o.users["rudi"]))
	o.now = o.now.Add(72 * time.Hour)
	o.deliver()
	o.ok(keeper.Switch(t.Context(), s.ID, true, o.users["rudi"]))
	o.deliver()
	if got := len(o.letters()); got != 0 {
		t.Errorf("%d letters", got)
	}
	o.ok(o.dispatcher().SendNow(t.Context(), s.ID, o.users["rudi"]))
	o.deliver()
	if got := len(o.letters()); got != 1 {
		t.Errorf("asked for at once: %d letters", got)
	}
}

func TestALongListIsLinkedTo(t *testing.T) {
	o := newOffice(t, "")
	s := o.daily("rudi", "/attendance", "csv", models.PeriodAll)
	o.now = o.now.Add(time.Hour)
	d := o.dispatcher()
	d.Most(4*people - 1)
	o.ok(d.Round(t.Context()))
	o.sends()
	got := o.letters()
	if len(got) != 1 || got[0].fileName != "" || !strings.Contains(got[0].text, "terlalu besar") || o.runs(s)[0].File != "too_large" || o.runs(s)[0].Total != 4*people {
		t.Errorf("%d letters %+v, run %+v", len(got), got, o.runs(s))
	}
}

func TestTwoServersOfOneDatabaseMakeOneMail(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		s := o.daily("rudi", "/", "", models.PeriodAll)
		o.now = o.now.Add(time.Hour)
		done := make(chan error)
		for range 4 {
			go func() { done <- o.dispatcher().Round(t.Context()) }()
		}
		for range 4 {
			o.ok(<-done)
		}
		o.sends()
		if len(o.letters()) != 1 || len(o.runs(s)) != 1 {
			t.Errorf("%d letters of %d runs", len(o.letters()), len(o.runs(s)))
		}
	})
}
