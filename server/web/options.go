package web

import (
	"github.com/gin-gonic/gin"

	"buktihadir/templates"
)

// providerOptions are the institutions to choose from, the empty choice first.
func (p *Pages) providerOptions(c *gin.Context) ([]templates.Option, error) {
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
