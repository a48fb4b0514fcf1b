package webhook_test

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
	"buktihadir/server/webhook"
)

func TestAddressesThatAreNotOfThePublicInternetAreClosed(t *testing.T) {
	ours, err := webhook.ParseNetworks([]string{"10.1.0.0/16", "fd00:1::/32"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		address           string
		strangers, allows bool
	}{
		{"103.28.12.5:443", true, true},
		{"103.28.12.5:8443", true, true},
		{"[2606:4700::1111]:443", true, true},
		{"127.0.0.1:443", false, false},
		{"[::1]:443", false, false},
		{"[::ffff:127.0.0.1]:443", false, false},
		{"[::ffff:10.1.2.3]:443", false, false},
		{"[64:ff9b::7f00:1]:443", false, false},
		{"0.0.0.0:80", false, false},
		{"169.254.169.254:80", false, false},
		{"[fe80::1]:80", false, false},
		{"100.64.0.1:443", false, false},
		{"192.168.1.1:443", false, false},
		{"172.16.0.1:443", false, false},
		{"10.1.2.3:443", false, true},
		{"10.2.2.3:443", false, false},
		{"[fd00:1::5]:443", false, true},
		{"[fd00:2::5]:443", false, false},
		{"224.0.0.1:443", false, false},
	} {
		if got := webhook.Networks(nil).Safe(c.address) == nil; got != c.strangers {
			t.Errorf("%s may be reached: %t, want %t", c.address, got, c.strangers)
		}
		if got := ours.Safe(c.address) == nil; got != c.allows {
			t.Errorf("%s may be reached with networks of ours: %t, want %t", c.address, got, c.allows)
		}
	}
}

// The guard sees what a name stands for, so a name that turns to a private address
// gains nothing.
func TestANameOfAPrivateAddressIsNotReached(t *testing.T) {
	o, r := newOffice(t, ""), newReceiver(t)
	for _, url := range []string{r.URL, strings.Replace(r.URL, "127.0.0.1", "localhost", 1), strings.Replace(r.URL, "127.0.0.1", "0177.0.0.1", 1),
		strings.Replace(r.URL, "127.0.0.1", "2130706433", 1)} {
		h, _ := o.add(url)
		o.correct(0, models.StatusSick)
		o.correct(0, models.StatusExcused)
		o.ok(webhook.NewSender(o.st, slog.New(slog.DiscardHandler), o.now, nil).Round(t.Context()))
		d := o.deliveries(h)
		if tried := d[len(d)-1]; tried.State != models.DeliveryWaiting || tried.Attempts != 1 || tried.Status != 0 {
			t.Errorf("%s: %s after %d attempts, answered %d (%s)", url, tried.State, tried.Attempts, tried.Status, tried.Problem)
		}
	}
	if got := r.messages(); len(got) != 0 {
		t.Errorf("it was reached %d times", len(got))
	}
}

func TestOnlyWholeAddressesWithTLSAreTaken(t *testing.T) {
	o := newOffice(t, "")
	for _, c := range []struct {
		url          string
		taken, plain bool
	}{
		{"https://contoh.id/hook?x=1", true, true},
		{" https://contoh.id ", true, true},
		{"http://contoh.id", false, true},
		{"https://", false, false},
		{"contoh.id/hook", false, false},
		{"https://orang:rahasia@contoh.id", false, false},
		{"ftp://contoh.id", false, false},
		{"file:///etc/passwd", false, false},
		{"https://contoh.id/#x", false, false},
		{"https://contoh.id/" + strings.Repeat("x", 1000), false, false},
	} {
		for service, want := range map[*webhook.Service]bool{webhook.NewService(o.st, nil): c.taken, o.service(): c.plain} {
			_, _, err := service.Add(t.Context(), webhook.New{Name: "x", URL: c.url, Topics: models.Topics()}, office.Actor{Name: "test"})
			refusal, refused := errors.AsType[*office.Refusal](err)
			if (err == nil) != want || err != nil && (!refused || refusal.Key != "api.url_wrong") {
				t.Errorf("%q: %v, want taken %t", c.url, err, want)
			}
		}
	}
}

// Whatever a receiver answers or asks for, pauses grow up to four hours and a quarter,
// and the attempts end within a day of the first one.
func TestAttemptsEndWithinADay(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		now := models.Millis(rapid.Int64Range(1, 1<<42).Draw(r, "start"))
		d, began := models.Delivery{ID: uuid.New(), Sending: models.Sending{State: models.DeliveryWaiting}}, now
		for d.State == models.DeliveryWaiting {
			wish := time.Duration(rapid.Int64Range(-10, 1<<40).Draw(r, "retry after")) * time.Millisecond
			d = webhook.Judge(d, rapid.SampledFrom([]int{0, 302, 400, 429, 500}).Draw(r, "status"), wish, now, rapid.Float64Range(0, 1).Draw(r, "spread"))
			if d.State == models.DeliveryDead {
				break
			}
			pause := d.NextAt.Sub(now)
			if pause < 5*time.Second || pause > 5*time.Hour {
				r.Fatalf("attempt %d: a pause of %s", d.Attempts, pause)
			}
			now = d.NextAt.Add(time.Duration(rapid.Int64Range(0, 60_000).Draw(r, "late")) * time.Millisecond)
		}
		if now.Sub(began) > 24*time.Hour+time.Minute {
			r.Fatalf("the last of %d attempts was after %s", d.Attempts, now.Sub(began))
		}
	})
}

