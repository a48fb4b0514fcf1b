package plan_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"buktihadir/models"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/plan"
)

// checked is what importing a file would come to.
func (o *fixture) checked(t *testing.T, by office.Actor, name, content string) imports.Report {
	t.Helper()
	rep, err := imports.New(o.Store).Import(t.Context(), by, imports.File{Kind: imports.KindSchedule, Name: name, Content: []byte(content), Pilot: &o.Pilot.ID}, plan.Check, nil)
	if err != nil {
		t.Fatalf("%s: %v %+v %+v", name, err, rep.Errors, rep.Problems)
	}
	return rep
}

// editedXLSX changes one cell of a workbook.
func editedXLSX(t *testing.T, content, from, to string) string {
	t.Helper()
	f, err := excelize.OpenReader(strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	at, err := f.SearchSheet(f.GetSheetName(0), from)
	if err != nil || len(at) == 0 {
		t.Fatalf("%s is nowhere: %v", from, err)
	}
	var out bytes.Buffer
	if err := f.SetCellStr(f.GetSheetName(0), at[0], to); err != nil {
		t.Fatal(err)
	}
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// The law of export and import: what is exported changes nothing when it is imported,
// whatever its words are, and one edit is one change.
func TestAnExportedScheduleImportsAsNothingNew(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	admin, pmo := o.As(t, models.RoleAdmin), office.Actor{Name: "uji"}
	second := models.Instructor{ID: uuid.New(), Code: "P-2", Name: "=Bu Ani", ProviderID: o.Own.ID}
	o.Add(t, &second)
	o.Enroll(t, models.Enrollment{ClassID: o.Classes[0].ID, Role: models.PersonInstructor, InstructorID: &second.ID})
	warned(t, func(agreed string) (plan.Outcome, error) {
		return o.Pages.Plan.CancelSession(t.Context(), pmo, o.Sessions[4].ID, "banjir", agreed)
	})
	if err := o.DB.Model(&models.Site{}).Where("id = ?", o.Sites[0].ID).Update("capacity", 5).Error; err != nil { // below its class's: what stands is not asked again
		t.Fatal(err)
	}
	for _, words := range []string{"Ruang 2", "=1+1", "-", "'+62 812", "''=x", "'x", "@SUM(A1)", `"a", b; c`, "baris\nbaru", "007", "1/2", "é ไทย", ""} {
		for _, change := range []error{
			o.DB.Model(&models.Session{}).Where("class_id = ?", o.Classes[0].ID).Update("room", words).Error,
			o.DB.Model(&models.Course{}).Where("id = ?", o.Classes[0].CourseID).Update("title", words+"x").Error,
		} {
			if change != nil {
				t.Fatal(change)
			}
		}
		for _, format := range []string{"csv", "xlsx"} {
			file := admin.Get("/schedule/" + format)
			rep := o.checked(t, pmo, "jadwal."+format, file.Body)
			if rep.Rows != 8 || rep.New+rep.Changed+len(rep.Warnings) != 0 {
				t.Errorf("%s with %q: %+v", format, words, rep)
			}
		}
	}
	csv := admin.Get("/schedule/csv").Body
	if rep := o.checked(t, pmo, "a.csv", strings.Replace(csv, "08:30", "09:00", 1)); rep.New != 0 || rep.Changed != 1 {
		t.Errorf("one edit: %+v", rep)
	}
	if rep := o.checked(t, pmo, "a.xlsx", editedXLSX(t, admin.Get("/schedule/xlsx").Body, "08:30", "09:00")); rep.New != 0 || rep.Changed != 1 {
		t.Errorf("one edit of a workbook: %+v", rep)
	}
}

func TestAnExportHasWhatTheCalendarShows(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	day := string(models.ZoneWIB.Date(o.Now))
	for _, x := range []struct {
		name, query string
		role        models.Role
		rows        [3]int // of each class
	}{
		{"all of it", "", models.RoleReviewer, [3]int{3, 3, 3}},
		{"a day", "?day=" + day, models.RoleAdmin, [3]int{1, 1, 1}},
		{"a week that begins with today", "?span=week&day=" + day, models.RoleAdmin, [3]int{2, 2, 2}},
		{"a month", "?span=month&day=" + day, models.RoleAdmin, [3]int{3, 3, 3}},
		{"a site", "?site=" + o.Sites[1].ID.String(), models.RoleAdmin, [3]int{0, 3, 0}},
		{"a pilot", "?pilot=" + o.Pilot.ID.String(), models.RoleAdmin, [3]int{3, 3, 3}},
		{"no pilot", "?pilot=" + uuid.NewString(), models.RoleAdmin, [3]int{}},
		{"a coordinator's own", "", models.RoleCoordinator, [3]int{3, 3, 0}},
		{"nothing of another's", "?provider=" + o.Other.ID.String(), models.RoleCoordinator, [3]int{}},
	} {
		t.Run(x.name, func(t *testing.T) {
			got := o.As(t, x.role).Get("/schedule/csv" + x.query)
			if got.Status != http.StatusOK {
				t.Fatalf("%d", got.Status)
			}
			for i, c := range o.Classes {
				if n := strings.Count(got.Body, "\n"+c.Code+","); n != x.rows[i] {
					t.Errorf("%s has %d rows, want %d", c.Code, n, x.rows[i])
				}
			}
		})
	}
	b := o.As(t, models.RoleCoordinator)
	own := office.Actor{Name: "koordinator", Provider: &o.Own.ID}
	if rep := o.checked(t, own, "a.xlsx", b.Get("/schedule/xlsx").Body); rep.Rows != 6 || rep.New+rep.Changed != 0 {
		t.Errorf("a coordinator's own: %+v", rep)
	}
	for _, format := range []string{"jsonl", "pdf"} {
		if got := b.Get("/schedule/" + format); got.Status != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", format, got.Status)
		}
	}
}
