package web_test

import (
	"net/http"
	"strings"
	"testing"

	"buktihadir/models"
)

func TestManyAreTransferredAfterAPreviewAndBroughtBack(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	from, to := o.classes[0], o.classes[1]
	roll := "/enrollments?status=active&class=" + from.ID.String()
	filter := strings.TrimPrefix(roll, "/enrollments?")
	before := strings.Count(b.get(roll).body, `name="chosen"`)
	if before == 0 {
		t.Fatal("the list of places shows nobody of the class")
	}
	for name, form := range map[string][]string{
		"without a reason":       {"kind", "transfer", "filter", filter, "all", "1", "to", to.Code},
		"without anybody chosen": {"kind", "cancel", "filter", filter, "reason", "uji"},
		"to no class":            {"kind", "transfer", "filter", filter, "all", "1", "reason", "uji", "to", "TIDAK-ADA"},
	} {
		if got := b.post("/enrollments", form...); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `name="chosen"`) {
			t.Errorf("%s: %d, want the list again with what is wrong", name, got.status)
		}
	}
	sent := b.post("/enrollments", "kind", "transfer", "filter", filter, "all", "1", "reason", "gedung bocor", "to", to.Code)
	preview, href := b.follow(sent), sent.header.Get("Location")
	if !strings.Contains(preview.body, "gedung bocor") || !strings.Contains(preview.body, href+"/apply") {
		t.Fatalf("no preview:\n%s", preview.body)
	}
	if got := strings.Count(b.get(roll).body, `name="chosen"`); got != before {
		t.Errorf("the preview left %d of %d in the class", got, before)
	}
	done := b.follow(b.post(href + "/apply"))
	if !strings.Contains(done.body, href+"/undo") {
		t.Fatalf("what is done can't be undone:\n%s", done.body)
	}
	if got := strings.Count(b.get(roll).body, `name="chosen"`); got >= before {
		t.Errorf("%d of %d are still in the class", got, before)
	}
	if got := b.post(href+"/undo", "reason", " "); got.status != http.StatusUnprocessableEntity {
		t.Errorf("undone without a reason: %d", got.status)
	}
	b.follow(b.post(href+"/undo", "reason", "salah kelas"))
	if got := strings.Count(b.get(roll).body, `name="chosen"`); got != before {
		t.Errorf("after the undo %d are in the class, there were %d", got, before)
	}
	history := b.get("/history").body
	for _, action := range []string{"Memindahkan banyak peserta", "Mengurungkan perubahan massal"} {
		if !strings.Contains(history, action) {
			t.Errorf("the history lacks %q", action)
		}
	}
}

func TestWhoIsOneTooManyWaitsAndIsSeenToWait(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	class := o.classes[1]
	class.Capacity = 1
	o.db.Save(&class)
	sent := b.post("/participants/enroll", "filter", "place=none", "all", "1", "to", class.Code, "waiting", "1")
	if sent.status == http.StatusUnprocessableEntity {
		sent = b.post("/participants/enroll", "filter", "", "all", "1", "to", class.Code, "waiting", "1")
	}
	b.follow(b.post(sent.header.Get("Location") + "/apply"))
	if page := b.get("/classes/" + class.ID.String() + "/people").body; !strings.Contains(page, "Menunggu sejak") {
		t.Errorf("nobody waits:\n%s", page)
	}
	if page := b.get("/participants?place=waiting").body; !strings.Contains(page, `name="chosen"`) {
		t.Error("the list of who waits is empty")
	}
	waiting, err := o.st.Read(t.Context()).Waiting(class.ID)
	if err != nil || len(waiting) == 0 {
		t.Fatal(err)
	}
	at := "/classes/" + class.ID.String() + "/waiting/end"
	if got := b.post(at, "participant", "siapa", "sure", "1"); got.status != http.StatusNotFound {
		t.Errorf("nobody was taken off: %d", got.status)
	}
	b.follow(b.post(at, "participant", waiting[0].ParticipantID.String(), "sure", "1"))
	if left, err := o.st.Read(t.Context()).Waiting(class.ID); err != nil || len(left) != len(waiting)-1 {
		t.Errorf("%d wait, there were %d: %v", len(left), len(waiting), err)
	}
}

func TestAListFoundByAPersonalNumberIsNotTakenAsAWhole(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	found := b.post("/participants/find", "q", o.personal[0]).body
	if strings.Count(found, `name="chosen"`) != 1 || strings.Contains(found, `name="all"`) {
		t.Error("one person was looked up, and the page offers all that its address finds: everybody")
	}
	if !strings.Contains(b.get("/participants").body, `name="all"`) {
		t.Error("the whole list can't be taken as a whole")
	}
}
