package attendance_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
	"buktihadir/server/web/webtest"
)

// opened opens cases of some kinds at the first site, in this order.
func (o *fixture) opened(t *testing.T, kinds ...models.CaseKind) []models.Case {
	t.Helper()
	var list []models.Case
	for i, kind := range kinds {
		k := models.Case{ID: uuid.New(), Kind: kind, Subject: uuid.NewString(), SiteID: o.Sites[0].ID, State: models.CaseOpen, OpenedAt: o.Now + models.Millis(i), UpdatedAt: o.Now}
		o.Add(t, &k)
		list = append(list, k)
	}
	return list
}

func (o *fixture) stateOf(t *testing.T, k models.Case) models.CaseState {
	t.Helper()
	got, err := o.Store.Read(t.Context()).CaseByID(k.ID)
	if err != nil {
		t.Fatal(err)
	}
	return got.State
}

// decides posts what is to be decided about some cases.
func decides(b *webtest.Browser, list []models.Case, pairs ...string) webtest.Answer {
	b.T.Helper()
	form := url.Values{}
	for _, k := range list {
		form.Add("case", k.ID.String())
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	req := b.Request(http.MethodPost, "/cases", strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.Do(req)
}

func TestCasesOfSeveralKindsAreNotDecidedWithOneWord(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pmo, list := o.As(t, models.RoleAdmin), o.opened(t, models.CaseTwoDesks, models.CaseEpoch)
	page := pmo.Get("/cases?lang=en").Body
	if strings.Contains(page, `name="decision"`) || strings.Contains(page, `type="checkbox"`) || !strings.Contains(page, "choose one kind above") {
		t.Errorf("a list of several kinds offers to decide them together:\n%s", page)
	}
	for _, sure := range []string{"", "1"} {
		got := decides(pmo, list, "decision", "confirmed", "reason", "dicek", "sure", sure)
		if got.Status == http.StatusSeeOther || !strings.Contains(got.Body, "only cases of one kind") || strings.Contains(got.Body, `name="sure"`) {
			t.Errorf("sure %q: %d\n%s", sure, got.Status, got.Body)
		}
	}
	for _, k := range list {
		if got := o.stateOf(t, k); got != models.CaseOpen {
			t.Errorf("%s is %s", k.Kind, got)
		}
	}
}

func TestCasesOfOneKindAreDecidedInItsWords(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pmo, list := o.As(t, models.RoleAdmin), o.opened(t, models.CaseTwoDesks, models.CaseTwoDesks, models.CaseEpoch)
	page := pmo.Get("/cases?lang=en&kind=two_desks").Body
	for _, want := range []string{"Something is wrong</button>", "There is an explanation</button>"} {
		if !strings.Contains(page, want) {
			t.Errorf("the list lacks %q:\n%s", want, page)
		}
	}
	form := []string{"decision", "confirmed", "filter", "kind=two_desks"}
	asked := decides(pmo, list[:2], form...)
	for _, want := range []string{"2 cases will be decided: “Something is wrong”.", "No status changes."} {
		if !strings.Contains(asked.Body, want) {
			t.Errorf("the last page lacks %q:\n%s", want, asked.Body)
		}
	}
	if strings.Contains(asked.Body, "will count") {
		t.Errorf("it promises counting where nothing counts:\n%s", asked.Body)
	}
	if got := decides(pmo, list[:2], append(form, "sure", "1", "reason", "dicek")...); got.Status != http.StatusSeeOther {
		t.Fatalf("%d\n%s", got.Status, got.Body)
	}
	for i, want := range []models.CaseState{models.CaseConfirmed, models.CaseConfirmed, models.CaseOpen} {
		if got := o.stateOf(t, list[i]); got != want {
			t.Errorf("case %d is %s, want %s", i, got, want)
		}
	}
	for path, want := range map[string]string{
		"/cases?state=confirmed": "Found not right</td>", "/cases/" + list[0].ID.String(): "<strong>Found not right</strong>",
		"/history": "“In two places at once”: Found not right",
	} {
		if got := pmo.Get(path); !strings.Contains(got.Body, want) {
			t.Errorf("%s lacks %q:\n%s", path, want, got.Body)
		}
	}
}

func TestOnlyWhatWillCountIsPromisedToCount(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pmo, list := o.As(t, models.RoleAdmin), o.opened(t, models.CaseQuarantine)
	for decision, promised := range map[string]bool{"confirmed": true, "dismissed": false} {
		got := decides(pmo, list, "decision", decision, "filter", "page=2")
		if strings.Contains(got.Body, "akan dihitung.") != promised || !strings.Contains(got.Body, "1 perkara akan diputuskan") {
			t.Errorf("%s:\n%s", decision, got.Body)
		}
	}
}

func TestManyCasesThatNeedAPersonAreNotCountedTogether(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pmo := o.As(t, models.RoleAdmin)
	o.opened(t, models.CaseUnlisted, models.CaseUnlisted)
	if page := pmo.Get("/cases?kind=unlisted").Body; strings.Contains(page, `name="decision" value="confirmed"`) || !strings.Contains(page, `name="decision" value="dismissed"`) {
		t.Errorf("whose a ticket was is said of each:\n%s", page)
	}
}

func TestACaseSaysItsCauseInWords(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	for code, want := range map[string]string{
		"unknown_kind": "Jenis catatan tidak dikenal", "unknown_session": "Sesinya tidak dikenal", "enrollment_of_another_class": "Kepesertaan di kelas lain",
		"class_closed": "Kelas sudah ditutup", "unchecked": "Belum bisa diperiksa", "impossible_time": "Waktunya tidak mungkin",
	} {
		k := o.opened(t, models.CaseQuarantine)[0]
		o.DB.Model(&k).Update("detail", code)
		for _, path := range []string{"/cases?kind=quarantine", "/cases/" + k.ID.String()} {
			if page := b.Get(path).Body; !strings.Contains(page, want) || strings.Contains(page, code) {
				t.Errorf("%s shows the code of %s, or not its words", path, code)
			}
		}
	}
}

// recorded adds that somebody came to a session that was cancelled, and opens the case of it.
func (o *fixture) recorded(t *testing.T, s models.Session, place int) models.Case {
	t.Helper()
	agent, e := o.Agent, o.PlaceOf(place)
	r := models.ScanEvent{
		AgentID: agent.ID, Epoch: agent.Epoch, Seq: int64(100 + place), Bytes: []byte{1}, Occurred: s.StartsAt, Corrected: s.StartsAt, Sure: true, Kind: models.EventIn,
		Verdict: models.VerdictAcceptedIn, SiteID: s.SiteID, ClassID: &s.ClassID, SessionID: &s.ID, EnrollmentID: &e.ID, Quarantine: string(models.CaseCancelled),
	}
	k := models.Case{ID: uuid.New(), Kind: models.CaseCancelled, Subject: s.ID.String() + "/" + e.ID.String(), SiteID: s.SiteID, AgentID: &r.AgentID, Epoch: &r.Epoch,
		Seq: r.Seq, SessionID: &s.ID, EnrollmentID: &e.ID, State: models.CaseOpen, OpenedAt: o.Now, UpdatedAt: o.Now}
	o.Add(t, &r)
	o.Add(t, &k)
	return k
}

func TestWhatWasRecordedAtACancelledSessionIsCountedAtTheOneHeldInstead(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pmo, s := o.As(t, models.RoleAdmin), o.Sessions[0]
	o.DB.Model(&s).Update("status", models.SessionCancelled)
	instead := s
	instead.ID, instead.Seq, instead.Status, instead.StartsAt, instead.EndsAt = uuid.New(), 9, models.SessionPlanned, s.StartsAt+60_000, s.EndsAt+60_000
	o.Add(t, &instead)
	list := []models.Case{o.recorded(t, s, 0), o.recorded(t, s, 1), o.recorded(t, s, 2)}
	choice := "move:" + instead.ID.String()
	for _, path := range []string{"/cases?lang=en&kind=session_cancelled", "/cases/" + list[0].ID.String()} {
		if page := pmo.Get(path).Body; !strings.Contains(page, `value="`+choice+`"`) || !strings.Contains(page, "Count at session 9 instead") ||
			!strings.Contains(page, "Came for nothing") {
			t.Errorf("%s doesn't offer the session that was held instead:\n%s", path, page)
		}
	}
	asked := decides(pmo, list[:2], "decision", choice, "filter", "kind=session_cancelled")
	if !strings.Contains(asked.Body, "Count at session 9 instead") || !strings.Contains(asked.Body, "2 records") && !strings.Contains(asked.Body, "will count") {
		t.Errorf("it asks again in other words:\n%s", asked.Body)
	}
	if got := decides(pmo, list[:2], "decision", choice, "sure", "1", "reason", "dicek"); got.Status != http.StatusSeeOther {
		t.Fatalf("%d\n%s", got.Status, got.Body)
	}
	if got := pmo.Post("/cases/"+list[2].ID.String(), "decision", "move:nowhere", "reason", "dicek"); got.Status == http.StatusSeeOther {
		t.Error("moved to nowhere")
	}
	rows, err := o.Store.Read(t.Context()).AttendancesAt([]store.Visit{{Session: instead.ID, Enrollment: o.PlaceOf(0).ID}, {Session: instead.ID, Enrollment: o.PlaceOf(2).ID}})
	if err != nil {
		t.Fatal(err)
	}
	if a := rows[store.Visit{Session: instead.ID, Enrollment: o.PlaceOf(0).ID}]; a.Accepted != 1 || o.stateOf(t, list[1]) != models.CaseConfirmed {
		t.Errorf("moved: %+v", a)
	}
	if o.stateOf(t, list[2]) != models.CaseOpen {
		t.Error("what was not chosen is decided")
	}
}
