package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"buktihadir/server/account"
)

// participantRoot is where participants' pages lie. They have no sign-in: who
// knows the link is let in.
const participantRoot = "/t/"

// route is one address with what it asks of its visitor.
type route struct {
	method, path string
	asks         account.Permission
	handle       gin.HandlerFunc
	body         int64 // the most a request may carry; 0: smallBody
}

func get(path string, asks account.Permission, handle gin.HandlerFunc) route {
	return route{http.MethodGet, path, asks, handle, 0}
}

func post(path string, asks account.Permission, handle gin.HandlerFunc) route {
	return route{http.MethodPost, path, asks, handle, 0}
}

func postFile(path string, asks account.Permission, handle gin.HandlerFunc) route {
	return route{http.MethodPost, path, asks, handle, fileBody}
}

// routes is every page there is.
func (p *Pages) routes() []route {
	var all []route
	for _, some := range [][]route{p.accountRoutes(), p.readingRoutes(), p.planRoutes(), p.pilotTicketRoutes(), p.correctionRoutes(), p.budgetRoutes(), p.apiRoutes(), p.closingRoutes(), p.calendarRoutes(), p.subscriptionRoutes(), p.participantRoutes(), p.findRoutes(), p.rightsRoutes(), p.linkRoutes(), p.printRoutes(), p.badgeRoutes()} {
		all = append(all, some...)
	}
	return all
}

func (p *Pages) accountRoutes() []route {
	return []route{
		get("/healthz", account.Open, p.health),
		get("/log", account.Open, p.logPage),
		get("/log/head", account.Open, p.logNote),
		get("/login", account.Open, p.loginPage),
		post("/login", account.Open, p.login),
		post("/logout", account.Open, p.logout),
		get("/setup/:token", account.Open, p.setupPage),
		post("/setup/:token", account.Open, p.setup),
		get("/account", account.Self, p.accountPage),
		post("/account/password", account.Self, p.changePassword),
		get("/users", account.ManageUsers, p.usersPage),
		get("/users/new", account.ManageUsers, p.newUserPage),
		post("/users", account.ManageUsers, p.addUser),
		get("/users/:id/link", account.ManageUsers, p.userLinkPage),
		post("/users/:id/renew", account.ManageUsers, p.renewUser),
		post("/users/:id/active", account.ManageUsers, p.activateUser),
	}
}

// apiRoutes say which other systems may call, and which are told of changes.
func (p *Pages) apiRoutes() []route {
	return []route{
		get("/tokens", account.ManageTokens, p.tokensPage),
		get("/tokens/new", account.ManageTokens, p.newTokenPage),
		post("/tokens", account.ManageTokens, p.addToken),
		get("/tokens/:id", account.ManageTokens, p.tokenPage),
		post("/tokens/:id/revoke", account.ManageTokens, p.sure("api.revoke", p.revokeToken)),
		get("/webhooks", account.ManageTokens, p.webhooksPage),
		get("/webhooks/new", account.ManageTokens, p.newWebhookPage),
		post("/webhooks", account.ManageTokens, p.addWebhook),
		get("/webhooks/:id", account.ManageTokens, p.webhookPage),
		post("/webhooks/:id/active", account.ManageTokens, p.switchWebhook),
		post("/webhooks/:id/again", account.ManageTokens, p.sendAgain),
	}
}

// readingRoutes change nothing.
func (p *Pages) readingRoutes() []route {
	return []route{
		get("/", account.Self, p.overviewPage),
		get("/live", account.Self, p.live),
		get("/figures", account.SeeClasses, p.figuresPage),
		get("/progress", account.SeeClasses, p.progressPage),
		get("/attendance", account.SeeClasses, p.visitsPage),
		get("/attendance/:format", account.ExportAttendance, p.visitsFile),
		get("/classes", account.SeeClasses, p.classesPage),
		get("/classes/:id", account.SeeClasses, p.classPage),
		get("/classes/:id/people", account.SeeClasses, p.classPeoplePage),
		get("/classes/:id/attendance", account.SeeClasses, p.classAttendancePage),
		get("/calendar", account.SeeClasses, p.calendarPage),
		get("/sessions", account.SeeClasses, p.sessionsPage),
		get("/sessions/:id", account.SeeClasses, p.sessionPage),
		get("/sessions/:id/attendance.csv", account.ExportAttendance, p.exportSession),
		get("/sessions/:id/people/:enrollment", account.SeeClasses, p.personPage),
		get("/participants", account.SeePeople, p.participantsPage),
		post("/participants/find", account.SeePeople, p.findParticipant),
		get("/participants/:id", account.SeePeople, p.participantPage),
		get("/pilots", account.SeePilots, p.pilotsPage),
		get("/pilots/:id", account.SeePilots, p.pilotPage),
		get("/documents/:id", account.SeePilots, p.document),
		get("/sites", account.SeeSites, p.sitesPage),
		get("/sites/:id", account.SeeSites, p.sitePage),
		get("/agents", account.SeeSites, p.agentsPage),
		get("/history", account.SeeHistory, p.historyPage),
		get("/cases", account.ReviewCases, p.casesPage),
		post("/cases", account.ReviewCases, p.decideCases),
		get("/cases/:id", account.ReviewCases, p.casePage),
		post("/cases/:id", account.ReviewCases, p.decideCase),
		get("/cases/:id/bytes", account.ReviewCases, p.caseBytes),
	}
}

