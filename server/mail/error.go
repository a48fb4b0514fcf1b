package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/textproto"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// Code is what kept a letter from being taken. Its text is "mail.trouble_" and the code.
type Code string

// The codes.
const (
	NoSuchHost   Code = "dns"       // the mail server's name leads nowhere
	NoConnection Code = "connect"   // no program listens there, or a firewall is between
	BadTLS       Code = "tls"       // its certificate is not for it, or not trusted
	NoSTARTTLS   Code = "starttls"  // it offers no encryption
	BadLogin     Code = "login"     // user or password
	BadSender    Code = "sender"    // it doesn't take mail from this address
	BadRecipient Code = "recipient" // it doesn't know, or want, the recipient
	BadContent   Code = "content"   // it doesn't take what is in there: its size, mostly
	TimedOut     Code = "timeout"
	CutOff       Code = "cut"       // the line broke; the server may still have accepted the mail
	Withdrawn    Code = "withdrawn" // its receiver may not see it any more
	Unknown      Code = "unknown"
)

// Error says why a letter was not taken.
type Error struct {
	Code   Code
	Detail string // the answer of the server or the network
	Final  bool   // the server has refused this letter for good
	err    error
}

func (t *Error) Error() string { return "mail: " + string(t.Code) + ": " + t.Detail }

func (t *Error) Unwrap() error { return t.err }

// Message is the text to show.
func (t *Error) Message() (key string, args []any) {
	return "mail.trouble_" + string(t.Code), []any{"Detail", t.Detail}
}

// problem is the error as the outbox keeps it.
func (t *Error) problem() string { return strings.TrimSpace(string(t.Code) + " " + t.Detail) }

// ErrorOf reads an error as the outbox stores it; it is nil for the empty text.
func ErrorOf(problem string) *Error {
	if problem == "" {
		return nil
	}
	code, detail, _ := strings.Cut(problem, " ")
	return &Error{Code: Code(code), Detail: detail}
}

// detailSize is how much of an answer is kept.
const detailSize = 200

func newError(code Code, final bool, err error, detail string) *Error {
	if code, quoted, ok := strings.Cut(detail, " "); ok {
		if words, err := strconv.Unquote(quoted); err == nil {
			detail = code + " " + words
		}
	}
	if detail = oneLine(detail); len(detail) > detailSize {
		detail = strings.ToValidUTF8(detail[:detailSize], "") + "…"
	}
	return &Error{code, detail, final, err}
}

// errorOfCall says what is wrong with the way to the server, or with the login: never
// with a letter.
func errorOfCall(err error) *Error {
	code := ofLine(err)
	_, unproven := errors.AsType[*tls.CertificateVerificationError](err)
	_, noTLS := errors.AsType[tls.RecordHeaderError](err)
	said, answered := errors.AsType[*textproto.Error](err)
	switch {
	case unproven || noTLS:
		code = BadTLS
	case answered && said.Code/10 == 53, answered && said.Code == 454, strings.Contains(err.Error(), "SMTP AUTH"):
		code = BadLogin
	case strings.Contains(err.Error(), "not support STARTTLS"): // the library has no name for it
		code = NoSTARTTLS
	}
	detail := err.Error()
	if answered {
		detail = said.Error()
	}
	return newError(code, false, err, detail)
}

// ofLine says what is wrong with the network, if it is that.
func ofLine(err error) Code {
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return NoSuchHost
	}
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() || errors.Is(err, context.DeadlineExceeded) {
		return TimedOut
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return NoConnection
	}
	if _, ok := errors.AsType[*textproto.Error](err); ok {
		return Unknown
	}
	return CutOff
}

// errorOfSending says what is wrong with a letter, or with the line since the call. A
// sender that is refused is for the office to mend, so that the letter waits.
func errorOfSending(err error) *Error {
	sent, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		return newError(Unknown, false, err, err.Error())
	}
	said, _, _ := strings.Cut(sent.Error(), ", affected ") // the library hides what it wraps
	said = strings.TrimPrefix(said, sent.Reason.String()+": ")
	final := sent.ErrorCode()/100 == 5
	switch {
	case sent.ErrorCode() == 0 && strings.Contains(said, "timeout"):
		return newError(TimedOut, false, err, said)
	case sent.ErrorCode() == 0, sent.ErrorCode() == 421: // RFC 5321 §3.8: the server hangs up
		return newError(CutOff, false, err, said)
	case sent.Reason == gomail.ErrSMTPRcptTo:
		return newError(BadRecipient, final, err, said)
	case sent.Reason == gomail.ErrSMTPMailFrom:
		return newError(BadSender, false, err, said)
	}
	return newError(BadContent, final, err, said)
}
