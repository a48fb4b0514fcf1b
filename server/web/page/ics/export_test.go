package ics

// Plain is what remains of a text.
func Plain(s string) string { return plain(s) }
