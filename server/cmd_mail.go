package main

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"

	"buktihadir/server/mail"
)

// mailFlags describe the mail server that takes the office's mail. Without a host no mail
// is sent, and the pages say what to set.
type mailFlags struct {
	Host         string        `help:"Mail server (SMTP) for the office's email; without it, no email is sent." placeholder:"NAME" env:"BUKTI_HADIR_MAIL_HOST"`
	Port         int           `help:"Port of the mail server; 0 means 587, or 465 with tls." env:"BUKTI_HADIR_MAIL_PORT"`
	Security     mail.Security `help:"How the connection is secured: starttls, tls or none." enum:"starttls,tls,none" default:"starttls" env:"BUKTI_HADIR_MAIL_SECURITY"`
	User         string        `help:"User to sign in with; without it, no login." env:"BUKTI_HADIR_MAIL_USER"`
	PasswordFile string        `help:"File with the password; or set BUKTI_HADIR_MAIL_PASSWORD." placeholder:"FILE" env:"BUKTI_HADIR_MAIL_PASSWORD_FILE"`
	From         string        `help:"Address that mail comes from: user@host or \"Name <user@host>\"." placeholder:"ADDRESS" env:"BUKTI_HADIR_MAIL_FROM"`
	Authority    string        `help:"File with the CA certificates of the mail server, if this machine doesn't trust them." placeholder:"FILE" env:"BUKTI_HADIR_MAIL_AUTHORITY"`
}

// server is the mail server of the configuration, or the zero value. The password is not
// a flag, because everybody on a machine can see a program's flags.
func (m mailFlags) server() (mail.Server, error) {
	s := mail.Server{Host: m.Host, Port: m.Port, Security: m.Security, User: m.User, From: m.From, Password: os.Getenv("BUKTI_HADIR_MAIL_PASSWORD")}
	if !s.On() {
		return s, nil
	}
	if m.PasswordFile != "" {
		text, err := os.ReadFile(m.PasswordFile)
		if err != nil {
			return s, fmt.Errorf("the mail server's password: %w", err)
		}
		s.Password = strings.TrimRight(string(text), "\r\n")
	}
	if m.Authority != "" {
		text, err := os.ReadFile(m.Authority)
		if err != nil {
			return s, fmt.Errorf("the mail server's authority: %w", err)
		}
		if s.Roots = x509.NewCertPool(); !s.Roots.AppendCertsFromPEM(text) {
			return s, fmt.Errorf("the mail server's authority: %s holds no certificate", m.Authority)
		}
	}
	return s, s.Check()
}

type mailCmd struct {
	Test mailTestCmd `cmd:"" help:"Send a test email at once; if that fails, say why."`
}

type mailTestCmd struct {
	To   string    `required:"" help:"Recipient." placeholder:"ADDRESS"`
	Mail mailFlags `embed:"" prefix:"mail-"`
}

// Run sends a mail that says nothing but that it came.
func (c *mailTestCmd) Run(a *app) error {
	s, err := c.Mail.server()
	if err != nil {
		return err
	}
	if !s.On() {
		return errors.New(a.Say("mail.off_terminal"))
	}
	err = s.Try(a.ctx, mail.Letter{Address: c.To, Subject: a.Say("mail.test_subject"), Text: a.Say("mail.test_text") + "\n"}, a.Now())
	if errors.Is(err, mail.ErrAddress) {
		return errors.New(a.Say("mail.address_wrong", "Address", c.To))
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(a.Stdout, a.Say("mail.test_done", "Address", c.To, "Host", s.Host))
	return nil
}
