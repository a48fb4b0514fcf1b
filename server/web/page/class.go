package page

import (
	"github.com/gin-gonic/gin"

	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// ClassView is what the tabs of a class have in common.
type ClassView struct {
	Class            store.ClassEntry
	Tab              string
	MayPlan, MaySign bool // enroll and cancel; issue and revoke tickets
}

// ClassFrame is the frame of the pages of a class, in the zone of its site.
func (p *Kit) ClassFrame(c *gin.Context, class store.ClassEntry) templates.Frame {
	f := p.Frame(c, templates.Say("class.title", "Code", class.Code))
	f.Zone = class.Zone
	f.Crumbs = Crumbs("/classes", "classes.title")
	return f
}

// ClassViewOf is what all tabs of a class show.
func ClassViewOf(c *gin.Context, class store.ClassEntry, tab string) ClassView {
	v := VisitorOf(c)
	return ClassView{Class: class, Tab: tab, MayPlan: v.May(account.ManagePlan), MaySign: v.May(account.ManageTickets)}
}
