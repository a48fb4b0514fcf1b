package templates

import "buktihadir/models"

// Field is one labelled input. A page builds it as a pipeline:
//
//	{{template "field" (field "email" "account.email" | value .Body.Email | kind "email" | required)}}
type Field struct {
	Name, Kind, Value, Autocomplete, InputMode, Pattern, Accept string
	Label, Hint, Problem                                        Text
	Required                                                    bool
	Rows                                                        int // > 0: a text area
	Options                                                     []Option
}

// Option is one choice of a select. Name is data, Text is by key.
type Option struct {
	Value, Name string
	Text        Text
}

// DescribedBy names the elements that explain the input.
func (f Field) DescribedBy() string {
	ids := ""
	if !f.Hint.Empty() {
		ids = f.Name + "-hint"
	}
	if !f.Problem.Empty() {
		ids += " " + f.Name + "-problem"
	}
	return ids
}

// Badge is a small label: never by colour alone, always with an icon or a letter and a text.
type Badge struct {
	Tone         Tone
	Icon, Letter string
	Text         Text
}

// StatusBadge is how an attendance status shows; the letters are those of printed attendance sheets.
func StatusBadge(s models.AttendanceStatus) Badge {
	b := Badge{Text: Say("status." + string(s))}
	switch s {
	case models.StatusPresent:
		b.Tone, b.Icon, b.Letter = Good, "check", "H"
	case models.StatusLate:
		b.Tone, b.Icon, b.Letter = Warn, "clock", "T"
	case models.StatusLeftEarly:
		b.Tone, b.Icon, b.Letter = Warn, "log-out", "P"
	case models.StatusExcused:
		b.Tone, b.Icon, b.Letter = Note, "file-text", "I"
	case models.StatusSick:
		b.Tone, b.Icon, b.Letter = Note, "thermometer", "S"
	case models.StatusAbsent:
		b.Tone, b.Icon, b.Letter = Bad, "x", "A"
	case models.StatusPending:
		b.Tone, b.Icon, b.Letter = Neutral, "hourglass", missing
	case models.StatusInside:
		b.Tone, b.Icon, b.Letter = Note, "log-in", "D"
	case models.StatusNotEnrolled:
		b.Tone, b.Icon, b.Letter = Neutral, "circle-dashed", missing
	case models.StatusUnverified:
		b.Tone, b.Icon, b.Letter = Neutral, "circle-question-mark", "?"
	default:
		b = Badge{Tone: Neutral, Icon: "circle-question-mark", Letter: "?", Text: Say("status.unverified")}
	}
	return b
}

// VerdictTone is the colour in which a desk shows a verdict (green, amber, red).
func VerdictTone(v models.Verdict) Tone {
	switch {
	// An unlisted one is accepted too, but staff have to compare its name: so this is asked first.
	case v.Repeated(), v == models.VerdictSpotCheck, v == models.VerdictUnlisted:
		return Warn
	case v.Accepted():
		return Good
	}
	return Bad
}

// Pagination is a list's pages. Prev and Next are addresses; "" where there is none.
type Pagination struct {
	Prev, Next      string
	From, To, Total int64 // rows shown, counted from 1; Total 0: not known
}

// Empty is what stands where a list has nothing.
type Empty struct {
	Icon         string
	Title, Text  Text
	Href, Button string // where to go from here; Button is a text's key
}

// Progress is how far something has come. Total 0 shows as running without an end.
type Progress struct {
	Label       Text
	Done, Total int64
}
