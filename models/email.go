package models

import (
	"errors"
	netmail "net/mail"
	"strings"
	"unicode"
)

// ErrEmail says that a text is not a plain e-mail address.
var ErrEmail = errors.New("no e-mail address")

// maxEmail is the longest address that a mail server takes (RFC 5321 §4.5.3.1.3, less
// the brackets).
const maxEmail = 254

// ParseEmail reads user@host and ignores blanks around it. It writes the host in lower
// case and keeps the user part unchanged.
func ParseEmail(s string) (string, error) {
	s = strings.TrimSpace(s)
	if !PlainEmail(s) {
		return "", ErrEmail
	}
	i := strings.LastIndexByte(s, '@')
	if !strings.Contains(s[i:], ".") {
		return "", ErrEmail
	}
	return s[:i] + strings.ToLower(s[i:]), nil
}

// PlainEmail says that a text is user@host and nothing around it.
func PlainEmail(s string) bool {
	at, err := netmail.ParseAddress(s)
	return err == nil && at.Address == s && len(s) <= maxEmail && !strings.ContainsFunc(s, unicode.IsControl) && !strings.ContainsAny(s, " <>\"")
}

// MaskedEmail shows the first letter and the host.
func MaskedEmail(s string) string {
	name, host, ok := strings.Cut(s, "@")
	if !ok || name == "" {
		return ""
	}
	return string([]rune(name)[0]) + "…@" + host
}
