package ticket_test

import (
	"net/http"
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/server/store"
)

func TestAParticipantsCalendarHasTheirOwnClassesOnly(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	person := o.Participants[0]
	link := o.Store.Read(t.Context()).LinkOf(person)
	if err := o.DB.Model(&models.Participant{}).Where("id = ?", person.ID).Update("link_hash", store.LinkHash(link)).Error; err != nil {
		t.Fatal(err)
	}
	b := o.Guest(t)
	if page := b.Get("/t/" + link); !strings.Contains(page.Body, `href="/t/`+link+`/calendar.ics"`) {
		t.Error("the ticket's page does not offer it")
	}
	got := b.Get("/t/" + link + "/calendar.ics")
	if got.Status != http.StatusOK || strings.Count(got.Body, "BEGIN:VEVENT") != 3 || strings.Count(got.Body, "TRIGGER:-PT1440M") != 3 ||
		strings.Count(got.Body, "TRIGGER:-PT120M") != 3 || strings.Contains(got.Body, "KPG") || strings.Contains(got.Body, person.Name) {
		t.Errorf("%d\n%s", got.Status, got.Body)
	}
	if got := b.Get("/t/" + strings.Repeat("0", 32) + "/calendar.ics"); got.Status != http.StatusNotFound {
		t.Errorf("a link that is none: %d", got.Status)
	}
}
