package webhook_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
	"buktihadir/server/webhook"
)

func TestAReceiverIsToldWhatChangedUnderOurSignature(t *testing.T) {
	onBoth(t, func(t *testing.T, o *fixture) {
		r := newReceiver(t)
		_, r.secret = o.add(r.URL)
		o.correct(0, models.StatusSick)
		o.ok(o.sender().Round(t.Context()))
		got := r.messages()
		if len(got) != 1 || got[0].Type != "attendance.changed" || len(got[0].Data.Attendance) != 1 || !got[0].at.Equal(o.now().Time().Truncate(time.Second)) {
			t.Fatalf("got %+v", got)
		}
		rows, _, _, err := o.st.Read(t.Context()).Changes(store.ChangeFilter{}, 0, 10)
		o.ok(err)
		if diff := cmp.Diff(webhook.AttendanceOf(rows[0]), got[0].Data.Attendance[0]); diff != "" {
			t.Errorf("what is stored (-) and what was told (+) differ:\n%s", diff)
		}
		o.ok(o.sender().Round(t.Context()))
		if got := r.messages(); len(got) != 1 {
			t.Errorf("told %d times", len(got))
		}
	})
}

func TestWhatIsNotTakenIsSentAgainForADayAndThenOnlyWhenAskedFor(t *testing.T) {
	o, r := newOffice(t, ""), newReceiver(t)
	r.answers(status(http.StatusInternalServerError))
	h, secret := o.add(r.URL)
	r.secret = secret
	o.correct(0, models.StatusSick)
	sender, began := o.sender(), o.now()
	for range 100 {
		o.ok(sender.Round(t.Context()))
		d := o.deliveries(h)[0]
		if d.State == models.DeliveryDead {
			break
		}
		o.wait(d.NextAt.Sub(o.now()) - time.Second)
		before := len(r.messages())
		o.ok(sender.Round(t.Context()))
		if len(r.messages()) != before {
			t.Fatalf("attempt %d came a second early", before+1)
		}
		o.wait(time.Second)
	}
	got, d := r.messages(), o.deliveries(h)[0]
	if d.State != models.DeliveryDead || d.Attempts != len(got) || len(got) < 8 || o.now().Sub(began) > 24*time.Hour || o.now().Sub(began) < 19*time.Hour {
		t.Fatalf("%s after %d attempts in %s", d.State, len(got), o.now().Sub(began))
	}
	for i := 2; i < len(got); i++ {
		if last, this := got[i-1].at.Sub(got[i-2].at), got[i].at.Sub(got[i-1].at); this < last && this < 4*time.Hour {
			t.Errorf("pause %d is %s after one of %s", i, this, last)
		}
		if got[i].id != got[0].id || got[i].body != got[0].body {
			t.Errorf("attempt %d is another message", i)
		}
	}
	history, err := o.st.Read(t.Context()).ListHistory(store.HistoryFilter{Entity: "webhook", EntityID: h.ID.String()}, store.Slice{Limit: 10})
	o.ok(err)
	if !slices.ContainsFunc(history.Rows, func(e models.HistoryEntry) bool { return e.Action == "webhook.dead" }) {
		t.Error("nobody is told that a message was given up")
	}
	o.wait(48 * time.Hour)
	o.ok(sender.Round(t.Context()))
	if len(r.messages()) != len(got) {
		t.Error("a dead message was sent unasked")
	}
	r.answers(status(http.StatusOK))
	o.ok(o.service().SendAgain(t.Context(), h.ID, d.ID, office.Actor{Name: "test"}))
	o.ok(sender.Round(t.Context()))
	if all := r.messages(); len(all) != len(got)+1 || all[len(all)-1].id != got[0].id || o.deliveries(h)[0].State != models.DeliveryDone {
		t.Errorf("asked for again: %d messages, %s", len(all), o.deliveries(h)[0].State)
	}
}

