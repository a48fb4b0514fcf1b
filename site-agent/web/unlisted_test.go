package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/site-agent/web/page"
	"buktihadir/templates"
)

// A name that is on no list is recorded, and staff still have to compare it; of a walk-in
// they have just written it down.
func TestANameToCompareIsAmber(t *testing.T) {
	s := newSite(t, nil)
	cookie := s.signedIn(t, s.officer, officerPIN)
	unknown := member{ticket: models.Ref{1}, name: "Maria"}
	if code, got := s.post(t, cookie, "/api/scan", page.ScanForm{ID: uuid.New(), Code: s.token(t, unknown), Desk: "Meja 2"}); code != http.StatusOK ||
		got.Verdict != "unlisted" || got.Tone != templates.Warn || got.Seq == 0 {
		t.Errorf("%d %+v", code, got)
	}
	walkIn := map[string]string{"id": uuid.NewString(), "session": s.session.String(), "name": "Maria", "number": "4821"}
	if code, got := s.send(t, cookie, "/api/walk-in", walkIn, nil); code != http.StatusOK || got.Verdict != "unlisted" || got.Tone != templates.Good {
		t.Errorf("walked in: %d %+v", code, got)
	}
}

func TestTheScannersPageSaysWhatToDoOfEveryRefusal(t *testing.T) {
	s := newSite(t, nil)
	shown := s.do(request(http.MethodGet, "/", ""), s.signedIn(t, s.officer, officerPIN)).Body.String()
	for _, v := range models.Verdicts() {
		if v != models.VerdictNone && templates.VerdictTone(v) == templates.Bad && !strings.Contains(shown, `data-text="hint.`+string(v)+`"`) {
			t.Errorf("nothing is said of %s", v)
		}
	}
}
