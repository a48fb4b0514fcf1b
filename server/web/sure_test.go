package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
)

func TestAPilotIsClosedOnlyByWhoKnowsThatItStaysSo(t *testing.T) {
	o := newOffice(t)
	b, href := o.as(t, models.RoleAdmin), "/pilots/"+o.pilot.ID.String()
	page := b.get(href).body
	for _, want := range []string{"Tangguhkan uji coba</button>", "Tutup uji coba …", "Uji coba yang ditutup tidak bisa dibuka lagi.", `name="sure" id="sure" value="1" required`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for what, form := range map[string][]string{
		"sure":         {"phase", "closed", "reason", "selesai"},
		"close_reason": {"phase", "closed", "sure", "1", "close_reason", " "},
	} {
		got := b.post(href+"/phase", form...)
		if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `id="`+what+`-problem"`) {
			t.Errorf("%v: %d, want a sentence at %s", form, got.status, what)
		}
	}
	if p, err := o.st.Read(t.Context()).Pilot(o.pilot.ID); err != nil || p.Phase != models.PhaseRunning {
		t.Fatalf("the pilot is %s, %v", p.Phase, err)
	}
	if page := b.follow(b.post(href+"/phase", "phase", "closed", "sure", "1", "close_reason", "sesuai rencana")); !strings.Contains(page.body, "sesuai rencana") || strings.Contains(page.body, "/phase") {
		t.Errorf("a closed pilot can be moved on, or nobody sees why it was closed: %d", page.status)
	}
}

// What can't be taken back is asked once more, whoever posts it.
func TestWhatCantBeTakenBackIsAskedOnceMore(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	token := b.post("/tokens", "name", "Platform", "days", "30", "scopes", "attendance:read").header.Get("Location")
	subscription := b.subscribes("/attendance?what=absent").header.Get("Location")
	b.opened(models.FeedProvider, o.own.ID)
	for _, x := range []struct {
		path string
		form []string
	}{
		{"/agents/" + o.agent.ID.String() + "/revoke", []string{"what", "Laptop <depan>"}},
		{"/officers/" + o.officer.ID.String() + "/pin", nil},
		{"/officers/" + o.officer.ID.String() + "/remove", nil},
		{token + "/revoke", nil},
		{subscription + "/remove", nil},
		{"/calendar/feeds/revoke", []string{"kind", "provider", "subject", o.own.ID.String(), "back", "/calendar/feeds"}},
		{"/classes/" + o.classes[0].ID.String() + "/waiting/end", []string{"participant", uuid.NewString()}},
	} {
		before := o.entries(t)
		got := b.post(x.path, x.form...)
		if got.status != http.StatusOK || !strings.Contains(got.body, `name="sure" value="1"`) || !strings.Contains(got.body, `action="`+x.path+`"`) || strings.Contains(got.body, "<depan>") {
			t.Errorf("%s: %d, want to be asked:\n%s", x.path, got.status, got.body)
		}
		for i := 0; i+1 < len(x.form); i += 2 {
			if x.form[i] != "what" && !strings.Contains(got.body, `name="`+x.form[i]+`" value="`+x.form[i+1]+`"`) {
				t.Errorf("%s: %s is lost on the way", x.path, x.form[i])
			}
		}
		if after := o.entries(t); after != before {
			t.Errorf("%s: done before it was agreed to", x.path)
		}
		if got = b.post(x.path, append(x.form, "sure", "1")...); got.status == http.StatusOK {
			t.Errorf("%s: asked again: %d", x.path, got.status)
		}
	}
}

// entries counts what the history holds.
func (o *fixture) entries(t *testing.T) (n int64) {
	t.Helper()
	if err := o.db.Model(&models.HistoryEntry{}).Count(&n).Error; err != nil {
		t.Fatal(err)
	}
	return n
}
