// Package postoffice is a real mail server on this machine, for tests. It accepts mails,
// and a test can set its answer at each step.
package postoffice

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"buktihadir/server/mail"
)

// These are the credentials that may sign in.
const (
	User   = "hadir"
	Secret = "kopi-tubruk"
)

// BadSender is an address that the office takes no mail from.
const BadSender = "orang@lain.id"

// Letter is one that the office took: whole, as it came.
type Letter struct{ From, To, Content string }

// Office is a mail server. Without instructions it accepts every mail.
type Office struct {
	Server    mail.Server // how to reach it
	Authority []byte      // PEM of the authority that signs its certificate

	mu             sync.Mutex
	took           []Letter
	atRcpt, atData func(n int) error
	tries          int
}

// Told sets the answers of the office to the nth recipient, and after the nth mail's last
// line; nil: it accepts them.
func (p *Office) Told(atRcpt, atData func(n int) error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.atRcpt, p.atData = atRcpt, atData
}

// certificate makes one for a name, signed by itself.
func certificate(t testing.TB, name string) (own tls.Certificate, roots *x509.CertPool, authority []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	like := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, like, like, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// New opens a mail server, whose certificate is for a name.
func New(t testing.TB, security mail.Security, name string) *Office {
	t.Helper()
	p := &Office{}
	s := smtp.NewServer(p)
	s.Domain = "localhost"
	s.MaxMessageBytes = 1 << 20
	own, roots, authority := certificate(t, name)
	p.Authority = authority
	if security != mail.Plain {
		s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{own}, MinVersion: tls.VersionTLS12}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port //nolint:errcheck // tcp has one
	if security == mail.TLS {
		l = tls.NewListener(l, s.TLSConfig)
	}
	done := make(chan struct{})
	go func() { _ = s.Serve(l); close(done) }()
	t.Cleanup(func() { _ = s.Close(); <-done })
	p.Server = mail.Server{Host: "localhost", Port: port, Security: security, From: "Bukti Hadir <hadir@contoh.id>", Roots: roots}
	if security != mail.Plain {
		p.Server.User, p.Server.Password = User, Secret
	}
	return p
}

// Letters are those that it has taken so far.
func (p *Office) Letters() []Letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.took)
}

// NewSession begins a connection.
func (p *Office) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &counter{p: p, conn: c}, nil
}

// counter is one connection to a post office.
type counter struct {
	p    *Office
	conn *smtp.Conn
	in   Letter
}

func (c *counter) AuthMechanisms() []string { return []string{sasl.Plain} }

func (c *counter) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, name, password string) error {
		if name != User || password != Secret {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (c *counter) Mail(from string, _ *smtp.MailOptions) error {
	if c.in.From = from; from == BadSender {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "not your address"}
	}
	return nil
}

func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.p.mu.Lock()
	defer c.p.mu.Unlock()
	if c.in.To = to; c.p.atRcpt == nil {
		return nil
	}
	c.p.tries++
	return c.p.atRcpt(c.p.tries)
}

// ErrHangUp asks a post office to cut the line without an answer.
var ErrHangUp = errors.New("hang up")

func (c *counter) Data(r io.Reader) error {
	content, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	c.in.Content = string(content)
	c.p.mu.Lock()
	defer c.p.mu.Unlock()
	if c.p.atData != nil {
		c.p.tries++
		err = c.p.atData(c.p.tries)
	}
	if err == nil || errors.Is(err, ErrHangUp) {
		c.p.took = append(c.p.took, c.in)
	}
	if errors.Is(err, ErrHangUp) {
		return c.conn.Conn().Close()
	}
	return err
}

func (c *counter) Reset()        { c.in = Letter{} }
func (c *counter) Logout() error { return nil }

// Answers is a server's word.
func Answers(code int, words string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: words}
}

// ClosedPort is a port that no program listens on.
func ClosedPort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err = errors.Join(err, l.Close()); err != nil {
		t.Fatal(err)
	}
	return n
}
