package page

import (
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models/budget"
	"buktihadir/server/account"
	"buktihadir/server/seating"
	"buktihadir/templates"
)

// BudgetNotice is the warning about a pilot's budget for users who enroll people; nil if
// there is none.
type BudgetNotice struct {
	Text templates.Text
	Bad  bool
	Href string
}

// NoticeOf warns whoever may see a pilot that its budget is near its end or past it.
func (p *Kit) NoticeOf(c *gin.Context, pilot uuid.UUID) (*BudgetNotice, error) {
	if !VisitorOf(c).May(account.SeePilots) {
		return nil, nil
	}
	s, err := seating.StandingOf(p.Store.Read(c.Request.Context()), pilot)
	if err != nil || s.Level == budget.Fine {
		return nil, err
	}
	n := &BudgetNotice{Text: templates.Say("budget.is_near", "Planned", s.Planned.String(), "Total", s.Budget.Total.String(), "Left", s.Left().String()),
		Href: BudgetHref(pilot)}
	if s.Level == budget.Over {
		n.Text, n.Bad = templates.Say("budget.is_over", "Planned", s.Planned.String(), "Total", s.Budget.Total.String(), "Over", (-s.Left()).String()), true
	}
	return n, nil
}
