package page

import (
	"slices"
	"time"

	"buktihadir/models"
	"buktihadir/site-agent/roster"
	"buktihadir/templates"
)

// Count is a session of today as pages show it.
type Count struct {
	roster.Count
	Now bool // it runs at this moment
}

// Out is who has come and left again.
func (n Count) Out() int { return n.Came - n.In }

// Arrived is who has come at all.
func (n Count) Arrived() int { return n.Came }

// Entry is one request of the past as pages show it.
type Entry struct {
	roster.Outcome
	Badge templates.Badge
}

func (e Entry) person() roster.Person {
	if e.Person == nil {
		return roster.Person{Name: e.TicketName}
	}
	return *e.Person
}

// Name is empty if the person is unknown, and so are Number and Class.
func (e Entry) Name() string { return e.person().Name }

// Number is the registration number.
func (e Entry) Number() string { return e.person().Number }

// Class is the code of the person's class.
func (e Entry) Class() string { return e.person().ClassCode }

// muchLater is from when on a list says when something was handed over, or keyed in.
const muchLater = time.Minute

// Later is when it came into the journal, if that was much later than it happened; else zero.
func (e Entry) Later() models.Millis {
	if e.Occurred.Sub(e.At()) < muchLater {
		return 0
	}
	return e.Occurred
}

// Voidable says that it counts and can be undone.
func (e Entry) Voidable() bool {
	return e.Kind != models.EventVoid && e.Verdict.Accepted() && !e.Voided
}

func badgeOf(o roster.Outcome) templates.Badge {
	tone := templates.VerdictTone(o.Verdict)
	b := templates.Badge{Tone: tone, Icon: tone.Icon(), Text: templates.Say("verdict." + string(o.Verdict))}
	switch {
	case o.Unseen && !o.Voided:
		b.Tone, b.Icon = templates.Warn, templates.Warn.Icon()
	case o.Kind == models.EventVoid, o.Voided:
		b = templates.Badge{Tone: templates.Neutral, Icon: "undo-2", Text: templates.Say("kind.void")}
	case o.Kind == models.EventWalkIn:
		b = templates.Badge{Tone: templates.Good, Icon: "plus", Text: templates.Say("kind.walk_in")}
	case o.Kind == models.EventNote:
		b = templates.Badge{Tone: templates.Note, Icon: "info", Text: templates.Say("kind.note")}
	case o.Kind == models.EventOverride, o.Kind == models.EventManual:
		b.Icon = "hand"
	}
	return b
}

// Entries lists the last n requests as pages show them.
func (k *Kit) Entries(n int) []Entry {
	recent := k.Desk.Recent(n)
	out := make([]Entry, 0, len(recent))
	for _, o := range recent {
		out = append(out, Entry{o, badgeOf(o)})
	}
	return out
}

// Counts counts today's sessions as pages show them.
func (k *Kit) Counts() []Count {
	now := k.Now()
	sessions := k.Desk.Sessions()
	out := make([]Count, 0, len(sessions))
	for _, n := range sessions {
		out = append(out, Count{n, n.Start <= now && now <= n.End})
	}
	return out
}

// Screen is what the pages share that show verdicts.
type Screen struct {
	Verdicts []models.Verdict
	Classes  []templates.Option
	Reasons  []templates.Option
	AtOnce   string // the reason of what is undone right after it was recorded
	// Supervisors may admit against a refusal, for one of the reasons Overrides.
	Supervisors []templates.Option
	Overrides   []templates.Option
	Self        templates.Option // the visitor, if a supervisor
	Live        Live
	Receipts    string // the address of receipts, which a code is added to
	Alone       bool   // for a phone that is on its own
	Place       string // the name of this paired device; empty: its page says
	PlaceFor    string // the classes that it is set to; empty: its page says
}

// Reasons lists the reasons that staff may choose. The journal keeps the Indonesian
// words, whatever language the page was in, because the programme office reads them.
func (k *Kit) Reasons(keys ...string) []templates.Option {
	var out []templates.Option
	for _, key := range keys {
		text := templates.Say("desk.reason." + key)
		out = append(out, templates.Option{Value: k.Pages.Texts.Say(templates.Indonesian, text), Text: text})
	}
	return out
}

// Screen prepares what the pages share that show verdicts.
func (k *Kit) Screen(v Visitor) Screen {
	x := Screen{
		Verdicts:  slices.DeleteFunc(models.Verdicts(), func(v models.Verdict) bool { return v == models.VerdictNone }),
		Receipts:  k.receipts,
		Reasons:   k.Reasons("phone_dead", "ticket_lost", "unreadable", "no_scanner"),
		Overrides: k.Reasons("excused", "plan_moved", "class_moved", "ticket_changed"),
		AtOnce:    k.Reasons("at_once")[0].Value,
	}
	for _, o := range k.Desk.Officers() {
		self := templates.Option{Value: o.ID.String(), Name: o.Name}
		if !o.Supervisor {
			continue
		}
		x.Supervisors = append(x.Supervisors, self)
		if o.ID == v.ID {
			x.Self = self
		}
	}
	for _, k := range k.Desk.Classes() {
		x.Classes = append(x.Classes, templates.Option{Value: k.ID.String(), Name: k.Code})
	}
	return x
}

// Listed is how far back the page of recent requests goes.
const Listed = 200

// Live is what pages keep up to date while they are open.
type Live struct {
	Sessions []Count
	Recent   []Entry
}

// LiveNow gives what open pages keep up to date.
func (k *Kit) LiveNow() Live { return Live{k.Counts(), k.Entries(recentShown)} }
