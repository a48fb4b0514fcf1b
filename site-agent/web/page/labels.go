package page

import (
	"net/http"

	"buktihadir/templates"
)

// A device beside a label printer prints who has come, through its browser's own dialog.

const LabelsCookie = "labels"

// LabelSize is what this device's printer holds. Its text is "label.size_" and the value.
type LabelSize string

const (
	NoLabels  LabelSize = ""
	Tape      LabelSize = "label"     // 62 × 29 mm
	Wristband LabelSize = "wristband" // 25 × 250 mm
)

// Labels is which labels this device prints; none unless somebody has said so.
func Labels(r *http.Request) LabelSize {
	if c, err := r.Cookie(LabelsCookie); err == nil {
		return LabelSizeOf(c.Value)
	}
	return NoLabels
}

// LabelSizeOf reads a size; an unknown one is NoLabels.
func LabelSizeOf(said string) LabelSize {
	if x := LabelSize(said); x == Tape || x == Wristband {
		return x
	}
	return NoLabels
}

// LabelChoice is one setting of a device, as its page shows it.
type LabelChoice struct {
	Value  LabelSize
	Text   templates.Text
	Chosen bool
}

// LabelChoices lists the sizes, with the one that this device is set to.
func LabelChoices(r *http.Request) []LabelChoice {
	set := Labels(r)
	return []LabelChoice{{NoLabels, templates.Say("label.off"), set == NoLabels}, {Tape, Tape.Text(), set == Tape}, {Wristband, Wristband.Text(), set == Wristband}}
}

// Text names the size.
func (l LabelSize) Text() templates.Text { return templates.Say("label.size_" + string(l)) }
