package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/web/page"
)

// matrix is every route with the status for each kind of visitor: a stranger on the
// network, the person at the machine, an officer, a supervisor.
var matrix = map[string][4]int{
	"GET /sign-in":       {200, 200, 303, 303},
	"POST /sign-in":      {400, 400, 400, 400},
	"POST /logout":       {303, 303, 303, 303},
	"GET /connect":       {200, 200, 200, 200},
	"GET /connect.png":   {404, 404, 404, 404},
	"GET /ca.crt":        {200, 200, 200, 200},
	"GET /setup":         {403, 200, 200, 200},
	"GET /try":           {403, 200, 200, 200},
	"GET /try.png":       {403, 200, 200, 200},
	"POST /api/try":      {403, 400, 400, 400},
	"GET /":              {303, 303, 200, 200},
	"GET /search":        {303, 303, 200, 200},
	"GET /verdict":       {303, 303, 200, 200},
	"GET /sessions":      {303, 303, 200, 200},
	"GET /sessions/:id":  {303, 303, 200, 200},
	"GET /sessions/days": {303, 303, 200, 200},
	"GET /recent":        {303, 303, 200, 200},
	"GET /station":       {303, 303, 200, 200},
	"POST /sync":         {303, 303, 303, 303},
	"GET /clock":         {303, 303, 200, 200},
	"POST /clock":        {303, 303, 400, 400},
	"GET /bundle":        {303, 303, 403, 200},
	"POST /bundle":       {303, 303, 403, 422},
	"GET /bundle/export": {303, 303, 403, 200},
	"GET /live":          {401, 401, 200, 200},
	"POST /api/scan":     {401, 401, 400, 400},
	"POST /api/check-in": {401, 401, 400, 400},
	"POST /api/override": {401, 401, 400, 400},
	"POST /api/void":     {401, 401, 400, 400},
	"POST /api/note":     {401, 401, 400, 400},
	"POST /api/walk-in":  {401, 401, 400, 400},
	"POST /lock-all":     {303, 303, 403, 303},

	"GET /sessions/:id/sheet":         {303, 303, 200, 200},
	"GET /sessions/:id/paper":         {303, 303, 200, 200},
	"GET /sessions/:id/receipts":      {303, 303, 200, 200},
	"GET /sessions/:id/roll-call":     {303, 303, 200, 200},
	"POST /api/roll-call":             {401, 401, 400, 400},
	"POST /api/key-in":                {401, 401, 400, 400},
	"GET /alone":                      {303, 303, 200, 200},
	"GET /alone.json":                 {303, 303, 200, 200},
	"GET /sw.js":                      {200, 200, 200, 200},
	"GET /manifest.webmanifest":       {200, 200, 200, 200},
	"POST /api/contact":               {401, 401, 400, 400},
	"POST /api/hand-over":             {401, 401, 400, 400},
	"POST /api/farewell":              {400, 400, 400, 400},
	"GET /others":                     {303, 200, 403, 200},
	"POST /others":                    {303, 422, 403, 422},
	"POST /others/remove":             {303, 303, 403, 303},
	"GET /devices":                    {303, 200, 403, 200},
	"POST /devices/policy":            {303, 303, 403, 303},
	"POST /devices/codes":             {303, 422, 403, 422},
	"GET /devices/codes/:id":          {303, 404, 403, 404},
	"GET /devices/codes/:id/code.png": {303, 404, 403, 404},
	"GET /devices/:id":                {303, 404, 403, 404},
	"POST /devices/:id":               {303, 404, 403, 404},
	"POST /devices/:id/revoke":        {303, 404, 403, 404},
	"POST /kiosk/enter":               {303, 303, 303, 303},
	"GET /kiosk":                      {303, 303, 303, 303},
	"POST /kiosk/leave":               {303, 303, 403, 403},
	"POST /api/kiosk":                 {401, 401, 403, 403},
	"POST /colours":                   {303, 303, 303, 303},
	"GET /screen":                     {303, 303, 200, 200},
	"GET /screen/live":                {401, 401, 200, 200},
	"GET /screen/events":              {401, 401, 0, 0}, // as the other stream
	"GET /pair":                       {200, 200, 200, 200},
	"POST /pair":                      {403, 403, 403, 403},

	"GET /events": {401, 401, 0, 0}, // the stream itself has its own test
}

