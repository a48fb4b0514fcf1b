package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/api"
	"buktihadir/server/figures"
	"buktihadir/server/review"
	"buktihadir/server/store"
	"buktihadir/server/webhook"
)

func readAll() []account.TokenScope {
	return []account.TokenScope{account.ReadPilots, account.ReadSites, account.ReadAgents, account.ReadClasses, account.ReadPeople, account.ReadAttendance,
		account.ReadCompletions}
}

func TestAListIsTheSameInPagesOfAnySize(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		for path, want := range map[string]int{"/sites": 2, "/sites?province=53": 1, "/classes": 3, "/sessions": 4, "/participants": 13,
			"/enrollments": 15, "/enrollments?role=instructor": 3, "/enrollments?status=cancelled": 0, "/completions": 12} {
			token := o.token(uuid.Nil, readAll()...) // of its own: the limit is one token's
			for _, limit := range []int{1, 2, 3, 500} {
				got := walk[map[string]any](o, token, path, limit)
				whole := fetch[list[map[string]any]](o, token, path)
				if len(got) != want {
					t.Errorf("%s in pages of %d: %d items, want %d", path, limit, len(got), want)
				} else if want > 0 {
					if diff := cmp.Diff(whole.Items, got); diff != "" {
						t.Errorf("%s at once (-) and in pages of %d (+) differ:\n%s", path, limit, diff)
					}
				}
			}
		}
	})
}

// A page, a list and the feed of changes are to say the same of a session.
func TestFiguresAreThoseOfThePages(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		for i, s := range []models.AttendanceStatus{"present", "late", "sick", "absent", "left_early"} {
			o.correct("A", 0, i, s)
		}
		token := o.token(uuid.Nil, readAll()...)
		session := o.sessions["A"][0]
		rows, err := review.OfSession(o.st.Read(t.Context()), session, o.now())
		o.ok(err)
		want, recorded := map[string]string{}, map[string]string{}
		for _, r := range rows {
			want[r.Number] = string(r.Status)
			if r.Known {
				recorded[r.Number] = string(r.Status)
			}
		}
		got := map[string]string{}
		for _, p := range fetch[list[api.PersonAttendance]](o, token, "/sessions/"+session.ID.String()+"/attendance").Items {
			got[p.Number] = p.Status
		}
		if diff := cmp.Diff(want, got); diff != "" || len(got) != 7 {
			t.Errorf("the page's rows (-) and the API's (+) differ:\n%s", diff)
		}
		fed := map[string]string{}
		for _, a := range fetch[list[webhook.Attendance]](o, token, "/attendance?session="+session.ID.String()).Items {
			fed[a.Number] = a.Status
		}
		if diff := cmp.Diff(recorded, fed); diff != "" {
			t.Errorf("what is recorded (-) and the feed (+) differ:\n%s", diff)
		}
		for _, by := range append(models.Dimensions(), models.ByAll) {
			lines, err := figures.Lines(o.st.Read(t.Context()), nil, by)
			o.ok(err)
			counted := fetch[list[api.Figures]](o, token, "/figures?by="+string(by)).Items
			if len(counted) != len(lines) || len(lines) == 0 {
				t.Errorf("by %s: %d figures, the page has %d", by, len(counted), len(lines))
				continue
			}
			for i, l := range lines {
				if f := counted[i]; f.Key != l.Key || f.Known != l.All() || f.Attended != l.Attended() || f.Late != l.Late() || f.Absent != l.Absent() ||
					f.Excused != l.Excused() || f.Known == 0 {
					t.Errorf("by %s: %+v, the page has %+v", by, f, l)
				}
			}
		}
		entry, err := o.st.Read(t.Context()).SessionEntry(session.ID)
		o.ok(err)
		if one := fetch[api.Session](o, token, "/sessions/"+session.ID.String()); one.Attended != entry.Attended || one.Attended != 3 || one.Enrolled != 6 {
			t.Errorf("the session has %d of %d, want 3 of 6", one.Attended, one.Enrolled)
		}
		if pilots := fetch[list[api.Pilot]](o, token, "/pilots").Items; len(pilots) != 1 || pilots[0].Used != 12 || pilots[0].Provinces[0].Used != 6 {
			t.Errorf("pilots: %+v", pilots)
		}
		for _, f := range []struct {
			filter string
			want   int
		}{{"status=sick", 1}, {"province=32", 5}, {"province=53", 0}, {"enrollment=" + o.places["A"][1].Enrollment.ID.String(), 1},
			{"site=" + session.SiteID.String(), 5}} {
			if got := fetch[list[struct{}]](o, token, "/attendance?"+f.filter); len(got.Items) != f.want {
				t.Errorf("%s: %d, want %d", f.filter, len(got.Items), f.want)
			}
		}
	})
}

