package page

import (
	"net/url"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/server/account"
	"buktihadir/server/figures"
)

// SessionHref is the address of a session.
func SessionHref(id uuid.UUID) string { return "/sessions/" + id.String() }

// PersonHref is the address of one person in one session.
func PersonHref(session, enrollment uuid.UUID) string {
	return SessionHref(session) + "/people/" + enrollment.String()
}

// ProposalHref is the address of a proposal.
func ProposalHref(id uuid.UUID) string { return "/plan/" + id.String() }

// BudgetHref is the address of a pilot's budget.
func BudgetHref(pilot uuid.UUID) string { return PilotHref(pilot) + "/budget" }

// BulkHref is the address of a change to many.
func BulkHref(id uuid.UUID) string { return "/bulk/" + id.String() }

// ClassHref is the address of a class or of one of its tabs.
func ClassHref(id uuid.UUID, tab string) string {
	href := "/classes/" + id.String()
	if tab != "" {
		href += "/" + tab
	}
	return href
}

// FeedRoot is the path of subscribed calendars. Calendar programs cannot sign in, so
// anybody who knows the address may read it. The address holds 128 random bits.
const FeedRoot = "/feeds/"

// ImportHref is the address of an import.
func ImportHref(id uuid.UUID) string { return "/imports/" + id.String() }

// PilotHref is the address of a pilot.
func PilotHref(id uuid.UUID) string { return "/pilots/" + id.String() }

// ParticipantRoot is the path of participants' pages. They have no sign-in: anybody who
// knows the link may open them.
const ParticipantRoot = "/t/"

// SendHref is the address of the form to get this page by mail; empty for users who may
// not.
func (p *Kit) SendHref(c *gin.Context) string {
	list, ok := figures.ParseList(c.Request.URL.String())
	if !ok || !VisitorOf(c).May(account.ExportAttendance) {
		return ""
	}
	return "/subscriptions/new?" + url.Values{"list": {list.Address()}}.Encode()
}
