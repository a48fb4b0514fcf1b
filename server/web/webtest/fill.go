package webtest

import (
	"fmt"
	"strconv"
	"testing"

	"buktihadir/server/store"
)

// words is how a database says what fill needs.
type words struct{ numbers, id, bytes string }

// wordsOf are the words of a database: the numbers from 0 up to a count, an
// identifier of a kind made from a number, and eight bytes that differ by number.
func wordsOf(database string) words {
	if database == "postgres" {
		return words{
			"WITH n(i) AS (SELECT generate_series(0::bigint, %d)) ",
			"('00000000-%04x-4000-8000-' || lpad(to_hex(%s), 12, '0'))::uuid",
			"convert_to(lpad(to_hex(%s), 8, '0'), 'UTF8')",
		}
	}
	return words{
		"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ",
		"printf('00000000-%04x-4000-8000-%%012x', %s)",
		"CAST(printf('%%08x', %s) AS BLOB)",
	}
}

// Fill adds attendance of classes of 30 people with ten sessions each, in the past.
func (o *Office) Fill(t testing.TB, rows int) {
	t.Helper()
	const people, meetings = 30, 10
	say := wordsOf(o.DB.Name())
	classes, from := rows/people/meetings, o.Classes[0]
	numbers := func(n int) string { return fmt.Sprintf(say.numbers, n-1) }
	id := func(kind int, number string) string { return fmt.Sprintf(say.id, kind, number) }
	code := func(number string) string { return fmt.Sprintf(say.bytes, number) }
	t0 := strconv.FormatInt(int64(o.Now), 10)
	for part, s := range []string{
		numbers(people) + `INSERT INTO participants SELECT ` + id(1, "i") + `, 'B-' || i, 'Peserta ' || i, ` + code("i") + `, ` + code("i") + `,
			NULL, NULL, '', 'female', '32.73', i % 3, 0, ` + code("i") + `, 0, 0 FROM n`,
		numbers(classes) + `INSERT INTO classes SELECT ` + id(2, "i") + `, ` + code("i + 16777216") + `,
			pilot_id, course_id, provider_id, site_id, 'X' || i, 40, policy, secret, 0, 0, 0
			FROM n, (SELECT * FROM classes WHERE id = '` + from.ID.String() + `') c`,
		numbers(classes*meetings) + `INSERT INTO sessions SELECT ` + id(3, "i") + `, ` + id(2, "i / 10") + `,
			'` + from.SiteID.String() + `', 1 + i % 10, 'R', t, t + 14400000, 'planned', 0, 0
			FROM (SELECT i, ` + t0 + ` - 86400000 * (2 + i % 60) AS t FROM n) s`,
		numbers(classes*people) + `INSERT INTO enrollments SELECT ` + id(4, "i") + `, ` + id(2, "i / 30") + `,
			'participant', ` + id(1, "i % 30") + `, NULL, 'active', '', 0, 0 FROM n`,
		numbers(classes*people*meetings) + `INSERT INTO attendances (session_id, enrollment_id, class_id, status, derived, first_in, last_out,
			minutes, open, flags, accepted, updated_at)
			SELECT ` + id(3, "i / 30") + `, ` + id(4, "i / 300 * 30 + i % 30") + `, ` + id(2, "i / 300") + `, s, s,
				CASE s WHEN 'absent' THEN 0 ELSE ` + t0 + ` - 86400000 * (2 + i / 30 % 60) END, 0, 0, FALSE, '', 1, 0
			FROM (SELECT i, CASE i % 7 WHEN 0 THEN 'absent' WHEN 1 THEN 'late' ELSE 'present' END AS s FROM n) a`,
	} {
		if err := o.DB.Exec(s).Error; err != nil {
			t.Fatalf("part %d: %v", part, err)
		}
	}
	if err := o.Store.Write(t.Context(), (*store.Tx).Recount); err != nil {
		t.Fatal(err)
	}
	if err := o.DB.Exec("ANALYZE").Error; err != nil {
		t.Fatal(err)
	}
}