func TestWhoComesBackWithTheCursorGetsWhatIsNew(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	token := o.token(uuid.Nil, account.ReadAttendance)
	statuses := func(page list[webhook.Attendance]) (out []string) {
		for _, a := range page.Items {
			out = append(out, a.Number+" "+a.Status)
		}
		return out
	}
	page := fetch[list[webhook.Attendance]](o, token, "/attendance")
	if len(page.Items) != 0 || page.Next == "" || page.More {
		t.Fatalf("of nothing: %+v", page)
	}
	o.correct("A", 0, 0, "present")
	o.correct("A", 0, 1, "sick")
	o.correct("A", 0, 0, "late")
	first := fetch[list[webhook.Attendance]](o, token, "/attendance?limit=1&cursor="+page.Next)
	rest := fetch[list[webhook.Attendance]](o, token, "/attendance?cursor="+first.Next)
	if got := append(statuses(first), statuses(rest)...); !first.More || rest.More || !slices.Equal(got, []string{"P-01 sick", "P-00 late"}) {
		t.Errorf("got %v, more %t and %t", got, first.More, rest.More)
	}
	if got := fetch[list[webhook.Attendance]](o, token, "/attendance?cursor="+rest.Next); len(got.Items) != 0 || got.Next != rest.Next {
		t.Errorf("nothing is new, but %v", statuses(got))
	}
	elsewhere := fetch[list[webhook.Attendance]](o, token, "/attendance?province=53&cursor="+page.Next)
	if len(elsewhere.Items) != 0 || elsewhere.Next != rest.Next {
		t.Error("an empty page doesn't move on")
	}
	o.ok(o.st.Write(t.Context(), func(tx *store.Tx) error { return tx.Restored("cli", "latihan") }))
	if got := o.call(token, http.MethodGet, "/attendance?cursor="+rest.Next, nil); got.status != http.StatusGone ||
		!strings.Contains(string(got.body), "api.cursor_over") {
		t.Errorf("after a restore: %d %s", got.status, got.body)
	}
}

func TestAnAnswerThatHasNotChangedIsNotSentAgain(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	token := o.token(uuid.Nil, account.ReadAttendance)
	first := o.call(token, http.MethodGet, "/attendance", nil)
	tag := first.header.Get("ETag")
	if got := o.call(token, http.MethodGet, "/attendance", nil, "If-None-Match", `"x", `+tag); got.status != http.StatusNotModified || len(got.body) != 0 ||
		got.header.Get("ETag") != tag {
		t.Errorf("%d with %d bytes, tag %q", got.status, len(got.body), got.header.Get("ETag"))
	}
	o.correct("A", 0, 0, "present")
	if got := o.call(token, http.MethodGet, "/attendance", nil, "If-None-Match", tag); got.status != http.StatusOK || got.header.Get("ETag") == tag {
		t.Errorf("after a change: %d, tag %q", got.status, got.header.Get("ETag"))
	}
	if got := o.call("", http.MethodGet, "/attendance", nil, "If-None-Match", tag); got.status != http.StatusUnauthorized {
		t.Errorf("a tag lets in: %d", got.status)
	}
}

