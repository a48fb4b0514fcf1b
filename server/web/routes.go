package web

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"buktihadir/server/account"
	"buktihadir/server/web/attendance"
	"buktihadir/server/web/page"
	"buktihadir/server/web/ticket"
)

// route is one address with the permission that it needs.
type route struct {
	method, path string
	asks         account.Permission
	handle       gin.HandlerFunc
	body         int64 // the most a request may carry; 0: smallBody
	stream       bool  // it tells what is new for as long as somebody listens, so its reads are of many moments
}

func get(path string, asks account.Permission, handle gin.HandlerFunc) route {
	return route{method: http.MethodGet, path: path, asks: asks, handle: handle}
}

func post(path string, asks account.Permission, handle gin.HandlerFunc) route {
	return route{method: http.MethodPost, path: path, asks: asks, handle: handle}
}

func postFile(path string, asks account.Permission, handle gin.HandlerFunc) route {
	return route{method: http.MethodPost, path: path, asks: asks, handle: handle, body: page.FileBody}
}

// routes is every address there is, by wing: no other file names one with its
// permission, which a test holds.
func (p *Pages) routes() []route {
	return slices.Concat(p.attendanceRoutes(), p.planRoutes(), p.peopleRoutes(), p.sitesRoutes(), p.adminRoutes(), p.ticketRoutes())
}

// attendanceRoutes are attendance: the overview, sessions, figures, cases, corrections, papers.
func (p *Pages) attendanceRoutes() []route {
	return []route{
		get("/classes/:id/close", account.CloseClasses, p.attendance.ClosePage),
		post("/classes/:id/close", account.CloseClasses, p.attendance.CloseClass),
		get("/classes/:id/documents", account.SeeClasses, p.attendance.DocumentsPage),
		post("/classes/:id/documents", account.CloseClasses, p.attendance.Reissue),
		get("/classes/:id/documents/:document", account.ExportAttendance, p.attendance.IssuedPaper),
		get("/classes/:id/drafts/:kind", account.ExportAttendance, p.attendance.DraftPaper),
		get("/sessions/:id/sheet", account.ExportAttendance, p.attendance.SessionSheet),
		get("/sessions/:id/sheet/print", account.ExportAttendance, p.attendance.SigningSheet),
		get("/proof/:id", account.Open, p.attendance.ProofPage),
		{method: http.MethodPost, path: "/proof/:id", asks: account.Open, handle: p.attendance.CheckPaper, body: attendance.PaperBody},
		postFile("/attendance", account.CorrectAttendance, p.attendance.CorrectVisits),
		postFile("/sessions/:id/corrections", account.CorrectAttendance, p.attendance.CorrectSession),
		postFile("/classes/:id/corrections", account.CorrectAttendance, p.attendance.CorrectClass),
		get("/", account.Self, p.attendance.OverviewPage),
		{method: http.MethodGet, path: "/live", asks: account.Self, handle: p.attendance.Live, stream: true},
		get("/figures", account.SeeClasses, p.attendance.FiguresPage),
		get("/progress", account.SeeClasses, p.attendance.ProgressPage),
		get("/attendance", account.SeeClasses, p.attendance.VisitsPage),
		get("/attendance/:format", account.ExportAttendance, p.attendance.VisitsFile),
		get("/classes/:id/attendance", account.SeeClasses, p.attendance.ClassAttendancePage),
		get("/sessions/:id", account.SeeClasses, p.attendance.SessionPage),
		get("/sessions/:id/attendance.csv", account.ExportAttendance, p.attendance.ExportSession),
		get("/sessions/:id/people/:enrollment", account.SeeClasses, p.attendance.PersonPage),
		get("/cases", account.ReviewCases, p.attendance.CasesPage),
		post("/cases", account.ReviewCases, p.attendance.DecideCases),
		get("/cases/:id", account.ReviewCases, p.attendance.CasePage),
		post("/cases/:id", account.ReviewCases, p.attendance.DecideCase),
		get("/cases/:id/bytes", account.ReviewCases, p.attendance.CaseBytes),
		postFile("/sessions/:id/people/:enrollment", account.CorrectAttendance, p.attendance.Correct),
		get("/corrections/:id/evidence", account.ReviewCases, p.attendance.Evidence),
		get("/events/:agent/:epoch/:seq/picture", account.ReviewCases, p.attendance.Picture),
	}
}

