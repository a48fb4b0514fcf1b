package mail

// Times of the outbox.
const (
	GiveUp = giveUp
	Keep   = keep
)
