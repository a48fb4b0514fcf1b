package ticket_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"buktihadir/models"
)

func TestALostLinkIsFoundAndNobodyIsFoundOut(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	link, phone := o.LinkOf(t, 0), o.Guest(t)
	for _, born := range []string{"15-06-1995", "15/6/1995", "1995-06-15"} {
		got := phone.Post("/t/find", "number", " REG-00001 ", "born", born)
		if got.Header.Get("Location") != link || got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d to %q, %q", born, got.Status, got.Header.Get("Location"), got.Header.Get("Cache-Control"))
		}
	}
	if got := o.As(t, "pmo_admin").Get("/history").Body; !strings.Contains(got, "Mencari dan menemukan tautan tiket") {
		t.Error("the history does not say that the link was found")
	}

	// What somebody typed comes back with them; the rest of the two answers is the same.
	answerTo := func(number, born string) string {
		got := phone.Post("/t/find", "number", number, "born", born)
		if got.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s, %s: %d", number, born, got.Status)
		}
		if !strings.Contains(got.Body, `value="`+number+`"`) || !strings.Contains(got.Body, `value="`+born+`"`) {
			t.Errorf("%s, %s: what was typed is gone", number, born)
		}
		return strings.NewReplacer(number, "NUMBER", born, "BORN").Replace(got.Body)
	}
	wrong := answerTo("REG-00001", "16-06-1995")
	for _, c := range [][2]string{{"REG-99999", "16-06-1995"}, {"REG-00002", "01-01-1980"}} {
		if got := answerTo(c[0], c[1]); got != wrong {
			t.Errorf("%s, %s is answered otherwise than a wrong date:\n%s\n%s", c[0], c[1], got, wrong)
		}
	}
	for range 5 {
		for _, number := range []string{"REG-00001", "REG-99999"} {
			answerTo(number, "16-06-1995")
		}
	}
	if known, unknown := answerTo("REG-00001", "15-06-1995"), answerTo("REG-99999", "15-06-1995"); known != unknown || !strings.Contains(known, "Terlalu banyak percobaan") {
		t.Errorf("after too many tries, somebody is answered otherwise than nobody:\n%s\n%s", known, unknown)
	}
	for _, c := range [][2]string{{"", "15-06-1995"}, {"REG-1", "kemarin"}} {
		if got := phone.Post("/t/find", "number", c[0], "born", c[1]); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("%q, %q: %d", c[0], c[1], got.Status)
		}
	}
	if got := phone.Get("/t/find?number=REG-00001&born=15-06-1995"); got.Status != http.StatusOK || strings.Contains(got.Body, `value="REG-00001"`) {
		t.Errorf("asked by an address: %d", got.Status)
	}
}

// A link that others know is replaced by whom it belongs to, or by the office: the old one leads
// nowhere, and the code that it showed is worth nothing.
func TestALeakedLinkIsReplacedWithItsTicket(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	phone := o.Guest(t)
	token := func() (valid string, all int64) {
		t.Helper()
		rows := o.DB.Model(&models.Ticket{}).Where("enrollment_id = ?", o.PlaceOf(0).ID)
		if err := errors.Join(rows.Count(&all).Error, rows.Where("revoked_at = 0").Pluck("token", &valid).Error); err != nil {
			t.Fatal(err)
		}
		return valid, all
	}
	old, was := o.LinkOf(t, 0), ""
	was, _ = token()
	dead := func(link string) {
		t.Helper()
		if got := phone.Get(link); got.Status != http.StatusNotFound || !strings.Contains(got.Body, `href="/t/find"`) {
			t.Errorf("the old link: %d", got.Status)
		}
	}
	if got := phone.Post("/t/find", "number", "REG-00001", "born", "16-06-1995", "renew", "1"); got.Status != http.StatusUnprocessableEntity || phone.Get(old).Status != http.StatusOK {
		t.Fatalf("a stranger renews it: %d", got.Status)
	}
	next := phone.Post("/t/find", "number", "REG-00001", "born", "15-06-1995", "renew", "1").Header.Get("Location")
	if now, n := token(); next == old || phone.Get(next).Status != http.StatusOK || now == was || n != 2 {
		t.Errorf("the new link is %s, with ticket %s of %d", next, now, n)
	}
	dead(old)
	pmo := o.As(t, models.RoleAdmin)
	if page := pmo.Follow(pmo.Post("/participants/"+o.Participants[0].ID.String()+"/link", "reason", "diteruskan")); !strings.Contains(page.Body, "Tautan dan tiketnya diganti") {
		t.Errorf("the office replaces it: %d", page.Status)
	}
	dead(next)
	// A ticket that the office has taken away doesn't come back with a new link.
	if err := o.DB.Model(&models.Ticket{}).Where("enrollment_id = ? AND revoked_at = 0", o.PlaceOf(0).ID).Update("revoked_at", o.Now).Error; err != nil {
		t.Fatal(err)
	}
	phone.Post("/t/find", "number", "REG-00001", "born", "15-06-1995", "renew", "1")
	if now, n := token(); now != "" || n != 3 {
		t.Errorf("a revoked ticket came back: %s of %d", now, n)
	}
	// Renewing counts as a try: nobody does it without end.
	for range 5 {
		phone.Post("/t/find", "number", "REG-00001", "born", "15-06-1995", "renew", "1")
	}
	if got := phone.Post("/t/find", "number", "REG-00001", "born", "15-06-1995", "renew", "1"); !strings.Contains(got.Body, "Terlalu banyak percobaan") {
		t.Errorf("renewed without end: %d", got.Status)
	}
	if history := pmo.Get("/history").Body; !strings.Contains(history, "Mengganti tautan tiket") || !strings.Contains(history, "diteruskan") {
		t.Error("the history doesn't tell of it")
	}
}
