package attendance_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"buktihadir/models"
	"buktihadir/scripts/e2e/database"
	"buktihadir/server/store"
	"buktihadir/server/web/webtest"
)

// BenchmarkOverview compares the first page over little and over much: ROWS
// attendances, a million if it doesn't say. Both are asked in turn; what is of
// interest is the ratio.
func BenchmarkOverview(b *testing.B) {
	much := 1_000_000
	if text := os.Getenv("ROWS"); text != "" {
		var err error
		if much, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	for name, empty := range map[string]func(testing.TB) store.Config{"sqlite": database.SQLite, "postgres": database.Postgres} {
		b.Run(name, func(b *testing.B) {
			sizes := []int{10_000, much}
			var ask [2]func()
			for i, rows := range sizes {
				o := webtest.On(b, empty(b))
				o.Fill(b, rows)
				pmo := o.As(b, models.RoleAdmin)
				ask[i] = func() {
					if page := pmo.Get("/"); page.Status != 200 {
						b.Fatal(page.Status)
					}
				}
			}
			var took [2][]time.Duration
			for b.Loop() {
				for i := range ask {
					begun := time.Now()
					ask[i]()
					took[i] = append(took[i], time.Since(begun))
				}
			}
			var median [2]time.Duration
			for i, list := range took {
				slices.Sort(list)
				median[i] = list[len(list)/2]
				b.ReportMetric(median[i].Seconds()*1000, fmt.Sprintf("ms/%d", sizes[i]))
			}
			b.ReportMetric(float64(median[1])/float64(median[0]), "ratio")
		})
	}
}
