package web

import "buktihadir/server/account"

// Declared is a route as the table of routes has it.
type Declared struct {
	Method, Path string
	Asks         account.Permission
}

// Declared lists the table of routes.
func (p *Pages) Declared() []Declared {
	var list []Declared
	for _, r := range p.routes() {
		list = append(list, Declared{r.method, r.path, r.asks})
	}
	return list
}
