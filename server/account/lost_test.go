package account_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/store"
)

// participant adds somebody with a number; born may be unknown, "".
func (o *fixture) participant(t *testing.T, number string, born models.LocalDate) (p models.Participant, link string) {
	t.Helper()
	err := o.st.Write(t.Context(), func(tx *store.Tx) error {
		p = models.Participant{ID: uuid.New(), Number: number, Name: "Siti", BirthDate: born, LinkVersion: 1}
		if err := tx.SealParticipant(&p, models.NIK(fmt.Sprintf("00730%011d", len(number))), ""); err != nil {
			return err
		}
		link = tx.LinkOf(p)
		return tx.AddParticipants([]models.Participant{p})
	})
	if err != nil {
		t.Fatal(err)
	}
	return p, link
}

func TestWhoKnowsNumberAndDateOfBirthFindsTheirLink(t *testing.T) {
	o := newOffice(t)
	siti, link := o.participant(t, "REG-1", "1995-06-15")
	o.participant(t, "REG-22", "")
	for range 40 { // right tries are never too many
		if got, err := o.FindLink(t.Context(), account.Claim{Number: "REG-1", Born: "1995-06-15", Address: "10.0.0.1"}); err != nil || got != link {
			t.Fatalf("found %q, %v", got, err)
		}
	}
	history, err := o.st.Read(t.Context()).ListHistory(store.HistoryFilter{Entity: "participant", EntityID: siti.ID.String()}, store.Slice{Limit: 1})
	if err != nil || len(history.Rows) != 1 || history.Rows[0].Action != "link.found" {
		t.Errorf("the history has %+v, %v", history.Rows, err)
	}
	var wait sync.WaitGroup
	for _, c := range []struct {
		name, number string
		born         models.LocalDate
	}{
		{"another date", "REG-1", "1995-06-16"}, {"no date", "REG-1", ""}, {"nobody with that number", "REG-9", "1995-06-15"},
		{"somebody whose date is not known", "REG-22", "1995-06-15"}, {"nobody's missing date", "REG-22", ""}, {"nobody at all", "", ""},
	} {
		wait.Go(func() {
			begin := time.Now()
			if got, err := o.FindLink(t.Context(), account.Claim{Number: c.number, Born: c.born, Address: "10.0.0.2"}); !errors.Is(err, account.ErrNotThem) || got != "" {
				t.Errorf("%s: %q, %v, want ErrNotThem", c.name, got, err)
			}
			if took := time.Since(begin); took < 250*time.Millisecond {
				t.Errorf("%s: refused after %v: how long it took may tell what was found", c.name, took)
			}
		})
	}
	wait.Wait()
}

// All at the same moment, for a guesser doesn't wait for answers.
func TestAGuesserIsShutOutWhetherOrNotThereIsAnybody(t *testing.T) {
	o := newOffice(t)
	o.participant(t, "REG-1", "1995-06-15")
	burst := func(tries int, of func(i int) (number, ip string)) (heard int) {
		var n atomic.Int64
		var wait sync.WaitGroup
		for i := range tries {
			wait.Go(func() {
				number, ip := of(i)
				if _, err := o.FindLink(t.Context(), account.Claim{Number: number, Born: "1990-01-01", Address: ip}); errors.Is(err, account.ErrNotThem) {
					n.Add(1)
				}
			})
		}
		wait.Wait()
		return int(n.Load())
	}
	for _, number := range []string{"REG-1", "REG-404"} {
		if got := burst(20, func(i int) (string, string) { return number, fmt.Sprintf("10.1.%d.1", i) }); got != 5 {
			t.Errorf("of %s, 5 wrong tries are heard from many addresses, not %d", number, got)
		}
		var locked account.LockedError
		if _, err := o.FindLink(t.Context(), account.Claim{Number: number, Born: "1995-06-15", Address: "10.9.9.9"}); !errors.As(err, &locked) || locked.Until != o.now.Add(24*time.Hour) {
			t.Errorf("the right date of %s after too many wrong ones: %v", number, err)
		}
	}
	if got := burst(60, func(i int) (string, string) { return fmt.Sprint("A-", i), "10.2.0.1" }); got != 30 {
		t.Errorf("from one address 30 wrong tries are heard, not %d", got)
	}
	if got := burst(60, func(i int) (string, string) { return fmt.Sprint("B-", i), fmt.Sprintf("2001:db8::%x", i+1) }); got != 30 {
		t.Errorf("from one household of IPv6 30 wrong tries are heard, not %d", got)
	}
	if got := burst(400, func(i int) (string, string) { return fmt.Sprint("C-", i), fmt.Sprintf("10.3.%d.%d", i/200, i%200) }); got != 300-10-60 {
		t.Errorf("in all, 300 wrong tries are heard, not %d", got+70)
	}
	o.now = o.now.Add(25 * time.Hour)
	if _, err := o.FindLink(t.Context(), account.Claim{Number: "REG-1", Born: "1995-06-15", Address: "10.1.0.1"}); err != nil {
		t.Errorf("the day after: %v", err)
	}
}
