package web_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"buktihadir/models"
	"buktihadir/server/store"
)

// fill adds attendance of classes of 30 people with ten sessions each, in the past.
func (o *office) fill(t testing.TB, rows int) {
	t.Helper()
	const people, meetings = 30, 10
	classes, from := rows/people/meetings, o.classes[0]
	numbers := func(n int) string {
		return fmt.Sprintf("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ", n-1)
	}
	id := func(kind int, number string) string {
		return fmt.Sprintf("printf('00000000-%04x-4000-8000-%%012x', %s)", kind, number)
	}
	for _, s := range []string{
		numbers(people) + `INSERT INTO participants SELECT ` + id(1, "i") + `, 'B-' || i, 'Peserta ' || i, x'00', randomblob(16), NULL, NULL, '', 'female', '32.73', i % 3, 0, randomblob(16), 0, 0 FROM n`,
		numbers(classes) + `INSERT INTO classes SELECT ` + id(2, "i") + `, randomblob(8), pilot_id, course_id, provider_id, site_id, 'X' || i, 40, policy, secret, 0, 0, 0 FROM n, (SELECT * FROM classes WHERE id = '` + from.ID.String() + `')`,
		numbers(classes*meetings) + `INSERT INTO sessions SELECT ` + id(3, "i") + `, ` + id(2, "i / 10") + `, '` + from.SiteID.String() + `', 1 + i % 10, 'R', t, t + 14400000, 'planned', 0, 0
			FROM (SELECT i, ` + strconv.FormatInt(int64(o.now), 10) + ` - 86400000 * (2 + i % 60) AS t FROM n)`,
		numbers(classes*people) + `INSERT INTO enrollments SELECT ` + id(4, "i") + `, ` + id(2, "i / 30") + `, 'participant', ` + id(1, "i % 30") + `, NULL, 'active', '', 0, 0 FROM n`,
		numbers(rows) + `INSERT INTO attendances (session_id, enrollment_id, class_id, status, derived, first_in, last_out, minutes, open, flags, accepted, updated_at)
			SELECT ` + id(3, "i / 30") + `, ` + id(4, "i / 300 * 30 + i % 30") + `, ` + id(2, "i / 300") + `, s, s, 0, 0, 0, 0, '', 1, 0
			FROM (SELECT i, CASE i % 7 WHEN 0 THEN 'absent' WHEN 1 THEN 'late' ELSE 'present' END AS s FROM n WHERE i < ` + strconv.Itoa(classes*people*meetings) + `)`,
	} {
		if err := o.db.Exec(s).Error; err != nil {
			t.Fatal(err)
		}
	}
	if err := o.st.Write(t.Context(), (*store.Tx).Recount); err != nil {
		t.Fatal(err)
	}
	if err := o.db.Exec("ANALYZE").Error; err != nil {
		t.Fatal(err)
	}
}

// BenchmarkOverview compares the first page over little and over much: ROWS
// attendances, a million if it doesn't say. What is of interest is the ratio.
func BenchmarkOverview(b *testing.B) {
	much := 1_000_000
	if text := os.Getenv("ROWS"); text != "" {
		var err error
		if much, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	for _, rows := range []int{10_000, much} {
		b.Run(strconv.Itoa(rows), func(b *testing.B) {
			o := newOffice(b)
			o.fill(b, rows)
			pmo := o.as(b, models.RoleAdmin)
			b.ResetTimer()
			for b.Loop() {
				if page := pmo.get("/"); page.status != 200 {
					b.Fatal(page.status)
				}
			}
		})
	}
}
