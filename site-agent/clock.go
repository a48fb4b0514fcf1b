package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/web/station"
)

type clockCmd struct {
	Right bool   `help:"Confirm that this machine's clock is right." xor:"clock"`
	Set   string `help:"The right time, in the site's zone." placeholder:"\"2026-01-31 08:00\"" xor:"clock"`
}

// Run prints the desk's time, or records the time that staff confirm.
func (c *clockCmd) Run(a *app) error {
	d, err := a.openDesk()
	if err != nil {
		return err
	}
	defer d.Close()
	status, err := d.Status(a.ctx)
	if err != nil {
		return err
	}
	at := d.Now()
	if c.Set != "" {
		t, err := time.ParseInLocation("2006-01-02 15:04", c.Set, status.Site.Zone.Location())
		if err != nil {
			return errors.New(a.text("clock.unreadable"))
		}
		at = models.MillisOf(t)
	}
	switch {
	case c.Set != "":
		err = d.SetTime(a.ctx, at, uuid.Nil)
	case c.Right:
		err = d.ConfirmTime(a.ctx, at, uuid.Nil)
	default:
		return a.say("clock.terminal_says", "Time", a.timeIn(at, status.Site.Zone), "Confidence", a.confidence(status))
	}
	if text, ok := station.ClockProblem(err, a.timeIn(d.Now(), status.Site.Zone)); ok {
		return errors.New(a.text(text.Key, text.Args...))
	}
	if err != nil {
		return err
	}
	return a.say("clock.terminal_set", "Time", a.timeIn(d.Now(), status.Site.Zone))
}

// confidence says how sure the desk's time is, and by whom.
func (a *app) confidence(s desk.Status) string {
	if s.Confirmed && s.Clock != models.ConfidenceSynced {
		return a.text("clock.by_staff")
	}
	return a.text("confidence." + string(s.Clock))
}

func (a *app) timeIn(at models.Millis, zone models.Zone) string {
	return a.pages.Texts.Formats(a.Lang).DateTime(at, zone)
}

// warnOfClock warns on standard error that nobody has confirmed the clock yet. Standard
// output is for the results of scans.
func (a *app) warnOfClock(d *desk.Desk) error {
	if !d.AsksForTime() {
		return nil
	}
	status, err := d.Status(a.ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(a.stderr, a.text("clock.terminal", "Time", a.timeIn(d.Now(), status.Site.Zone)))
	return err
}
