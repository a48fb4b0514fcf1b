package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
)

// addSite writes a site and waits until it is durable.
func addSite(ctx context.Context, t *testing.T, st *store.Store, code string) {
	t.Helper()
	err := st.Write(ctx, func(tx *store.Tx) error {
		return tx.SaveSites([]models.Site{{ID: uuid.New(), Code: code, Name: code, Zone: models.ZoneWIB}})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func sites(ctx context.Context, t *testing.T, st *store.Store) int {
	t.Helper()
	list, err := st.Read(ctx).Sites()
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

func TestWhatAViewReadsIsOfOneMoment(t *testing.T) {
	onBoth(t, func(t *testing.T, cfg store.Config) {
		st, outside := open(t, cfg), t.Context()
		addSite(t.Context(), t, st, "A")
		err := st.View(t.Context(), func(ctx context.Context) error {
			if n := sites(ctx, t, st); n != 1 {
				t.Errorf("%d sites at first, want 1", n)
			}
			addSite(outside, t, st, "B") // somebody else
			addSite(ctx, t, st, "C")     // the view's own
			within, cancel := context.WithTimeout(ctx, time.Minute)
			defer cancel()
			if n := sites(within, t, st); n != 1 {
				t.Errorf("%d sites after two were added, want the 1 of the snapshot", n)
			}
			err := st.View(ctx, func(ctx context.Context) error {
				if n := sites(ctx, t, st); n != 1 {
					t.Errorf("%d sites in a view inside the view, want 1", n)
				}
				return nil
			})
			if err != nil || sites(outside, t, st) != 3 {
				t.Errorf("outside of the view are %d sites (%v), want 3", sites(outside, t, st), err)
			}
			st.EndView(ctx)
			if n := sites(ctx, t, st); n != 3 {
				t.Errorf("%d sites in the next snapshot, want 3", n)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestAListInAViewIsStreamedWhileMoreIsAsked(t *testing.T) {
	onClass(t, func(t *testing.T, c *class) {
		c.ok(c.st.View(t.Context(), func(ctx context.Context) error {
			q, seen := c.st.Read(ctx), 0
			n, err := q.EachLink(store.LinkFilter{Class: c.session.ClassID}, func(x store.LinkEntry) error {
				seen++
				if _, err := q.Participant(x.ID); err != nil {
					return err
				}
				return q.EachPlanned(store.CalendarFilter{}, func(e store.PlannedEntry) error {
					_, err := q.Class(e.ClassID)
					return err
				})
			})
			if n != 3 || seen != 3 {
				t.Errorf("counted %d people and was given %d, want 3", n, seen)
			}
			return err
		}))
		enough := errors.New("enough")
		c.ok(c.st.View(t.Context(), func(ctx context.Context) error {
			q := c.st.Read(ctx)
			if _, err := q.EachLink(store.LinkFilter{Class: c.session.ClassID}, func(store.LinkEntry) error { return enough }); !errors.Is(err, enough) {
				t.Errorf("the list ended with %v, want what its reader said", err)
			}
			_, err := q.Sites()
			return err
		}))
	})
}

func TestALongListInAViewIsWhole(t *testing.T) {
	onBoth(t, func(t *testing.T, cfg store.Config) {
		st := open(t, cfg)
		const many = 1900 // more than one fetch, and no whole number of them
		err := st.Write(t.Context(), func(tx *store.Tx) error {
			var rows []models.HistoryEntry
			for i := range many {
				rows = append(rows, models.HistoryEntry{ID: uuid.New(), At: models.Millis(i), Action: "test"})
			}
			return tx.AddHistory(rows)
		})
		if err != nil {
			t.Fatal(err)
		}
		err = st.View(t.Context(), func(ctx context.Context) error {
			next := models.Millis(0)
			err := st.Read(ctx).EachHistory(func(h models.HistoryEntry) error {
				if h.At != next {
					return fmt.Errorf("got entry %d, want %d", h.At, next)
				}
				next++
				return nil
			})
			if next != many {
				t.Errorf("%d entries, want %d", next, many)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestManyViewsAtOnceAllEnd(t *testing.T) {
	onBoth(t, func(t *testing.T, cfg store.Config) {
		st, outside := open(t, cfg), t.Context()
		ctx, cancel := context.WithTimeout(outside, time.Minute)
		defer cancel()
		var all sync.WaitGroup
		for i := range 150 {
			all.Go(func() {
				defer func() { _ = recover() }()
				err := st.View(ctx, func(ctx context.Context) error {
					if _, err := st.Read(ctx).Sites(); err != nil {
						return err
					}
					if i%3 == 0 {
						panic("a page that fails")
					}
					if i%3 == 1 {
						addSite(ctx, t, st, fmt.Sprint(i))
					}
					_, err := st.Read(outside).Sites() // of the other pool
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := st.OpenViews(); n != 0 {
			t.Errorf("%d connections are still taken", n)
		}
	})
}

func TestAViewOfAnEndedRequestSaysSo(t *testing.T) {
	onBoth(t, func(t *testing.T, cfg store.Config) {
		st := open(t, cfg)
		ctx, cancel := context.WithCancel(t.Context())
		err := st.View(ctx, func(ctx context.Context) error {
			cancel()
			_, err := st.Read(ctx).Sites()
			return err
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want that the request is over", err)
		}
		if n := st.OpenViews(); n != 0 {
			t.Errorf("%d connections are still taken", n)
		}
	})
}
