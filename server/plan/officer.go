package plan

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/names"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// pinCost suits a Raspberry Pi: about a fifth of a second there.
func pinCost() *argon2id.Params {
	return &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// AddOfficer adds a person who may work at a site's desks. Without a PIN it draws one;
// only the answer has it.
func (p *Service) AddOfficer(ctx context.Context, by office.Actor, site uuid.UUID, name, pin string, supervisor bool) (models.Officer, string, error) {
	name = names.Clean(name)
	if name == "" {
		return models.Officer{}, "", office.Refuse("plan.name_needed")
	}
	pin, hash, err := pinOr(pin)
	if err != nil {
		return models.Officer{}, "", err
	}
	o := models.Officer{SiteID: site, Name: name, PINHash: hash, Supervisor: supervisor, Active: true}
	if o.ID, err = store.NewID(); err != nil {
		return o, "", err
	}
	err = p.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Site(site); err != nil {
			return err
		}
		if err := saveOfficer(tx, o); err != nil {
			return err
		}
		return by.Record(tx, office.Done{Action: "officer.add", Entity: "site", ID: site.String(), Detail: name})
	})
	return o, pin, err
}

// pinOr checks a PIN, or draws one, and hashes it.
func pinOr(pin string) (string, string, error) {
	if pin == "" {
		n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
		if err != nil {
			return "", "", fmt.Errorf("draw a PIN: %w", err)
		}
		pin = fmt.Sprintf("%06d", n)
	}
	if len(pin) != 6 || strings.Trim(pin, "0123456789") != "" {
		return "", "", office.Refuse("plan.bad_pin")
	}
	hash, err := argon2id.CreateHash(pin, pinCost())
	if err != nil {
		return "", "", fmt.Errorf("hash PIN: %w", err)
	}
	return pin, hash, nil
}

// NewPIN draws an officer another PIN. The old one ends at each desk with its next
// roster.
func (p *Service) NewPIN(ctx context.Context, by office.Actor, officer uuid.UUID) (string, error) {
	pin, hash, err := pinOr("")
	if err != nil {
		return "", err
	}
	return pin, p.st.Write(ctx, func(tx *store.Tx) error {
		o, err := tx.Officer(officer)
		if err != nil {
			return err
		}
		if !o.Active {
			return office.Refuse("officer.inactive")
		}
		o.PINHash = hash
		if err := saveOfficer(tx, o); err != nil {
			return err
		}
		return by.Record(tx, office.Done{Action: "officer.pin", Entity: "site", ID: o.SiteID.String(), Detail: o.Name})
	})
}

// RemoveOfficer ends somebody's work at a site's desks.
func (p *Service) RemoveOfficer(ctx context.Context, by office.Actor, officer uuid.UUID) error {
	return p.st.Write(ctx, func(tx *store.Tx) error {
		o, err := tx.Officer(officer)
		if err != nil {
			return err
		}
		o.Active = false
		if err := saveOfficer(tx, o); err != nil {
			return err
		}
		return by.Record(tx, office.Done{Action: "officer.remove", Entity: "site", ID: o.SiteID.String(), Detail: o.Name})
	})
}

// saveOfficer stores an officer and tells the site.
func saveOfficer(tx *store.Tx, o models.Officer) error {
	if err := tx.SaveOfficer(o); err != nil {
		return err
	}
	return tx.PublishOfficer(o)
}
