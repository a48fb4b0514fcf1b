package ticket_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"buktihadir/models"
	"buktihadir/server/web/webtest"
)

func TestAParticipantSeesTheirDataAndTakesItAlong(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	link, phone := o.LinkOf(t, 0), o.Guest(t)
	if body := phone.Get(link).Body; !strings.Contains(body, link+"/data/agree") || strings.Index(body, `class="pass-qr"`) > strings.Index(body, "/data/agree") {
		t.Error("the ticket does not ask for consent, or asks before it shows the code")
	}
	if got := phone.Post(link + "/data/agree"); got.Header.Get("Location") != link {
		t.Fatalf("to agree: %d to %q", got.Status, got.Header.Get("Location"))
	}
	if strings.Contains(phone.Get(link).Body, "/data/agree") {
		t.Error("who has agreed is asked again")
	}
	page := phone.Get(link + "/data")
	for _, want := range []string{"REG-00001", "Siti Aminah", "15 Juni 1995", "Kota Bandung", "Anda setuju pada", "Penjelasan versi 1"} {
		if !strings.Contains(page.Body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	file := phone.Get(link + "/data.json")
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
	if err := json.Unmarshal([]byte(file.Body), &data); err != nil {
		t.Fatalf("%v: %s", err, file.Body)
	}
	if data.Person.Number != "REG-00001" || data.Purpose.AgreedAt == nil || len(data.Places) != 1 || len(data.Places[0].Sessions) != 3 || data.Places[0].Sessions[0].Attendance != models.StatusLate {
		t.Errorf("the file says %+v", data)
	}
	for _, got := range []webtest.Answer{page, file} {
		if got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("it may be kept on the way: %q", got.Header.Get("Cache-Control"))
		}
		for _, number := range o.Personal {
			if strings.Contains(got.Body, number) {
				t.Errorf("it shows the whole number %s to whoever holds the link", number)
			}
		}
	}
}

func TestAParticipantDeclinesReminders(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	link, phone, person := o.LinkOf(t, 0), o.Guest(t), o.Participants[0]
	const stop, start = "Jangan kirim pengingat", "Kirim pengingat"
	if strings.Contains(phone.Get(link+"/data").Body, "pengingat") {
		t.Error("without an address, reminders are offered")
	}
	if err := o.Store.Read(t.Context()).SealEmail(&person, "siti@contoh.id"); err != nil {
		t.Fatal(err)
	}
	if err := o.DB.Model(&models.Participant{}).Where("id = ?", person.ID).Update("email_sealed", person.EmailSealed).Error; err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(phone.Get(link+"/data").Body, stop) {
		t.Error("nothing offers to stop them")
	}
	if page := phone.Follow(phone.Post(link+"/data/reminders", "on", "0")); !strings.Contains(page.Body, start) {
		t.Errorf("declined: %d", page.Status)
	}
	if page := phone.Follow(phone.Post(link+"/data/reminders", "on", "1")); !strings.Contains(page.Body, stop) {
		t.Errorf("wanted again: %d", page.Status)
	}
}
