package models

import (
	"fmt"
	"log/slog"
	"strings"
)

// Phone is an Indonesian mobile number as "+628…". As a NIK, it is Masked
// wherever it is printed, and string(p) is the number itself.
type Phone string

// PhoneError is the reason why a text is not a mobile number. It names the fault and
// never the text.
type PhoneError string

// The faults of a phone number.
const (
	PhoneNotDigits   PhoneError = "not_digits"
	PhoneNotMobile   PhoneError = "not_mobile"
	PhoneWrongLength PhoneError = "wrong_length"
)

func (e PhoneError) Error() string { return "phone: " + strings.ReplaceAll(string(e), "_", " ") }

const phonePrefix = "+628"

// A mobile number has so many digits after the country code +62, with the leading 8:
// operators hand out numbers from 0811 plus six digits to 08xx plus nine.
const (
	minMobileDigits = 9
	maxMobileDigits = 12
)

// ParsePhone reads 08…, 628… and +628…, with spaces, dots, hyphens and brackets
// anywhere, and 8…, which a spreadsheet makes of 08…. Its errors are PhoneErrors.
func ParsePhone(s string) (Phone, error) {
	digits := strings.TrimPrefix(withoutPunctuation(s), "+")
	if digits == "" || !allDigits(digits) {
		return "", PhoneNotDigits
	}
	digits = strings.TrimPrefix(digits, "00")
	digits = strings.TrimPrefix(digits, "62")
	digits = strings.TrimPrefix(digits, "0")
	if !strings.HasPrefix(digits, "8") {
		return "", PhoneNotMobile
	}
	if len(digits) < minMobileDigits || len(digits) > maxMobileDigits {
		return "", PhoneWrongLength
	}
	return Phone("+62" + digits), nil
}

// Masked shows the last three digits only.
func (p Phone) Masked() string { return masked(phonePrefix, string(p), 3) }

// String is Masked, for templates.
func (p Phone) String() string { return p.Masked() }

// Format writes the masked form for every verb, including %x and %#v.
func (p Phone) Format(f fmt.State, _ rune) { printMasked(f, p.Masked()) }

// LogValue masks it in logs.
func (p Phone) LogValue() slog.Value { return slog.StringValue(p.Masked()) }

// MarshalText masks it in JSON and XML, so that no export leaks it by accident.
func (p Phone) MarshalText() ([]byte, error) { return []byte(p.Masked()), nil }
