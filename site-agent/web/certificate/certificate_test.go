package certificate

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"buktihadir/models"
)

// machine is a machine whose names and clock a test changes.
type machine struct {
	at    models.Millis
	names []string
	ips   []net.IP
}

func newMachine() *machine {
	return &machine{
		at:    models.MillisOf(time.Date(2026, 6, 20, 1, 0, 0, 0, time.UTC)),
		names: []string{"meja-1.local", "meja-1", "localhost"},
		ips:   []net.IP{net.IPv4(192, 168, 43, 10), net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
}

func (m *machine) open(t *testing.T, dir string) *Authority {
	t.Helper()
	a, err := openAuthority(dir, func() models.Millis { return m.at }, func() ([]string, []net.IP) { return m.names, m.ips })
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func leafOf(t *testing.T, a *Authority) *x509.Certificate {
	t.Helper()
	c, err := a.Certificate(nil)
	if err != nil {
		t.Fatal(err)
	}
	return c.Leaf
}

func (m *machine) verify(a *Authority, leaf *x509.Certificate, host string) error {
	roots := x509.NewCertPool()
	roots.AddCert(a.cert)
	_, err := leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: host, CurrentTime: max(m.at, earliest).Time()})
	return err
}

func TestThePhonesThatTrustTheAuthorityTrustTheDesk(t *testing.T) {
	m := newMachine()
	a := m.open(t, t.TempDir())
	leaf := leafOf(t, a)
	for _, host := range []string{"meja-1.local", "meja-1", "localhost", "192.168.43.10", "127.0.0.1", "::1"} {
		if err := m.verify(a, leaf, host); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
	if err := m.verify(a, leaf, "prakerja.go.id"); err == nil {
		t.Error("a name of the internet verifies")
	}
	if life := leaf.NotAfter.Sub(leaf.NotBefore); life > 825*24*time.Hour {
		t.Errorf("valid for %v, which Apple's platforms refuse", life)
	}
}

func TestTheAuthorityCannotSpeakForTheInternet(t *testing.T) {
	m := newMachine()
	a := m.open(t, t.TempDir())
	for _, tc := range []struct {
		name  string
		names []string
		ips   []net.IP
	}{
		{"a public name", []string{"bank.example"}, nil},
		{"a public address", []string{"meja-1.local"}, []net.IP{net.IPv4(8, 8, 8, 8)}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if err := a.issue(tc.names, tc.ips); err != nil {
				t.Fatal(err)
			}
			stolen, err := readPair(a.dir, "tls")
			if err != nil {
				t.Fatal(err)
			}
			host := tc.names[0]
			if err := m.verify(a, stolen.Leaf, host); err == nil {
				t.Errorf("a certificate for %v %v verifies as %s", tc.names, tc.ips, host)
			}
		})
	}
}

func TestTheCertificateStaysUntilItMustChange(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*machine)
		stays  bool
	}{
		{"nothing changed", func(*machine) {}, true},
		{"an address went away", func(m *machine) { m.ips = m.ips[1:] }, true},
		{"a year later", func(m *machine) { m.at = m.at.Add(365 * 24 * time.Hour) }, true},
		{"renamed outside what the authority may name", func(m *machine) { m.names = []string{"other", "localhost"} }, true},
		{"another address by DHCP", func(m *machine) { m.ips = append(m.ips, net.IPv4(10, 0, 0, 7)) }, false},
		{"renamed", func(m *machine) { m.names = []string{"meja-2.local", "localhost"} }, false},
		{"about to run out", func(m *machine) { m.at = m.at.Add(790 * 24 * time.Hour) }, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir, m := t.TempDir(), newMachine()
			before := m.open(t, dir)
			leaf := leafOf(t, before)
			tc.change(m)
			after := m.open(t, dir)
			if !after.cert.Equal(before.cert) {
				t.Error("the authority changed")
			}
			now := leafOf(t, after)
			if now.Equal(leaf) != tc.stays {
				t.Errorf("certificate stays: %v, want %v", now.Equal(leaf), tc.stays)
			}
			for _, ip := range m.ips {
				if err := m.verify(after, now, ip.String()); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestADeskThatWakesUpIn1970MakesCertificatesOfToday(t *testing.T) {
	m := newMachine()
	m.at = 0
	leaf := leafOf(t, m.open(t, t.TempDir()))
	if got := models.MillisOf(leaf.NotAfter); got < earliest {
		t.Errorf("valid until %v", leaf.NotAfter)
	}
}

func TestKeysAreForTheOwnerAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows keeps access lists, not modes")
	}
	dir := t.TempDir()
	newMachine().open(t, dir)
	for _, name := range []string{"ca.key", "tls.key"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != 0o600 {
			t.Errorf("%s: mode %o, want 600", name, got)
		}
	}
}

func TestARealHandshakeVerifiesWithTheAuthorityOnly(t *testing.T) {
	m := newMachine()
	m.at = models.MillisOf(time.Now())
	a := m.open(t, t.TempDir())
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{GetCertificate: a.Certificate, MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(http.NotFoundHandler())
	_ = srv.Listener.Close()
	srv.Listener = listener
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.Start()
	defer srv.Close()
	roots := x509.NewCertPool()
	roots.AddCert(a.cert)
	for _, tc := range []struct {
		name  string
		roots *x509.CertPool
		ok    bool
	}{{"with the authority", roots, true}, {"without", x509.NewCertPool(), false}} {
		conn, err := tls.Dial("tcp", listener.Addr().String(), &tls.Config{RootCAs: tc.roots, MinVersion: tls.VersionTLS12})
		if (err == nil) != tc.ok {
			t.Errorf("%s: %v", tc.name, err)
		}
		if err == nil {
			_ = conn.Close()
		}
	}
}
