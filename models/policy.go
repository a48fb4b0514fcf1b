package models

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Policy is every number that attendance is judged by. A pilot has one, a class
// may have its own; each change raises Version, and the policy travels with the
// roster. Minutes are whole minutes, shares are percent, SpotCheck is per mille.
type Policy struct {
	Version         int  `json:"version" cbor:"0,keyasint"`
	CheckInBefore   int  `json:"check_in_before" cbor:"1,keyasint"`            // minutes before start from which check-in is open
	CheckInAfter    int  `json:"check_in_after" cbor:"2,keyasint"`             // minutes after start until which it is open
	LateAfter       int  `json:"late_after" cbor:"3,keyasint"`                 // minutes after start within which an arrival is on time
	CheckOut        bool `json:"check_out" cbor:"4,keyasint"`                  // a check-out is asked for
	CheckOutBefore  int  `json:"check_out_before" cbor:"5,keyasint"`           // minutes before end from which check-out is open
	CheckOutAfter   int  `json:"check_out_after" cbor:"6,keyasint"`            // minutes after end until which it is open
	MinStay         int  `json:"min_stay" cbor:"7,keyasint"`                   // minutes after which a second scan is a check-out in any case
	OpenStay        int  `json:"open_stay" cbor:"8,keyasint"`                  // minutes counted for a stay with no check-out where one is asked for
	Reentry         bool `json:"reentry" cbor:"9,keyasint"`                    // a new check-in after a check-out is accepted
	MinutesShare    int  `json:"minutes_share" cbor:"10,keyasint"`             // percent of a session's minutes that count as having stayed
	SessionsShare   int  `json:"sessions_share" cbor:"11,keyasint"`            // percent of a class's sessions needed to complete it
	SpotCheck       int  `json:"spot_check" cbor:"12,keyasint"`                // per mille of scans at which the ID card is asked for
	LiveOnly        bool `json:"live_only" cbor:"13,keyasint"`                 // printed (static) tickets are refused
	StaleWarns      bool `json:"stale_warns" cbor:"14,keyasint"`               // an old rotating code is accepted with a flag, not refused
	LateUpload      int  `json:"late_upload" cbor:"15,keyasint"`               // hours after a session's end from which an upload is flagged
	NewcomersExempt bool `json:"newcomers_exempt" cbor:"16,keyasint,omitzero"` // sessions before somebody was enrolled are not asked of them

	// Hours says what it means that a class gives fewer hours than its course has; "" is HoursWarn.
	Hours HoursRule `json:"hours,omitempty" cbor:"17,keyasint,omitempty"`
}

// HoursRule is what it means that a class's sessions give fewer hours than its course has.
type HoursRule string

// The rules, from the mildest on.
const (
	HoursIgnore  HoursRule = "ignore"  // nothing
	HoursWarn    HoursRule = "warn"    // it is said where the class is planned and closed
	HoursRequire HoursRule = "require" // and nobody completes the class who attended less than SessionsShare of the course's hours
)

// HoursRules lists them.
func HoursRules() []HoursRule { return []HoursRule{HoursIgnore, HoursWarn, HoursRequire} }

// HoursRule is the rule in force. A policy from before there was one warns.
func (p Policy) HoursRule() HoursRule { return cmp.Or(p.Hours, HoursWarn) }

// Minutes is how long something is; texts write it in hours.
type Minutes int

// DefaultPolicy is the policy that a new pilot starts with. The programme office may
// change every number; they are not official rules.
func DefaultPolicy() Policy {
	return Policy{
		Version: 1, CheckInBefore: 60, CheckInAfter: 60, LateAfter: 15,
		CheckOut: true, CheckOutBefore: 30, CheckOutAfter: 120, MinStay: 60, OpenStay: 0, Reentry: true,
		MinutesShare: 80, SessionsShare: 100, LateUpload: 72, Hours: HoursWarn,
	}
}

// ErrPolicy is wrapped by every refusal of Policy.Check.
var ErrPolicy = errors.New("policy out of range")

// PolicyField names a number of a policy, as files do.
type PolicyField string

// PolicyError says which number of a policy makes no sense: it may be 0 to Most. Where Most
// is 0, it is no number but a choice.
type PolicyError struct {
	Field     PolicyField
	Got, Most int
}

func (e *PolicyError) Error() string {
	if e.Most == 0 {
		return fmt.Sprintf("%v: %s is none of its choices", ErrPolicy, e.Field)
	}
	return fmt.Sprintf("%v: %s is %d, want 0 to %d", ErrPolicy, e.Field, e.Got, e.Most)
}

// Unwrap gives ErrPolicy.
func (e *PolicyError) Unwrap() error { return ErrPolicy }

// Check says which number of the policy makes no sense, as a PolicyError.
func (p Policy) Check() error {
	const day = 24 * 60
	for _, c := range []struct {
		name     PolicyField
		got, max int
	}{
		{"check_in_before", p.CheckInBefore, day}, {"check_in_after", p.CheckInAfter, day},
		{"late_after", p.LateAfter, day}, {"check_out_before", p.CheckOutBefore, day},
		{"check_out_after", p.CheckOutAfter, day}, {"min_stay", p.MinStay, day}, {"open_stay", p.OpenStay, day},
		{"minutes_share", p.MinutesShare, 100}, {"sessions_share", p.SessionsShare, 100},
		{"spot_check", p.SpotCheck, 1000}, {"late_upload", p.LateUpload, 365 * 24},
	} {
		if c.got < 0 || c.got > c.max {
			return &PolicyError{c.name, c.got, c.max}
		}
	}
	if !slices.Contains(HoursRules(), p.HoursRule()) {
		return &PolicyError{Field: "hours"}
	}
	return nil
}
