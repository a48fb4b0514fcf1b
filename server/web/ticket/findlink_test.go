package ticket_test

import (
	"net/http"
	"strings"
	"testing"
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
