package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"buktihadir/models"
)

//survives:clock Nobody knows whether a site computer's clock is right | Staff are asked before the first scan
func TestAnUnsureClockIsAskedForBeforeTheFirstScan(t *testing.T) {
	s := newSite(t, nil)
	cookie := s.signedIn(t, s.officer, officerPIN)
	scanner := func() (int, string) {
		w := s.do(request(http.MethodGet, "/", ""), cookie)
		return w.Code, w.Header().Get("Location")
	}
	answer := func(form url.Values) (int, string) {
		r := request(http.MethodPost, "/clock", form.Encode())
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := s.do(r, cookie)
		return w.Code, w.Body.String()
	}
	if got, _ := scanner(); got != http.StatusOK {
		t.Fatalf("a plausible clock is asked for: %d", got)
	}
	s.now.Store(time.Date(1970, 1, 1, 0, 5, 0, 0, time.UTC).UnixMilli()) // the battery is dead
	if got, to := scanner(); got != http.StatusSeeOther || to != "/clock" {
		t.Fatalf("the scanner opens by an unsure clock: %d", got)
	}
	for _, wrong := range []url.Values{{"date": {"kemarin"}, "time": {"08:00"}}, {"date": {"1970-01-01"}, "time": {"08:00"}}, {"right": {"yes"}}, {}} {
		if got, body := answer(wrong); got != http.StatusBadRequest || !strings.Contains(body, "tidak terbaca") {
			t.Errorf("%v: %d", wrong, got)
		}
	}
	if got, body := answer(url.Values{"date": {"2026-06-22"}, "time": {"08:01"}}); got != http.StatusSeeOther {
		t.Fatalf("the right time: %d\n%s", got, body)
	}
	want := models.MillisOf(time.Date(2026, 6, 22, 1, 1, 0, 0, time.UTC))
	if got := s.desk.Now(); got != want {
		t.Errorf("the desk goes by %d, want %d", got, want)
	}
	if got, _ := scanner(); got != http.StatusOK {
		t.Errorf("the scanner after it was answered: %d", got)
	}
	head, err := s.store.Head(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	events, err := s.store.Events(context.Background(), head.Epoch, 0, 10)
	if err != nil || len(events) == 0 {
		t.Fatal(len(events), err)
	}
	if last := events[len(events)-1]; last.Kind != models.EventClock || last.Confirmed != want || last.Staff != s.officer {
		t.Errorf("the journal says %+v", last)
	}
}
