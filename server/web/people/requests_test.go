package people_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"buktihadir/models"
)

func TestARequestIsAnsweredInTimeAndTheAnswerIsShown(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	link, phone, pmo := o.LinkOf(t, 0), o.Guest(t), o.As(t, models.RoleAdmin)
	if got := phone.Post(link+"/data/ask", "kind", "correction", "said", " "); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "Tulis apa yang salah") {
		t.Errorf("a correction of nothing: %d", got.Status)
	}
	if got := phone.Post(link+"/data/ask", "kind", "everything", "said", "x"); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("what nobody can ask: %d", got.Status)
	}
	for _, kind := range []string{"correction", "erasure"} {
		if got := phone.Post(link+"/data/ask", "kind", kind, "said", "Nama saya <b>Aminah</b>"); got.Status != http.StatusSeeOther {
			t.Fatalf("%s: %d", kind, got.Status)
		}
	}
	if body := phone.Get(link + "/data?lang=id").Body; !strings.Contains(body, "Dijawab paling lambat Kamis, 25 Juni 2026, 10.00 WIB") || !strings.Contains(body, "Nama saya &lt;b&gt;Aminah") {
		t.Error("the page does not show the request and its deadline")
	}
	if body := pmo.Get("/").Body; !strings.Contains(body, `href="/requests"`) {
		t.Error("the overview names no request")
	}
	if err := o.DB.Model(&models.DataRequest{}).Where("kind = ?", "erasure").Update("due_at", o.Now-1).Error; err != nil {
		t.Fatal(err)
	}
	if body := pmo.Get("/").Body; !strings.Contains(body, "1 lewat tenggat") {
		t.Error("the overview does not say that an answer is late")
	}
	list := regexp.MustCompile(`/requests/[0-9a-f-]{36}`).FindAllString(pmo.Get("/requests").Body, -1)
	if len(list) != 2 {
		t.Fatalf("%d requests are listed", len(list))
	}
	erasure, correction := list[0], list[1] // what is due first stands first
	for _, c := range []struct {
		name, says string
		form       []string
	}{
		{"no decision", "Pilih: penuhi atau tolak", []string{"answer", "ya"}}, {"no answer", "Tulis jawaban", []string{"state", "done"}},
		{"a class that is open", "belum ditutup", []string{"state", "done", "answer", "ya", "settled", "1"}},
	} {
		if got := pmo.Post(erasure, c.form...); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, c.says) {
			t.Errorf("%s: %d", c.name, got.Status)
		}
	}
	if got := pmo.Post(correction, "state", "refused", "answer", "Nama sesuai KTP."); got.Status != http.StatusSeeOther {
		t.Fatalf("refused: %d %s", got.Status, got.Body)
	}
	if body := phone.Get(link + "/data").Body; !strings.Contains(body, "Nama sesuai KTP.") || !strings.Contains(body, "Ditolak") {
		t.Error("the participant is not told")
	}
	if got := pmo.Post(erasure, "state", "done", "answer", "Sudah dihapus.", "anyway", "1"); got.Status != http.StatusSeeOther {
		t.Fatalf("erased: %d %s", got.Status, got.Body)
	}
	if got := phone.Get(link + "/data"); got.Status != http.StatusNotFound || !strings.Contains(got.Body, "Tautan ini tidak berlaku lagi") {
		t.Errorf("who is erased still has a page: %d", got.Status)
	}
	for _, path := range []string{erasure, correction, "/requests?state=answered", "/participants/" + o.Participants[0].ID.String(), "/history"} {
		if got := pmo.Get(path); got.Status != http.StatusOK || strings.Contains(got.Body, "REG-00001") || path != "/history" && strings.Contains(got.Body, "Siti Aminah") {
			t.Errorf("%s still names who was erased: %d", path, got.Status)
		}
	}
}