func TestEveryRouteAsksWhoMayUseIt(t *testing.T) {
	s := newSite(t, nil)
	for _, r := range s.server.routes() {
		name := r.Method + " " + r.Path
		want, ok := matrix[name]
		if !ok {
			t.Errorf("%s: not in the matrix", name)
			continue
		}
		officer, supervisor := s.signedIn(t, s.officer, officerPIN), s.signedIn(t, s.supervisor, supervisorPIN)
		for i, visitor := range []string{"nobody", "nobody at the machine", "officer", "supervisor"} {
			if want[i] == 0 {
				continue
			}
			req := request(r.Method, strings.ReplaceAll(r.Path, ":id", s.session.String()), "")
			switch visitor {
			case "nobody at the machine":
				req.RemoteAddr, req.Host = "127.0.0.1:50000", "localhost:8080"
			case "officer":
				req.AddCookie(officer)
			case "supervisor":
				req.AddCookie(supervisor)
			}
			if w := s.do(req); w.Code != want[i] {
				t.Errorf("%s by %s: %d, want %d", name, visitor, w.Code, want[i])
			}
		}
	}
	if len(matrix) != len(s.server.routes()) {
		t.Errorf("the matrix has %d routes, the server %d", len(matrix), len(s.server.routes()))
	}
}

func TestOnlyTheRightKeyOpensADesk(t *testing.T) {
	s := newSite(t, nil)
	good := s.signedIn(t, s.officer, officerPIN)
	if !good.HttpOnly || !good.Secure || good.SameSite != http.SameSiteStrictMode || good.Path != "/" {
		t.Errorf("cookie %v is not HttpOnly, Secure and SameSite=Strict", good)
	}
	for _, tc := range []struct {
		name   string
		cookie *http.Cookie
		want   int
	}{
		{"the key of this sign-in", good, 200},
		{"a guessed key", &http.Cookie{Name: good.Name, Value: "AAAAAAAAAAAAAAAAAAAAAAAAAA"}, 303},
		{"an empty key", &http.Cookie{Name: good.Name, Value: ""}, 303},
		{"the right key in the plain http cookie", &http.Cookie{Name: "desk", Value: good.Value}, 303},
	} {
		if w := s.do(request(http.MethodGet, "/", ""), tc.cookie); w.Code != tc.want {
			t.Errorf("%s: %d, want %d", tc.name, w.Code, tc.want)
		}
	}
	s.do(request(http.MethodPost, "/logout", ""), good)
	if w := s.do(request(http.MethodGet, "/", ""), good); w.Code != 303 {
		t.Errorf("after signing out: %d, want 303", w.Code)
	}
}

func TestADeskLocksItselfWhenNobodyUsesIt(t *testing.T) {
	s := newSite(t, nil)
	now := time.Now()
	s.server.Sessions.Now = func() time.Time { return now }
	for _, tc := range []struct {
		name string
		used string
		want int
	}{
		{"scanning keeps it open", "/", 200},
		{"news that the page fetches by itself do not", "/live", 303},
	} {
		cookie := s.signedIn(t, s.officer, officerPIN)
		for range 4 {
			now = now.Add(page.IdleLock / 3)
			s.do(request(http.MethodGet, tc.used, ""), cookie)
		}
		if w := s.do(request(http.MethodGet, "/", ""), cookie); w.Code != tc.want {
			t.Errorf("%s: %d, want %d", tc.name, w.Code, tc.want)
		}
	}
	cookie := s.signedIn(t, s.officer, officerPIN)
	for range int(page.Longest/page.IdleLock) * 3 {
		now = now.Add(page.IdleLock / 3)
		s.pass(page.IdleLock / 3)
		s.do(request(http.MethodGet, "/", ""), cookie)
	}
	if w := s.do(request(http.MethodGet, "/", ""), cookie); w.Code != 303 {
		t.Errorf("after %v of use: %d, want 303", page.Longest, w.Code)
	}
}

func TestASupervisorLocksALostPhone(t *testing.T) {
	s := newSite(t, nil)
	phone, own := s.signedIn(t, s.officer, officerPIN), s.signedIn(t, s.supervisor, supervisorPIN)
	s.do(request(http.MethodPost, "/lock-all", ""), own)
	if w := s.do(request(http.MethodGet, "/", ""), phone); w.Code != 200 {
		t.Errorf("before it is agreed to, the phone gets %d, want 200", w.Code)
	}
	s.locksAll(own)
	if w := s.do(request(http.MethodGet, "/", ""), phone); w.Code != 303 {
		t.Errorf("the lost phone gets %d, want 303", w.Code)
	}
}

