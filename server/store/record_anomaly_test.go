package store_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/store"
)

// crowd gives the class people enough for something to be unlikely.
func (c *class) crowd(people int) {
	c.t.Helper()
	rows := []string{"number,nik,name,class_code"}
	for i := range people {
		rows = append(rows, fmt.Sprintf("R-%02d,327300020190%04d,Peserta %02d,A", i, i+1, i))
	}
	q := c.st.Read(c.t.Context())
	class, err := q.ClassByCode("A")
	c.ok(err)
	report, err := imports.New(c.st).Import(c.t.Context(), office.Actor{Name: "test"},
		imports.File{Kind: imports.KindParticipants, Name: "x.csv", Content: []byte(strings.Join(rows, "\n")), Pilot: &class.PilotID}, plan.Apply, nil)
	if err != nil || !report.OK() {
		c.t.Fatalf("%v %v %v", err, report.Errors, report.Problems)
	}
	c.places, err = q.Places(class.ID)
	c.ok(err)
}

// anomalies are the states of what is unlikely at the session, by kind and figures.
func (c *class) anomalies() map[string]models.CaseState {
	c.t.Helper()
	list, err := c.st.Read(c.t.Context()).ListCases(store.CaseFilter{}, store.Slice{Limit: 100})
	c.ok(err)
	out := map[string]models.CaseState{}
	for _, k := range list.Rows {
		if k.SessionID != nil && *k.SessionID == c.session.ID && k.EnrollmentID == nil {
			out[string(k.Kind)+" "+k.Detail] = k.State
		}
	}
	return out
}

func TestWhatIsUnlikelyAtASessionIsACaseOnceItIsOver(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		c.crowd(12)
		quick, other := c.agent("satu"), c.agent("dua")
		for i, p := range c.places {
			if strings.HasPrefix(p.Number, "R-") {
				quick.saw(i, func(e *journal.Event) { e.Occurred = c.session.StartsAt + models.Millis(len(quick.events))*500 })
			}
		}
		quick.tell()
		if got := c.anomalies(); len(got) > 0 {
			t.Fatalf("before the other desk has reported: %v", got)
		}
		other.tell()
		want := map[string]models.CaseState{"too_fast 12 6": models.CaseOpen, "list_order 12 12": models.CaseOpen, "exactly_on_time 12 12": models.CaseOpen}
		if diff := cmp.Diff(want, c.anomalies()); diff != "" {
			t.Fatalf("at the end (-want +got):\n%s", diff)
		}
		other.saw(0, func(e *journal.Event) { e.Occurred = c.session.StartsAt + 600_000 }).tell() // late news: not everybody was on time
		want["exactly_on_time 12 12"] = models.CaseSettled
		if diff := cmp.Diff(want, c.anomalies()); diff != "" {
			t.Errorf("after late news (-want +got):\n%s", diff)
		}
	})
}

// Whom somebody writes down by hand faster than hands can is a case while the session runs,
// unless it is a roll call with its signature.
func TestAHurryByHandIsACaseAtOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		apart  models.Millis
		signed bool
		want   map[string]models.CaseState
	}{
		"twelve in a second": {90, false, map[string]models.CaseState{"too_fast 12 1": models.CaseOpen}},
		"one every second":   {1000, false, map[string]models.CaseState{}},
		"a roll call":        {90, true, map[string]models.CaseState{}},
	} {
		t.Run(name, func(t *testing.T) {
			onClass(t, func(t *testing.T, k *class) {
				k.crowd(12)
				desk := k.agent("satu")
				k.agent("dua") // whom the session waits for
				for i, p := range k.places {
					if strings.HasPrefix(p.Number, "R-") {
						desk.saw(i, func(e *journal.Event) {
							e.Kind, e.Method, e.Occurred = models.EventManual, models.MethodManual, k.session.StartsAt+models.Millis(len(desk.events))*c.apart
							if c.signed {
								e.Attached = models.Hash{1}
							}
						})
					}
				}
				desk.tell()
				if diff := cmp.Diff(c.want, k.anomalies()); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestASessionWithoutAScanIsACase(t *testing.T) {
	t.Parallel()
	onClass(t, func(t *testing.T, c *class) {
		c.crowd(4)
		b := c.agent("meja")
		b.tell()
		if diff := cmp.Diff(map[string]models.CaseState{"nobody_came 0 7": models.CaseOpen}, c.anomalies()); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
		b.saw(0, nil).tell()
		if diff := cmp.Diff(map[string]models.CaseState{"nobody_came 0 7": models.CaseSettled}, c.anomalies()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
