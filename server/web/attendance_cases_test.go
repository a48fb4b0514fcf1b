package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models"
)

// opened opens cases of some kinds at the first site, in this order.
func (o *fixture) opened(t *testing.T, kinds ...models.CaseKind) []models.Case {
	t.Helper()
	var list []models.Case
	for i, kind := range kinds {
		k := models.Case{ID: uuid.New(), Kind: kind, Subject: uuid.NewString(), SiteID: o.sites[0].ID, State: models.CaseOpen, OpenedAt: o.now + models.Millis(i), UpdatedAt: o.now}
		o.add(t, &k)
		list = append(list, k)
	}
	return list
}

func (o *fixture) stateOf(t *testing.T, k models.Case) models.CaseState {
	t.Helper()
	got, err := o.st.Read(t.Context()).CaseByID(k.ID)
	if err != nil {
		t.Fatal(err)
	}
	return got.State
}

// decides posts what is to be decided about some cases.
func (b *browser) decides(list []models.Case, pairs ...string) answer {
	b.t.Helper()
	form := url.Values{}
	for _, k := range list {
		form.Add("case", k.ID.String())
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	req := b.request(http.MethodPost, "/cases", strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(req)
}

func TestCasesOfSeveralKindsAreNotDecidedWithOneWord(t *testing.T) {
	o := newOffice(t)
	pmo, list := o.as(t, models.RoleAdmin), o.opened(t, models.CaseTwoDesks, models.CaseEpoch)
	page := pmo.get("/cases?lang=en").body
	if strings.Contains(page, `name="decision"`) || strings.Contains(page, `type="checkbox"`) || !strings.Contains(page, "choose one kind above") {
		t.Errorf("a list of several kinds offers to decide them together:\n%s", page)
	}
	for _, sure := range []string{"", "1"} {
		got := pmo.decides(list, "decision", "confirmed", "reason", "dicek", "sure", sure)
		if got.status == http.StatusSeeOther || !strings.Contains(got.body, "only cases of one kind") || strings.Contains(got.body, `name="sure"`) {
			t.Errorf("sure %q: %d\n%s", sure, got.status, got.body)
		}
	}
	for _, k := range list {
		if got := o.stateOf(t, k); got != models.CaseOpen {
			t.Errorf("%s is %s", k.Kind, got)
		}
	}
}

func TestCasesOfOneKindAreDecidedInItsWords(t *testing.T) {
	o := newOffice(t)
	pmo, list := o.as(t, models.RoleAdmin), o.opened(t, models.CaseTwoDesks, models.CaseTwoDesks, models.CaseEpoch)
	page := pmo.get("/cases?lang=en&kind=two_desks").body
	for _, want := range []string{"Something is wrong</button>", "There is an explanation</button>"} {
		if !strings.Contains(page, want) {
			t.Errorf("the list lacks %q:\n%s", want, page)
		}
	}
	form := []string{"decision", "confirmed", "filter", "kind=two_desks"}
	asked := pmo.decides(list[:2], form...)
	for _, want := range []string{"2 cases will be decided: “Something is wrong”.", "No status changes."} {
		if !strings.Contains(asked.body, want) {
			t.Errorf("the last page lacks %q:\n%s", want, asked.body)
		}
	}
	if strings.Contains(asked.body, "will count") {
		t.Errorf("it promises counting where nothing counts:\n%s", asked.body)
	}
	if got := pmo.decides(list[:2], append(form, "sure", "1", "reason", "dicek")...); got.status != http.StatusSeeOther {
		t.Fatalf("%d\n%s", got.status, got.body)
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
		if got := pmo.get(path); !strings.Contains(got.body, want) {
			t.Errorf("%s lacks %q:\n%s", path, want, got.body)
		}
	}
}

func TestOnlyWhatWillCountIsPromisedToCount(t *testing.T) {
	o := newOffice(t)
	pmo, list := o.as(t, models.RoleAdmin), o.opened(t, models.CaseQuarantine)
	for decision, promised := range map[string]bool{"confirmed": true, "dismissed": false} {
		got := pmo.decides(list, "decision", decision, "filter", "page=2")
		if strings.Contains(got.body, "akan dihitung.") != promised || !strings.Contains(got.body, "1 perkara akan diputuskan") {
			t.Errorf("%s:\n%s", decision, got.body)
		}
	}
}

func TestManyCasesThatNeedAPersonAreNotCountedTogether(t *testing.T) {
	o := newOffice(t)
	pmo := o.as(t, models.RoleAdmin)
	o.opened(t, models.CaseUnlisted, models.CaseUnlisted)
	if page := pmo.get("/cases?kind=unlisted").body; strings.Contains(page, `name="decision" value="confirmed"`) || !strings.Contains(page, `name="decision" value="dismissed"`) {
		t.Errorf("whose a ticket was is said of each:\n%s", page)
	}
}
