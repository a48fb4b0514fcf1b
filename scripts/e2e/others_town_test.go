package e2e

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
)

// corner is a running agent of the town, and who is signed in at it.
type corner struct {
	t      *testing.T
	agent  *Process
	secure string // where phones and other agents come in
	client *http.Client
}

// corner starts an agent, and signs in at it.
func (w *town) corner(dir string) *corner {
	w.t.Helper()
	c := &corner{t: w.t, secure: freeAddress(w.t)}
	c.agent = w.programs.Agent.Serve(w.t, "--data", dir, "serve", "--listen", "127.0.0.1:0", "--listen-tls", c.secure, "--others", "0")
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	c.client = &http.Client{Jar: jar, Timeout: patience}
	c.form("/sign-in", url.Values{"officer": {w.officer.String()}, "pin": {w.pin}})
	return c
}

// freeAddress is one that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

func (c *corner) form(path string, fields url.Values) {
	c.t.Helper()
	res, err := c.client.PostForm(c.agent.URL+path, fields)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusOK {
		c.t.Fatalf("%s: %d, %v", path, res.StatusCode, err)
	}
}

// seen is what a desk says of a scan.
type seen struct {
	Verdict models.Verdict
	Earlier *struct {
		Desk string
		Told bool
	}
}

func (c *corner) scan(token string) (out seen) {
	c.t.Helper()
	body, err := json.Marshal(map[string]string{"id": uuid.NewString(), "code": token, "method": "camera", "direction": "in", "desk": "Pintu"})
	if err != nil {
		c.t.Fatal(err)
	}
	res, err := c.client.Post(c.agent.URL+"/api/scan", "application/json", bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		c.t.Fatal(err)
	}
	return out
}

//survives:network The server stands still while two computers of a site check people in | Each knows within seconds who came in at the other
func TestTwoComputersOfASiteNeedNoServerToKnowOfEachOther(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	second := t.TempDir()
	code := Lines[struct{ Code string }](t, w.do("agent", "add", "--site", "T-1", "--name", "Pintu timur", "--json"))[0].Code
	w.programs.Agent.Must(t, "--data", second, "enroll", "--server", w.server.URL, "--code", code)
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	tickets := w.tickets("KINI")
	w.server.Stop()
	west, east := w.corner(w.desk), w.corner(second)
	west.form("/others", url.Values{"address": {east.secure}}) // one of them is enough
	if first := east.scan(tickets["P-1"].Token); !first.Verdict.Accepted() {
		t.Fatalf("the first scan: %+v", first)
	}
	began := time.Now()
	eventually(t, "west knows who came in at the east", func() bool {
		res, err := west.client.Get(west.agent.URL + "/station?lang=en")
		if err != nil {
			return false
		}
		defer func() { _ = res.Body.Close() }()
		var text bytes.Buffer
		_, err = text.ReadFrom(res.Body)
		return err == nil && bytes.Contains(text.Bytes(), []byte("Pintu timur")) && !bytes.Contains(text.Bytes(), []byte("Not heard yet"))
	})
	t.Logf("heard after %v", time.Since(began))
	got := west.scan(tickets["P-1"].Token)
	if got.Verdict != models.VerdictAlreadyIn || got.Earlier == nil || !got.Earlier.Told || got.Earlier.Desk != "Pintu · Pintu timur" {
		t.Errorf("in at the east, comes to the west: %+v, %+v", got, got.Earlier)
	}
}
