package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"buktihadir/templates"
)

// Form is what somebody typed, with what is wrong with it. A form that is shown
// again keeps everything but passwords and files.
type Form struct {
	values   url.Values
	problems map[string]templates.Text
	order    []string
}

// Problem is one thing to put right: at a field, or, with no field, at all of them.
type Problem struct {
	Field string
	Text  templates.Text
}

// formOf reads what was posted. What can't be read is an empty form; its
// required fields say so.
func formOf(c *gin.Context) *Form {
	_ = c.Request.ParseForm()
	return &Form{values: c.Request.PostForm}
}

func filled(pairs ...string) *Form {
	f := &Form{values: url.Values{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.values.Set(pairs[i], pairs[i+1])
	}
	return f
}

// Value is what a field holds.
func (f *Form) Value(field string) string {
	if f == nil {
		return ""
	}
	return f.values.Get(field)
}

func (f *Form) trimmed(field string) string { return strings.TrimSpace(f.Value(field)) }

func (f *Form) checked(field string) bool { return f.Value(field) == "1" }

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

func (f *Form) refuse(field, key string, args ...any) {
	if f.problems == nil {
		f.problems = map[string]templates.Text{}
	}
	if _, twice := f.problems[field]; !twice {
		f.order = append(f.order, field)
		f.problems[field] = templates.Say(key, args...)
	}
}

func (f *Form) ok() bool { return len(f.order) == 0 }

// refusal is an error of the domain that people may read.
type refusal interface {
	error
	Message() (key string, args []any)
}

// fielded is a refusal that knows which input caused it.
type fielded interface{ Input() string }

// absorb puts a refusal of the domain at its field. What is no refusal is
// given back.
func (f *Form) absorb(err error) error {
	r, ok := errors.AsType[refusal](err)
	if !ok {
		return err
	}
	field := ""
	if i, ok := r.(fielded); ok {
		field = i.Input()
	}
	key, args := r.Message()
	f.refuse(field, key, args...)
	return nil
}

// again shows a form anew with what is wrong; an error that nobody could put
// right shows as such.
func again(p *Pages, c *gin.Context, f *Form, err error, show func()) {
	if err != nil {
		if err = f.absorb(err); err != nil {
			p.fail(c, err)
			return
		}
	}
	c.Status(http.StatusUnprocessableEntity)
	show()
}
