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

func upload(path string, asks account.Permission, handle gin.HandlerFunc) route {
	return route{http.MethodPost, path, asks, handle, fileBody}
}

// routes is every page there is.
func (p *Pages) routes() []route {
	var all []route
	for _, some := range [][]route{p.accountRoutes()} {
		all = append(all, some...)
	}
	return all
}

func (p *Pages) accountRoutes() []route {
	return []route{
		get("/healthz", account.Open, p.health),
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
