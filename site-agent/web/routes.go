package web

import (
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"buktihadir/site-agent/web/checkin"
	"buktihadir/site-agent/web/page"
	"buktihadir/site-agent/web/phone"
	"buktihadir/site-agent/web/station"
	"buktihadir/templates"
)

// routes is the one table of what there is and who may use it, by wing.
func (s *Server) routes() []page.Route {
	return slices.Concat(s.kitRoutes(), s.checkinRoutes(), s.stationRoutes(), s.kioskRoutes(), s.phoneRoutes())
}

// kitRoutes are signing in, and what every device has.
func (s *Server) kitRoutes() []page.Route {
	get, post := page.Get, page.Post
	return []page.Route{
		get("/sign-in", page.Anyone, s.SignInPage),
		post("/sign-in", page.Anyone, s.PostSignIn),
		post("/logout", page.Anyone, s.SignOut),
		post("/lock-all", page.Supervisor, s.LockAll),
		post("/colours", page.Anyone, s.SetColours),
	}
}

// checkinRoutes are the work at the desk: scan, search, sessions, and what is written down of them.
func (s *Server) checkinRoutes() []page.Route {
	get, post := page.Get, page.Post
	return []page.Route{
		get("/", page.Officer, s.checkin.ScanPage),
		get("/verdict", page.Officer, s.checkin.VerdictPart),
		get("/search", page.Officer, s.checkin.SearchPage),
		get("/sessions", page.Officer, s.checkin.SessionsPage),
		get("/sessions/days", page.Officer, s.checkin.DaysPage),
		get("/sessions/:id", page.Officer, s.checkin.SessionPage),
		get("/sessions/:id/sheet", page.Officer, s.checkin.SheetPage),
		get("/sessions/:id/paper", page.Officer, s.checkin.PaperPage),
		get("/sessions/:id/receipts", page.Officer, s.checkin.ReceiptsPage),
		get("/sessions/:id/roll-call", page.Officer, s.checkin.RollCallPage),
		get("/recent", page.Officer, s.checkin.RecentPage),
		get("/live", page.Officer, s.checkin.LivePart).With(page.Unattended),
		get("/events", page.Officer, s.checkin.Events).With(page.Unattended),
		post("/api/scan", page.Officer, s.checkin.PostScan),
		post("/api/check-in", page.Officer, s.checkin.PostManual),
		post("/api/override", page.Officer, s.checkin.PostOverride),
		post("/api/void", page.Officer, s.checkin.PostVoid),
		post("/api/note", page.Officer, s.checkin.PostNote).UpTo(checkin.MaxNote),
		post("/api/walk-in", page.Officer, s.checkin.PostWalkIn).UpTo(checkin.MaxNote),
		post("/api/roll-call", page.Officer, s.checkin.PostRollCall).UpTo(checkin.MaxNote),
		post("/api/key-in", page.Officer, s.checkin.PostKeyIn),
	}
}

// stationRoutes are the station: what this computer is and needs, and the devices that belong to it.
func (s *Server) stationRoutes() []page.Route {
	get, post := page.Get, page.Post
	return []page.Route{
		get("/connect", page.Anyone, s.station.ConnectPage),
		get("/connect.png", page.Anyone, s.station.ConnectCode),
		get("/ca.crt", page.Anyone, s.station.ServeCertificate),
		get("/setup", page.Setup, s.station.SetupPage),
		get("/try", page.Setup, s.station.TryPage),
		get("/try.png", page.Setup, s.station.TryImage),
		post("/api/try", page.Setup, s.station.PostTry),
		get("/clock", page.Officer, s.station.ClockPage),
		post("/clock", page.Officer, s.station.SetClock),
		get("/station", page.Officer, s.station.StationPage),
		post("/sync", page.Officer, s.station.PostSync),
		get("/bundle", page.Supervisor, s.station.BundlePage),
		post("/bundle", page.Supervisor, s.station.ImportReply).UpTo(page.MaxReply + page.MaxBody),
		get("/bundle/export", page.Supervisor, s.station.ExportBundle),
		get("/devices", page.Host, s.station.DevicesPage),
		post("/devices/policy", page.Host, s.station.PostPolicy),
		post("/devices/codes", page.Host, s.station.PostCode),
		get("/devices/codes/:id", page.Host, s.station.CodePage),
		get("/devices/codes/:id/code.png", page.Host, s.station.CodeImage),
		get("/devices/:id", page.Host, s.station.DevicePage),
		post("/devices/:id", page.Host, s.station.PostDevice),
		post("/devices/:id/revoke", page.Host, s.station.PostRevoke),
		get("/others", page.Host, s.station.OthersPage),
		post("/others", page.Host, s.station.PostOther),
		post("/others/remove", page.Host, s.station.PostOtherGone),
		get("/pair", page.Anyone, s.station.PairPage),
		post("/pair", page.Anyone, s.station.PostPair),
	}
}

// kioskRoutes are the kiosk and the big screen.
func (s *Server) kioskRoutes() []page.Route {
	get, post := page.Get, page.Post
	return []page.Route{
		post("/kiosk/enter", page.Officer, s.kiosk.EnterKiosk),
		get("/kiosk", page.Officer, s.kiosk.KioskPage).With(page.ForKiosk),
		post("/kiosk/leave", page.KioskOnly, s.kiosk.LeaveKiosk).With(page.ForKiosk),
		post("/api/kiosk", page.KioskOnly, s.kiosk.PostKiosk).With(page.ForKiosk),
		get("/screen", page.Watcher, s.kiosk.ScreenPage),
		get("/screen/live", page.Watcher, s.kiosk.ScreenPart).With(page.Unattended | page.ForKiosk),
		get("/screen/events", page.Watcher, s.kiosk.ScreenEvents).With(page.Unattended | page.ForKiosk),
	}
}

// phoneRoutes are what a phone needs to go on while this agent doesn't answer.
func (s *Server) phoneRoutes() []page.Route {
	get, post := page.Get, page.Post
	return []page.Route{
		get("/alone", page.Officer, s.phone.AlonePage).With(page.Unattended),
		get("/alone.json", page.Officer, s.phone.Shell).With(page.Unattended),
		get("/sw.js", page.Anyone, s.phone.ServiceWorker),
		get("/manifest.webmanifest", page.Anyone, s.phone.Manifest),
		post(contactPath, page.Officer, s.phone.PostContact).With(page.Unattended),
		post("/api/hand-over", page.Officer, s.phone.PostHandOver).With(page.Unattended).UpTo(phone.MaxHandOver),
		post("/api/farewell", page.Anyone, s.phone.PostFarewell).With(page.Unattended | page.ForKiosk),
	}
}

// contactPath is the one address of the JSON API whose answers are large enough to compress.
const contactPath = "/api/contact"

// direct says which addresses go without compression: files that bring their
// own, answers too small for it, and the stream.
func direct(path string) bool {
	return strings.HasPrefix(path, templates.AssetRoot) || strings.HasPrefix(path, page.APIRoot) && path != contactPath || page.IsStream(path)
}

// plainAllowed says which addresses answer over the network without HTTPS.
func plainAllowed(path string) bool {
	return strings.HasPrefix(path, templates.AssetRoot) || path == "/connect" || path == "/connect.png" || path == "/ca.crt"
}

// firstRoutes are the addresses of a computer that belongs to no site yet. Only this
// computer itself gets an answer, see NewFirst.
func firstRoutes(e *gin.Engine, first *station.First) {
	e.GET("/setup", first.Page)
	e.POST("/setup", first.Enrol)
	e.POST("/setup/request", first.Request)
	e.POST("/setup/reply", first.Reply)
}
