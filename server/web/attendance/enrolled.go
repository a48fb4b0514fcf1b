package attendance

import (
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/web/page"
)

// enrolledCounts are places in classes by province, of each institution and, under the
// zero id, of all.
type enrolledCounts struct {
	mu     sync.Mutex
	counts map[uuid.UUID]enrolledCount
}

// enrolledCount is one of them, as of a time.
type enrolledCount struct {
	at         models.Millis
	byProvince map[string]int64
}

// enrolledFor is how long a count of places stands: they change slowly, and counting a
// million of them takes a second, which no page that renews itself should.
const enrolledFor = time.Minute

// enrolledBy are the places in classes that a visitor may see, by province. A visitor who
// asks while another count runs waits for that count.
func (p *Pages) enrolledBy(c *gin.Context) (map[string]int64, error) {
	scope, whose := page.VisitorOf(c).Scope.Provider(), uuid.Nil
	if scope != nil {
		whose = *scope
	}
	p.enrolled.mu.Lock()
	defer p.enrolled.mu.Unlock()
	if known, ok := p.enrolled.counts[whose]; ok && p.Now().Sub(known.at) < enrolledFor {
		return known.byProvince, nil
	}
	fresh, err := p.Store.Read(c.Request.Context()).EnrolledByProvince(scope)
	if err != nil {
		return nil, err
	}
	p.enrolled.counts[whose] = enrolledCount{p.Now(), fresh}
	return fresh, nil
}
