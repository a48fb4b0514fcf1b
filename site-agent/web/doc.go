// Package web is the desk as people see it: pages and a small JSON door for
// phones and browsers on the site's network, and the certificate that lets them
// in over HTTPS.
//
// New makes a Server; its Handler answers on both listeners, TLS belongs to the
// one for the network. Every route stands in one table (routes) with who may
// use it; there is no other place where that is decided. What a scan means is
// decided by site-agent/desk, what it looks like by templates and its scripts.
package web