// planRoutes are the plan: pilots, classes, sessions, days off, imports, proposals, money.
func (p *Pages) planRoutes() []route {
	return []route{
		get("/pilots/:id/budget", account.SeePilots, p.plan.BudgetPage),
		post("/pilots/:id/budget", account.ManagePilots, p.plan.SetBudget),
		get("/pilots/:id/budget/classes", account.SeePilots, p.plan.CostsPage),
		get("/pilots/:id/budget/file/:format", account.SeePilots, p.plan.CostsFile),
		get("/pilots/:id/what-if", account.SeePilots, p.plan.WhatIfPage),
		get("/classes/:id/policy", account.ManagePilots, p.plan.ClassPolicyPage),
		post("/classes/:id/policy", account.ManagePilots, p.plan.SetClassPolicy),
		get(page.FeedRoot+":link", account.Open, p.plan.Feed),
		get("/schedule/:format", account.SeeClasses, p.plan.ScheduleFile),
		get("/calendar/feeds", account.ManageSessions, p.plan.FeedsPage),
		post("/calendar/feeds", account.ManageSessions, p.plan.OpenFeed),
		post("/calendar/feeds/revoke", account.ManageSessions, p.sure("feed.revoke", p.plan.RevokeFeed)),
		post("/holidays/list", account.ManagePlan, p.plan.AddHolidays),
		get("/classes", account.SeeClasses, p.plan.ClassesPage),
		get("/classes/:id", account.SeeClasses, p.plan.ClassPage),
		get("/calendar", account.SeeClasses, p.plan.CalendarPage),
		get("/pilots", account.SeePilots, p.plan.PilotsPage),
		get("/pilots/:id", account.SeePilots, p.plan.PilotPage),
		get("/documents/:id", account.SeePilots, p.plan.Document),
		get("/pilots/new", account.ManagePilots, p.plan.NewPilotPage),
		post("/pilots", account.ManagePilots, p.plan.AddPilot),
		postFile("/pilots/:id/decide", account.ManagePilots, p.plan.Decide),
		postFile("/pilots/:id/decision", account.ManagePilots, p.plan.CorrectDecision),
		post("/pilots/:id/phase", account.ManagePilots, p.plan.SetPhase),
		post("/pilots/:id/policy", account.ManagePilots, p.plan.SetPolicy),
		post("/pilots/:id/quota", account.ManagePilots, p.plan.SetQuota),
		get("/imports", account.ImportPlan, p.plan.ImportsPage),
		get("/imports/new", account.ImportPlan, p.plan.NewImportPage),
		get("/imports/template/:kind", account.ImportPlan, p.plan.ImportTemplate),
		postFile("/imports", account.ImportPlan, p.plan.UploadImport),
		get("/imports/:id", account.ImportPlan, p.plan.ImportPage),
		post("/imports/:id/apply", account.ImportPlan, p.plan.ApplyImport),
		get("/plan", account.ManagePlan, p.plan.ProposalsPage),
		get("/plan/new", account.ManagePlan, p.plan.NewProposalPage),
		post("/plan", account.ManagePlan, p.plan.Propose),
		get("/plan/:id", account.ManagePlan, p.plan.ProposalPage),
		post("/plan/:id/accept", account.ManagePlan, p.plan.AcceptProposal),
		get("/classes/:id/move", account.ManageSessions, p.plan.ClassMovePage),
		post("/classes/:id/move", account.ManageSessions, p.plan.MoveClass),
		get("/classes/:id/sessions/new", account.ManageSessions, p.plan.NewSessionsPage),
		post("/classes/:id/sessions", account.ManageSessions, p.plan.AddSessions),
		get("/holidays", account.SeeClasses, p.plan.HolidaysPage),
		post("/holidays", account.ManagePlan, p.plan.AddHoliday),
		post("/holidays/remove", account.ManagePlan, p.plan.RemoveHoliday),
		get("/sessions/:id/edit", account.ManageSessions, p.plan.SessionEditPage),
		post("/sessions/:id/edit", account.ManageSessions, p.plan.MoveSession),
		post("/sessions/:id/teachers", account.ManageSessions, p.plan.TeachSession),
		post("/sessions/:id/cancel", account.ManageSessions, p.plan.CancelSession),
		post("/sessions/:id/restore", account.ManageSessions, p.plan.RestoreSession),
		get("/sessions", account.SeeClasses, p.plan.SessionsPage),
	}
}

