// Package webhook tells other systems about changes, by https://www.standardwebhooks.com:
// a message is stored in the transaction of its change (see store.Delivery), sent until
// the receiver accepts it, and signed so that the receiver knows the sender. A receiver
// may get a message twice, with the same webhook-id, and two messages in another order
// than they happened: of two versions of an attendance the one with the larger revision
// counts.
//
// [Service] adds webhooks and [Sender] sends; [Attendance] and [Completion] are what
// other systems see, here and in the API.
package webhook

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// New is a webhook as an admin describes it.
type New struct {
	Name, URL string
	Topics    []models.Topic
	Provider  uuid.UUID // the only institution that it is told about; nil: all
}

// Service adds webhooks and switches them.
type Service struct {
	st    *store.Store
	plain bool // addresses without TLS are taken
}

// NewService makes a service. Where receivers in networks of our own are allowed,
// addresses may be without TLS.
func NewService(st *store.Store, networks Networks) *Service { return &Service{st, len(networks) > 0} }

func (s *Service) check(n *New) error {
	n.Name, n.URL = strings.TrimSpace(n.Name), strings.TrimSpace(n.URL)
	if c := utf8.RuneCountInString(n.Name); c == 0 || c > 120 {
		return office.RefuseField("name", "api.name_wrong")
	}
	u, err := url.Parse(n.URL)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" || len(n.URL) > 1000 ||
		u.Scheme != "https" && (u.Scheme != "http" || !s.plain) {
		return office.RefuseField("url", "api.url_wrong")
	}
	if len(n.Topics) == 0 || slices.ContainsFunc(n.Topics, func(t models.Topic) bool { return !slices.Contains(models.Topics(), t) }) {
		return office.RefuseField("topics", "api.topics_missing")
	}
	return nil
}

// Add makes a webhook. Its secret, in the form that receivers' libraries take, is told
// here only.
func (s *Service) Add(ctx context.Context, n New, by office.Actor) (models.Webhook, string, error) {
	if err := s.check(&n); err != nil {
		return models.Webhook{}, "", err
	}
	topics := make([]string, len(n.Topics))
	for i, t := range n.Topics {
		topics[i] = string(t)
	}
	h := models.Webhook{Name: n.Name, URL: n.URL, Topics: strings.Join(topics, " "), Active: true, Author: by.Name}
	if n.Provider != uuid.Nil {
		h.ProviderID = &n.Provider
	}
	var err error
	if h.ID, err = store.NewID(); err != nil {
		return h, "", err
	}
	secret := make([]byte, 32)
	rand.Read(secret)
	err = s.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.AddWebhook(h, secret); err != nil {
			return err
		}
		return record(tx, by, "webhook.add", h.ID, n.Name+" "+h.Topics)
	})
	if errors.Is(err, store.ErrReferenced) {
		return h, "", office.RefuseField("provider", "account.provider_missing")
	}
	return h, "whsec_" + base64.StdEncoding.EncodeToString(secret), err
}

// SetActive switches a webhook on or off. Waiting messages keep waiting.
func (s *Service) SetActive(ctx context.Context, id uuid.UUID, active bool, by office.Actor) error {
	action := map[bool]string{true: "webhook.on", false: "webhook.off"}[active]
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SetWebhookActive(id, active); err != nil {
			return err
		}
		return record(tx, by, action, id, "")
	})
}

// SendAgain puts a message back in the queue, under its old id.
func (s *Service) SendAgain(ctx context.Context, hook, delivery uuid.UUID, by office.Actor) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SendAgain(hook, delivery); err != nil {
			return err
		}
		return record(tx, by, "webhook.again", hook, delivery.String())
	})
}

func record(tx *store.Tx, by office.Actor, action string, hook uuid.UUID, detail string) error {
	return by.Record(tx, office.Done{Action: action, Entity: "webhook", ID: hook.String(), Detail: detail})
}
