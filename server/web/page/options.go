package page

import (
	"cmp"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models/region"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// ProvinceNameOf is the name of a province, or its code where there is none.
func ProvinceNameOf(code string) string {
	if r, ok := region.ProvinceByCode(code); ok {
		return r.Name
	}
	return code
}

// These make the options of a select element; the first option means none, or all.

// ProviderOptions are all training providers to choose from, or none.
func (p *Kit) ProviderOptions(c *gin.Context) ([]templates.Option, error) {
	providers, err := p.Store.Read(c.Request.Context()).Providers()
	if err != nil {
		return nil, err
	}
	list := []templates.Option{{Text: templates.Say("choice.none")}}
	for _, v := range providers {
		list = append(list, templates.Option{Value: v.ID.String(), Name: v.Code + " · " + v.Name})
	}
	return list, nil
}

// PilotOptions are all pilots to choose from.
func (p *Kit) PilotOptions(c *gin.Context) ([]templates.Option, error) {
	pilots, err := p.Store.Read(c.Request.Context()).Pilots()
	if err != nil {
		return nil, err
	}
	list := []templates.Option{{Text: templates.Say("choice.all")}}
	for _, v := range pilots {
		list = append(list, templates.Option{Value: v.ID.String(), Name: v.Code + " · " + v.Name})
	}
	return list, nil
}

// mostSites is how many a select can bear.
const mostSites = 1000

// SiteOptions are all sites to choose from.
func (p *Kit) SiteOptions(c *gin.Context) ([]templates.Option, error) {
	sites, err := p.Store.Read(c.Request.Context()).ListSites(store.SiteFilter{}, p.Now(), store.Slice{Limit: mostSites})
	if err != nil {
		return nil, err
	}
	list := []templates.Option{{Text: templates.Say("choice.all")}}
	for _, v := range sites.Rows {
		list = append(list, templates.Option{Value: v.ID.String(), Name: v.Code + " · " + v.Name})
	}
	return list, nil
}

// ProvinceOptions are all provinces to choose from.
func ProvinceOptions() []templates.Option {
	list := []templates.Option{{Text: templates.Say("choice.all")}}
	for _, v := range region.Provinces() {
		list = append(list, templates.Option{Value: v.Code, Name: v.Name})
	}
	return list
}

// Choices are a few fixed ones, each with its text; the first is all.
func Choices(prefix string, values ...string) []templates.Option {
	list := []templates.Option{{Text: templates.Say("choice.all")}}
	for _, v := range values {
		list = append(list, templates.Option{Value: v, Text: templates.Say(prefix + v)})
	}
	return list
}

// InstructorOptions are the instructors of a provider to choose from.
func (p *Kit) InstructorOptions(c *gin.Context, provider uuid.UUID) ([]templates.Option, error) {
	people, err := p.Store.Read(c.Request.Context()).InstructorsOf(provider)
	list := []templates.Option{{Text: templates.Say("choice.all")}}
	for _, i := range people {
		list = append(list, templates.Option{Value: i.ID.String(), Name: cmp.Or(i.Name, i.Code)})
	}
	return list, err
}

// WeekdayOptions are the days of the week, from Monday on.
func WeekdayOptions() (list []templates.Option) {
	for i := range 7 {
		day := time.Weekday((i + 1) % 7)
		list = append(list, templates.Option{Value: strconv.Itoa(int(day)), Text: WeekdayText(day)})
	}
	return list
}

// WeekdayText is the name of a weekday.
func WeekdayText(day time.Weekday) templates.Text {
	return templates.Say("weekday." + strconv.Itoa(int(day)))
}
