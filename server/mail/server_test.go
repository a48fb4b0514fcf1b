package mail_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"buktihadir/models"
	"buktihadir/scripts/e2e/postoffice"
	"buktihadir/server/mail"
)

func TestATrialSaysWhatIsWrong(t *testing.T) {
	whole := postoffice.New(t, mail.STARTTLS, "localhost")
	wrongName, plain := postoffice.New(t, mail.STARTTLS, "mail.contoh.id"), postoffice.New(t, mail.Plain, "localhost")
	closed := postoffice.ClosedPort(t)
	for _, c := range []struct {
		name   string
		at     *postoffice.Office
		change func(*mail.Server)
		atRcpt func(int) error
		want   mail.Code
	}{
		{"nothing", whole, func(*mail.Server) {}, nil, ""},
		{"the server's name", whole, func(s *mail.Server) { s.Host = "tidak-ada.invalid" }, nil, mail.NoSuchHost},
		{"the port", whole, func(s *mail.Server) { s.Port = closed }, nil, mail.NoConnection},
		{"a certificate for another name", wrongName, func(*mail.Server) {}, nil, mail.BadTLS},
		{"a certificate of a stranger", whole, func(s *mail.Server) { s.Roots = wrongName.Server.Roots }, nil, mail.BadTLS},
		{"TLS where there is none", plain, func(s *mail.Server) { s.Security = mail.TLS }, nil, mail.BadTLS},
		{"STARTTLS where there is none", plain, func(s *mail.Server) { s.Security = mail.STARTTLS }, nil, mail.NoSTARTTLS},
		{"the password", whole, func(s *mail.Server) { s.Password = "salah" }, nil, mail.BadLogin},
		{"the sender", whole, func(s *mail.Server) { s.From = postoffice.BadSender }, nil, mail.BadSender},
		{"the recipient", whole, func(*mail.Server) {}, func(int) error { return postoffice.Answers(550, "no such user") }, mail.BadRecipient},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := c.at.Server
			c.change(&s)
			c.at.Told(c.atRcpt, nil)
			err := s.Try(t.Context(), letter("siti@contoh.id"), models.MillisOf(time.Now()))
			trouble, _ := errors.AsType[*mail.Error](err)
			if c.want == "" && err != nil || c.want != "" && (trouble == nil || trouble.Code != c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), postoffice.Secret) {
				t.Errorf("the password stands in %q", err)
			}
		})
	}
}

func TestAPasswordIsNotSentInTheClear(t *testing.T) {
	s := mail.Server{Host: "mail.contoh.id", Security: mail.Plain, User: postoffice.User, Password: postoffice.Secret, From: "hadir@contoh.id"}
	if err := s.Check(); err == nil {
		t.Error("a password over a plain line is taken")
	}
	if err := (mail.Server{}).Check(); err != nil {
		t.Errorf("no server at all: %v", err)
	}
	if err := (mail.Server{Host: "mail.contoh.id", From: "nobody"}).Check(); !errors.Is(err, mail.ErrAddress) {
		t.Errorf("a sender that is none: %v", err)
	}
}
