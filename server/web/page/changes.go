package page

import (
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
	"buktihadir/server/office"
	"buktihadir/templates"
)

// changeLine is one thing that was changed, in the visitor's words.
type changeLine struct {
	Name     templates.Text
	From, To string
	New      bool // no value before
}

// changeLines are what an entry of the history changed, field by field.
func (p *Kit) changeLines(c *gin.Context, h models.HistoryEntry) (list []changeLine) {
	lang := templates.ChooseLang(c.Writer, c.Request)
	v := valuer{lang: lang, texts: p.Set.Texts, Formats: p.Set.Texts.Formats(lang)}
	for _, x := range office.ChangesOf(h) {
		name, kind := fieldOf(x.Field)
		list = append(list, changeLine{name, v.write(kind, x.From), v.write(kind, x.To), x.From == ""})
	}
	return list
}

// valueKind is how a value of the history reads.
type valueKind int

const (
	asPlain valueKind = iota
	asCount           // of people; 0: no limit
	asMoney
	asLimit // of money; 0: no limit
	asPercent
	asChoice
	asDay
	asPhase
	asRule // about a course's hours
)

// fieldOf names a field of an office.Change, and says how its values read.
func fieldOf(field string) (templates.Text, valueKind) {
	area, name, _ := strings.Cut(field, ":")
	part, code, _ := strings.Cut(name, ":")
	switch area {
	case "phase":
		return templates.Say("change.phase"), asPhase
	case "quota":
		return templates.Say("pilot.quota"), asCount
	case "province":
		return templates.Say("change.province", "Name", ProvinceNameOf(name)), asCount
	case "decision":
		if name == "date" || name == "first_day" {
			return templates.Say("pilot." + name), asDay
		}
		return templates.Say("pilot." + name), asPlain
	case "policy":
		if name == "version" {
			return templates.Say("change.version"), asPlain
		}
		if name == "hours" {
			return templates.Say("policy.hours"), asRule
		}
		return templates.Say("policy." + name), asChoice // numbers read as such
	case "budget":
		switch part {
		case "version":
			return templates.Say("change.version"), asPlain
		case "province":
			return templates.Say("change.province_rate", "Name", ProvinceNameOf(code)), asPercent
		case "warn_at":
			return templates.Say("budget.warn_at"), asPercent
		case "valid_from":
			return templates.Say("budget.valid_from"), asDay
		case "refuse":
			return templates.Say("budget.refuse"), asChoice
		case "total":
			return templates.Say("budget.total"), asLimit
		}
		return templates.Say("budget." + name), asMoney
	}
	return templates.Say("pilot." + field), asPlain
}

// valuer writes values as the visitor reads them.
type valuer struct {
	templates.Formats
	lang  templates.Lang
	texts *templates.Texts
}

func (v valuer) write(kind valueKind, value string) string {
	n, err := strconv.ParseInt(value, 10, 64)
	number := err == nil
	switch {
	case value == "":
		return "–"
	case (kind == asCount || kind == asLimit) && value == "0":
		return v.texts.T(v.lang, "change.no_limit")
	case kind == asCount && number, kind == asChoice && number:
		return v.Number(n)
	case (kind == asMoney || kind == asLimit) && number:
		return v.Rupiah(n)
	case kind == asPercent && number:
		return v.Percent(float64(n) / 100)
	case kind == asChoice:
		return v.texts.T(v.lang, "change."+value)
	case kind == asDay:
		return v.Day(models.LocalDate(value))
	case kind == asPhase:
		return v.texts.T(v.lang, "phase."+value)
	case kind == asRule:
		return v.texts.T(v.lang, "hours_rule."+value)
	}
	return value
}
