package exchange_test

import (
	"bytes"
	"math"
	"net/http"
	"testing"
	"time"

	"buktihadir/models"
	"buktihadir/models/exchange"
	"buktihadir/models/journal"
)

func TestEveryRouteAsksWhoKnocks(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		d.enrol()
		body := packed(t, d.batch(1, nil))
		for _, route := range []struct{ method, path string }{{http.MethodPost, exchange.PathEvents}, {http.MethodGet, exchange.PathRoster},
			{http.MethodPost, exchange.PathAttach}} {
			for _, c := range []struct {
				name, header, code string
			}{
				{"no token", "", "no_token"},
				{"an empty token", "Bearer ", "no_token"},
				{"another scheme", "Basic " + d.token, "no_token"},
				{"a wrong token", "Bearer " + d.token + "x", "wrong_token"},
			} {
				w := d.call(route.method, route.path, c.header, body)
				if p := refusal(t, w); w.Code != http.StatusUnauthorized || p.Code != c.code {
					t.Errorf("%s with %s: %d %s, want 401 %s", route.path, c.name, w.Code, p.Code, c.code)
				}
			}
		}
		for _, revoked := range []bool{false, true} {
			if revoked {
				d.revoke()
			}
			if ans := message[exchange.PushAnswer](t, d.push(body)); ans.Seq != 1 || ans.Revoked != revoked {
				t.Errorf("push, revoked %v: %+v", revoked, ans)
			}
			page := message[exchange.RosterPage](t, d.call(http.MethodGet, exchange.PathRoster, "Bearer "+d.token, nil))
			if page.Revoked != revoked || revoked && len(page.Items) > 0 {
				t.Errorf("pull, revoked %v: revoked %v with %d items", revoked, page.Revoked, len(page.Items))
			}
		}
	})
}

func TestACodeMakesOneProgramAnAgentOnceAndForADay(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		refused := func(name string, body []byte, status int, code string) {
			t.Helper()
			w := d.call(http.MethodPost, exchange.PathEnrol, "", body)
			if p := refusal(t, w); w.Code != status || p.Code != code {
				t.Errorf("%s: %d %s, want %d %s", name, w.Code, p.Code, status, code)
			}
		}
		refused("a code nobody gave", d.request("AAAA-BBBB-CCCC-DDDD"), http.StatusForbidden, "bad_code")
		code := d.code()
		first := message[exchange.EnrolAnswer](t, d.call(http.MethodPost, exchange.PathEnrol, "", d.request(code)))
		again := message[exchange.EnrolAnswer](t, d.call(http.MethodPost, exchange.PathEnrol, "", d.request(code)))
		if first.Agent != again.Agent || first.ServerKey != again.ServerKey || again.Token == "" {
			t.Errorf("the same program asked twice and became %s, then %s", first.Agent, again.Agent)
		}
		d.agent, d.token = again.Agent, again.Token
		if ans := message[exchange.PushAnswer](t, d.push(packed(t, d.batch(1, nil)))); ans.Seq != 1 {
			t.Errorf("the last answer's token takes up to %d, want 1", ans.Seq)
		}
		other := newDesk(t, "")
		stolen := exchange.EnrolRequest{Protocol: exchange.Protocol, Code: code, PublicKey: other.key[32:], Epoch: models.Epoch{9}}
		refused("a used code and another key", packed(t, stolen), http.StatusForbidden, "bad_code")
		late := d.request(d.code())
		d.now = d.now.Add(24*time.Hour + time.Millisecond)
		refused("a code of yesterday", late, http.StatusForbidden, "bad_code")
		newer := stolen
		newer.Protocol++
		refused("a newer program", packed(t, newer), http.StatusUpgradeRequired, "protocol")
		noEpoch := stolen
		noEpoch.Epoch = models.Epoch{}
		refused("no epoch", packed(t, noEpoch), http.StatusBadRequest, "unreadable")
		refused("no message", []byte("x"), http.StatusBadRequest, "unreadable")
		refused("too much", bytes.Repeat([]byte("x"), 5<<10), http.StatusRequestEntityTooLarge, "too_large")
	})
}

