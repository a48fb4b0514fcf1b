package exchange_test

import (
	"net/http"
	"testing"

	"buktihadir/models/exchange"
	"buktihadir/models/journal"
)

// FuzzPush knocks with any bytes: they are a batch, or kept, or too large, and
// never the server's failure.
func FuzzPush(f *testing.F) {
	d := newDesk(f, "").enrol()
	f.Add([]byte(nil))
	f.Add([]byte("<html>"))
	f.Add(packed(f, d.batch(0, nil)))
	whole := packed(f, d.batch(3, nil))
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add(packed(f, d.batch(1, func(e *journal.Event) { e.Kind = "unknown" })))
	f.Add(packed(f, exchange.EnrolRequest{Protocol: exchange.Protocol, Code: "AAAA"}))
	f.Fuzz(func(t *testing.T, body []byte) {
		w := d.push(body)
		switch w.Code {
		case http.StatusOK:
			message[exchange.PushAnswer](t, w)
		case http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge:
			refusal(t, w)
		default:
			t.Errorf("answer %d: %s", w.Code, w.Body)
		}
	})
}
