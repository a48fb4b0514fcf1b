package plan

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/server/store"
)

//go:embed holidays.csv
var holidayList []byte

// Holidays are the days off of a span: the ministers' list with what the office
// has added and taken away.
type Holidays map[models.LocalDate]models.Holiday

// HolidaysBetween reads the days off from one date to another, both included.
func HolidaysBetween(q store.Queries, from, to models.LocalDate) (Holidays, error) {
	list := Holidays{}
	r := csv.NewReader(bytes.NewReader(holidayList))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("list of holidays: %w", err)
	}
	for _, row := range rows {
		if day := models.LocalDate(row[0]); day >= from && day <= to {
			list[day] = models.Holiday{Day: day, Kind: models.HolidayKind(row[1]), Name: row[2], Off: true}
		}
	}
	rules, err := q.HolidayRules(from, to)
	for _, h := range rules {
		list[h.Day] = h
		if !h.Off {
			delete(list, h.Day)
		}
	}
	return list, err
}

// HolidaySource is where the list of a year is from.
type HolidaySource struct{ Decree, URL string }

var sourceLine = regexp.MustCompile(`(?m)^# (\d{4}): (.+) \((https://\S+)\)\.$`)

// HolidaysFrom tells the source of a year's list; ok is false for a year without one.
func HolidaysFrom(year string) (s HolidaySource, ok bool) {
	for _, m := range sourceLine.FindAllSubmatch(holidayList, -1) {
		if string(m[1]) == year {
			return HolidaySource{string(m[2]), string(m[3])}, true
		}
	}
	return s, false
}

// Sorted lists the days off by date.
func (h Holidays) Sorted() []models.Holiday {
	return slices.SortedFunc(maps.Values(h), func(a, b models.Holiday) int { return cmp.Compare(a.Day, b.Day) })
}

// mostHolidays is how many days off are added at once.
const mostHolidays = 100

// AddHolidays makes dates days off, all or none of them, from lines such as "2028-01-01
// Tahun Baru 2028 Masehi". It returns the number of days.
func (p *Service) AddHolidays(ctx context.Context, by office.Actor, lines, reason string) (int, error) {
	var days []models.Holiday
	for i, line := range strings.Split(strings.TrimSpace(lines), "\n") {
		date, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		h := models.Holiday{Day: models.LocalDate(date), Name: strings.TrimSpace(name), Kind: models.HolidayOwn, Off: true, Reason: reason}
		if date == "" {
			continue
		}
		if !h.Day.Valid() || h.Name == "" {
			return 0, office.RefuseField("lines", "holidays.bad_line", "Line", i+1, "Text", strings.TrimSpace(line))
		}
		days = append(days, h)
	}
	switch {
	case len(days) == 0:
		return 0, office.RefuseField("lines", "holidays.no_lines")
	case len(days) > mostHolidays:
		return 0, office.RefuseField("lines", "holidays.too_many", "Max", mostHolidays)
	}
	return len(days), p.setHolidays(ctx, by, "lines", days...)
}

// AddHoliday makes a date a day off.
func (p *Service) AddHoliday(ctx context.Context, by office.Actor, day models.LocalDate, name, reason string) error {
	if strings.TrimSpace(name) == "" {
		return office.RefuseField("name", "holidays.needs_name")
	}
	return p.setHolidays(ctx, by, "day", models.Holiday{Day: day, Name: strings.TrimSpace(name), Kind: models.HolidayOwn, Off: true, Reason: reason})
}

// RemoveHoliday makes a day off an ordinary day.
func (p *Service) RemoveHoliday(ctx context.Context, by office.Actor, day models.LocalDate, reason string) error {
	return p.setHolidays(ctx, by, "day", models.Holiday{Day: day, Reason: reason})
}

// setHolidays stores the office's entries for some days, all or none of them. Input names
// the form field that they come from.
func (p *Service) setHolidays(ctx context.Context, by office.Actor, input string, days ...models.Holiday) error {
	return p.st.Write(ctx, func(tx *store.Tx) error {
		for _, h := range days {
			if err := setHoliday(tx, by, h, input); err != nil {
				return err
			}
		}
		return nil
	})
}

func setHoliday(tx *store.Tx, by office.Actor, h models.Holiday, input string) error {
	h.Reason, h.Author = strings.TrimSpace(h.Reason), by.Name
	switch {
	case !h.Day.Valid():
		return office.RefuseField(input, "holidays.needs_day")
	case h.Reason == "":
		return office.ReasonNeeded()
	}
	known, err := HolidaysBetween(tx.Queries, h.Day, h.Day)
	if err != nil {
		return err
	}
	was, off := known[h.Day]
	action := "holiday.add"
	switch {
	case h.Off && off:
		return office.RefuseField(input, "holidays.is_off", "Name", was.Name, "Day", string(h.Day))
	case !h.Off && !off:
		return office.RefuseField(input, "holidays.not_off")
	case !h.Off:
		action, h.Name, h.Kind = "holiday.remove", was.Name, was.Kind
	}
	if err := tx.SaveHoliday(h); err != nil {
		return err
	}
	return by.Record(tx, office.Done{Action: action, Entity: "holiday", ID: string(h.Day), Detail: h.Name, Reason: h.Reason})
}