// planRoutes change pilots, places and tickets.
func (p *Pages) planRoutes() []route {
	return []route{
		get("/pilots/new", account.ManagePilots, p.newPilotPage),
		post("/pilots", account.ManagePilots, p.addPilot),
		postFile("/pilots/:id/decide", account.ManagePilots, p.decide),
		post("/pilots/:id/phase", account.ManagePilots, p.setPhase),
		post("/pilots/:id/policy", account.ManagePilots, p.setPolicy),
		post("/pilots/:id/quota", account.ManagePilots, p.setQuota),
		get("/imports", account.ImportPlan, p.importsPage),
		get("/imports/new", account.ImportPlan, p.newImportPage),
		get("/imports/template/:kind", account.ImportPlan, p.importTemplate),
		postFile("/imports", account.ImportPlan, p.uploadImport),
		get("/imports/:id", account.ImportPlan, p.importPage),
		post("/imports/:id/apply", account.ImportPlan, p.applyImport),
		get("/plan", account.ManagePlan, p.proposalsPage),
		get("/plan/new", account.ManagePlan, p.newProposalPage),
		post("/plan", account.ManagePlan, p.propose),
		get("/plan/:id", account.ManagePlan, p.proposalPage),
		post("/plan/:id/accept", account.ManagePlan, p.acceptProposal),
		post("/sites/:id/officers", account.ManagePlan, p.addOfficer),
		get("/officers/:id/pin", account.ManagePlan, p.officerPINPage),
		post("/officers/:id/pin", account.ManagePlan, p.sure("officer.new_pin", p.newPIN)),
		post("/officers/:id/remove", account.ManagePlan, p.sure("site.remove", p.removeOfficer)),
		get("/classes/:id/sessions/new", account.ManageSessions, p.newSessionsPage),
		post("/classes/:id/sessions", account.ManageSessions, p.addSessions),
		get("/holidays", account.SeeClasses, p.holidaysPage),
		post("/holidays", account.ManagePlan, p.addHoliday),
		post("/holidays/remove", account.ManagePlan, p.removeHoliday),
		get("/sessions/:id/edit", account.ManageSessions, p.sessionEditPage),
		post("/sessions/:id/edit", account.ManageSessions, p.moveSession),
		post("/sessions/:id/cancel", account.ManageSessions, p.cancelSession),
		post("/sessions/:id/restore", account.ManageSessions, p.restoreSession),
		postFile("/sessions/:id/people/:enrollment", account.CorrectAttendance, p.correct),
		get("/corrections/:id/evidence", account.ReviewCases, p.evidence),
		get("/events/:agent/:epoch/:seq/picture", account.ReviewCases, p.picture),
		post("/sites/:id/agents", account.ManageAgents, p.addAgent),
		get("/sites/:id/agent-code", account.ManageAgents, p.agentCodePage),
		get("/bundles", account.ManageAgents, p.bundlesPage),
		postFile("/bundles", account.ManageAgents, p.importBundle),
		get("/bundles/:id", account.ManageAgents, p.bundlePage),
		get("/bundles/:id/reply", account.ManageAgents, p.bundleReply),
		post("/sites/:id/invite", account.ManageAgents, p.invite),
		post("/agents/:id/revoke", account.ManageAgents, p.sure("agents.revoke", p.revokeAgent)),
		post("/agents/:id/rotate", account.ManageAgents, p.rotateAgent),
		post("/classes/:id/enroll", account.ManagePlan, p.enroll),
		post("/classes/:id/tickets", account.ManageTickets, p.issueTickets),
		post("/classes/:id/waiting", account.ManagePlan, p.draftClass),
		post("/classes/:id/waiting/end", account.ManagePlan, p.sure("waiting.end", p.endWaiting)),
		get("/enrollments", account.ManagePlan, p.rollPage),
		post("/enrollments", account.ManagePlan, p.draftRoll),
		post("/participants/enroll", account.ManagePlan, p.draftPeople),
		get("/bulk", account.ManagePlan, p.bulksPage),
		get("/bulk/:id", account.ManagePlan, p.bulkPage),
		post("/bulk/:id/skip", account.ManagePlan, p.skipBulkItem),
		post("/bulk/:id/apply", account.ManagePlan, p.applyBulk),
		post("/bulk/:id/undo", account.ManagePlan, p.undoBulk),
		get("/enrollments/:id", account.ManagePlan, p.enrollmentPage),
		post("/enrollments/:id/cancel", account.ManagePlan, p.cancelEnrollment),
		post("/enrollments/:id/tasks", account.ManagePlan, p.markTasks),
		post("/enrollments/:id/ticket", account.ManageTickets, p.revokeTicket),
	}
}
