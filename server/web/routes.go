package web

import (
	"net/http"
	"slices"

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

// routes is every address there is, by wing: no other file names one with its
// permission, which a test holds.
func (p *Pages) routes() []route {
	return slices.Concat(p.attendanceRoutes(), p.planRoutes(), p.peopleRoutes(), p.sitesRoutes(), p.adminRoutes(), p.ticketRoutes())
}

// attendanceRoutes are attendance: the overview, sessions, figures, cases, corrections, papers.
func (p *Pages) attendanceRoutes() []route {
	return []route{
		get("/classes/:id/close", account.CloseClasses, p.closePage),
		post("/classes/:id/close", account.CloseClasses, p.closeClass),
		get("/classes/:id/documents", account.SeeClasses, p.documentsPage),
		post("/classes/:id/documents", account.CloseClasses, p.reissue),
		get("/classes/:id/documents/:document", account.ExportAttendance, p.issuedPaper),
		get("/classes/:id/drafts/:kind", account.ExportAttendance, p.draftPaper),
		get("/sessions/:id/sheet", account.ExportAttendance, p.sessionSheet),
		get("/sessions/:id/sheet/print", account.ExportAttendance, p.signingSheet),
		get("/proof/:id", account.Open, p.proofPage),
		{http.MethodPost, "/proof/:id", account.Open, p.checkPaper, paperBody},
		postFile("/attendance", account.CorrectAttendance, p.correctVisits),
		postFile("/sessions/:id/corrections", account.CorrectAttendance, p.correctSession),
		postFile("/classes/:id/corrections", account.CorrectAttendance, p.correctClass),
		get("/", account.Self, p.overviewPage),
		get("/live", account.Self, p.live),
		get("/figures", account.SeeClasses, p.figuresPage),
		get("/progress", account.SeeClasses, p.progressPage),
		get("/attendance", account.SeeClasses, p.visitsPage),
		get("/attendance/:format", account.ExportAttendance, p.visitsFile),
		get("/classes/:id/attendance", account.SeeClasses, p.classAttendancePage),
		get("/sessions", account.SeeClasses, p.sessionsPage),
		get("/sessions/:id", account.SeeClasses, p.sessionPage),
		get("/sessions/:id/attendance.csv", account.ExportAttendance, p.exportSession),
		get("/sessions/:id/people/:enrollment", account.SeeClasses, p.personPage),
		get("/cases", account.ReviewCases, p.casesPage),
		post("/cases", account.ReviewCases, p.decideCases),
		get("/cases/:id", account.ReviewCases, p.casePage),
		post("/cases/:id", account.ReviewCases, p.decideCase),
		get("/cases/:id/bytes", account.ReviewCases, p.caseBytes),
		postFile("/sessions/:id/people/:enrollment", account.CorrectAttendance, p.correct),
		get("/corrections/:id/evidence", account.ReviewCases, p.evidence),
		get("/events/:agent/:epoch/:seq/picture", account.ReviewCases, p.picture),
		post("/enrollments/:id/tasks", account.ManagePlan, p.markTasks),
	}
}

// planRoutes are the plan: pilots, classes, sessions, days off, imports, proposals, money.
func (p *Pages) planRoutes() []route {
	return []route{
		get("/pilots/:id/budget", account.SeePilots, p.budgetPage),
		post("/pilots/:id/budget", account.ManagePilots, p.setBudget),
		get("/pilots/:id/budget/classes", account.SeePilots, p.costsPage),
		get("/pilots/:id/budget/file/:format", account.SeePilots, p.costsFile),
		get("/pilots/:id/what-if", account.SeePilots, p.whatIfPage),
		get("/classes/:id/policy", account.ManagePilots, p.classPolicyPage),
		post("/classes/:id/policy", account.ManagePilots, p.setClassPolicy),
		get(feedRoot+":link", account.Open, p.feed),
		get("/t/:link/calendar.ics", account.Open, p.passFeed),
		get("/schedule/:format", account.SeeClasses, p.scheduleFile),
		get("/calendar/feeds", account.ManageSessions, p.feedsPage),
		post("/calendar/feeds", account.ManageSessions, p.openFeed),
		post("/calendar/feeds/revoke", account.ManageSessions, p.revokeFeed),
		post("/holidays/list", account.ManagePlan, p.addHolidays),
		get("/classes", account.SeeClasses, p.classesPage),
		get("/classes/:id", account.SeeClasses, p.classPage),
		get("/classes/:id/people", account.SeeClasses, p.classPeoplePage),
		get("/calendar", account.SeeClasses, p.calendarPage),
		get("/pilots", account.SeePilots, p.pilotsPage),
		get("/pilots/:id", account.SeePilots, p.pilotPage),
		get("/documents/:id", account.SeePilots, p.document),
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
		get("/classes/:id/sessions/new", account.ManageSessions, p.newSessionsPage),
		post("/classes/:id/sessions", account.ManageSessions, p.addSessions),
		get("/holidays", account.SeeClasses, p.holidaysPage),
		post("/holidays", account.ManagePlan, p.addHoliday),
		post("/holidays/remove", account.ManagePlan, p.removeHoliday),
		get("/sessions/:id/edit", account.ManageSessions, p.sessionEditPage),
		post("/sessions/:id/edit", account.ManageSessions, p.moveSession),
		post("/sessions/:id/cancel", account.ManageSessions, p.cancelSession),
		post("/sessions/:id/restore", account.ManageSessions, p.restoreSession),
	}
}

// peopleRoutes are people: participants, places, tickets and what they ask of their data.
func (p *Pages) peopleRoutes() []route {
	return []route{
		get("/classes/:id/badges", account.PrintBadges, p.badgesPage),
		get("/classes/:id/badges.pdf", account.PrintBadges, p.badgesFile),
		post("/bulk/:id/carry", account.CorrectAttendance, p.carryBulk),
		post("/classes/:id/tickets/renew", account.ManageTickets, p.renewTickets),
		get("/classes/:id/links/:format", account.SeeNumbers, p.classLinks),
		get("/pilots/:id/links/:format", account.SeeNumbers, p.pilotLinks),
		post("/classes/:id/links/mail", account.SeeNumbers, p.mailClassLinks),
		post("/pilots/:id/links/mail", account.SeeNumbers, p.mailPilotLinks),
		post("/pilots/:id/tickets", account.ManageTickets, p.issuePilotTickets),
		get("/classes/:id/tickets.pdf", account.ManageTickets, p.classTickets),
		get("/pilots/:id/tickets", account.ManageTickets, p.pilotPrints),
		get("/pilots/:id/tickets.pdf", account.ManageTickets, p.pilotTickets),
		get("/requests", account.AnswerRequests, p.requestsPage),
		get("/requests/:id", account.AnswerRequests, p.requestPage),
		post("/requests/:id", account.AnswerRequests, p.answerRequest),
		get("/participants", account.SeePeople, p.participantsPage),
		post("/participants/find", account.SeePeople, p.findParticipant),
		get("/participants/:id", account.SeePeople, p.participantPage),
		post("/classes/:id/enroll", account.ManagePlan, p.enroll),
		post("/classes/:id/tickets", account.ManageTickets, p.issueTickets),
		post("/classes/:id/waiting", account.ManagePlan, p.draftClass),
		post("/classes/:id/waiting/end", account.ManagePlan, p.endWaiting),
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
		post("/enrollments/:id/ticket", account.ManageTickets, p.revokeTicket),
	}
}

// sitesRoutes are sites, their officers and agents.
func (p *Pages) sitesRoutes() []route {
	return []route{
		get("/sites", account.SeeSites, p.sitesPage),
		get("/sites/:id", account.SeeSites, p.sitePage),
		get("/agents", account.SeeSites, p.agentsPage),
		post("/sites/:id/officers", account.ManagePlan, p.addOfficer),
		get("/officers/:id/pin", account.ManagePlan, p.officerPINPage),
		post("/officers/:id/pin", account.ManagePlan, p.newPIN),
		post("/officers/:id/remove", account.ManagePlan, p.removeOfficer),
		post("/sites/:id/agents", account.ManageAgents, p.addAgent),
		get("/sites/:id/agent-code", account.ManageAgents, p.agentCodePage),
		get("/bundles", account.ManageAgents, p.bundlesPage),
		postFile("/bundles", account.ManageAgents, p.importBundle),
		get("/bundles/:id", account.ManageAgents, p.bundlePage),
		get("/bundles/:id/reply", account.ManageAgents, p.bundleReply),
		post("/sites/:id/invite", account.ManageAgents, p.invite),
		post("/agents/:id/revoke", account.ManageAgents, p.revokeAgent),
		post("/agents/:id/rotate", account.ManageAgents, p.rotateAgent),
	}
}

// adminRoutes are administration: sign-in, users, other systems, the history and the log.
func (p *Pages) adminRoutes() []route {
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
		get("/tokens", account.ManageTokens, p.tokensPage),
		get("/tokens/new", account.ManageTokens, p.newTokenPage),
		post("/tokens", account.ManageTokens, p.addToken),
		get("/tokens/:id", account.ManageTokens, p.tokenPage),
		post("/tokens/:id/revoke", account.ManageTokens, p.revokeToken),
		get("/webhooks", account.ManageTokens, p.webhooksPage),
		get("/webhooks/new", account.ManageTokens, p.newWebhookPage),
		post("/webhooks", account.ManageTokens, p.addWebhook),
		get("/webhooks/:id", account.ManageTokens, p.webhookPage),
		post("/webhooks/:id/active", account.ManageTokens, p.switchWebhook),
		post("/webhooks/:id/again", account.ManageTokens, p.sendAgain),
		get("/history", account.SeeHistory, p.historyPage),
		get("/subscriptions", account.ExportAttendance, p.subscriptionsPage),
		get("/subscriptions/new", account.ExportAttendance, p.newSubscriptionPage),
		post("/subscriptions", account.ExportAttendance, p.addSubscription),
		get("/subscriptions/:id", account.ExportAttendance, p.subscriptionPage),
		post("/subscriptions/:id/active", account.ExportAttendance, p.switchSubscription),
		post("/subscriptions/:id/send", account.ExportAttendance, p.sendSubscription),
		post("/subscriptions/:id/again", account.ExportAttendance, p.sendRunAgain),
		post("/subscriptions/:id/remove", account.ExportAttendance, p.removeSubscription),
	}
}

// ticketRoutes are participants' pages: who knows the link is let in.
func (p *Pages) ticketRoutes() []route {
	return []route{
		get(findPath, account.Open, p.findPage),
		post(findPath, account.Open, p.findLink),
		get("/t/:link", account.Open, p.passPage),
		get("/t/:link/app.webmanifest", account.Open, p.passManifest),
		get("/t/:link/print", account.Open, p.passPrint),
		get("/t/:link/qr/:ticket", account.Open, p.passImage),
		get("/classes/:id/tickets/print", account.ManageTickets, p.classSheet),
		get("/t/:link/data", account.Open, p.ownDataPage),
		get("/t/:link/data.json", account.Open, p.ownDataFile),
		post("/t/:link/data/agree", account.Open, p.agree),
		post("/t/:link/data/ask", account.Open, p.ask),
	}
}
