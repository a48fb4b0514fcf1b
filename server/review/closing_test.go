package review_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"buktihadir/models"
	"buktihadir/models/attendance"
	"buktihadir/server/document"
	"buktihadir/server/review"
	"buktihadir/server/store"
)

const noon = models.Millis(1_000_000)

// held is a class with one past session, and one participant for each status.
func held(statuses ...models.AttendanceStatus) document.Dossier {
	d := document.Dossier{Code: "A", Sessions: []document.Session{{Seq: 1, StartsAt: noon - 10, EndsAt: noon - 5}}}
	for _, s := range statuses {
		d.People = append(d.People, document.Person{At: []document.Presence{{Status: s, Derived: s}}, Outcome: document.Completed})
	}
	return d
}

func TestWhatStandsInTheWayOfClosingAndWhatIsOpen(t *testing.T) {
	t.Parallel()
	with := func(d document.Dossier, f func(*document.Dossier)) document.Dossier { f(&d); return d }
	for _, x := range []struct {
		name    string
		dossier document.Dossier
		cases   int
		blocked string
		open    []document.Open
	}{
		{"a class whose record is complete is closed without a reason", held(models.StatusPresent, models.StatusAbsent, models.StatusSick), 0, "", nil},
		{"one that was closed is not closed again", with(held(models.StatusPresent), func(d *document.Dossier) { d.ClosedAt = 1 }), 0, "closing.already", nil},
		{"one whose session goes on is not closed", with(held(models.StatusPresent), func(d *document.Dossier) {
			d.Sessions[0].EndsAt = noon + 1
		}), 0, "closing.not_over", nil},
		{"a session that ends at this very moment is over", with(held(models.StatusPresent), func(d *document.Dossier) { d.Sessions[0].EndsAt = noon }), 0, "", nil},
		{"a cancelled session of tomorrow is in nobody's way, and a class with no other has none", with(held(models.StatusPending), func(d *document.Dossier) {
			d.Sessions[0].EndsAt, d.Sessions[0].Cancelled, d.Sessions[0].Waiting = noon+1, true, true
		}), 0, "", []document.Open{{Key: "nothing", Count: 1}}},
		{"a site that has not told everything, and who is unknown for it", with(held(models.StatusPresent, models.StatusPending, models.StatusUnverified),
			func(d *document.Dossier) {
				d.Sessions[0].Waiting = true
			}), 0, "", []document.Open{{Key: "waiting", Count: 1}, {Key: "unknown", Count: 2}}},
		{"cases that nobody has decided", held(models.StatusPresent), 3, "", []document.Open{{Key: "cases", Count: 3}}},
		{"tasks that nobody has marked", with(held(models.StatusPresent, models.StatusPresent), func(d *document.Dossier) {
			d.People[1].Outcome = document.NoTasks
		}), 0, "", []document.Open{{Key: "tasks", Count: 1}}},
		{"hours that the course has and no session gave", with(held(models.StatusPresent), func(d *document.Dossier) {
			d.Given = attendance.Hours{Course: 960, Planned: 450}
		}), 0, "", []document.Open{{Key: "hours", Count: 9}}},
		{"hours that nobody asks for", with(held(models.StatusPresent), func(d *document.Dossier) {
			d.Given, d.Rule = attendance.Hours{Course: 960, Planned: 480}, models.HoursIgnore
		}), 0, "", nil},
		{"who has lost their place is not waited for", with(held(models.StatusPending), func(d *document.Dossier) {
			d.People[0].Outcome = document.Left
		}), 0, "", nil},
	} {
		t.Run(x.name, func(t *testing.T) {
			got := ""
			if r := review.Blocked(x.dossier, noon); r != nil {
				got = r.Key
			}
			if got != x.blocked {
				t.Errorf("blocked by %q, want %q", got, x.blocked)
			}
			if diff := cmp.Diff(x.open, review.OpenIn(x.dossier, x.cases)); diff != "" {
				t.Errorf("what is open (want -, got +):\n%s", diff)
			}
		})
	}
}

func TestWhyAClassWasNotCompleted(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name string
		p    attendance.Progress
		want document.Outcome
	}{
		{"came to all, tasks marked", attendance.Progress{Attended: 4, Sessions: 4, Completed: true}, document.Completed},
		{"came to all, tasks not marked", attendance.Progress{Attended: 4, Sessions: 4}, document.NoTasks},
		{"came to all, and the class gave too few hours", attendance.Progress{Attended: 4, Sessions: 4, Owed: 60}, document.NoHours},
		{"missed too many, of too few hours", attendance.Progress{Attended: 3, Sessions: 4, Missed: 1, Missing: -1, Owed: 60}, document.NoSessions},
		{"came to enough, one session is unknown", attendance.Progress{Attended: 3, Sessions: 4, Missing: 1}, document.NoTasks},
		{"missed too many", attendance.Progress{Attended: 3, Sessions: 4, Missed: 1, Missing: -1}, document.NoSessions},
		{"could still have come to enough, had the site told", attendance.Progress{Attended: 3, Sessions: 4, Missing: 0}, document.NotReported},
		{"there was no session", attendance.Progress{}, document.NoSessions},
	} {
		if got := review.OutcomeOf(store.Progress{Progress: x.p}); got != x.want {
			t.Errorf("%s: %s, want %s", x.name, got, x.want)
		}
	}
}
