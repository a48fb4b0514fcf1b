package store_test

import (
	"encoding/binary"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/scripts/e2e/database"
	"buktihadir/server/store"
)

// copyOf is what an agent does with pages.
type copyOf struct {
	since uint64
	scope []byte
	items map[string]exchange.Item
	sizes []int // of the pages
	reset int
}

// pull takes pages until the last and says whether the copy matches its digest.
func (c *copyOf) pull(t *testing.T, st *store.Store, site uuid.UUID) bool {
	t.Helper()
	for {
		var p exchange.RosterPage
		err := st.Write(t.Context(), func(tx *store.Tx) (err error) { p, err = tx.RosterPage(site, c.since, c.scope); return err })
		if err != nil {
			t.Fatal(err)
		}
		if p.Reset {
			c.items = map[string]exchange.Item{}
			c.reset++
		}
		for _, it := range p.Items {
			key := string(append([]byte{byte(it.Kind)}, it.Key...))
			if c.items[key] = it; it.Gone() {
				delete(c.items, key)
			}
		}
		c.since, c.scope, c.sizes = p.To, p.Scope, append(c.sizes, len(p.Items))
		if p.Digest == nil {
			continue
		}
		var mine exchange.Digest
		for _, it := range c.items {
			mine.Add(it)
		}
		return mine == *p.Digest
	}
}

func siteOf(t *testing.T, st *store.Store, code string) uuid.UUID {
	t.Helper()
	s := models.Site{ID: uuid.New(), Code: code, Zone: models.ZoneWIB}
	if err := st.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveSites([]models.Site{s}) }); err != nil {
		t.Fatal(err)
	}
	return s.ID
}

// publish announces items with the given keys in one revision; an empty body is a tombstone.
func publish(t *testing.T, st *store.Store, site uuid.UUID, body string, keys ...int) {
	t.Helper()
	err := st.Write(t.Context(), func(tx *store.Tx) error {
		for _, k := range keys {
			tx.Publish(site, exchange.Item{Kind: exchange.KindRevocation, Key: binary.BigEndian.AppendUint32(nil, uint32(k)), Body: []byte(body)})
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func upTo(n int) []int {
	keys := make([]int, n)
	for i := range keys {
		keys[i] = i
	}
	return keys
}

func TestACopyIsWholeAtEveryPullWhileOthersWrite(t *testing.T) {
	t.Parallel()
	const writers, each = 8, 25
	onBoth(t, func(t *testing.T, cfg store.Config) {
		st := open(t, cfg)
		site := siteOf(t, st, "A")
		publish(t, st, site, "x", 9)
		var writing sync.WaitGroup
		for w := range writers {
			writing.Go(func() {
				for i := range each { // keys of all writers meet, and some go away
					publish(t, st, site, []string{"", "x", "y"}[(w+i)%3], i%7, w)
				}
			})
		}
		done := make(chan struct{})
		go func() { writing.Wait(); close(done) }()
		var c copyOf
		pulls, wrong := 0, 0
		for last := false; !last; pulls++ {
			select {
			case <-done:
				last = true
			default:
			}
			if !c.pull(t, st, site) {
				wrong++
			}
		}
		if wrong > 0 || c.since != writers*each+1 || c.reset != 1 {
			t.Errorf("of %d pulls %d had another digest than the copy; cursor %d of %d, %d resets", pulls, wrong, c.since, writers*each+1, c.reset)
		}
	})
}

func TestPagesEndWhereARevisionEnds(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, cfg store.Config) {
		st := open(t, cfg)
		site := siteOf(t, st, "A")
		publish(t, st, site, "x", 1, 2)
		publish(t, st, site, "x", upTo(3000)[10:]...) // longer than a page
		for k := range 3 {
			publish(t, st, site, "x", 4000+k)
		}
		var c copyOf
		if !c.pull(t, st, site) || !slices.Equal(c.sizes, []int{2, 2990, 3}) {
			t.Errorf("pages of %v items, want 2, 2990 and 3 that match the digest", c.sizes)
		}
	})
}

func TestNoPageIsLongerThanAMessageMayBe(t *testing.T) {
	t.Parallel()
	st := open(t, database.SQLite(t))
	site := siteOf(t, st, "A")
	publish(t, st, site, "x", upTo(25_000)...)
	var c copyOf
	if !c.pull(t, st, site) || len(c.items) != 25_000 || slices.Max(c.sizes) > 10_000 {
		t.Errorf("pages of %v items, want 25000 on pages of 10000 at most", c.sizes)
	}
	page := exchange.RosterPage{Protocol: exchange.Protocol}
	for _, it := range c.items {
		if page.Items = append(page.Items, it); len(page.Items) == slices.Max(c.sizes) {
			break
		}
	}
	body, err := exchange.Pack(page)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := exchange.Unpack[exchange.RosterPage](body); err != nil {
		t.Errorf("an agent can't read a page of %d items: %v", len(page.Items), err)
	}
}

func TestATombstoneIsToldToWhoHasTheItemAndNobodyElse(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, cfg store.Config) {
		st := open(t, cfg)
		site := siteOf(t, st, "A")
		publish(t, st, site, "x", 1, 2, 3)
		var old, fresh copyOf
		old.pull(t, st, site)
		publish(t, st, site, "", 2)
		if !old.pull(t, st, site) || len(old.items) != 2 || old.sizes[1] != 1 {
			t.Errorf("the old copy has %d items after pages of %v", len(old.items), old.sizes)
		}
		if !fresh.pull(t, st, site) || len(fresh.items) != 2 || fresh.sizes[0] != 2 {
			t.Errorf("a new copy has %d items after pages of %v", len(fresh.items), fresh.sizes)
		}
	})
}

func TestACursorOfAnotherScopeStartsOver(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, cfg store.Config) {
		st := open(t, cfg)
		here, there := siteOf(t, st, "A"), siteOf(t, st, "B")
		publish(t, st, here, "x", 1, 2)
		publish(t, st, there, "y", 3)
		var c copyOf
		if !c.pull(t, st, here) || !c.pull(t, st, there) || c.reset != 2 || len(c.items) != 1 {
			t.Errorf("moved to another site: %d resets, %d items", c.reset, len(c.items))
		}
		if !c.pull(t, st, there) || c.reset != 2 {
			t.Errorf("nothing new gave %d resets", c.reset)
		}
		if err := st.DB().Exec("UPDATE settings SET value = ? WHERE name = 'epoch'", make([]byte, 16)).Error; err != nil {
			t.Fatal(err)
		}
		if !c.pull(t, st, there) || c.reset != 3 {
			t.Errorf("another life of the server gave %d resets, want 3", c.reset)
		}
	})
}

func TestASiteOfWhichNothingIsKnownHasAnEmptyRoster(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, cfg store.Config) {
		st := open(t, cfg)
		var c copyOf
		if site := siteOf(t, st, "A"); !c.pull(t, st, site) || len(c.items) != 0 || c.since != 0 {
			t.Errorf("cursor %d with %d items", c.since, len(c.items))
		}
	})
}
