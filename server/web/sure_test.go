package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/web/webtest"
)

func TestAPilotIsClosedOnlyByWhoKnowsThatItStaysSo(t *testing.T) {
	t.Parallel()
	o := webtest.New(t)
	b, href := o.As(t, models.RoleAdmin), "/pilots/"+o.Pilot.ID.String()
	page := b.Get(href).Body
	for _, want := range []string{"Tangguhkan uji coba</button>", "Tutup uji coba …", "Uji coba yang ditutup tidak bisa dibuka lagi.", `name="sure" id="sure" value="1" required`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for what, form := range map[string][]string{
		"sure":         {"phase", "closed", "reason", "selesai"},
		"close_reason": {"phase", "closed", "sure", "1", "close_reason", " "},
	} {
		got := b.Post(href+"/phase", form...)
		if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, `id="`+what+`-problem"`) {
			t.Errorf("%v: %d, want a sentence at %s", form, got.Status, what)
		}
	}
	if p, err := o.Store.Read(t.Context()).Pilot(o.Pilot.ID); err != nil || p.Phase != models.PhaseRunning {
		t.Fatalf("the pilot is %s, %v", p.Phase, err)
	}
	if page := b.Follow(b.Post(href+"/phase", "phase", "closed", "sure", "1", "close_reason", "sesuai rencana")); !strings.Contains(page.Body, "sesuai rencana") || strings.Contains(page.Body, "/phase") {
		t.Errorf("a closed pilot can be moved on, or nobody sees why it was closed: %d", page.Status)
	}
}

// What can't be taken back is asked once more, whoever posts it.
func TestWhatCantBeTakenBackIsAskedOnceMore(t *testing.T) {
	t.Parallel()
	o := webtest.New(t)
	b := o.As(t, models.RoleAdmin)
	token := b.Post("/tokens", "name", "Platform", "days", "30", "scopes", "attendance:read").Header.Get("Location")
	subscription := b.Post("/subscriptions", "list", "/attendance?what=absent", "name", "Laporan pagi", "every", "day", "hour", "7", "zone", "WIB", "format", "csv", "lang", "id").Header.Get("Location")
	b.Follow(b.Post("/calendar/feeds", "kind", string(models.FeedProvider), "subject", o.Own.ID.String(), "back", "/calendar/feeds"))
	for _, x := range []struct {
		path string
		form []string
	}{
		{"/agents/" + o.Agent.ID.String() + "/revoke", []string{"what", "Laptop <depan>"}},
		{"/officers/" + o.Officer.ID.String() + "/pin", nil},
		{"/officers/" + o.Officer.ID.String() + "/remove", nil},
		{token + "/revoke", nil},
		{subscription + "/remove", nil},
		{"/calendar/feeds/revoke", []string{"kind", "provider", "subject", o.Own.ID.String(), "back", "/calendar/feeds"}},
		{"/classes/" + o.Classes[0].ID.String() + "/waiting/end", []string{"participant", uuid.NewString()}},
	} {
		before := entries(t, o)
		got := b.Post(x.path, x.form...)
		if got.Status != http.StatusOK || !strings.Contains(got.Body, `name="sure" value="1"`) || !strings.Contains(got.Body, `action="`+x.path+`"`) || strings.Contains(got.Body, "<depan>") {
			t.Errorf("%s: %d, want to be asked:\n%s", x.path, got.Status, got.Body)
		}
		for i := 0; i+1 < len(x.form); i += 2 {
			if x.form[i] != "what" && !strings.Contains(got.Body, `name="`+x.form[i]+`" value="`+x.form[i+1]+`"`) {
				t.Errorf("%s: %s is lost on the way", x.path, x.form[i])
			}
		}
		if after := entries(t, o); after != before {
			t.Errorf("%s: done before it was agreed to", x.path)
		}
		if got = b.Post(x.path, append(x.form, "sure", "1")...); got.Status == http.StatusOK {
			t.Errorf("%s: asked again: %d", x.path, got.Status)
		}
	}
}

// entries counts what the history holds.
func entries(t *testing.T, o *webtest.Office) (n int64) {
	t.Helper()
	if err := o.DB.Model(&models.HistoryEntry{}).Count(&n).Error; err != nil {
		t.Fatal(err)
	}
	return n
}
