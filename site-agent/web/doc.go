// Package web is the desk as people see it: pages, and a small JSON API for phones and
// browsers on the site's network.
//
// New makes a Server; its Handler answers on both listeners, and TLS belongs to the one
// for the network. Where to look:
//
//   - routes.go lists every address with who may use it. No other file decides that.
//   - page is the kit that all pages share: who asks (access.go), sign-ins and their
//     lock, what every page shows around its own, streams of news.
//   - checkin is what staff do at the desk: scan, search, check in manually, override,
//     void, notes, attendance sheets.
//   - station is this computer: first steps, readiness, clock, bundles, devices.
//   - kiosk is what stands there for everybody: the kiosk and the big screen.
//   - phone keeps a phone going while this agent does not answer, and takes over what it
//     recorded.
//   - certificate makes the certificates for HTTPS on the site's network.
//
// The packages checkin, station, kiosk and phone import page and never each other.
// site-agent/desk decides what a scan means; templates and scripts decide what it looks
// like.
package web
