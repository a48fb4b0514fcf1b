package page

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/server/office"
	"buktihadir/templates"
)

// Form is what somebody typed, with the faults in it. A form that is shown again keeps
// everything except passwords and files.
type Form struct {
	Values   url.Values
	problems map[string]templates.Text
	order    []string
}

// Problem is one thing to put right: at a field, or, with no field, at all of them.
type Problem struct {
	Field string
	Text  templates.Text
}

// FormOf reads a posted form. A body that cannot be read gives an empty form; its
// required fields are then reported.
func FormOf(c *gin.Context) *Form {
	_ = c.Request.ParseForm()
	return &Form{Values: c.Request.PostForm}
}

// Upload is a file that came with a form; nil where none was chosen.
type Upload struct {
	Name    string
	Content []byte
}

// UploadOf reads a form with a file, whole, in memory: its size is limited. Of a
// form that is too large, what stood before the file is kept.
func UploadOf(c *gin.Context) (*Form, *Upload, error) {
	f := &Form{Values: url.Values{}}
	parts, err := c.Request.MultipartReader()
	if err != nil {
		return FormOf(c), nil, nil //nolint:nilerr // a form without a file
	}
	var file *Upload
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return f, file, nil
		}
		if err != nil {
			return f, file, fmt.Errorf("uploaded form: %w", err)
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return f, file, fmt.Errorf("uploaded form: %w", err)
		}
		if name := part.FileName(); name != "" {
			file = &Upload{name, content}
		} else {
			f.Values.Add(part.FormName(), string(content))
		}
	}
}

// Over puts the form's values over those of an address; if both have a value, the form's
// counts.
func (f *Form) Over(query url.Values) *Form {
	values := maps.Clone(query)
	if values == nil {
		values = url.Values{}
	}
	maps.Copy(values, f.Values)
	return &Form{Values: values, problems: f.problems, order: f.order}
}

// ID is what a field names by its id; zero where it is empty, and where it is none, an id that
// nothing has.
func (f *Form) ID(field string) uuid.UUID {
	id, err := uuid.Parse(f.Value(field))
	if err != nil && f.Value(field) != "" {
		return uuid.Max
	}
	return id
}

// IDs are what was ticked in a list, at most a page of it.
func (f *Form) IDs(field string) []uuid.UUID {
	var ids []uuid.UUID
	for _, text := range f.Values[field] {
		if id, err := uuid.Parse(text); err == nil && len(ids) < PerPage {
			ids = append(ids, id)
		}
	}
	return ids
}

// Ticked says whether a choice among several was made.
func (f *Form) Ticked(field, value string) bool { return slices.Contains(f.Values[field], value) }

// Weekdays are the days of the week that were ticked, by time.Weekday.
func (f *Form) Weekdays(field string) (ticked [7]bool) {
	for i := range ticked {
		ticked[i] = f.Ticked(field, strconv.Itoa(i))
	}
	return ticked
}

// Filled is a form that is filled in already, from pairs of field and value.
func Filled(pairs ...string) *Form {
	f := &Form{Values: url.Values{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Values.Set(pairs[i], pairs[i+1])
	}
	return f
}

// Value is what a field holds.
func (f *Form) Value(field string) string {
	if f == nil {
		return ""
	}
	return f.Values.Get(field)
}

// Trimmed is the value of a field without space around it.
func (f *Form) Trimmed(field string) string { return strings.TrimSpace(f.Value(field)) }

// Checked reports whether a box is ticked.
func (f *Form) Checked(field string) bool { return f.Value(field) == "1" }

// Problem is what is wrong with a field.
func (f *Form) Problem(field string) templates.Text {
	if f == nil {
		return templates.Text{}
	}
	return f.problems[field]
}

// Problems lists all that is wrong, in the order in which it was found.
func (f *Form) Problems() []Problem {
	if f == nil {
		return nil
	}
	var list []Problem
	for _, field := range f.order {
		list = append(list, Problem{field, f.problems[field]})
	}
	return list
}

// Refuse notes what is wrong with a field; the first word counts.
func (f *Form) Refuse(field, key string, args ...any) {
	if f.problems == nil {
		f.problems = map[string]templates.Text{}
	}
	if _, twice := f.problems[field]; !twice {
		f.order = append(f.order, field)
		f.problems[field] = templates.Say(key, args...)
	}
}

// Ok reports whether nothing is wrong.
func (f *Form) Ok() bool { return len(f.order) == 0 }

// Absorb puts a domain refusal at its field, or at the given field if the refusal does
// not name one. It returns an error that is not a refusal.
func (p *Kit) Absorb(c *gin.Context, f *Form, field string, err error) error {
	r, ok := office.RefusalOf(err)
	if !ok {
		return err
	}
	if r.Field != "" {
		field = r.Field
	}
	text := p.words(c, r)
	f.Refuse(field, text.Key, text.Args...)
	return nil
}

// words are a refusal's text, its arguments named in the visitor's language.
func (p *Kit) words(c *gin.Context, r *office.Refusal) templates.Text {
	return templates.Say(r.Key, p.Set.Texts.Named(templates.ChooseLang(c.Writer, c.Request), r.Args)...)
}

// Again shows a form again with its faults. An error that the user cannot correct is
// shown as an error page.
func (p *Kit) Again(c *gin.Context, f *Form, field string, err error, show func()) {
	if err != nil {
		if err = p.Absorb(c, f, field, err); err != nil {
			p.Fail(c, err)
			return
		}
	}
	c.Status(http.StatusUnprocessableEntity)
	show()
}

// Anys are strings as the arguments of a text.
func Anys(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}

// UploadFailed says at its field what is wrong with a file, if a person can put it right.
func (p *Kit) UploadFailed(c *gin.Context, f *Form, field string, err error, show func()) {
	if !tooLarge(err) {
		p.Fail(c, err)
		return
	}
	f.Refuse(field, "error.too_large.text")
	p.Again(c, f, field, nil, show)
}
