// Package ics writes schedules as calendars that other programs subscribe to
// (RFC 5545, with the properties of RFC 7986).
//
// Equal events make equal bytes: no clock is read, so that a calendar that did not
// change is not sent again.
package ics

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode"

	ical "github.com/arran4/golang-ical"

	"buktihadir/models"
)

// MediaType is the media type of a calendar.
const MediaType = "text/calendar; charset=utf-8"

// refresh is how often programs may ask for a subscribed calendar again.
const refresh = "PT1H"

// Calendar is a schedule.
type Calendar struct {
	Name   string
	Lang   string // of its words, BCP 47
	Events []Event
}

// Event is a meeting. UID is the same for as long as it exists; Sequence counts how
// often it was another one.
type Event struct {
	UID                           string
	Sequence                      int
	Starts, Ends, Changed         models.Millis
	Zone                          models.Zone
	Summary, Description, Address string
	Latitude, Longitude           *float64 // degrees; nil if unknown
	Cancelled                     bool
	Remind                        []time.Duration // before it starts
}

// Write gives the calendar's bytes.
func Write(c Calendar) ([]byte, error) {
	cal := ical.NewCalendar()
	cal.SetProductId("-//Bukti Hadir//" + strings.ToUpper(c.Lang))
	cal.SetCalscale("GREGORIAN")
	cal.SetName(plain(c.Name))
	cal.SetRefreshInterval(refresh)
	cal.SetXPublishedTTL(refresh)
	zones := map[models.Zone]bool{}
	for _, e := range c.Events {
		if !zones[e.Zone] {
			zones[e.Zone] = true
			cal.AddVTimezone(timezone(e.Zone))
		}
	}
	for _, e := range c.Events {
		cal.AddVEvent(event(e))
	}
	var b bytes.Buffer
	if err := cal.SerializeTo(&b, ical.WithNewLine("\r\n")); err != nil {
		return nil, fmt.Errorf("write a calendar: %w", err)
	}
	return b.Bytes(), nil
}

func event(e Event) *ical.VEvent {
	v := ical.NewEvent(e.UID)
	v.SetDtStampTime(e.Changed.Time()) // without a METHOD, it is when the event last changed
	v.SetModifiedAt(e.Changed.Time())
	v.SetSequence(e.Sequence)
	v.SetProperty(ical.ComponentPropertyDtStart, wall(e.Starts, e.Zone), ical.WithTZID(tzid(e.Zone)))
	v.SetProperty(ical.ComponentPropertyDtEnd, wall(e.Ends, e.Zone), ical.WithTZID(tzid(e.Zone)))
	v.SetSummary(plain(e.Summary))
	if e.Description != "" {
		v.SetDescription(plain(e.Description))
	}
	if e.Address != "" {
		v.SetLocation(plain(e.Address))
	}
	if e.Latitude != nil && e.Longitude != nil {
		v.SetGeo(fmt.Sprintf("%.6f", *e.Latitude), fmt.Sprintf("%.6f", *e.Longitude))
	}
	status := ical.ObjectStatusConfirmed
	if e.Cancelled {
		status = ical.ObjectStatusCancelled
		v.SetTimeTransparency(ical.TransparencyTransparent)
	}
	v.SetStatus(status)
	for _, before := range e.Remind {
		if !e.Cancelled { // RFC 5545 §3.6.6
			a := v.AddAlarm()
			a.SetAction(ical.ActionDisplay)
			a.SetDescription(plain(e.Summary))
			a.SetTrigger(fmt.Sprintf("-PT%dM", before/time.Minute))
		}
	}
	return v
}

// timezone is a zone's rule. Indonesia's zones have no summer time, so one offset since
// the present zones began (1 January 1988, Keppres 41/1987) is enough.
func timezone(z models.Zone) *ical.VTimezone {
	_, seconds := time.Time{}.In(z.Location()).Zone()
	offset := fmt.Sprintf("+%02d00", seconds/3600)
	standard := ical.NewStandard()
	standard.SetProperty(ical.ComponentPropertyDtStart, "19880101T000000")
	standard.SetProperty(ical.ComponentProperty(ical.PropertyTzoffsetfrom), offset)
	standard.SetProperty(ical.ComponentProperty(ical.PropertyTzoffsetto), offset)
	standard.SetProperty(ical.ComponentProperty(ical.PropertyTzname), string(z))
	v := ical.NewTimezone(tzid(z))
	v.Components = append(v.Components, standard)
	return v
}

// tzid names a zone as the IANA database does, which programs know even where they
// ignore a calendar's own rules.
func tzid(z models.Zone) string {
	switch z {
	case models.ZoneWIB:
		return "Asia/Jakarta"
	case models.ZoneWITA:
		return "Asia/Makassar"
	case models.ZoneWIT:
		return "Asia/Jayapura"
	}
	return "Etc/UTC"
}

func wall(at models.Millis, z models.Zone) string {
	return at.Time().In(z.Location()).Format("20060102T150405")
}

// plain drops characters that a calendar's text must not have: control characters would
// end a line and begin another one.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}
