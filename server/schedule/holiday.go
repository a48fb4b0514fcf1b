package schedule

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strings"

	"buktihadir/models"
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

// Sorted lists the days off by date.
func (h Holidays) Sorted() []models.Holiday {
	return slices.SortedFunc(maps.Values(h), func(a, b models.Holiday) int { return cmp.Compare(a.Day, b.Day) })
}

// AddHoliday makes a date a day off.
func (p *Planner) AddHoliday(ctx context.Context, by Actor, day models.LocalDate, name, reason string) error {
	if strings.TrimSpace(name) == "" {
		return refuse("holidays.needs_name").at("name")
	}
	return p.setHoliday(ctx, by, models.Holiday{Day: day, Name: strings.TrimSpace(name), Kind: models.HolidayOwn, Off: true, Reason: reason})
}

// RemoveHoliday makes a day off an ordinary day.
func (p *Planner) RemoveHoliday(ctx context.Context, by Actor, day models.LocalDate, reason string) error {
	return p.setHoliday(ctx, by, models.Holiday{Day: day, Reason: reason})
}

func (p *Planner) setHoliday(ctx context.Context, by Actor, h models.Holiday) error {
	h.Reason, h.Author = strings.TrimSpace(h.Reason), by.Name
	switch {
	case !h.Day.Valid():
		return refuse("holidays.needs_day").at("day")
	case h.Reason == "":
		return refuse("plan.reason_needed").at("reason")
	}
	return p.st.Write(ctx, func(tx *store.Tx) error {
		known, err := HolidaysBetween(tx.Queries, h.Day, h.Day)
		if err != nil {
			return err
		}
		was, off := known[h.Day]
		action := "holiday.add"
		switch {
		case h.Off && off:
			return refuse("holidays.is_off", "Name", was.Name).at("day")
		case !h.Off && !off:
			return refuse("holidays.not_off").at("day")
		case !h.Off:
			action, h.Name, h.Kind = "holiday.remove", was.Name, was.Kind
		}
		if err := tx.SaveHoliday(h); err != nil {
			return err
		}
		return by.record(tx, action, "holiday", string(h.Day), h.Name, h.Reason)
	})
}
