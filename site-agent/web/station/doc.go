// Package station is the desk's computer as people see it: its first steps, whether it is
// ready, its clock, how phones reach it, bundles, and the devices that belong to it.
//
// first.go is the page of a computer that does not belong to a site yet; everything else
// belongs to a working desk.
package station

import (
	"buktihadir/site-agent/web/certificate"
	"buktihadir/site-agent/web/page"
)

// Handlers answer the station's addresses. Make them with New.
type Handlers struct {
	*page.Kit
	authority *certificate.Authority // nil without HTTPS
	tlsPort   string
	guesses   *page.Guesses // of pairing codes
}

// New makes the handlers. The authority is nil without HTTPS.
func New(kit *page.Kit, authority *certificate.Authority, tlsPort string) *Handlers {
	return &Handlers{Kit: kit, authority: authority, tlsPort: tlsPort, guesses: page.NewGuesses(kit.Desk.Moment)}
}
