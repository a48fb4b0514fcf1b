package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/site-agent/roster"
	"buktihadir/templates"
)

// A device beside a label printer prints who has come, through its browser's own dialog.

const labelsCookie = "labels"

// labelSize is what this device's printer holds. Its text is "label.size_" and the value.
type labelSize string

const (
	noLabels  labelSize = ""
	tape      labelSize = "label"     // 62 × 29 mm
	wristband labelSize = "wristband" // 25 × 250 mm
)

func (s *Server) labelRoutes() []route {
	return []route{
		{http.MethodGet, "/label", officer, s.labelPage},
		{http.MethodPost, "/labels", officer, s.setLabels},
	}
}

// labels is which labels this device prints; none unless somebody has said so.
func labels(r *http.Request) labelSize {
	if c, err := r.Cookie(labelsCookie); err == nil {
		return labelSizeOf(c.Value)
	}
	return noLabels
}

func labelSizeOf(said string) labelSize {
	if x := labelSize(said); x == tape || x == wristband {
		return x
	}
	return noLabels
}

func (s *Server) setLabels(c *gin.Context, _ visitor) {
	keep(c, labelsCookie, string(labelSizeOf(c.PostForm("size"))))
	c.Redirect(http.StatusSeeOther, "/station?labels=saved")
}

// labelChoice is one setting of a device, as its page shows it.
type labelChoice struct {
	Value  labelSize
	Text   templates.Text
	Chosen bool
}

func labelChoices(r *http.Request) []labelChoice {
	set := labels(r)
	return []labelChoice{{noLabels, templates.Say("label.off"), set == noLabels}, {tape, tape.text(), set == tape}, {wristband, wristband.text(), set == wristband}}
}

func (l labelSize) text() templates.Text { return templates.Say("label.size_" + string(l)) }

type labelBody struct {
	Person  roster.Person
	Session *count // today's of their class; nil: there is none
	Size    labelSize
	Letters string // class of the name's size
}

// SizeText names the size.
func (b labelBody) SizeText() templates.Text { return b.Size.text() }

func (s *Server) labelPage(c *gin.Context, v visitor) {
	id, err := uuid.Parse(c.Query("person"))
	person, known := s.Desk.Person(id)
	if err != nil || !known {
		s.showError(c, http.StatusNotFound, "not_found")
		return
	}
	body := labelBody{Person: person, Size: labels(c.Request)}
	if body.Size == noLabels {
		body.Size = tape
	}
	counts := s.counts()
	for i, n := range counts {
		if n.Class == person.Class && (body.Session == nil || n.Now && !body.Session.Now) {
			body.Session = &counts[i]
		}
	}
	body.Letters = lettersFor(person.Name, body.Size)
	page := templates.Page[labelBody]{Frame: s.frame(c, "desk.search", v), Body: body}
	page.Title = templates.Say("label.title", "Name", person.Name)
	s.render(c, http.StatusOK, "agent/label", "layout", page)
}

// lettersFor is the largest size in which a name fits its part of a label, whatever font
// the machine has: letters are counted as wide as capitals of a wide bold one. label.css has
// the sizes.
func lettersFor(name string, size labelSize) string {
	const wide, high = 0.74, 1.1                         // of a letter and of a line, in letters' size
	sizes := []float64{12, 9, 7.5, 6, 5, 4, 3, 2.2, 1.6} // in millimetres
	room := [2]float64{58, 13.3}
	if size == wristband {
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
