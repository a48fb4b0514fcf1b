package main

import (
	"errors"
	"maps"

	"github.com/google/uuid"

	"buktihadir/models"
	officestore "buktihadir/server/store"
)

// checkTallies compares what the server has counted along the way with a new count.
func (w *world) checkTallies() error {
	kept, err := w.counts()
	if err != nil {
		return err
	}
	if err := w.office.st.Write(w.ctx, (*officestore.Tx).Recount); err != nil {
		return err
	}
	anew, err := w.counts()
	if !maps.Equal(kept, anew) {
		w.fail("the server counts %v, and counted anew %v", kept, anew)
	}
	return errors.Join(err, w.checkCounted(anew))
}

// checkCounted counts the results themselves: final ones by status, and those that may change.
func (w *world) checkCounted(counts map[string]int64) error {
	want := map[string]int64{}
	err := w.eachResult(func(s planned, a models.Attendance) {
		switch {
		case s.Status != models.SessionPlanned:
		case a.Final:
			want[string(a.Status)]++
		case a.Status != models.StatusPending:
			want[string(models.MeasureProvisional)]++
		}
	})
	measures := []models.Measure{models.MeasureProvisional}
	for _, s := range models.AttendanceStatuses() {
		measures = append(measures, models.Measure(s))
	}
	for _, m := range measures {
		if got := counts[string(models.ByAll)+"  "+string(m)]; got != want[string(m)] {
			w.fail("the server counts %d %s, and there are %d", got, m, want[string(m)])
		}
	}
	return err
}

// eachResult hands over every result that the office has, with its session.
func (w *world) eachResult(take func(planned, models.Attendance)) error {
	for _, c := range w.classes {
		rows, err := w.office.st.Read(w.ctx).AttendanceMatrix(c.ID)
		if err != nil {
			return err
		}
		for _, a := range rows {
			s, _ := w.planOf(a.SessionID)
			take(s, a)
		}
	}
	return nil
}

func (w *world) counts() (map[string]int64, error) {
	out := map[string]int64{}
	for _, dim := range append(models.Dimensions(), models.ByAll) {
		counts, err := w.office.st.Read(w.ctx).Tallies(uuid.Nil, dim)
		if err != nil {
			return nil, err
		}
		for key, measures := range counts {
			for m, n := range measures {
				if n != 0 {
					out[string(dim)+" "+key+" "+string(m)] = n
				}
			}
		}
	}
	return out, nil
}