func TestNumbersAreShownToWhoMayAndThatIsWrittenDown(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	without, with := o.token(uuid.Nil, account.ReadPeople), o.token(uuid.Nil, account.ReadPeople, account.ReadNumbers)
	numbers := func() int {
		list, err := o.st.Read(context.Background()).ListHistory(store.HistoryFilter{Entity: "token"}, store.Slice{Limit: 100})
		o.ok(err)
		n := 0
		for _, e := range list.Rows {
			if e.Action == "api.numbers" {
				n++
			}
			if strings.Contains(e.Detail, "327300") {
				t.Errorf("the history holds a number: %s", e.Detail)
			}
		}
		return n
	}
	for _, path := range []string{"/participants", "/participants/" + o.places["A"][0].Enrollment.ParticipantID.String()} {
		if got := o.call(without, http.MethodGet, path, nil); strings.Contains(string(got.body), "327300") || strings.Contains(string(got.body), "+628") {
			t.Errorf("%s shows a number: %s", path, got.body)
		}
		before := numbers()
		if got := o.call(with, http.MethodGet, path, nil); !strings.Contains(string(got.body), `"nik":"3273000101900010","phone":"+6281200000000"`) {
			t.Errorf("%s shows no number to who may see it: %s", path, got.body)
		}
		if numbers() != before+1 {
			t.Errorf("%s: reading numbers is not in the history", path)
		}
	}
}

func TestAChangeThatARuleRefusesIsAProblemInBothLanguages(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		token := o.token(uuid.Nil, account.WriteCorrections, account.WriteEnrollments)
		session, place, class := o.sessions["B"][0], o.places["B"][0].Enrollment, o.places["B"][0].Enrollment.ClassID
		type fields = map[string]any
		for _, c := range []struct {
			name, method, path string
			body               fields
			status             int
			says               string
		}{
			{"a correction", http.MethodPost, "/corrections", fields{"session": session.ID, "enrollment": place.ID, "status": "sick", "reason": "surat dokter"}, 201,
				`"status":"sick"`},
			{"the same again", http.MethodPost, "/corrections", fields{"session": session.ID, "enrollment": place.ID, "status": "sick", "reason": "surat dokter"}, 201,
				`"status":"sick"`},
			{"one without a reason", http.MethodPost, "/corrections", fields{"session": session.ID, "enrollment": place.ID, "status": "sick", "reason": " "},
				422, "api.reason_needed"},
			{"one to a status that no correction sets",
				http.MethodPost, "/corrections", fields{"session": session.ID, "enrollment": place.ID, "status": "pending", "reason": "x"}, 422, "body.status"},
			{"one of somebody else's class", http.MethodPost, "/corrections", fields{"session": o.sessions["A"][0].ID, "enrollment": place.ID, "status": "sick",
				"reason": "x"}, 404, "api.not_found"},
			{"a field that is none", http.MethodPost, "/corrections", fields{"sesion": session.ID}, 422, "unexpected property"},
			{"the tasks are done", http.MethodPut, "/completions/" + place.ID.String(), fields{"tasks_done": true}, 200, `"tasks_done":true`},
			{"somebody new, by number", http.MethodPost, "/enrollments", fields{"class": class, "number": "P-99"}, 201, `"status":"active","has_ticket":true`},
			{"the same again", http.MethodPost, "/enrollments", fields{"class": class, "number": "P-99"}, 409, "plan.already_enrolled"},
			{"a class that is full", http.MethodPost, "/enrollments", fields{"class": class, "number": "P-00"}, 409, "plan.class_full"},
			{"nobody", http.MethodPost, "/enrollments", fields{"class": class}, 422, "body.participant"},
			{"whom nobody knows", http.MethodPost, "/enrollments", fields{"class": class, "number": "P-77"}, 404, "api.not_found"},
			{"a place is taken away", http.MethodPost, "/enrollments/" + place.ID.String() + "/cancel", fields{"reason": "pindah"}, 200,
				`"status":"cancelled","reason":"pindah"`},
			{"twice", http.MethodPost, "/enrollments/" + place.ID.String() + "/cancel", fields{"reason": "pindah"}, 409, "plan.already_cancelled"},
		} {
			got := o.call(token, c.method, c.path, c.body)
			if got.status != c.status || !strings.Contains(string(got.body), c.says) || strings.Contains(string(got.body), "⟦") {
				t.Errorf("%s: %d %s; want %d and %s", c.name, got.status, got.body, c.status, c.says)
			}
			if c.status >= 400 && got.header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s: %s", c.name, got.header.Get("Content-Type"))
			}
		}
		if got, err := o.st.Read(t.Context()).CorrectionsOf(session.ID, place.ID); err != nil || len(got) != 1 {
			t.Errorf("a correction that was sent twice is recorded %d times (%v)", len(got), err)
		}
		body := fields{"class": class, "number": "P-99"}
		english, indonesian := o.call(token, http.MethodPost, "/enrollments", body), o.call(token, http.MethodPost, "/enrollments", body, "Accept-Language",
			"id-ID,id;q=0.9,en;q=0.5")
		if string(english.body) == string(indonesian.body) {
			t.Errorf("both languages say %s", english.body)
		}
		history, err := o.st.Read(t.Context()).ListHistory(store.HistoryFilter{Actor: "API Platform"}, store.Slice{Limit: 10})
		o.ok(err)
		if len(history.Rows) != 4 {
			t.Errorf("the history has %d entries of the program, want 4", len(history.Rows))
		}
	})
}

