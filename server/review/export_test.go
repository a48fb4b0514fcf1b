package review

// The rules of closing, for tests to look at.
var (
	Blocked   = blocked
	OpenIn    = openIn
	OutcomeOf = outcomeOf
)
