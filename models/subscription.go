package models

import "github.com/google/uuid"

// Subscription is a list that a user gets by mail again and again.
type Subscription struct {
	ID        uuid.UUID
	UserID    uuid.UUID // the user who gets it, within what they may see when it is sent
	Name      string
	List      string // the address of the page that shows it
	Period    Period // that a list of attendances is narrowed to
	Repeat    `gorm:"embedded"`
	Format    string // of the attached file; empty: no file
	Lang      string
	Active    bool
	Ended     string // why the server has stopped it; empty: it hasn't
	Author    string
	NextAt    Millis
	CreatedAt Millis `gorm:"autoCreateTime:milli"`
	UpdatedAt Millis `gorm:"autoUpdateTime:milli"`
}

// Repeat says when something is due again and again: at a full hour of a zone's clocks.
type Repeat struct {
	Every Every
	Day   int // of a week (0 is Sunday) or of a month (1 to 31; a shorter month's last one)
	Hour  int
	Zone  Zone
}

// Every is how often.
type Every string

// How often something can be due.
const (
	EveryDay   Every = "day"
	EveryWeek  Every = "week"
	EveryMonth Every = "month"
)

// Repeats lists how often something can be due.
func Repeats() []Every { return []Every{EveryDay, EveryWeek, EveryMonth} }

// Valid says whether there is such a repeat.
func (r Repeat) Valid() bool {
	days := map[Every][2]int{EveryDay: {0, 0}, EveryWeek: {0, 6}, EveryMonth: {1, 31}}
	span, ok := days[r.Every]
	return ok && span[0] <= r.Day && r.Day <= span[1] && 0 <= r.Hour && r.Hour <= 23 && r.Zone.Valid()
}

// Period is which sessions' days a list is about, seen from the day on which it is sent.
type Period string

// The periods.
const (
	PeriodAll       Period = "all"       // as the list itself says
	PeriodToday     Period = "today"     // the day itself
	PeriodYesterday Period = "yesterday" // the day before
	PeriodWeek      Period = "week"      // the seven days before
	PeriodMonth     Period = "month"     // the calendar month before
)

// Periods lists every period.
func Periods() []Period {
	return []Period{PeriodAll, PeriodToday, PeriodYesterday, PeriodWeek, PeriodMonth}
}

// SubscriptionRun is one time that a list was sent, or should have been.
type SubscriptionRun struct {
	ID             uuid.UUID
	SubscriptionID uuid.UUID
	DueAt          Millis
	Total          int64      // how long the list was
	File           string     // the result for the file: attached, too_large, none
	MailID         *uuid.UUID // nil: no mail was sent
	Problem        string     // why no mail was sent
	CreatedAt      Millis     `gorm:"autoCreateTime:milli"`
}
