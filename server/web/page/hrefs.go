package page

import (
	"net/url"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/server/account"
	"buktihadir/server/figures"
)

func SessionHref(id uuid.UUID) string { return "/sessions/" + id.String() }

func PersonHref(session, enrollment uuid.UUID) string {
	return SessionHref(session) + "/people/" + enrollment.String()
}

func ProposalHref(id uuid.UUID) string { return "/plan/" + id.String() }

func BudgetHref(pilot uuid.UUID) string { return PilotHref(pilot) + "/budget" }

func BulkHref(id uuid.UUID) string { return "/bulk/" + id.String() }

// ClassHref is the address of a class or of one of its tabs.
func ClassHref(id uuid.UUID, tab string) string {
	href := "/classes/" + id.String()
	if tab != "" {
		href += "/" + tab
	}
	return href
}

// FeedRoot is where subscribed calendars lie. Programs read them, which can't sign in:
// who knows the address is let in. It holds 128 bits that nobody guesses.
const FeedRoot = "/feeds/"

func ImportHref(id uuid.UUID) string { return "/imports/" + id.String() }

func PilotHref(id uuid.UUID) string { return "/pilots/" + id.String() }

// ParticipantRoot is where participants' pages lie. They have no sign-in: who
// knows the link is let in.
const ParticipantRoot = "/t/"

// SendHref is where one asks to be sent what this page shows; empty for who may not.
func (p *Kit) SendHref(c *gin.Context) string {
	list, ok := figures.ParseList(c.Request.URL.String())
	if !ok || !VisitorOf(c).May(account.ExportAttendance) {
		return ""
	}
	return "/subscriptions/new?" + url.Values{"list": {list.Address()}}.Encode()
}
