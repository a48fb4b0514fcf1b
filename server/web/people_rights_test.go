package web_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"buktihadir/models"
)

func TestAParticipantSeesTheirDataAndTakesItAlong(t *testing.T) {
	o := newOffice(t)
	link, phone := o.linkOf(t, 0), o.guest(t)
	if body := phone.get(link).body; !strings.Contains(body, link+"/data/agree") || strings.Index(body, `class="pass-qr"`) > strings.Index(body, "/data/agree") {
		t.Error("the ticket does not ask for consent, or asks before it shows the code")
	}
	if got := phone.post(link + "/data/agree"); got.header.Get("Location") != link {
		t.Fatalf("to agree: %d to %q", got.status, got.header.Get("Location"))
	}
	if strings.Contains(phone.get(link).body, "/data/agree") {
		t.Error("who has agreed is asked again")
	}
	page := phone.get(link + "/data")
	for _, want := range []string{"REG-00001", "Siti Aminah", "15 Juni 1995", "Kota Bandung", "Anda setuju pada", "Penjelasan versi 1"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	file := phone.get(link + "/data.json")
	var data struct {
		Person struct{ Number, Name, NIK string }
		Places []struct {
			Class    string
			Sessions []struct {
				Attendance models.AttendanceStatus
				StartsAt   time.Time `json:"starts_at"`
			}
		}
		Purpose struct {
			AgreedAt *time.Time `json:"agreed_at"`
		}
	}
	if err := json.Unmarshal([]byte(file.body), &data); err != nil {
		t.Fatalf("%v: %s", err, file.body)
	}
	if data.Person.Number != "REG-00001" || data.Purpose.AgreedAt == nil || len(data.Places) != 1 || len(data.Places[0].Sessions) != 3 || data.Places[0].Sessions[0].Attendance != models.StatusLate {
		t.Errorf("the file says %+v", data)
	}
	for _, got := range []answer{page, file} {
		if got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("it may be kept on the way: %q", got.header.Get("Cache-Control"))
		}
		for _, number := range o.personal {
			if strings.Contains(got.body, number) {
				t.Errorf("it shows the whole number %s to whoever holds the link", number)
			}
		}
	}
}

func TestARequestIsAnsweredInTimeAndTheAnswerIsShown(t *testing.T) {
	o := newOffice(t)
	link, phone, pmo := o.linkOf(t, 0), o.guest(t), o.as(t, models.RoleAdmin)
	if got := phone.post(link+"/data/ask", "kind", "correction", "said", " "); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "Tulis apa yang salah") {
		t.Errorf("a correction of nothing: %d", got.status)
	}
	if got := phone.post(link+"/data/ask", "kind", "everything", "said", "x"); got.status != http.StatusUnprocessableEntity {
		t.Errorf("what nobody can ask: %d", got.status)
	}
	for _, kind := range []string{"correction", "erasure"} {
		if got := phone.post(link+"/data/ask", "kind", kind, "said", "Nama saya <b>Aminah</b>"); got.status != http.StatusSeeOther {
			t.Fatalf("%s: %d", kind, got.status)
		}
	}
	if body := phone.get(link + "/data?lang=id").body; !strings.Contains(body, "Dijawab paling lambat Kamis, 25 Juni 2026, 10.00 WIB") || !strings.Contains(body, "Nama saya &lt;b&gt;Aminah") {
		t.Error("the page does not show the request and its deadline")
	}
	if body := pmo.get("/").body; !strings.Contains(body, `href="/requests"`) {
		t.Error("the overview names no request")
	}
	if err := o.db.Model(&models.DataRequest{}).Where("kind = ?", "erasure").Update("due_at", o.now-1).Error; err != nil {
		t.Fatal(err)
	}
	if body := pmo.get("/").body; !strings.Contains(body, "1 lewat tenggat") {
		t.Error("the overview does not say that an answer is late")
	}
	list := regexp.MustCompile(`/requests/[0-9a-f-]{36}`).FindAllString(pmo.get("/requests").body, -1)
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
		if got := pmo.post(erasure, c.form...); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, c.says) {
			t.Errorf("%s: %d", c.name, got.status)
		}
	}
	if got := pmo.post(correction, "state", "refused", "answer", "Nama sesuai KTP."); got.status != http.StatusSeeOther {
		t.Fatalf("refused: %d %s", got.status, got.body)
	}
	if body := phone.get(link + "/data").body; !strings.Contains(body, "Nama sesuai KTP.") || !strings.Contains(body, "Ditolak") {
		t.Error("the participant is not told")
	}
	if got := pmo.post(erasure, "state", "done", "answer", "Sudah dihapus.", "anyway", "1"); got.status != http.StatusSeeOther {
		t.Fatalf("erased: %d %s", got.status, got.body)
	}
	if got := phone.get(link + "/data"); got.status != http.StatusNotFound || !strings.Contains(got.body, "Tautan ini tidak berlaku lagi") {
		t.Errorf("who is erased still has a page: %d", got.status)
	}
	for _, path := range []string{erasure, correction, "/requests?state=answered", "/participants/" + o.participants[0].ID.String(), "/history"} {
		if got := pmo.get(path); got.status != http.StatusOK || strings.Contains(got.body, "REG-00001") || path != "/history" && strings.Contains(got.body, "Siti Aminah") {
			t.Errorf("%s still names who was erased: %d", path, got.status)
		}
	}
}
