package web

import (
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/offline"
	"buktihadir/site-agent/roster"
	"buktihadir/site-agent/store"
	"buktihadir/templates"
)

// What a device is set to: its name, its gate, what it is used for, whom it lets in.

// desk is how journals name the visitor's desk: a paired device's own name wins over
// what its page says.
func (v visitor) desk(said string) string {
	label := v.device.Label()
	if label == "" {
		label = strings.TrimSpace(said)
	}
	if v.kiosk {
		return strings.TrimSpace(label + " (kios)") // in the journal's language
	}
	return label
}

// classes are those that the visitor's desk is set to: a paired device's own win over
// what its page says.
func (v visitor) classes(said uuid.UUID) []uuid.UUID {
	switch {
	case len(v.device.Classes) > 0:
		return v.device.Classes
	case said != uuid.Nil:
		return []uuid.UUID{said}
	}
	return nil
}

// gatesFor names where somebody is to go who came to a desk of other classes.
func (s *Server) gatesFor(o roster.Outcome) string {
	if o.Verdict != models.VerdictOtherClass {
		return ""
	}
	return roster.GatesFor(s.gates(), o)
}

// gates are where people come in, by what devices are set to.
func (s *Server) gates() []roster.Gate {
	var gates []roster.Gate
	for _, d := range s.Devices.Devices() {
		if d.Use == store.UseScreen || len(d.Classes) == 0 {
			continue
		}
		g := roster.Gate{Name: d.Gate, Classes: d.Classes}
		if g.Name == "" {
			g.Name = d.Name
		}
		gates = append(gates, g)
	}
	return gates
}

// place is what a phone is set to while it is on its own.
func (s *Server) place(v visitor) offline.Place {
	label := v.device.Label()
	return offline.Place{Desk: strings.ToValidUTF8(label[:min(len(label), maxDesk)], ""), Classes: v.device.Classes, Gates: s.gates()}
}

// presetForm is what a device is set to, as a form shows it.
type presetForm struct {
	store.Preset
	Problem templates.Text
	Choices []classChoice
}

// classChoice is a class of the site that a device may be set to.
type classChoice struct {
	roster.ClassView
	Chosen bool
}

func (s *Server) presetForm(p store.Preset, err error) presetForm {
	form := presetForm{Preset: p, Problem: wrong(err)}
	for _, k := range s.Desk.Classes() {
		form.Choices = append(form.Choices, classChoice{k, slices.Contains(p.Classes, k.ID)})
	}
	return form
}

func uses() []store.Use { return []store.Use{store.UseDesk, store.UseKiosk, store.UseScreen} }

func useOf(said string) store.Use {
	if u := store.Use(said); slices.Contains(uses(), u) {
		return u
	}
	return store.UseDesk
}

// Uses are what a device may stand there for.
func (presetForm) Uses() (out []templates.Option) {
	for _, u := range uses() {
		out = append(out, templates.Option{Value: string(u), Text: templates.Say("device.use_" + string(u))})
	}
	return out
}

func (s *Server) presetOf(c *gin.Context) store.Preset {
	p := store.Preset{Name: c.PostForm("name"), Gate: c.PostForm("gate"), Use: useOf(c.PostForm("use"))}
	chosen := c.PostFormArray("classes")
	for _, k := range s.Desk.Classes() {
		if slices.Contains(chosen, k.ID.String()) {
			p.Classes = append(p.Classes, k.ID)
		}
	}
	return p
}

// classesOf writes down which classes a device is set to; empty: all.
func (s *Server) classesOf(d store.Preset) string {
	var codes []string
	for _, k := range s.Desk.Classes() {
		if slices.Contains(d.Classes, k.ID) {
			codes = append(codes, k.Code)
		}
	}
	return strings.Join(codes, ", ")
}
