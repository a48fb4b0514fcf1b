package ledger_test

import (
	"bytes"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/ledger"
)

// A decision of the first version of the program must be in its record too.
func TestEverythingThatACorrectionSaysIsInItsRecord(t *testing.T) {
	plain := models.Correction{ID: uuid.UUID{1}, Status: models.StatusSick, Reason: "surat", Order: 2}
	bulk := uuid.UUID{2}
	seen := [][]byte{ledger.CorrectionRecord(plain)}
	for name, change := range map[string]func(*models.Correction){
		"its paper":            func(c *models.Correction) { c.Evidence = "ab12" },
		"what it takes back":   func(c *models.Correction) { c.Withdraws = 1 },
		"another that it does": func(c *models.Correction) { c.Withdraws = 11 },
		"its bulk change":      func(c *models.Correction) { c.BulkID = &bulk },
		"both":                 func(c *models.Correction) { c.Withdraws, c.BulkID = 1, &bulk },
	} {
		c := plain
		change(&c)
		record := ledger.CorrectionRecord(c)
		for _, other := range seen {
			if bytes.Equal(record, other) {
				t.Errorf("%s doesn't show", name)
			}
		}
		seen = append(seen, record)
	}
}
