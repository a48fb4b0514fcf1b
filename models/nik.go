package models

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
	"unicode"
)

// NIK is a national ID number (nomor induk kependudukan): sixteen digits, of
// which six name the region that issued it, six the birth date as DDMMYY with
// 40 added to the day for women, and four are a serial number.
//
// A NIK never changes, even if it is wrong, so ParseNIK refuses only an impossible one;
// Warnings lists the rest. If it is printed, logged, rendered or written as JSON or XML
// it is Masked; string(n) is the number itself, for the store to encrypt. Package fmt
// cannot see this method through an unexported field.
type NIK string

// NIKError is the reason why a text is not a NIK. It names the fault and never the text.
type NIKError string

// The faults of a NIK.
const (
	NIKNotSixteenDigits NIKError = "not_sixteen_digits"
	NIKImpossibleDay    NIKError = "impossible_day"
	NIKImpossibleMonth  NIKError = "impossible_month"
	NIKSerialZero       NIKError = "serial_zero"
)

func (e NIKError) Error() string { return "nik: " + strings.ReplaceAll(string(e), "_", " ") }

// ParseNIK reads a NIK, forgiving spaces, dots and hyphens. Its errors are NIKErrors.
func ParseNIK(s string) (NIK, error) {
	n := NIK(withoutPunctuation(s))
	if len(n) != 16 || !allDigits(string(n)) {
		return "", NIKNotSixteenDigits
	}
	d := n.Details()
	switch {
	case d.Month < 1 || d.Month > 12:
		return "", NIKImpossibleMonth
	case d.Day < 1 || d.Day > longestDay(d.Month):
		return "", NIKImpossibleDay
	case d.Serial == "0000":
		return "", NIKSerialZero
	}
	return n, nil
}

// longestDay is the last day that a month ever has. A 29 February of a wrong
// year is a wrong birth date, thus a warning.
func longestDay(month int) int {
	const leapYear = 2000
	return time.Date(leapYear, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// NIKDetails is what the digits of a NIK say.
type NIKDetails struct {
	Region string // six digits: province, regency, district
	Day    int
	Month  int
	Year   int // of the century
	Female bool
	Serial string
}

// Regency returns the Kemendagri code of the regency, "31.71".
func (d NIKDetails) Regency() string { return d.Region[:2] + "." + d.Region[2:4] }

// Details reads a NIK that ParseNIK returned. It is zero for any other text.
func (n NIK) Details() NIKDetails {
	if len(n) != 16 || !allDigits(string(n)) {
		return NIKDetails{Region: "000000", Serial: "0000"}
	}
	d := NIKDetails{
		Region: string(n[:6]),
		Day:    number(n[6:8]),
		Month:  number(n[8:10]),
		Year:   number(n[10:12]),
		Serial: string(n[12:]),
	}
	if d.Day > 40 {
		d.Day, d.Female = d.Day-40, true
	}
	return d
}

// number reads two digits.
func number(n NIK) int { return int(n[0]-'0')*10 + int(n[1]-'0') }

// Sex is the sex on the ID card.
type Sex string

// The sexes on the ID card; "" is not known.
const (
	SexMale   Sex = "male"
	SexFemale Sex = "female"
)

// NIKWarning is a mismatch between a NIK and other data of its holder.
type NIKWarning string

// The warnings.
const (
	NIKOtherBirthDate NIKWarning = "birth_date_mismatch"
	NIKOtherSex       NIKWarning = "sex_mismatch"
	NIKUnknownRegion  NIKWarning = "region_unknown"
)

// Warnings compares the NIK with its holder's birth date and sex, each left out
// when not known, and asks whether its regency ("31.71") was ever one.
func (n NIK) Warnings(born LocalDate, sex Sex, knownRegency func(code string) bool) []NIKWarning {
	d := n.Details()
	var found []NIKWarning
	if born != "" && !d.bornOn(born) {
		found = append(found, NIKOtherBirthDate)
	}
	if sex != "" && d.Female != (sex == SexFemale) {
		found = append(found, NIKOtherSex)
	}
	if !knownRegency(d.Regency()) {
		found = append(found, NIKUnknownRegion)
	}
	return found
}

func (d NIKDetails) bornOn(date LocalDate) bool {
	return date.Valid() && string(date[2:]) == fmt.Sprintf("%02d-%02d-%02d", d.Year, d.Month, d.Day)
}

// LastFour is what the desk compares with the ID card.
func (n NIK) LastFour() string {
	if len(n) < 4 {
		return ""
	}
	return string(n[len(n)-4:])
}

// Masked shows the last four digits only.
func (n NIK) Masked() string { return masked("", string(n), 4) }

// String is Masked, for templates.
func (n NIK) String() string { return n.Masked() }

// Format writes the masked form for every verb, including %x and %#v.
func (n NIK) Format(f fmt.State, _ rune) { printMasked(f, n.Masked()) }

// LogValue masks it in logs.
func (n NIK) LogValue() slog.Value { return slog.StringValue(n.Masked()) }

// MarshalText masks it in JSON and XML, so that no export leaks it by accident.
func (n NIK) MarshalText() ([]byte, error) { return []byte(n.Masked()), nil }

// masked shows prefix, a star for each hidden character, and the last few.
func masked(prefix, s string, last int) string {
	hidden := len(s) - last - len(prefix)
	if hidden <= 0 || !strings.HasPrefix(s, prefix) {
		return strings.Repeat("*", len(s))
	}
	return prefix + strings.Repeat("*", hidden) + s[len(s)-last:]
}

func printMasked(f fmt.State, text string) {
	// A failed write is the printer's to report, as with every Formatter.
	_, _ = io.WriteString(f, text)
}

// withoutPunctuation drops what people and spreadsheets put between digits:
// spaces, dots, hyphens, brackets and invisible marks.
func withoutPunctuation(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.In(r, unicode.Cf, unicode.Pd) || strings.ContainsRune(".()", r) {
			return -1
		}
		return r
	}, s)
}

func allDigits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}
