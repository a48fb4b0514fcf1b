package people_test

import (
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/server/store"
)

// address gives a person of the seed an e-mail address.
func (o *fixture) address(t *testing.T, i int, email string) models.Participant {
	t.Helper()
	place := o.PlaceOf(i)
	var p models.Participant
	err := o.Store.Write(t.Context(), func(tx *store.Tx) (err error) {
		if p, err = tx.Participant(*place.ParticipantID); err != nil {
			return err
		}
		if err := tx.SealEmail(&p, email); err != nil {
			return err
		}
		return tx.SaveParticipants([]models.Participant{p})
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (o *fixture) mails(t *testing.T) (list []models.Mail) {
	t.Helper()
	if err := o.DB.Order("address").Find(&list).Error; err != nil {
		t.Fatal(err)
	}
	return list
}

func TestEverybodyWithAnAddressIsMailedTheirOwnLinkOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pmo := o.As(t, models.RoleAdmin)
	first := o.address(t, 0, "a@contoh.id")
	o.address(t, 1, "b@contoh.id")
	path := "/classes/" + o.Classes[0].ID.String()
	says := func(want string, again ...string) {
		t.Helper()
		pmo.Post(path+"/links/mail", again...)
		if body := pmo.Get(path + "?tab=people").Body; !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	says("2 email masuk antrean kirim. 0 sudah pernah dikirimi")
	mails := o.mails(t)
	if len(mails) != 2 || mails[0].Address != "a@contoh.id" || mails[1].Address != "b@contoh.id" {
		t.Fatalf("%d mails: %+v", len(mails), mails)
	}
	for i, m := range mails {
		content, err := o.Store.Read(t.Context()).MailContent(m)
		own, other := o.LinkOf(t, i), o.LinkOf(t, 1-i)
		if err != nil || !strings.Contains(string(content), own) || strings.Contains(string(content), other) || !strings.Contains(m.Subject, "Tiket") {
			t.Errorf("%s: %q %q, %v", m.Address, m.Subject, content, err)
		}
	}
	says("0 email masuk antrean kirim. 2 sudah pernah dikirimi")
	says("2 email masuk antrean kirim", "again", "1")
	if body := pmo.Get("/participants/" + first.ID.String()).Body; !strings.Contains(body, "a…@contoh.id") || strings.Contains(body, "a@contoh.id") {
		t.Error("the participant's page shows the whole address, or none")
	}
	if err := o.Store.Write(t.Context(), func(tx *store.Tx) error { return tx.ErasePerson(first.ID) }); err != nil {
		t.Fatal(err)
	}
	for _, m := range o.mails(t) {
		if m.Address == "a@contoh.id" {
			t.Error("the mail of who was erased is still there")
		}
	}
}
