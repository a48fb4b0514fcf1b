package store_test

import (
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
)

// A calendar counts days as its sites do, and names what a full day leaves out.
func TestACalendarShowsADayAsItsSitesCountIt(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		q := c.st.Read(t.Context())
		site, err := q.Site(c.session.SiteID)
		c.ok(err)
		day := site.Zone.Date(c.session.StartsAt).AddDays(30)
		var rows []models.Session
		for i, minute := range []models.Millis{0, 9 * 60, 24*60 - 90} { // the first and the last of the day
			s := models.Session{ID: uuid.New(), ClassID: c.session.ClassID, SiteID: site.ID, Seq: 50 + i, Room: "Z", Status: models.SessionPlanned}
			s.StartsAt = day.Start(site.Zone) + minute*60_000
			s.EndsAt = s.StartsAt + 60*60_000
			rows = append(rows, s)
		}
		c.ok(c.st.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveSessions(rows) }))
		for _, x := range []struct {
			name     string
			from, to models.LocalDate
			perDay   int
			shown    int
		}{
			{"the day has all three", day, day, 9, 3},
			{"a short day has the first two and says three", day, day, 2, 2},
			{"not the day before", day.AddDays(-1), day.AddDays(-1), 9, 0},
			{"not the day after", day.AddDays(1), day.AddDays(1), 9, 0},
		} {
			list, err := q.CalendarSessions(store.CalendarFilter{Room: "Z", From: x.from, To: x.to}, x.perDay)
			c.ok(err)
			if len(list) != x.shown || x.shown > 0 && (list[0].Seq != 50 || list[0].OnDay != 3 || list[0].Day() != day) {
				t.Errorf("%s: %+v", x.name, list)
			}
		}
		planned, err := q.PlannedOn(nil, day, day)
		c.ok(err)
		if planned[day] != 3 || planned[day.AddDays(1)] != 0 {
			t.Errorf("planned: %v", planned)
		}
		if rooms, err := q.Rooms(site.ID); err != nil || len(rooms) == 0 {
			t.Errorf("rooms: %v, %v", rooms, err)
		}
	})
}
