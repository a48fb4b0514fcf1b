package people_test

import (
	"net/http"
	"strings"
	"testing"

	"buktihadir/models"
)

func TestManyAreTransferredAfterAPreviewAndBroughtBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	from, to := o.Classes[0], o.Classes[1]
	roll := "/enrollments?status=active&class=" + from.ID.String()
	filter := strings.TrimPrefix(roll, "/enrollments?")
	before := strings.Count(b.Get(roll).Body, `name="chosen"`)
	if before == 0 {
		t.Fatal("the list of places shows nobody of the class")
	}
	for name, form := range map[string][]string{
		"without a reason":       {"kind", "transfer", "filter", filter, "all", "1", "to", to.Code},
		"without anybody chosen": {"kind", "cancel", "filter", filter, "reason", "uji"},
		"to no class":            {"kind", "transfer", "filter", filter, "all", "1", "reason", "uji", "to", "TIDAK-ADA"},
	} {
		if got := b.Post("/enrollments", form...); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, `name="chosen"`) {
			t.Errorf("%s: %d, want the list again with what is wrong", name, got.Status)
		}
	}
	sent := b.Post("/enrollments", "kind", "transfer", "filter", filter, "all", "1", "reason", "gedung bocor", "to", to.Code)
	preview, href := b.Follow(sent), sent.Header.Get("Location")
	if !strings.Contains(preview.Body, "gedung bocor") || !strings.Contains(preview.Body, href+"/apply") {
		t.Fatalf("no preview:\n%s", preview.Body)
	}
	if got := strings.Count(b.Get(roll).Body, `name="chosen"`); got != before {
		t.Errorf("the preview left %d of %d in the class", got, before)
	}
	done := b.Follow(b.Post(href + "/apply"))
	if !strings.Contains(done.Body, href+"/undo") {
		t.Fatalf("what is done can't be undone:\n%s", done.Body)
	}
	if got := strings.Count(b.Get(roll).Body, `name="chosen"`); got >= before {
		t.Errorf("%d of %d are still in the class", got, before)
	}
	if got := b.Post(href+"/undo", "reason", " "); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("undone without a reason: %d", got.Status)
	}
	b.Follow(b.Post(href+"/undo", "reason", "salah kelas"))
	if got := strings.Count(b.Get(roll).Body, `name="chosen"`); got != before {
		t.Errorf("after the undo %d are in the class, there were %d", got, before)
	}
	history := b.Get("/history").Body
	for _, action := range []string{"Memindahkan banyak peserta", "Mengurungkan perubahan massal"} {
		if !strings.Contains(history, action) {
			t.Errorf("the history lacks %q", action)
		}
	}
}

func TestWhoIsOneTooManyWaitsAndIsSeenToWait(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	class := o.Classes[1]
	class.Capacity = 1
	o.DB.Save(&class)
	sent := b.Post("/participants/enroll", "filter", "place=none", "all", "1", "to", class.Code, "waiting", "1")
	if sent.Status == http.StatusUnprocessableEntity {
		sent = b.Post("/participants/enroll", "filter", "", "all", "1", "to", class.Code, "waiting", "1")
	}
	b.Follow(b.Post(sent.Header.Get("Location") + "/apply"))
	if page := b.Get("/classes/" + class.ID.String() + "/people").Body; !strings.Contains(page, "Menunggu sejak") {
		t.Errorf("nobody waits:\n%s", page)
	}
	if page := b.Get("/participants?place=waiting").Body; !strings.Contains(page, `name="chosen"`) {
		t.Error("the list of who waits is empty")
	}
	waiting, err := o.Store.Read(t.Context()).Waiting(class.ID)
	if err != nil || len(waiting) == 0 {
		t.Fatal(err)
	}
	at := "/classes/" + class.ID.String() + "/waiting/end"
	if got := b.Post(at, "participant", "siapa", "sure", "1"); got.Status != http.StatusNotFound {
		t.Errorf("nobody was taken off: %d", got.Status)
	}
	b.Follow(b.Post(at, "participant", waiting[0].ParticipantID.String(), "sure", "1"))
	if left, err := o.Store.Read(t.Context()).Waiting(class.ID); err != nil || len(left) != len(waiting)-1 {
		t.Errorf("%d wait, there were %d: %v", len(left), len(waiting), err)
	}
}

func TestAListFoundByAPersonalNumberIsNotTakenAsAWhole(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	found := b.Post("/participants/find", "q", o.Personal[0]).Body
	if strings.Count(found, `name="chosen"`) != 1 || strings.Contains(found, `name="all"`) {
		t.Error("one person was looked up, and the page offers all that its address finds: everybody")
	}
	if !strings.Contains(b.Get("/participants").Body, `name="all"`) {
		t.Error("the whole list can't be taken as a whole")
	}
}
