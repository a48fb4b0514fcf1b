package mail

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"buktihadir/models"
)

// patience is how long a mail server may take for one step.
const patience = 30 * time.Second

// Security is how the line to a mail server is secured.
type Security string

// The ways. Without any no password is sent, but to this very machine.
const (
	STARTTLS Security = "starttls" // RFC 3207, and never without it
	TLS      Security = "tls"      // from the first byte, RFC 8314
	Plain    Security = "none"
)

// Server is the mail server that accepts the office's mail. The zero value means no
// server.
type Server struct {
	Host           string
	Port           int // 0: 587, or 465 with TLS
	Security       Security
	User, Password string         // no user: no login
	From           string         // user@host, or Name <user@host>
	Roots          *x509.CertPool // authority that signs its certificate; nil: those of this machine
}

// On says that there is one.
func (s Server) On() bool { return s.Host != "" }

// Check says what is wrong with how it is described.
func (s Server) Check() error {
	if !s.On() {
		return nil
	}
	if _, err := s.from(); err != nil {
		return err
	}
	if s.Security == Plain && s.User != "" && s.Host != "localhost" && !net.ParseIP(s.Host).IsLoopback() {
		return errors.New("a password is not sent over a line without encryption: use starttls or tls")
	}
	return nil
}

func (s Server) from() (*netmail.Address, error) {
	from, err := netmail.ParseAddress(s.From)
	if err != nil {
		return nil, fmt.Errorf("%w: the sender %q", ErrAddress, s.From)
	}
	return from, CheckAddress(from.Address)
}

// line is a connection on which letters are sent one after the other.
type line struct {
	client *gomail.Client
	open   *smtp.Client
	conn   net.Conn
}

// call connects and signs in. Errors are Troubles.
func (s Server) call(ctx context.Context) (*line, error) {
	trust := &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12, RootCAs: s.Roots}
	l := &line{}
	// Dialled here, for the library leaves a connection open whose greeting or login fails.
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		var err error
		if l.conn, err = (&net.Dialer{Timeout: patience}).DialContext(ctx, network, address); err != nil || s.Security != TLS {
			return l.conn, err
		}
		secure := tls.Client(l.conn, trust)
		l.conn = secure
		return secure, secure.HandshakeContext(ctx)
	}
	options := []gomail.Option{gomail.WithTimeout(patience), gomail.WithTLSConfig(trust), gomail.WithDialContextFunc(dial)}
	switch s.Security {
	case TLS:
		options = append(options, gomail.WithSSL(), gomail.WithPort(cmp.Or(s.Port, gomail.DefaultPortSSL)))
	case Plain:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS), gomail.WithPort(cmp.Or(s.Port, gomail.DefaultPortTLS)))
	case STARTTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory), gomail.WithPort(cmp.Or(s.Port, gomail.DefaultPortTLS)))
	}
	if s.User != "" {
		options = append(options, gomail.WithUsername(s.User), gomail.WithPassword(s.Password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	var err error
	if l.client, err = gomail.NewClient(s.Host, options...); err != nil {
		return nil, fmt.Errorf("mail server: %w", err)
	}
	if l.open, err = l.client.DialToSMTPClientWithContext(ctx); err != nil {
		if l.conn != nil {
			err = errors.Join(err, l.conn.Close())
		}
		return nil, errorOfCall(err)
	}
	return l, nil
}

// send sends a mail. If the server accepted it, it is sent, whatever happens to the
// connection afterwards.
func (l *line) send(ctx context.Context, m *gomail.Msg) error {
	defer context.AfterFunc(ctx, func() { _ = l.conn.Close() })() // the program stops: it does not wait for an answer
	if err := l.client.SendWithSMTPClient(l.open, m); err != nil && !m.IsDelivered() {
		return errorOfSending(err)
	}
	return nil
}

// hangUp ends the connection, and closes it if the server does not.
func (l *line) hangUp() {
	_ = l.client.CloseWithSMTPClient(l.open)
	_ = l.conn.Close()
}

// message is a letter as it goes over the line. The address was checked when the letter
// was posted; addresses and texts are encoded by the library, never pasted into headers.
func (s Server) message(l Letter, id string, at models.Millis) (*gomail.Msg, error) {
	from, err := s.from()
	if err != nil {
		return nil, err
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(&netmail.Address{Name: oneLine(from.Name), Address: from.Address})
	m.ToMailAddress(&netmail.Address{Name: oneLine(l.Name), Address: l.Address})
	m.Subject(oneLine(l.Subject))
	m.SetMessageIDWithValue(id + "@" + from.Address[strings.LastIndexByte(from.Address, '@')+1:])
	m.SetDateWithValue(at.Time())
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: prevents automatic replies
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	if l.HTML != "" {
		m.AddAlternativeString(gomail.TypeTextHTML, l.HTML)
	}
	if l.File != nil {
		m.AttachReadSeeker(l.File.Name, bytes.NewReader(l.File.Content), gomail.WithFileContentType(gomail.ContentType(l.File.MediaType)))
	}
	return m, nil
}
