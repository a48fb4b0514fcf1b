package templates

import (
	"strconv"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"buktihadir/models"
	"buktihadir/models/attendance"
)

// Formats writes dates and figures as a language's readers expect them.
type Formats struct {
	lang    Lang
	texts   *Texts
	printer *message.Printer
}

// Formats returns the formats of a language.
func (x *Texts) Formats(lang Lang) Formats {
	return Formats{lang: lang, texts: x, printer: message.NewPrinter(language.Make(string(lang)))}
}

// missing stands where a value is not set.
const missing = "–"

// Clock writes "08.00 WIB", in both languages as Indonesian schedules do.
func (f Formats) Clock(at models.Millis, zone models.Zone) string {
	if at == 0 {
		return missing
	}
	return at.Time().In(zone.Location()).Format("15.04") + " " + zoneName(zone)
}

// ClockSeconds is Clock to the second, for events that follow each other closely.
func (f Formats) ClockSeconds(at models.Millis, zone models.Zone) string {
	if at == 0 {
		return missing
	}
	return at.Time().In(zone.Location()).Format("15.04.05") + " " + zoneName(zone)
}

func zoneName(zone models.Zone) string {
	if zone.Valid() {
		return string(zone)
	}
	return "UTC"
}

// Hours writes a span, "08.00–12.00 WIB"; "20.00–00.30 WIB (+1)" is over on the next day.
func (f Formats) Hours(from, to models.Millis, zone models.Zone) string {
	if from == 0 || to == 0 {
		return missing
	}
	span := from.Time().In(zone.Location()).Format("15.04") + "–" + f.Clock(to, zone)
	if zone.Date(to) > zone.Date(from) {
		span += " (+1)"
	}
	return span
}

// Lasting writes how long something is, "7,5 jam".
func (f Formats) Lasting(minutes int) string {
	hours := f.printer.Sprint(number.Decimal(float64(minutes)/60, number.MaxFractionDigits(2)))
	count := 1 // as languages count: 1 hour, 7.5 hours
	if minutes != 60 {
		count = 2
	}
	return f.texts.T(f.lang, "hours.count", "Count", count, "Hours", hours)
}

// Given writes what a class gives of its course's hours: planned, held, and what is lacking.
func (f Formats) Given(h attendance.Hours) string {
	text := f.texts.T(f.lang, "hours.given", "Planned", f.Lasting(h.Planned), "Held", f.Lasting(h.Held))
	if h.Owed() > 0 {
		text += "; " + f.texts.T(f.lang, "hours.owed", "Owed", f.Lasting(h.Owed()))
	}
	return text
}

// Date writes "Senin, 20 Juni 2022" or "Monday, 20 June 2022".
func (f Formats) Date(at models.Millis, zone models.Zone) string {
	if at == 0 {
		return missing
	}
	t := at.Time().In(zone.Location())
	day := f.texts.T(f.lang, "weekday."+strconv.Itoa(int(t.Weekday())))
	return day + ", " + f.calendarDay(t)
}

// Day writes a calendar date without its weekday, "20 Juni 2022".
func (f Formats) Day(d models.LocalDate) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return missing
	}
	return f.calendarDay(t)
}

func (f Formats) calendarDay(t time.Time) string {
	month := f.texts.T(f.lang, "month."+strconv.Itoa(int(t.Month())))
	return strconv.Itoa(t.Day()) + " " + month + " " + strconv.Itoa(t.Year())
}

// DateTime writes "Senin, 20 Juni 2022, 08.00 WIB".
func (f Formats) DateTime(at models.Millis, zone models.Zone) string {
	if at == 0 {
		return missing
	}
	return f.Date(at, zone) + ", " + f.Clock(at, zone)
}

// Ago writes how long before now something was, in its largest unit.
func (f Formats) Ago(at, now models.Millis) string {
	if at == 0 {
		return f.texts.T(f.lang, "ago.never")
	}
	past := now.Sub(at)
	switch {
	case past < time.Minute:
		return f.texts.T(f.lang, "ago.now")
	case past < time.Hour:
		return f.texts.T(f.lang, "ago.minutes", "Count", int(past.Minutes()))
	case past < 24*time.Hour:
		return f.texts.T(f.lang, "ago.hours", "Count", int(past.Hours()))
	}
	return f.texts.T(f.lang, "ago.days", "Count", int(past.Hours()/24))
}

// Number writes "12.800.000" (English "12,800,000").
func (f Formats) Number(n int64) string { return f.printer.Sprint(number.Decimal(n)) }

// Bytes writes "1,5 GB", in the units that disks are sold by (powers of ten).
func (f Formats) Bytes(n int64) string {
	value, unit := float64(n), "B"
	for _, next := range []string{"kB", "MB", "GB", "TB"} {
		if value < 1000 {
			break
		}
		value, unit = value/1000, next
	}
	digits := 0
	if value < 10 && unit != "B" {
		digits = 1
	}
	return f.printer.Sprint(number.Decimal(value, number.MaxFractionDigits(digits))) + "\u00a0" + unit
}

// Percent writes a share of 1 as "92,5 %", with one decimal where there is one.
func (f Formats) Percent(share float64) string {
	return f.printer.Sprint(number.Decimal(share*100, number.MaxFractionDigits(1))) + "\u00a0%"
}

// Rupiah writes "Rp600.000", in both languages alike.
func (f Formats) Rupiah(n int64) string { return models.Rupiah(n).String() }
