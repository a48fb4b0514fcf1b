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

	"github.com/google/uuid"

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

// giveBack takes tries back that were none.
func giveBack(tries []try) {
	for _, t := range tries {
		t.limit.GiveBack(t.key)
	}
}

// Claim is what somebody says of themselves who looks for their link, and the address of
// the network that they do it from.
type Claim struct {
	Number  string // of the registration
	Born    models.LocalDate
	Address string
}

// FindLink gives the secret part of a participant's link to a person who knows the
// registration number and the date of birth. The address of the network counts wrong
// tries. Refusals do not show whether the participant exists: [ErrNotThem] comes after
// the same time in both cases, and [LockedError] after too many tries. The history
// records each link that was found.
func (a *Accounts) FindLink(ctx context.Context, c Claim) (link string, err error) {
	tries, person, err := a.prove(ctx, c)
	if err != nil {
		return "", err
	}
	giveBack(tries)
	err = a.st.Write(ctx, func(tx *store.Tx) error {
		link = tx.LinkOf(person)
		return office.Program("participant").Record(tx, office.Done{Action: "link.found", Entity: "participant", ID: person.ID.String()})
	})
	return link, err
}

// RenewLink has the link renewed of a person who proves as for [Accounts.FindLink] who they
// are. It counts as a try, so that nobody renews without end.
func (a *Accounts) RenewLink(ctx context.Context, c Claim, renew func(participant uuid.UUID) (link string, err error)) (string, error) {
	_, person, err := a.prove(ctx, c)
	if err != nil {
		return "", err
	}
	return renew(person.ID)
}

// prove gives the participant that a claim fits, and the tries that it was counted as.
func (a *Accounts) prove(ctx context.Context, c Claim) ([]try, models.Participant, error) {
	answer := time.NewTimer(answerAfter)
	defer answer.Stop()
	digest := sha256.Sum256([]byte(strings.ToUpper(c.Number)))
	tries := []try{{a.finders.all, ""}, {a.finders.address, networkOf(c.Address)}, {a.finders.number, hex.EncodeToString(digest[:])}}
	for i, t := range tries {
		if until := t.limit.Take(t.key, a.now()); until != 0 {
			giveBack(tries[:i])
			return nil, models.Participant{}, LockedError{until}
		}
	}
	person, err := a.st.Read(ctx).ParticipantByNumber(c.Number)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		giveBack(tries)
		return nil, person, err
	}
	same := subtle.ConstantTimeCompare([]byte(person.BirthDate), []byte(c.Born)) == 1
	if err == nil && same && c.Born.Valid() {
		return tries, person, nil
	}
	select {
	case <-answer.C:
	case <-ctx.Done():
	}
	return nil, person, ErrNotThem
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
