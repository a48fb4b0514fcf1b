package checkin

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/site-agent/roster"
	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

type labelBody struct {
	Person  roster.Person
	Session *page.Count // today's of their class; nil: there is none
	Size    page.LabelSize
	Letters string // class of the name's size
}

// SizeText names the size.
func (b labelBody) SizeText() templates.Text { return b.Size.Text() }

// LabelPage shows the label page.
func (h *Handlers) LabelPage(c *gin.Context, v page.Visitor) {
	id, err := uuid.Parse(c.Query("person"))
	person, known := h.Desk.Person(id)
	if err != nil || !known {
		h.ShowError(c, http.StatusNotFound, "not_found")
		return
	}
	body := labelBody{Person: person, Size: page.Labels(c.Request)}
	if body.Size == page.NoLabels {
		body.Size = page.Tape
	}
	counts := h.Counts()
	for i, n := range counts {
		if n.Class == person.Class && (body.Session == nil || n.Now && !body.Session.Now) {
			body.Session = &counts[i]
		}
	}
	body.Letters = lettersFor(person.Name, body.Size)
	page := templates.Page[labelBody]{Frame: h.Frame(c, "desk.search", v), Body: body}
	page.Title = templates.Say("label.title", "Name", person.Name)
	h.Render(c, http.StatusOK, "agent/label", "layout", page)
}

// lettersFor is the largest size in which a name fits its part of a label, whatever font
// the machine has: letters are counted as wide as capitals of a wide bold one. label.css has
// the sizes.
func lettersFor(name string, size page.LabelSize) string {
	const wide, high = 0.74, 1.1                         // of a letter and of a line, in letters' size
	sizes := []float64{12, 9, 7.5, 6, 5, 4, 3, 2.2, 1.6} // in millimetres
	room := [2]float64{58, 13.3}
	if size == page.Wristband {
		room = [2]float64{90, 20}
	}
	i := slices.IndexFunc(sizes, func(letters float64) bool {
		lines, broken := linesOf(name, int(room[0]/(letters*wide)))
		return float64(lines)*letters*high <= room[1] && (!broken || letters <= 3) // a word is broken only where it has to be
	})
	if i < 0 {
		i = len(sizes) - 1
	}
	return "letters-" + strconv.Itoa(i)
}

// linesOf counts the lines of so many letters that a text takes, and says whether a word of it
// is longer than a line.
func linesOf(text string, each int) (lines int, broken bool) {
	free := 0
	for word := range strings.FieldsSeq(text) {
		n := utf8.RuneCountInString(word)
		if n < free { // and a blank before it
			free -= n + 1
			continue
		}
		broken = broken || n > each
		lines += (n + each - 1) / each
		free = (each - n%each) % each
	}
	return lines, broken
}
