package plan_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/plan/plantest"
	"buktihadir/server/store"
)

func TestEveryScheduleHasAnAddressThatCanBeTakenBack(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		q := o.Store.Read(t.Context())
		provider, err := q.ProviderByCode("LPK")
		if err != nil {
			t.Fatal(err)
		}
		teachers, err := q.InstructorsOf(provider.ID)
		if err != nil {
			t.Fatal(err)
		}
		budi := teachers[slices.IndexFunc(teachers, func(i models.Instructor) bool { return i.Code == "P1" })]
		class := o.Class("A")
		for _, x := range []struct {
			kind    models.FeedKind
			subject uuid.UUID
			code    string
			events  int
		}{
			{models.FeedProvider, provider.ID, "LPK", 3}, {models.FeedInstructor, budi.ID, "P1", 2},
			{models.FeedClass, class.ID, "A", 2}, {models.FeedSite, class.SiteID, "BDG", 2},
		} {
			entry := func() store.SubjectEntry {
				t.Helper()
				list, err := q.ListSubjects(x.kind, store.SubjectFilter{Words: x.code, Subject: x.subject}, store.Slice{Limit: 9})
				if err != nil || len(list.Rows) != 1 || list.Rows[0].Code != x.code {
					t.Fatalf("%s: %+v, %v", x.kind, list, err)
				}
				return list.Rows[0]
			}
			stranger := uuid.New()
			if err := o.OpenFeed(t.Context(), office.Actor{Provider: &stranger}, x.kind, x.subject); !errors.Is(err, store.ErrNotFound) || entry().Open() {
				t.Errorf("%s: opened by a stranger: %v", x.kind, err)
			}
			if err := o.OpenFeed(t.Context(), plantest.By(), x.kind, x.subject); err != nil || !entry().Open() {
				t.Fatalf("%s: %v, %+v", x.kind, err, entry())
			}
			link := q.FeedLink(models.Feed{Kind: x.kind, SubjectID: x.subject, Version: 1})
			if s, err := q.FeedByLink(link); err != nil || s.SubjectID != x.subject {
				t.Errorf("%s: its link leads to %v, %v", x.kind, s, err)
			}
			rows, err := q.ScheduleOf(x.kind, x.subject, 0)
			if err != nil || len(rows) != x.events {
				t.Errorf("%s: %d events, want %d, %v", x.kind, len(rows), x.events, err)
			}
			if err := o.RevokeFeed(t.Context(), plantest.By(), x.kind, x.subject); err != nil || entry().Open() {
				t.Errorf("%s: %v, %+v", x.kind, err, entry())
			}
			if _, err := q.FeedByLink(link); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s: a revoked link: %v", x.kind, err)
			}
		}
		o.Good(imports.KindParticipants, plantest.PeopleHead+plantest.Person(0, "B"))
		if rows, err := q.ScheduleOfParticipant(o.Participant(0).ID, 0); err != nil || len(rows) != 1 {
			t.Errorf("a participant: %d events, %v", len(rows), err)
		}
	})
}