// peopleRoutes are about people: participants, places, tickets and requests about their
// data.
func (p *Pages) peopleRoutes() []route {
	return []route{
		get("/classes/:id/badges", account.PrintBadges, p.people.BadgesPage),
		get("/classes/:id/badges.pdf", account.PrintBadges, p.people.BadgesFile),
		post("/bulk/:id/carry", account.CorrectAttendance, p.people.CarryBulk),
		post("/classes/:id/tickets/renew", account.ManageTickets, p.people.RenewTickets),
		get("/classes/:id/links/:format", account.SeeNumbers, p.people.ClassLinks),
		get("/pilots/:id/links/:format", account.SeeNumbers, p.people.PilotLinks),
		post("/classes/:id/links/mail", account.SeeNumbers, p.people.MailClassLinks),
		post("/pilots/:id/links/mail", account.SeeNumbers, p.people.MailPilotLinks),
		post("/pilots/:id/tickets", account.ManageTickets, p.people.IssuePilotTickets),
		post("/pilots/:id/tickets/renew", account.ManageTickets, p.people.RenewPilotTickets),
		get("/classes/:id/tickets.pdf", account.ManageTickets, p.people.ClassTickets),
		get("/pilots/:id/tickets", account.ManageTickets, p.people.PilotPrints),
		get("/pilots/:id/tickets.pdf", account.ManageTickets, p.people.PilotTickets),
		get("/requests", account.AnswerRequests, p.people.RequestsPage),
		get("/requests/:id", account.AnswerRequests, p.people.RequestPage),
		post("/requests/:id", account.AnswerRequests, p.people.AnswerRequest),
		get("/participants", account.SeePeople, p.people.ParticipantsPage),
		post("/participants/find", account.SeePeople, p.people.FindParticipant),
		get("/participants/:id", account.SeePeople, p.people.ParticipantPage),
		post("/participants/:id/receipt", account.ReviewCases, p.people.AskReceipt),
		post("/participants/:id/link", account.ManageTickets, p.people.RenewLink),
		post("/classes/:id/enroll", account.ManagePlan, p.people.Enroll),
		post("/classes/:id/tickets", account.ManageTickets, p.people.IssueTickets),
		post("/classes/:id/waiting", account.ManagePlan, p.people.DraftClass),
		post("/classes/:id/waiting/end", account.ManagePlan, p.sure("waiting.end", p.people.EndWaiting)),
		get("/enrollments", account.ManagePlan, p.people.EnrollmentsPage),
		post("/enrollments", account.ManagePlan, p.people.DraftEnrollments),
		post("/participants/enroll", account.ManagePlan, p.people.DraftPeople),
		get("/bulk", account.ManagePlan, p.people.BulksPage),
		get("/bulk/:id", account.ManagePlan, p.people.BulkPage),
		post("/bulk/:id/skip", account.ManagePlan, p.people.SkipBulkItem),
		post("/bulk/:id/apply", account.ManagePlan, p.people.ApplyBulk),
		post("/bulk/:id/undo", account.ManagePlan, p.people.UndoBulk),
		get("/enrollments/:id", account.ManagePlan, p.people.EnrollmentPage),
		post("/enrollments/:id/cancel", account.ManagePlan, p.people.CancelEnrollment),
		post("/enrollments/:id/ticket", account.ManageTickets, p.people.RevokeTicket),
		post("/enrollments/:id/tasks", account.ManagePlan, p.people.MarkTasks),
		get("/classes/:id/people", account.SeeClasses, p.people.ClassPeoplePage),
	}
}

// sitesRoutes are sites, their officers and agents.
func (p *Pages) sitesRoutes() []route {
	return []route{
		get("/sites", account.SeeSites, p.sites.SitesPage),
		get("/sites/:id", account.SeeSites, p.sites.SitePage),
		get("/agents", account.SeeSites, p.sites.AgentsPage),
		post("/sites/:id/rhythm", account.ManagePlan, p.sites.SetRhythm),
		post("/sites/:id/officers", account.ManagePlan, p.sites.AddOfficer),
		get("/officers/:id/pin", account.ManagePlan, p.sites.OfficerPINPage),
		post("/officers/:id/pin", account.ManagePlan, p.sure("officer.new_pin", p.sites.NewPIN)),
		post("/officers/:id/remove", account.ManagePlan, p.sure("site.remove", p.sites.RemoveOfficer)),
		post("/sites/:id/agents", account.ManageAgents, p.sites.AddAgent),
		get("/sites/:id/agent-code", account.ManageAgents, p.sites.AgentCodePage),
		get("/bundles", account.ManageAgents, p.sites.BundlesPage),
		postFile("/bundles", account.ManageAgents, p.sites.ImportBundle),
		get("/bundles/:id", account.ManageAgents, p.sites.BundlePage),
		get("/bundles/:id/reply", account.ManageAgents, p.sites.BundleReply),
		post("/sites/:id/invite", account.ManageAgents, p.sites.Invite),
		post("/agents/:id/revoke", account.ManageAgents, p.sure("agents.revoke", p.sites.RevokeAgent)),
		post("/agents/:id/rotate", account.ManageAgents, p.sites.RotateAgent),
	}
}

