package account

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"net/netip"
	"strings"
	"time"

	"buktihadir/models"
	"buktihadir/models/attempts"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

// These limit the wrong tries to find a lost link: for one registration number, from one
// address (a whole village may share one), and in all. At these limits somebody with a
// number and no date of birth needs ten years to try all dates of fifty years.
const (
	triesOfNumber, numberWindow   = 5, 24 * time.Hour
	triesOfAddress, addressWindow = 30, time.Hour
	triesInAll, allWindow         = 300, time.Hour
)

// answerAfter is the time after which a refusal is sent. It is longer than any lookup
// takes, so the time does not show what was found.
const answerAfter = 250 * time.Millisecond

// ErrNotThem says that a registration number and a date of birth don't belong
// together. It doesn't say whether there is anybody with that number.
var ErrNotThem = errors.New("number and date of birth do not match")

// finders are the wrong tries to find a link.
type finders struct{ number, address, all *attempts.Limiter }

func newFinders() *finders {
	within := func(most int, window time.Duration) *attempts.Limiter {
		return attempts.New(attempts.Rule{Free: most, Window: window})
	}
	return &finders{number: within(triesOfNumber, numberWindow), address: within(triesOfAddress, addressWindow), all: within(triesInAll, allWindow)}
}

// try is what a try counts under.
type try struct {
	limit *attempts.Limiter
	key   string
}

// FindLink gives the secret part of a participant's link to a person who knows the
// registration number and the date of birth. The address of the network counts wrong
// tries. Refusals do not show whether the participant exists: [ErrNotThem] comes after
// the same time in both cases, and [LockedError] after too many tries. The history
// records each link that was found.
func (a *Accounts) FindLink(ctx context.Context, number string, born models.LocalDate, ip string) (string, error) {
	answer := time.NewTimer(answerAfter)
	defer answer.Stop()
	digest := sha256.Sum256([]byte(strings.ToUpper(number)))
	tries := []try{{a.finders.all, ""}, {a.finders.address, networkOf(ip)}, {a.finders.number, hex.EncodeToString(digest[:])}}
	for i, t := range tries {
		if until := t.limit.Take(t.key, a.now()); until != 0 {
			for _, counted := range tries[:i] {
				counted.limit.GiveBack(counted.key)
			}
			return "", LockedError{until}
		}
	}
	link, err := a.linkOf(ctx, number, born)
	if errors.Is(err, ErrNotThem) {
		select {
		case <-answer.C:
		case <-ctx.Done():
		}
		return "", err
	}
	for _, t := range tries {
		t.limit.GiveBack(t.key)
	}
	return link, err
}

func (a *Accounts) linkOf(ctx context.Context, number string, born models.LocalDate) (link string, err error) {
	person, err := a.st.Read(ctx).ParticipantByNumber(number)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	same := subtle.ConstantTimeCompare([]byte(person.BirthDate), []byte(born)) == 1
	if err != nil || !same || !born.Valid() {
		return "", ErrNotThem
	}
	err = a.st.Write(ctx, func(tx *store.Tx) error {
		link = tx.LinkOf(person)
		return office.Program("participant").Record(tx, office.Done{Action: "link.found", Entity: "participant", ID: person.ID.String()})
	})
	return link, err
}

// networkOf is what one household or company has of addresses: of IPv6 that is a /64
// (RFC 6177).
func networkOf(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	if addr = addr.Unmap(); addr.Is4() {
		return addr.String()
	}
	prefix, err := addr.WithZone("").Prefix(64)
	if err != nil {
		return ip
	}
	return prefix.String()
}
