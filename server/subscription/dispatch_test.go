package subscription_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"buktihadir/models"
	"buktihadir/server/store"
	"buktihadir/server/subscription"
)

func TestAMailSaysTheFiguresAndCarriesTheList(t *testing.T) {
	onBoth(t, func(t *testing.T, o *fixture) {
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
		for _, want := range []string{"Yth. Bapak/Ibu Bu rudi,", "Hadir: 2", "Alpa: 2", "Sakit: 2", "Jumlah dalam daftar: 6", "11 Mei 2026", "https://hadir.contoh.id/attendance", "https://hadir.contoh.id/subscriptions/" + s.ID.String()} {
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
		if runs := o.runs(s); len(runs) != 1 || runs[0].Total != 6 || runs[0].File != "attached" || runs[0].MailState != models.DeliveryDone ||
			runs[0].DueAt != instant(t, "2026-05-12T07:00:00+07:00") {
			t.Errorf("runs: %+v", runs)
		}
		if next := o.subscription(s).NextAt; next != instant(t, "2026-05-13T07:00:00+07:00") {
			t.Errorf("next %s", next.Time())
		}
	})
}

// For the list of every page, each of its files has a row for each one that the mail
// counts.
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
	// The mail was written for LX, and the user moved again before it is sent.
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
			if err := subscription.NewService(o.st).Resume(t.Context(), s.ID, o.users["ani"]); err == nil {
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
	if len(got) != 1 || len(runs) != 1 || runs[0].DueAt != instant(t, "2026-05-22T07:00:00+07:00") || got[0].fileName != "" ||
		!strings.Contains(got[0].text, "21 Mei 2026") {
		t.Errorf("%d letters, runs %+v", len(got), runs)
	}
	if next := o.subscription(s).NextAt; next != instant(t, "2026-05-23T07:00:00+07:00") {
		t.Errorf("next %s", next.Time())
	}
}

func TestWhatIsPausedIsNotSentAndNotMadeUpFor(t *testing.T) {
	o := newOffice(t, "")
	s, service := o.daily("rudi", "/", "", models.PeriodAll), subscription.NewService(o.st)
	o.ok(service.Pause(t.Context(), s.ID, o.users["rudi"]))
	o.now = o.now.Add(72 * time.Hour)
	o.deliver()
	o.ok(service.Resume(t.Context(), s.ID, o.users["rudi"]))
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
	if len(got) != 1 || got[0].fileName != "" || !strings.Contains(got[0].text, "terlalu besar") || o.runs(s)[0].File != "too_large" ||
		o.runs(s)[0].Total != 4*people {
		t.Errorf("%d letters %+v, run %+v", len(got), got, o.runs(s))
	}
}

func TestTwoServersOfOneDatabaseMakeOneMail(t *testing.T) {
	onBoth(t, func(t *testing.T, o *fixture) {
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
