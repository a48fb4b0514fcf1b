package store_test

import (
	"testing"

	"buktihadir/models"
	"buktihadir/models/journal"
)

// The guards are the database's own.
//
//survives:hand A mistake in the server's own code would change or delete what is recorded | The database refuses
func TestTheRecordIsNeverChangedNorCut(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		c.agent("meja").saw(0, func(e *journal.Event) { e.Confidence = models.ConfidenceUnsure }).tell()
		c.correct(0, models.StatusSick)
		c.ok(c.decide(c.caseOf(models.CaseClockUnsure), models.CaseDismissed, nil))
		for _, sql := range []string{
			"UPDATE scan_events SET occurred = 1", "UPDATE scan_events SET bytes = hash", "UPDATE scan_events SET seq = 7", "DELETE FROM scan_events",
			"UPDATE corrections SET status = 'present'", "UPDATE corrections SET withdraws = 1", "UPDATE corrections SET evidence = ''",
			"UPDATE corrections SET bulk_id = NULL", "DELETE FROM corrections", "UPDATE case_decisions SET state = 'open'", "DELETE FROM case_decisions",
		} {
			if err := c.st.DB().Exec(sql).Error; err == nil {
				t.Errorf("%s: was let through", sql)
			}
		}
	})
}
