package web

import (
	"github.com/gin-gonic/gin"

	"buktihadir/server/store"
)

// classOf finds the class that the address names by "id". What lies outside the
// visitor's scope is not there: whether it exists is nobody's business either.
func (p *Pages) classOf(c *gin.Context) (store.ClassEntry, error) {
	id, err := idParam(c)
	if err != nil {
		return store.ClassEntry{}, err
	}
	class, err := p.Store.Read(c.Request.Context()).ClassEntry(id)
	if err == nil && !visitorOf(c).scope.Covers(class.ProviderID) {
		return store.ClassEntry{}, store.ErrNotFound
	}
	return class, err
}

// sessionOf finds the session that the address names, within the scope.
func (p *Pages) sessionOf(c *gin.Context) (store.SessionEntry, error) {
	id, err := idParam(c)
	if err != nil {
		return store.SessionEntry{}, err
	}
	session, err := p.Store.Read(c.Request.Context()).SessionEntry(id)
	if err == nil && !visitorOf(c).scope.Covers(session.ProviderID) {
		return store.SessionEntry{}, store.ErrNotFound
	}
	return session, err
}
