// Package account manages the people who sign in: their passwords, their set-up links,
// and their permissions. [May] is the one authorisation table: each route names a
// [Permission], and a [Scope] narrows a coordinator to one institution.
//
// It leaves cookies and pages to package web.
package account

import (
	"slices"

	"github.com/google/uuid"

	"buktihadir/models"
)

// Permission is what a route requires of its visitor.
type Permission string

// The permissions.
const (
	Open              Permission = "open"               // for guests too
	Self              Permission = "self"               // one's own account, and what everybody signed in sees
	SeeClasses        Permission = "see_classes"        // classes, sessions and their attendance, within the scope
	SeePeople         Permission = "see_people"         // participants, within the scope
	ExportAttendance  Permission = "export_attendance"  // attendance as a file, within the scope
	SeePilots         Permission = "see_pilots"         // pilots, decisions and quotas
	SeeSites          Permission = "see_sites"          // sites with their agents and officers
	SeeHistory        Permission = "see_history"        // read the history of changes
	ManagePilots      Permission = "manage_pilots"      // phases, decisions, policies
	ManagePlan        Permission = "manage_plan"        // enrollments, officers
	ManageSessions    Permission = "manage_sessions"    // add, move and cancel sessions; within the scope, where nothing happened yet
	ImportPlan        Permission = "import_plan"        // plans from files; within the scope, the institution's own classes only
	ManageTickets     Permission = "manage_tickets"     // issue, revoke, print tickets: a person with a ticket can be recorded as present
	PrintBadges       Permission = "print_badges"       // name badges, within the scope; a ticket's code on them needs the permission to print tickets
	ManageAgents      Permission = "manage_agents"      // register and revoke site-agents
	ReviewCases       Permission = "review_cases"       // decide what the record alone can't
	CorrectAttendance Permission = "correct_attendance" // override a derived status
	CloseClasses      Permission = "close_classes"      // close a class, and issue its documents again
	AnswerRequests    Permission = "answer_requests"    // participants' requests about their data
	ManageUsers       Permission = "manage_users"       // who may sign in
	ManageTokens      Permission = "manage_tokens"      // which programs of others may call, and which are told of changes
	SeeNumbers        Permission = "see_numbers"        // whole personal numbers, in files; no page shows them
)

// Permissions lists every permission.
func Permissions() []Permission {
	return []Permission{Open, Self, SeeClasses, SeePeople, ExportAttendance, SeePilots, SeeSites, SeeHistory,
		ManagePilots, ManagePlan, ManageSessions, ImportPlan, ManageTickets, PrintBadges, ManageAgents, ReviewCases, CorrectAttendance, CloseClasses, AnswerRequests,
		ManageUsers, ManageTokens, SeeNumbers}
}

// Roles that hold a permission; Open is for everybody.
func holders(p Permission) []models.Role {
	switch p {
	case Self, SeeClasses, SeePeople, ExportAttendance:
		return []models.Role{models.RoleAdmin, models.RoleReviewer, models.RoleCoordinator}
	case ImportPlan, ManageSessions, PrintBadges:
		return []models.Role{models.RoleAdmin, models.RoleCoordinator}
	case SeePilots, SeeSites, SeeHistory, ReviewCases:
		return []models.Role{models.RoleAdmin, models.RoleReviewer}
	case ManagePilots, ManagePlan, ManageTickets, ManageAgents, CorrectAttendance, CloseClasses, AnswerRequests, ManageUsers, ManageTokens, SeeNumbers:
		return []models.Role{models.RoleAdmin}
	case Open:
	}
	return nil
}

// May says whether a role holds a permission. A guest has no role, "".
func May(role models.Role, p Permission) bool {
	return p == Open || slices.Contains(holders(p), role)
}

// Scope is how far a user sees: everything, or one institution. The zero value
// sees nothing.
type Scope struct {
	all      bool
	provider uuid.UUID
}

// ScopeOf is a user's scope. A coordinator without an institution sees nothing.
func ScopeOf(u models.User) Scope {
	switch u.Role {
	case models.RoleAdmin, models.RoleReviewer:
		return Scope{all: true}
	case models.RoleCoordinator:
		if u.ProviderID != nil {
			return Scope{provider: *u.ProviderID}
		}
	}
	return Scope{}
}

// Covers says whether what belongs to an institution may be seen.
func (s Scope) Covers(provider uuid.UUID) bool {
	return s.all || s.provider != uuid.Nil && s.provider == provider
}

// Provider is the institution that lists are limited to: nil for no limit. A user without
// any permission gets an institution that does not exist.
func (s Scope) Provider() *uuid.UUID {
	if s.all {
		return nil
	}
	p := s.provider
	return &p
}