func TestGuessingCodesEndsAndTheWaitEndsToo(t *testing.T) {
	d := newDesk(t, "")
	wrong, right := d.request("AAAA-BBBB-CCCC-DDDD"), d.request(d.code())
	for i := range 10 {
		if w := d.call(http.MethodPost, exchange.PathEnrol, "", wrong); w.Code != http.StatusForbidden {
			t.Fatalf("guess %d: %d", i, w.Code)
		}
	}
	if w := d.call(http.MethodPost, exchange.PathEnrol, "", right); w.Code != http.StatusTooManyRequests {
		t.Errorf("after ten guesses even the right code gives %d, want 429", w.Code)
	}
	d.now = d.now.Add(10 * time.Minute)
	message[exchange.EnrolAnswer](t, d.call(http.MethodPost, exchange.PathEnrol, "", right))
}

func TestWhatMakesNoBatchIsKeptOnceAndSaid(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		d.enrol()
		forged := d.batch(1, nil)
		forged.Signature = bytes.Repeat([]byte{1}, 64)
		another := d.batch(1, nil)
		another.Agent[0] ^= 1
		newer := d.batch(1, nil)
		newer.Protocol++
		for i, c := range []struct {
			name string
			body []byte
		}{
			{"nothing", nil},
			{"garbage", []byte("\x00\xff<html>")},
			{"a forged signature", packed(t, forged)},
			{"another agent's journal", packed(t, another)},
			{"a newer protocol", packed(t, newer)},
		} {
			for range 2 {
				if w := d.push(c.body); w.Code != http.StatusUnprocessableEntity || refusal(t, w).Code != "unverified" {
					t.Errorf("%s: %d %s", c.name, w.Code, w.Body)
				}
			}
			if n := d.strays(); n != i+1 {
				t.Errorf("%d batches are kept after %s, want %d", n, c.name, i+1)
			}
		}
		if w := d.push(make([]byte, exchange.MaxBatchBytes+1)); w.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("a body too large: %d", w.Code)
		}
		if ans := message[exchange.PushAnswer](t, d.push(packed(t, d.batch(2, nil)))); ans.Seq != 2 {
			t.Errorf("a good batch after all that: %+v", ans)
		}
	})
}

// PostgreSQL takes no NUL in a text. Somebody's stray byte must not stop a journal.
func TestATextThatADatabaseCannotHoldStopsNoJournal(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		d.enrol()
		b := d.batch(5, func(e *journal.Event) {
			switch e.Seq {
			case 1:
				e.Reason = "a\x00b"
			case 2:
				e.Desk = "\x00"
			case 3:
				e.Kind = "in\x00"
			case 4:
				e.Verdict, e.Confidence, e.Method, e.Spot = "\x00", "\x00", "\x00", "\x00"
			}
		})
		b.Version = "1\x00"
		if ans := message[exchange.PushAnswer](t, d.push(packed(t, b))); ans.Seq != 5 {
			t.Errorf("the head is at %d, want 5", ans.Seq)
		}
	})
}

func TestARosterIsAskedForWithNumbers(t *testing.T) {
	d := newDesk(t, "").enrol()
	for _, query := range []string{"?since=-1", "?since=x", "?since=18446744073709551615", "?scope=xyz"} {
		if w := d.call(http.MethodGet, exchange.PathRoster+query, "Bearer "+d.token, nil); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d, want 400", query, w.Code)
		}
	}
}

func TestAPushSaysHowMuchRoomTheAgentHas(t *testing.T) {
	onBoth(t, func(t *testing.T, d *desk) {
		d.enrol()
		for _, c := range []struct {
			name string
			disk *exchange.Disk
			want models.Disk
		}{
			{"an agent of before says nothing", nil, models.Disk{}},
			{"room for a while", &exchange.Disk{Free: 1 << 20, Total: 1 << 30}, models.Disk{Free: 1 << 20, Total: 1 << 30}},
			{"more than any disk has", &exchange.Disk{Free: math.MaxUint64, Total: math.MaxUint64}, models.Disk{Free: math.MaxInt64, Total: math.MaxInt64}},
		} {
			b := d.batch(1, nil)
			b.Disk = c.disk
			if w := d.push(packed(t, b)); w.Code != http.StatusOK {
				t.Fatalf("%s: %d %s", c.name, w.Code, w.Body)
			}
			agent, err := d.st.Read(t.Context()).Agent(d.agent)
			if d.ok(err); agent.Disk != c.want {
				t.Errorf("%s: %+v, want %+v", c.name, agent.Disk, c.want)
			}
		}
	})
}
