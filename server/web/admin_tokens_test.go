package web_test

import (
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
)

func TestATokenIsShownOnceAndOpensTheDoor(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	wrong := b.post("/tokens", "name", "Platform", "days", "0")
	if wrong.status != http.StatusUnprocessableEntity || !strings.Contains(wrong.body, `value="Platform"`) {
		t.Errorf("a token that may nothing: %d", wrong.status)
	}
	bound := b.post("/tokens", "name", "Platform", "days", "30", "scopes", "corrections:write", "provider", o.own.ID.String())
	if bound.status != http.StatusUnprocessableEntity || !strings.Contains(bound.body, "corrections:write") {
		t.Errorf("an institution's token that corrects: %d", bound.status)
	}
	made := b.post("/tokens", "name", "Platform", "days", "30", "scopes", "attendance:read")
	page := b.follow(made)
	token := regexp.MustCompile(`bhapi_[\w-]{43}`).FindString(page.body)
	if caller, err := o.acc.Caller(t.Context(), token); err != nil || caller.Token.Name != "Platform" || !caller.May("attendance:read") || caller.May("people:read") {
		t.Errorf("the token %q: %v", token, err)
	}
	if again := b.follow(made); strings.Contains(again.body, "bhapi_") {
		t.Error("the token is shown twice")
	}
	if list := b.get("/tokens"); strings.Contains(list.body, token) || !strings.Contains(list.body, "Platform") {
		t.Error("the list shows the token, or doesn't show whose it is")
	}
	b.post(made.header.Get("Location")+"/revoke", "sure", "1")
	if _, err := o.acc.Caller(t.Context(), token); err == nil {
		t.Error("a revoked token opens the door")
	}
}

func TestAWebhookIsAddedSeenAndSentAgain(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	for _, bad := range []string{"http://contoh.id", "contoh.id", ""} {
		if got := b.post("/webhooks", "name", "Bayar", "url", bad, "topics", "attendance.changed"); got.status != http.StatusUnprocessableEntity {
			t.Errorf("the address %q: %d", bad, got.status)
		}
	}
	made := b.post("/webhooks", "name", "Bayar", "url", "https://contoh.id/hook", "topics", "attendance.changed")
	page := b.follow(made)
	secret := regexp.MustCompile(`whsec_[\w/&#;+=]+`).FindString(page.body)
	key, err := base64.StdEncoding.DecodeString(strings.NewReplacer("whsec_", "", "&#43;", "+").Replace(secret))
	if err != nil || len(key) != 32 {
		t.Errorf("the secret %q: %v", secret, err)
	}
	if again := b.follow(made); strings.Contains(again.body, "whsec_") {
		t.Error("the secret is shown twice")
	}
	id := uuid.MustParse(strings.TrimPrefix(made.header.Get("Location"), "/webhooks/"))
	hook, err := o.st.Read(t.Context()).Webhook(id)
	if err != nil || strings.Contains(string(hook.Secret), string(key)) {
		t.Errorf("the secret is stored open (%v)", err)
	}
	dead := models.Delivery{ID: uuid.New(), WebhookID: id, Topic: models.TopicAttendance, Facts: []byte("[]"), Status: 503, Sending: models.Sending{State: models.DeliveryDead, Attempts: 12, Problem: "status"}}
	o.add(t, &dead)
	if got := b.get("/webhooks/" + id.String()); !strings.Contains(got.body, "Dijawab 503") || !strings.Contains(got.body, dead.ID.String()) {
		t.Errorf("the page says nothing of what failed:\n%s", got.body)
	}
	if got := b.get("/webhooks"); !strings.Contains(got.body, "https://contoh.id/hook") {
		t.Error("the list lacks the webhook")
	}
	b.post("/webhooks/"+id.String()+"/again", "delivery", dead.ID.String())
	list, err := o.st.Read(t.Context()).ListDeliveries(store.DeliveryFilter{Webhook: id}, store.Slice{Limit: 2})
	if err != nil || list.Rows[0].State != models.DeliveryWaiting || list.Rows[0].Attempts != 0 {
		t.Errorf("asked for again: %+v (%v)", list.Rows, err)
	}
	if got := b.post("/webhooks/"+id.String()+"/again", "delivery", uuid.NewString()); got.status != http.StatusNotFound {
		t.Errorf("a message that isn't there: %d", got.status)
	}
	b.post("/webhooks/"+id.String()+"/active", "active", "0")
	if hook, err = o.st.Read(t.Context()).Webhook(id); err != nil || hook.Active {
		t.Errorf("it is on still (%v)", err)
	}
}
