package ticket

// Text encodes what was scanned again, for tests: the one text it can have.
func (s Scanned) Text() string {
	text := Prefix + crockford.EncodeToString(append(s.Ticket.payload(), s.signature...))
	if s.Tail != nil {
		text += s.Tail.Text()
	}
	return text
}
