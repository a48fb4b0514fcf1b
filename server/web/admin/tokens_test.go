package admin_test

import (
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
	"buktihadir/server/web/webtest"
)

func TestATokenIsShownOnceAndOpensTheDoor(t *testing.T) {
	t.Parallel()
	o := webtest.New(t)
	b := o.As(t, models.RoleAdmin)
	wrong := b.Post("/tokens", "name", "Platform", "days", "0")
	if wrong.Status != http.StatusUnprocessableEntity || !strings.Contains(wrong.Body, `value="Platform"`) {
		t.Errorf("a token that may nothing: %d", wrong.Status)
	}
	bound := b.Post("/tokens", "name", "Platform", "days", "30", "scopes", "corrections:write", "provider", o.Own.ID.String())
	if bound.Status != http.StatusUnprocessableEntity || !strings.Contains(bound.Body, "corrections:write") {
		t.Errorf("an institution's token that corrects: %d", bound.Status)
	}
	made := b.Post("/tokens", "name", "Platform", "days", "30", "scopes", "attendance:read")
	page := b.Follow(made)
	token := regexp.MustCompile(`bhapi_[\w-]{43}`).FindString(page.Body)
	if caller, err := o.Accounts.Caller(t.Context(), token); err != nil || caller.Token.Name != "Platform" || !caller.May("attendance:read") || caller.May("people:read") {
		t.Errorf("the token %q: %v", token, err)
	}
	if again := b.Follow(made); strings.Contains(again.Body, "bhapi_") {
		t.Error("the token is shown twice")
	}
	if list := b.Get("/tokens"); strings.Contains(list.Body, token) || !strings.Contains(list.Body, "Platform") {
		t.Error("the list shows the token, or doesn't show whose it is")
	}
	b.Post(made.Header.Get("Location")+"/revoke", "sure", "1")
	if _, err := o.Accounts.Caller(t.Context(), token); err == nil {
		t.Error("a revoked token opens the door")
	}
}

func TestAWebhookIsAddedSeenAndSentAgain(t *testing.T) {
	t.Parallel()
	o := webtest.New(t)
	b := o.As(t, models.RoleAdmin)
	for _, bad := range []string{"http://contoh.id", "contoh.id", ""} {
		if got := b.Post("/webhooks", "name", "Bayar", "url", bad, "topics", "attendance.changed"); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("the address %q: %d", bad, got.Status)
		}
	}
	made := b.Post("/webhooks", "name", "Bayar", "url", "https://contoh.id/hook", "topics", "attendance.changed")
	page := b.Follow(made)
	secret := regexp.MustCompile(`whsec_[\w/&#;+=]+`).FindString(page.Body)
	key, err := base64.StdEncoding.DecodeString(strings.NewReplacer("whsec_", "", "&#43;", "+").Replace(secret))
	if err != nil || len(key) != 32 {
		t.Errorf("the secret %q: %v", secret, err)
	}
	if again := b.Follow(made); strings.Contains(again.Body, "whsec_") {
		t.Error("the secret is shown twice")
	}
	id := uuid.MustParse(strings.TrimPrefix(made.Header.Get("Location"), "/webhooks/"))
	hook, err := o.Store.Read(t.Context()).Webhook(id)
	if err != nil || strings.Contains(string(hook.Secret), string(key)) {
		t.Errorf("the secret is stored open (%v)", err)
	}
	dead := models.Delivery{ID: uuid.New(), WebhookID: id, Topic: models.TopicAttendance, Facts: []byte("[]"), Status: 503, Sending: models.Sending{State: models.DeliveryDead, Attempts: 12, Problem: "status"}}
	o.Add(t, &dead)
	if got := b.Get("/webhooks/" + id.String()); !strings.Contains(got.Body, "Dijawab 503") || !strings.Contains(got.Body, dead.ID.String()) {
		t.Errorf("the page says nothing of what failed:\n%s", got.Body)
	}
	if got := b.Get("/webhooks"); !strings.Contains(got.Body, "https://contoh.id/hook") {
		t.Error("the list lacks the webhook")
	}
	b.Post("/webhooks/"+id.String()+"/again", "delivery", dead.ID.String())
	list, err := o.Store.Read(t.Context()).ListDeliveries(store.DeliveryFilter{Webhook: id}, store.Slice{Limit: 2})
	if err != nil || list.Rows[0].State != models.DeliveryWaiting || list.Rows[0].Attempts != 0 {
		t.Errorf("asked for again: %+v (%v)", list.Rows, err)
	}
	if got := b.Post("/webhooks/"+id.String()+"/again", "delivery", uuid.NewString()); got.Status != http.StatusNotFound {
		t.Errorf("a message that isn't there: %d", got.Status)
	}
	b.Post("/webhooks/"+id.String()+"/active", "active", "0")
	if hook, err = o.Store.Read(t.Context()).Webhook(id); err != nil || hook.Active {
		t.Errorf("it is on still (%v)", err)
	}
}
