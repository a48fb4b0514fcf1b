package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"buktihadir/models"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/roster"
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

// clone makes one more machine of a desk's disk.
func (w *world) clone(p *post) (*post, error) {
	folder := filepath.Join(w.dir, fmt.Sprint("desk-", len(w.posts)))
	if err := copyFolder(p.dir, folder); err != nil {
		return nil, err
	}
	w.now = w.now.Add(time.Minute)
	c := w.newPost(folder, p.site)
	return c, c.open(w.ctx)
}

//survives:power The server is restored from a backup, and another copy of a site computer's disk reports first | The site computer records its events again in a new epoch, with what undoes them
func TestAPastWhosePlaceIsTakenIsRecordedAgain(t *testing.T) {
	for _, carried := range []bool{false, true} {
		play(t, func(w *world) error {
			first := w.posts[0]
			visitor := w.classes[0].people[0]
			second, err := w.clone(first)
			if err != nil {
				return err
			}
			if err := errors.Join(w.backUp(), w.scanAs(second, visitor, models.DirectionAuto)); err != nil {
				return err
			}
			third, err := w.clone(second)
			if err != nil {
				return err
			}
			undo := desk.VoidRequest{ID: w.id(), Seq: 1, Reason: "salah orang", Desk: "pintu"}
			tell := func(p *post) error { return w.call(p, 0) }
			send := tell
			if carried {
				send = w.exchangesFiles
			}
			return errors.Join(
				w.somebodyScans(second, 1), tell(second),
				w.undoes(third, undo), send(third), // event 1 is told, and the void of it goes on in a new epoch
				w.restoreOffice(),
				w.somebodyScans(first, 2), tell(first), // it takes the place of event 1
				send(third), send(third), w.nobodyCame(visitor), w.hasEnded(third, 2),
			)
		})
	}
}

// nobodyCame says that no scan of a person counts.
func (w *world) nobodyCame(who *person) error {
	results, err := w.office.st.Read(w.ctx).AttendanceMatrix(w.classes[0].ID)
	for _, a := range results {
		if a.EnrollmentID == who.place && a.Accepted > 0 {
			w.fail("%s was here, and their scan was undone: %+v", who.name, a)
		}
	}
	return err
}

// hasEnded says how many epochs of a disk are over.
func (w *world) hasEnded(p *post, want int) error {
	ended, err := p.st.Ended(w.ctx)
	if len(ended) != want {
		w.fail("%s: %d epochs have ended, want %d", p.name, len(ended), want)
	}
	return err
}

// undoes voids an event.
func (w *world) undoes(p *post, r desk.VoidRequest) error {
	_, err := w.answered(p, func() (roster.Outcome, error) { return p.desk.Void(w.ctx, r) })
	return err
}

// exchangesFiles carries a bundle there and its reply back.
func (w *world) exchangesFiles(p *post) error {
	b, err := p.up.Export(w.ctx)
	if err != nil {
		return err
	}
	w.parcels, w.replies = []parcel{{file: b.File, desk: p}}, nil
	if err := w.carryBundle(); err != nil {
		return err
	}
	if _, err := p.up.Import(w.ctx, w.replies[0].file); err != nil {
		return err
	}
	return p.renamed(w.ctx)
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
			if err := w.hasEnded(p, 1); err != nil || !carried {
				return err
			}
			for range 2 { // the first bundle's reply says what is missing
				if err := w.exchangesFiles(p); err != nil {
					return err
				}
			}
			return w.check()
		})
	}
}