// adminRoutes are administration: sign-in, users, other systems, the history and the log.
func (p *Pages) adminRoutes() []route {
	return []route{
		get("/healthz", account.Open, p.admin.Health),
		get("/log", account.Open, p.admin.LogPage),
		get("/log/head", account.Open, p.admin.LogNote),
		get("/login", account.Open, p.admin.LoginPage),
		post("/login", account.Open, p.admin.Login),
		post("/logout", account.Open, p.admin.Logout),
		get("/setup/:token", account.Open, p.admin.SetupPage),
		post("/setup/:token", account.Open, p.admin.Setup),
		get("/account", account.Self, p.admin.AccountPage),
		post("/account/password", account.Self, p.admin.ChangePassword),
		get("/users", account.ManageUsers, p.admin.UsersPage),
		get("/users/new", account.ManageUsers, p.admin.NewUserPage),
		post("/users", account.ManageUsers, p.admin.AddUser),
		get("/users/:id/link", account.ManageUsers, p.admin.UserLinkPage),
		post("/users/:id/renew", account.ManageUsers, p.admin.RenewUser),
		post("/users/:id/active", account.ManageUsers, p.admin.ActivateUser),
		get("/tokens", account.ManageTokens, p.admin.TokensPage),
		get("/tokens/new", account.ManageTokens, p.admin.NewTokenPage),
		post("/tokens", account.ManageTokens, p.admin.AddToken),
		get("/tokens/:id", account.ManageTokens, p.admin.TokenPage),
		post("/tokens/:id/revoke", account.ManageTokens, p.sure("api.revoke", p.admin.RevokeToken)),
		get("/webhooks", account.ManageTokens, p.admin.WebhooksPage),
		get("/webhooks/new", account.ManageTokens, p.admin.NewWebhookPage),
		post("/webhooks", account.ManageTokens, p.admin.AddWebhook),
		get("/webhooks/:id", account.ManageTokens, p.admin.WebhookPage),
		post("/webhooks/:id/active", account.ManageTokens, p.admin.SwitchWebhook),
		post("/webhooks/:id/again", account.ManageTokens, p.admin.SendAgain),
		get("/history", account.SeeHistory, p.admin.HistoryPage),
		get("/subscriptions", account.ExportAttendance, p.admin.SubscriptionsPage),
		get("/subscriptions/new", account.ExportAttendance, p.admin.NewSubscriptionPage),
		post("/subscriptions", account.ExportAttendance, p.admin.AddSubscription),
		get("/subscriptions/:id", account.ExportAttendance, p.admin.SubscriptionPage),
		post("/subscriptions/:id/active", account.ExportAttendance, p.admin.SwitchSubscription),
		post("/subscriptions/:id/send", account.ExportAttendance, p.admin.SendSubscription),
		post("/subscriptions/:id/again", account.ExportAttendance, p.admin.SendRunAgain),
		post("/subscriptions/:id/remove", account.ExportAttendance, p.sure("subscription.remove", p.admin.RemoveSubscription)),
	}
}

// ticketRoutes are participants' pages: anybody who knows the link may open them.
func (p *Pages) ticketRoutes() []route {
	return []route{
		get(ticket.FindPath, account.Open, p.ticket.FindPage),
		post(ticket.FindPath, account.Open, p.ticket.FindLink),
		get(ticket.ReceiptPath, account.Open, p.ticket.ReceiptPage),
		get("/t/:link", account.Open, p.ticket.PassPage),
		post("/t/:link/receipt", account.Open, p.ticket.AskReceipt),
		get("/t/:link/app.webmanifest", account.Open, p.ticket.PassManifest),
		get("/t/:link/print", account.Open, p.ticket.PassPrint),
		get("/t/:link/qr/:ticket", account.Open, p.ticket.PassImage),
		get("/classes/:id/tickets/print", account.ManageTickets, p.ticket.ClassSheet),
		get("/t/:link/data", account.Open, p.ticket.OwnDataPage),
		get("/t/:link/data.json", account.Open, p.ticket.OwnDataFile),
		post("/t/:link/data/agree", account.Open, p.ticket.Agree),
		post("/t/:link/data/ask", account.Open, p.ticket.Ask),
		post("/t/:link/data/reminders", account.Open, p.ticket.SetReminders),
		get("/t/:link/calendar.ics", account.Open, p.ticket.PassFeed),
	}
}