func TestWhatLeadsNowhereIsAProblemAndNoPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	token := o.token(uuid.Nil, readAll()...)
	for _, c := range []struct {
		method, path string
		status       int
	}{{http.MethodGet, "/pilot", 404}, {http.MethodDelete, "/pilots", 405}, {http.MethodGet, "/participants/x", 422}, {http.MethodGet, "/participants?limit=0",
		422}, {http.MethodGet, "/participants?q=siti", 422}, {http.MethodGet, "/attendance?cursor=a.b", 422}, {http.MethodGet, "/attendance?cursor=YWJj", 410}} {
		got := o.call(token, c.method, c.path, nil)
		var problem struct{ Status int }
		if err := json.Unmarshal(got.body, &problem); err != nil || got.status != c.status || problem.Status != c.status ||
			got.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s: %d %s %s, want %d", c.method, c.path, got.status, got.header.Get("Content-Type"), got.body, c.status)
		}
	}
}

func TestTheDocumentIsServedWithoutATokenAndNamesEveryProblem(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	got := o.call("", http.MethodGet, "/openapi.json", nil)
	var doc struct {
		OpenAPI  string                                `json:"openapi"`
		Servers  []struct{ URL string }                `json:"servers"`
		Paths    map[string]map[string]json.RawMessage `json:"paths"`
		Webhooks map[models.Topic]json.RawMessage      `json:"webhooks"`
	}
	o.ok(json.Unmarshal(got.body, &doc))
	if doc.OpenAPI[:3] != "3.1" || len(doc.Servers) != 1 || doc.Servers[0].URL != "/api/v1" || len(doc.Paths) != len(o.api.Document().Paths) {
		t.Errorf("OpenAPI %s with %d paths", doc.OpenAPI, len(doc.Paths))
	}
	for _, topic := range models.Topics() {
		if !strings.Contains(string(doc.Webhooks[topic]), "#/components/schemas/") {
			t.Errorf("the document says nothing of %s", topic)
		}
	}
	if got := o.call("", http.MethodGet, "/openapi.yaml", nil); got.status != http.StatusOK || !strings.Contains(string(got.body), "openapi: 3.1") {
		t.Errorf("as YAML: %d", got.status)
	}
	for _, lang := range []string{"id", "en"} {
		page := o.call("", http.MethodGet, "/docs?lang="+lang, nil)
		text := string(page.body)
		for path := range doc.Paths {
			if !strings.Contains(text, "/api/v1"+path) {
				t.Errorf("the page in %s lacks %s", lang, path)
			}
		}
		if strings.Contains(text, "⟦") || strings.Contains(text, "//unpkg") || strings.Contains(text, "<script>") ||
			!strings.Contains(page.header.Get("Content-Security-Policy"), "script-src 'self'") {
			t.Errorf("the page in %s lacks a text or loosens the policy", lang)
		}
	}
}