func TestGuessingAPINEndsQuickly(t *testing.T) {
	s := newSite(t, nil)
	for i := range 12 {
		want := http.StatusForbidden
		if i >= 5 {
			want = http.StatusTooManyRequests
		}
		if w := s.do(signInRequest(s.officer, "000000")); w.Code != want {
			t.Errorf("guess %d: %d, want %d", i+1, w.Code, want)
		}
	}
	if w := s.do(signInRequest(s.officer, officerPIN)); w.Code != http.StatusTooManyRequests {
		t.Errorf("the right PIN while locked: %d, want 429", w.Code)
	}
	s.pass(time.Hour)
	s.signedIn(t, s.officer, officerPIN)
}

func TestOnePhoneCannotLockOutAllStaff(t *testing.T) {
	s := newSite(t, nil)
	for range 5 {
		s.do(signInRequest(s.officer, "000000"))
		s.do(signInRequest(desk.Officer{}.ID, "000000"))
	}
	if w := s.do(signInRequest(s.supervisor, "000000")); w.Code != http.StatusTooManyRequests {
		t.Errorf("the eleventh guess from one phone: %d, want 429", w.Code)
	}
	other := signInRequest(s.supervisor, supervisorPIN)
	other.RemoteAddr = "192.168.43.78:50000"
	if w := s.do(other); w.Code != 303 {
		t.Errorf("the supervisor on another phone: %d, want 303", w.Code)
	}
	set := *s.machine.Load()
	set.off = -24 * time.Hour // whoever sets the clock back locks nobody out for longer
	s.machine.Store(&set)
	s.pass(page.AttemptWindow)
	s.signedIn(t, s.supervisor, supervisorPIN)
}

func TestSigningInLeadsNowhereElse(t *testing.T) {
	for next, want := range map[string]string{
		"/search?q=a": "/search?q=a", "": "/", "https://evil.example": "/", "//evil.example": "/", `/\evil.example`: "/",
	} {
		s := newSite(t, nil)
		form := url.Values{"officer": {s.officer.String()}, "pin": {officerPIN}, "next": {next}}
		r := request(http.MethodPost, "/sign-in", form.Encode())
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if got := s.do(r).Header().Get("Location"); got != want {
			t.Errorf("next %q leads to %q, want %q", next, got, want)
		}
	}
}

func TestOtherSitesCannotUseTheDesk(t *testing.T) {
	s := newSite(t, nil)
	cookie := s.signedIn(t, s.officer, officerPIN)
	r := request(http.MethodPost, "/api/scan", "{}")
	r.Header.Set("Origin", "https://evil.example")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if w := s.do(r, cookie); w.Code != http.StatusForbidden {
		t.Errorf("a scan from another site's page: %d, want 403", w.Code)
	}
	rebound := request(http.MethodGet, "/setup", "")
	rebound.RemoteAddr, rebound.Host = "127.0.0.1:50000", "evil.example"
	if w := s.do(rebound); w.Code != http.StatusForbidden {
		t.Errorf("set-up through a borrowed name: %d, want 403", w.Code)
	}
}

func TestPlainHTTPOverTheNetworkOnlyExplains(t *testing.T) {
	s := newSite(t, nil)
	for _, tc := range []struct {
		name, method, path, remote string
		want                       int
	}{
		{"a page from a phone", http.MethodGet, "/sign-in", "192.168.43.77:1", 303},
		{"a captive portal's probe", http.MethodGet, "/generate_204", "192.168.43.77:1", 303},
		{"a PIN from a phone", http.MethodPost, "/sign-in", "192.168.43.77:1", 403},
		{"the explanation", http.MethodGet, "/connect", "192.168.43.77:1", 200},
		{"the certificate", http.MethodGet, "/ca.crt", "192.168.43.77:1", 200},
		{"a page at the machine", http.MethodGet, "/sign-in", "127.0.0.1:1", 200},
	} {
		r := request(tc.method, tc.path, "")
		r.TLS, r.RemoteAddr, r.Host = nil, tc.remote, "192.168.43.10:8080"
		if strings.HasPrefix(tc.remote, "127.") {
			r.Host = "localhost:8080"
		}
		w := s.do(r)
		if w.Code != tc.want {
			t.Errorf("%s: %d, want %d", tc.name, w.Code, tc.want)
		}
		if w.Header().Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: pins HTTPS, which a new certificate would break", tc.name)
		}
		if tc.path == "/connect" && !strings.Contains(w.Body.String(), "https://192.168.43.10:8443/") {
			t.Errorf("%s: lacks the https address", tc.name)
		}
	}
}
