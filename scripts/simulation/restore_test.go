package main

import (
	"math/rand/v2"
	"path/filepath"
	"testing"

	"buktihadir/models"
)

// play takes some steps in a world, heals it and holds it to every promise.
func play(t *testing.T, script func(w *world) error) {
	t.Helper()
	c := newCampaign(t)
	w, err := newWorld(t.Context(), c.grid, c.stages[0], filepath.Join(c.dir, "play"), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := w.close(); err != nil {
			t.Error(err)
		}
	}()
	w.luck = rand.New(rand.NewPCG(1, 1))
	for _, part := range []func() error{func() error { return script(w) }, w.heal, w.check} {
		if err := part(); err != nil {
			t.Fatal(err)
		}
	}
	for _, wrong := range w.wrong {
		t.Error(wrong)
	}
}

// somebodyScans puts one more event on a desk.
func (w *world) somebodyScans(p *post, who int) error {
	return w.scanAs(p, w.classes[0].people[who], models.DirectionAuto)
}

//survives:plan The server's backup is older than a site computer's enrolment | A new code makes the computer known again, as the same one, and it brings its whole journal
func TestADeskThatTheBackupDoesNotKnowStaysWhoItWas(t *testing.T) {
	play(t, func(w *world) error {
		if err := w.backUp(); err != nil {
			return err
		}
		was := len(w.posts)
		for len(w.posts) == was || w.posts[was].site != 0 {
			if err := w.addAgent(); err != nil {
				return err
			}
		}
		added := w.posts[len(w.posts)-1]
		id := added.id
		for who := range 3 {
			if err := w.somebodyScans(added, who); err != nil {
				return err
			}
		}
		if err := w.call(added, 0); err != nil {
			return err
		}
		if err := w.restoreOffice(); err != nil {
			return err
		}
		if err := added.renamed(w.ctx); err != nil || added.id != id {
			t.Errorf("it is %s now, and was %s (%v)", added.id, id, err)
		}
		return nil
	})
}

//survives:power The server is restored from a backup, and a site computer before that from an older disk | The site computer sends both its histories again
func TestPastsThatTheBackupLacksAreSentAgain(t *testing.T) {
	for _, carried := range []bool{false, true} {
		play(t, func(w *world) error {
			p := w.posts[0]
			scan := func(who int) error { return w.somebodyScans(p, who) }
			steps := []func() error{
				w.backUp,
				func() error { return scan(0) },
				func() error { p.backup = ""; return w.copyOf(p) },
				func() error { return scan(1) },
				func() error { return w.call(p, 0) },
				func() error { return w.putBack(p) },
				func() error { return scan(2) },
				func() error { return w.call(p, 0) }, // the office has seen another past: a new epoch begins
				w.restoreOffice,
			}
			for _, step := range steps {
				if err := step(); err != nil {
					return err
				}
			}
			if ended, err := p.st.Ended(w.ctx); err != nil || len(ended) != 1 {
				t.Errorf("%d epochs have ended, %v", len(ended), err)
			}
			if !carried {
				return nil
			}
			for range 2 { // the first bundle's reply says what is missing
				b, err := p.up.Export(w.ctx)
				if err != nil {
					return err
				}
				w.parcels = []parcel{{file: b.File, desk: p}}
				if err := w.carryBundle(); err != nil {
					return err
				}
				w.replies = w.replies[len(w.replies)-1:]
				if _, err := p.up.Import(w.ctx, w.replies[0].file); err != nil {
					return err
				}
			}
			return w.check()
		})
	}
}
