package mail_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"buktihadir/server/mail"
)

const (
	user   = "hadir"
	secret = "kopi-tubruk"
)

// got is a letter that a mail server took.
type got struct {
	from, to string
	content  string
}

// postOffice is a real mail server on this machine. It does what it is told at each step;
// where it is told nothing it takes the letter.
type postOffice struct {
	t      testing.TB
	server mail.Server // how to reach it
	mu     sync.Mutex
	took   []got
	atRcpt func(n int) error
	atData func(n int) error // after the letter's last line
	tries  int
}

// certificate makes one for a name, signed by itself.
func certificate(t testing.TB, name string) (tls.Certificate, *x509.CertPool) {
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
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// newPostOffice opens a mail server, whose certificate is for a name.
func newPostOffice(t testing.TB, security mail.Security, name string) *postOffice {
	t.Helper()
	p := &postOffice{t: t}
	s := smtp.NewServer(p)
	s.Domain = "localhost"
	s.MaxMessageBytes = 1 << 20
	own, roots := certificate(t, name)
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
	p.server = mail.Server{Host: "localhost", Port: port, Security: security, From: "Bukti Hadir <hadir@contoh.id>", Roots: roots}
	if security != mail.Plain {
		p.server.User, p.server.Password = user, secret
	}
	return p
}

func (p *postOffice) letters() []got {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]got(nil), p.took...)
}

func (p *postOffice) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &counter{p: p, conn: c}, nil
}

// counter is one connection to a post office.
type counter struct {
	p    *postOffice
	conn *smtp.Conn
	in   got
}

func (c *counter) AuthMechanisms() []string { return []string{sasl.Plain} }

func (c *counter) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, name, password string) error {
		if name != user || password != secret {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (c *counter) Mail(from string, _ *smtp.MailOptions) error {
	if c.in.from = from; from == "orang@lain.id" {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "not your address"}
	}
	return nil
}

func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.p.mu.Lock()
	defer c.p.mu.Unlock()
	if c.in.to = to; c.p.atRcpt == nil {
		return nil
	}
	c.p.tries++
	return c.p.atRcpt(c.p.tries)
}

// errHangUp asks a post office to cut the line without an answer.
var errHangUp = errors.New("hang up")

func (c *counter) Data(r io.Reader) error {
	content, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	c.in.content = string(content)
	c.p.mu.Lock()
	defer c.p.mu.Unlock()
	if c.p.atData != nil {
		c.p.tries++
		err = c.p.atData(c.p.tries)
	}
	if err == nil || errors.Is(err, errHangUp) {
		c.p.took = append(c.p.took, c.in)
	}
	if errors.Is(err, errHangUp) {
		return c.conn.Conn().Close()
	}
	return err
}

func (c *counter) Reset()        { c.in = got{} }
func (c *counter) Logout() error { return nil }

// answers is a server's word.
func answers(code int, words string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: words}
}

// closedPort is one that nobody listens at.
func closedPort(t testing.TB) int {
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
