package store_test

import (
	"testing"

	"github.com/google/uuid"

	"buktihadir/server/store"
)

func TestPlacesByProvinceAreThoseOfTheClassesListed(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		q, whole := c.st.Read(t.Context()), store.Slice{Limit: 100}
		got, err := q.EnrolledByProvince(nil)
		c.ok(err)
		for province, n := range got {
			classes, err := q.ListClasses(store.ClassFilter{Province: province}, whole)
			c.ok(err)
			listed := 0
			for _, row := range classes.Rows {
				listed += row.Enrolled
			}
			if int64(listed) != n || n == 0 {
				t.Errorf("province %s: %d places, and its classes have %d", province, n, listed)
			}
		}
		nobodys := uuid.New()
		if others, err := q.EnrolledByProvince(&nobodys); err != nil || len(others) != 0 || len(got) == 0 {
			t.Errorf("places of all: %v; of an institution without classes: %v, %v", got, others, err)
		}
	})
}

func TestScansOfTheLastMinuteAreCountedWithTheirSites(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		for _, d := range twoDesks(c) {
			d.tell()
		}
		q := c.st.Read(t.Context())
		all, err := q.ScansSince(0, nil)
		c.ok(err)
		nobodys := uuid.New()
		others, err := q.ScansSince(0, &nobodys)
		c.ok(err)
		late, err := q.ScansSince(1<<60, nil)
		c.ok(err)
		if all.Scans == 0 || all.Sites != 1 || others.Scans != 0 || late.Scans != 0 {
			t.Errorf("all %+v, of an institution without classes %+v, of the future %+v", all, others, late)
		}
	})
}
