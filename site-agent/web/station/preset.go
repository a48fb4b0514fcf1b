package station

import (
	"slices"

	"github.com/gin-gonic/gin"

	"buktihadir/site-agent/roster"
	"buktihadir/site-agent/store"
	"buktihadir/templates"
)

// These are the settings of a device: its name, its gate, its use, and the classes that
// it lets in.

// presetForm is the setting of a device, as a form shows it.
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

func (h *Handlers) presetForm(p store.Preset, err error) presetForm {
	form := presetForm{Preset: p, Problem: wrong(err)}
	for _, k := range h.Desk.Classes() {
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

// Uses are the purposes that a device may have.
func (presetForm) Uses() (out []templates.Option) {
	for _, u := range uses() {
		out = append(out, templates.Option{Value: string(u), Text: templates.Say("device.use_" + string(u))})
	}
	return out
}

func (h *Handlers) presetOf(c *gin.Context) store.Preset {
	p := store.Preset{Name: c.PostForm("name"), Gate: c.PostForm("gate"), Use: useOf(c.PostForm("use"))}
	chosen := c.PostFormArray("classes")
	for _, k := range h.Desk.Classes() {
		if slices.Contains(chosen, k.ID.String()) {
			p.Classes = append(p.Classes, k.ID)
		}
	}
	return p
}
