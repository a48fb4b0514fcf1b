package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/api"
	"buktihadir/server/document"
	"buktihadir/server/review"
	"buktihadir/templates"
)

func TestAClosedClassListsItsPapersAndTakesNoMarks(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.at.Add(int64(60 * 24 * time.Hour / time.Millisecond))
	class, place := o.sessions["A"][0].ClassID, o.places["A"][0].Enrollment
	token, writer := o.token(o.own.ID, account.ReadClasses), o.token(uuid.Nil, account.WriteCorrections)
	path := "/classes/" + class.String() + "/documents"
	if got := fetch[list[api.ClassDocument]](o, token, path); len(got.Items) != 0 {
		t.Errorf("an open class has %d papers", len(got.Items))
	}
	set, err := templates.New()
	o.ok(err)
	printer := review.Printer{Renderer: document.Renderer{Texts: set.Texts, Lang: templates.Indonesian}, Proof: func(id uuid.UUID) string {
		return "/proof/" + id.String()
	}}
	by := models.User{ID: uuid.New(), Name: "Ibu PMO", Role: models.RoleAdmin}
	now, err := review.Examine(o.st.Read(t.Context()), class, o.now())
	o.ok(err)
	o.ok(review.Close(t.Context(), o.st, by, printer, class, now.Seen(), "cukup"))
	got := fetch[list[api.ClassDocument]](o, token, path).Items
	if len(got) != 2+len(o.sessions["A"]) || got[0].Kind != "session_report" || got[0].Session != nil || got[2].Session == nil || got[2].State != "current" ||
		len(got[2].SHA256) != 64 {
		t.Fatalf("its papers: %+v", got)
	}
	o.correct("A", 0, 0, models.StatusSick)
	for _, d := range fetch[list[api.ClassDocument]](o, token, path).Items {
		if changed := d.Session == nil || *d.Session == o.sessions["A"][0].ID; changed != (d.State == "outdated") {
			t.Errorf("after a correction at session 1: %+v", d)
		}
	}
	if got := o.call(writer, http.MethodPut, "/completions/"+place.ID.String(), map[string]bool{"tasks_done": true}); got.status != http.StatusConflict {
		t.Errorf("tasks marked in a closed class: %d %s", got.status, got.body)
	}
}