func TestAReceiverThatHangsHoldsNoOtherUp(t *testing.T) {
	o, slow, quick := newOffice(t, ""), newReceiver(t), newReceiver(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	slow.answers(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	hung, _ := o.add(slow.URL)
	o.add(quick.URL)
	for i := range people {
		o.correct(i, models.StatusSick)
	}
	sender := o.sender()
	sender.Patience(500 * time.Millisecond)
	o.ok(sender.Round(ctx))
	if got := len(quick.messages()); got != people {
		t.Errorf("the one that answers got %d of %d", got, people)
	}
	if got := len(slow.messages()); got != 1 {
		t.Errorf("the one that hangs was asked %d times in a row, want once", got)
	}
	tried := 0
	for _, d := range o.deliveries(hung) {
		if d.State != models.DeliveryWaiting {
			t.Errorf("a message to it is %s", d.State)
		}
		if d.Attempts > 0 {
			tried++
			if d.Problem != "timeout" {
				t.Errorf("its problem is %q, want timeout", d.Problem)
			}
		}
	}
	if tried != 1 {
		t.Errorf("%d were tried, want 1", tried)
	}
}

func TestWhatAReceiverAnswersDecides(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer func(http.ResponseWriter, *http.Request)
		state  models.DeliveryState
		active bool
		pause  time.Duration // at least
	}{
		{"200", status(http.StatusOK), models.DeliveryDone, true, 0},
		{"202", status(http.StatusAccepted), models.DeliveryDone, true, 0},
		{"a captive portal's way to its sign-in page", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/masuk", http.StatusFound)
		}, models.DeliveryWaiting, true, 5 * time.Second},
		{"404", status(http.StatusNotFound), models.DeliveryWaiting, true, 5 * time.Second},
		{"429 that asks for time", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "600")
			w.WriteHeader(http.StatusTooManyRequests)
		}, models.DeliveryWaiting, true, 10 * time.Minute},
		{"410 ends it", status(http.StatusGone), models.DeliveryDead, false, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			o, r := newOffice(t, ""), newReceiver(t)
			r.answers(c.answer)
			h, _ := o.add(r.URL)
			o.correct(0, models.StatusSick)
			o.ok(o.sender().Round(t.Context()))
			d := o.deliveries(h)[0]
			after, err := o.st.Read(t.Context()).Webhook(h.ID)
			o.ok(err)
			if d.State != c.state || after.Active != c.active || len(r.messages()) != 1 || c.pause > 0 && d.NextAt.Sub(o.now()) < c.pause {
				t.Errorf("%s, active %t, next in %s, %d requests", d.State, after.Active, d.NextAt.Sub(o.now()), len(r.messages()))
			}
		})
	}
}

// A receiver that stores what it gets by webhook-id ends with everything, once, however
// often the sender dies between the change and the answer.
func TestAKillBetweenCommitAndAnswerLosesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, o *fixture) {
		r := newReceiver(t)
		h, _ := o.add(r.URL)
		for i := range people {
			o.correct(i, models.StatusSick)
			ctx, kill := context.WithCancel(t.Context())
			switch i {
			case 0: // before it is sent
				kill()
			case 1: // while the receiver has it, before its answer
				r.answers(func(_ http.ResponseWriter, r *http.Request) { kill(); <-r.Context().Done() })
			case 2: // it is taken, and the answer is lost
				r.answers(func(w http.ResponseWriter, _ *http.Request) {
					kill()
					if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
						_ = c.Close()
					}
				})
			default:
				r.answers(status(http.StatusOK))
			}
			_ = o.sender().Round(ctx) // the server stops, so the error does not matter
			kill()
			o.ok(o.st.Close())
			o.open()
		}
		r.answers(status(http.StatusOK))
		o.wait(webhook.Lease + time.Second)
		for range people {
			o.ok(o.sender().Round(t.Context()))
			o.wait(time.Minute)
		}
		once := map[string]bool{}
		for _, m := range r.messages() {
			once[m.id] = true
		}
		for _, d := range o.deliveries(h) {
			if d.State != models.DeliveryDone || !once[d.ID.String()] {
				t.Errorf("message %s is %s, received %t", d.ID, d.State, once[d.ID.String()])
			}
		}
		if len(once) != people || len(r.messages()) == people {
			t.Errorf("%d messages received, %d of them different; want %d different and some twice", len(r.messages()), len(once), people)
		}
	})
}

func TestTwoServersOfOneDatabaseSendEachMessageOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, o *fixture) {
		r := newReceiver(t)
		o.add(r.URL)
		for n := range 20 {
			o.correct(n%people, []models.AttendanceStatus{models.StatusSick, models.StatusExcused}[n/people%2])
		}
		done := make(chan error)
		for range 2 {
			s := o.sender()
			go func() { done <- s.Round(t.Context()) }()
		}
		for range 2 {
			o.ok(<-done)
		}
		once := map[string]bool{}
		for _, m := range r.messages() {
			once[m.id] = true
		}
		if len(once) != 20 || len(r.messages()) != 20 {
			t.Errorf("%d messages, %d different; want 20", len(r.messages()), len(once))
		}
	})
}
