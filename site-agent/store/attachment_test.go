package store_test

import (
	"errors"
	"testing"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/site-agent/store"
)

func TestAnAttachmentIsForgottenOnlyOnceTheServerHoldsItAndIsOld(t *testing.T) {
	st := open(t, t.TempDir())
	b, err := st.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var sums []models.Hash
	for i := range 3 { // made at 0, 1 and 2
		raw, sum, err := journal.Attachment{Salt: make([]byte, journal.SaltSize), Name: string(rune('a' + i))}.Bytes()
		if err == nil {
			err = b.Attach(sum, raw, models.Millis(i))
		}
		if err != nil {
			t.Fatal(err)
		}
		sums = append(sums, sum)
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	if items, more, err := st.UnsentAttachments(t.Context(), 2, 1e6); len(items) != 2 || !more || err != nil {
		t.Errorf("of three, two at a time: %d, more %v, %v", len(items), more, err)
	}
	if err := errors.Join(st.MarkAttachmentsSent(t.Context(), true, sums[0], sums[2]), st.ForgetAttachments(t.Context(), 2)); err != nil {
		t.Fatal(err)
	}
	for i, gone := range []bool{true, false, false} { // old and held; not held; too new
		if _, err := st.Attachment(t.Context(), sums[i]); errors.Is(err, store.ErrNoAttachment) != gone {
			t.Errorf("%d: %v, want gone %v", i, err, gone)
		}
	}
}
