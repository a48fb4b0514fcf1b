// Package models holds the words that the server and the site-agent agree on:
// entities, identifiers and enumerations, named as in the field's glossary.
//
// Entities are GORM rows of the server's database; the site-agent receives the
// part of them that its site needs through models/exchange. Nothing here has
// behaviour that decides about attendance: that is models/attendance.
//
// Conventions: identifiers are UUIDv7, except what stands in a QR code, which
// is a Ref of 64 random bits. Instants are Millis (UTC); dates are LocalDate in
// the zone of the site.
package models