// outage answers 503 until a moment, and 200 from then on.
type outage struct {
	until time.Time
	tries int
}

func (o *outage) RoundTrip(*http.Request) (*http.Response, error) {
	o.tries++
	code := http.StatusOK
	if time.Now().Before(o.until) {
		code = http.StatusServiceUnavailable
	}
	return &http.Response{StatusCode: code, Body: http.NoBody, Header: http.Header{}}, nil
}

// With a clock that runs ahead as fast as everybody waits: the loop as it is.
func TestAMessageOutlivesAnOutageOfHalfADay(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		clock := func() models.Millis { return models.MillisOf(time.Now()) }
		st, err := store.Open(t.Context(), store.Config{Dir: dir, Now: clock})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = st.Close() }()
		hook, _, err := webhook.NewService(st, nil).Add(t.Context(), webhook.New{Name: "x", URL: "https://contoh.id", Topics: models.Topics()}, office.Actor{})
		if err != nil {
			t.Fatal(err)
		}
		site, pilot := models.Site{ID: uuid.New(), Code: "T", Zone: models.ZoneWIB}, models.Pilot{ID: uuid.New(), Code: "U"}
		provider := models.Provider{ID: uuid.New(), Code: "L"}
		course := models.Course{ID: uuid.New(), Code: "K", ProviderID: provider.ID}
		class := models.Class{ID: uuid.New(), Code: "A", PilotID: pilot.ID, CourseID: course.ID, ProviderID: provider.ID, SiteID: site.ID, Secret: []byte{1}}
		err = st.Write(t.Context(), func(tx *store.Tx) error {
			return errors.Join(tx.SaveSites([]models.Site{site}), tx.SavePilot(pilot, nil), tx.SaveProviders([]models.Provider{provider}),
				tx.SaveCourses([]models.Course{course}), tx.SaveClasses([]models.Class{class}))
		})
		if err != nil {
			t.Fatal(err)
		}
		class.ClosedAt = clock()
		if err := st.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveClasses([]models.Class{class}) }); err != nil {
			t.Fatal(err)
		}
		way := &outage{until: time.Now().Add(12 * time.Hour)}
		sender := webhook.NewSender(st, slog.New(slog.DiscardHandler), clock, nil)
		sender.Through(way)
		began := time.Now()
		go sender.Run(t.Context())
		for {
			time.Sleep(time.Minute)
			list, err := st.Read(t.Context()).ListDeliveries(store.DeliveryFilter{Webhook: hook.ID}, store.Slice{Limit: 2})
			if err != nil || len(list.Rows) != 1 {
				t.Fatal(list, err)
			}
			if d := list.Rows[0]; d.State != models.DeliveryWaiting {
				if took := time.Since(began); d.State != models.DeliveryDone || took < 12*time.Hour || took > 17*time.Hour || way.tries > 14 {
					t.Errorf("%s after %s and %d attempts", d.State, took, way.tries)
				}
				return
			}
		}
	})
}
