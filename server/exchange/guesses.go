package exchange

import (
	"sync"
	"time"

	"buktihadir/models"
)

const (
	freeGuesses  = 10
	guessWindow  = 10 * time.Minute
	maxAddresses = 10_000
)

// guesses counts wrong enrolment codes by address.
type guesses struct {
	now  func() models.Millis
	mu   sync.Mutex
	seen map[string][]models.Millis
}

func (g *guesses) may(address string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.recent(address)) < freeGuesses
}

func (g *guesses) wrong(address string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.seen == nil || len(g.seen) >= maxAddresses {
		g.seen = map[string][]models.Millis{} // memory is bounded
	}
	g.seen[address] = append(g.recent(address), g.now())
}

func (g *guesses) recent(address string) []models.Millis {
	times := g.seen[address]
	for len(times) > 0 && times[0].Add(guessWindow) <= g.now() {
		times = times[1:]
	}
	return times
}
