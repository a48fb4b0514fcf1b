package page

import (
	"github.com/gin-gonic/gin"

	"buktihadir/server/store"
)

// ClassOf finds the class that the address names by "id". A class outside
// the visitor's scope is not found either, so the answer does not show whether it exists.
func (p *Kit) ClassOf(c *gin.Context) (store.ClassEntry, error) {
	id, err := IDParam(c)
	if err != nil {
		return store.ClassEntry{}, err
	}
	class, err := p.Store.Read(c.Request.Context()).ClassEntry(id)
	if err == nil && !VisitorOf(c).Scope.Covers(class.ProviderID) {
		return store.ClassEntry{}, store.ErrNotFound
	}
	return class, err
}

// SessionOf finds the session that the address names, within the scope.
func (p *Kit) SessionOf(c *gin.Context) (store.SessionEntry, error) {
	id, err := IDParam(c)
	if err != nil {
		return store.SessionEntry{}, err
	}
	session, err := p.Store.Read(c.Request.Context()).SessionEntry(id)
	if err == nil && !VisitorOf(c).Scope.Covers(session.ProviderID) {
		return store.SessionEntry{}, store.ErrNotFound
	}
	return session, err
}
