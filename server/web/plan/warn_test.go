package plan_test

import (
	"net/http"
	"strings"
	"testing"

	"buktihadir/models"
)

// Whom a session of yesterday makes absent stands on the form and on the file's page, by name.
func TestARetroactiveSessionNamesWhomItMakesAbsent(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b, class := o.As(t, models.RoleAdmin), o.Classes[0]
	yesterday := models.ZoneWIB.Date(o.Now).AddDays(-1)
	var anybody models.Participant
	if err := o.DB.Where("id = ?", o.Enrollments[1].ParticipantID).Take(&anybody).Error; err != nil {
		t.Fatal(err)
	}
	day := string(rune('0' + int(yesterday.Weekday())))
	form := b.Post("/classes/"+class.ID.String()+"/sessions?lang=en", "do", "show", "weekdays", day, "from", string(yesterday), "count", "1", "start", "19:00", "end",
		"22:00", "room", "Aula")
	for _, want := range []string{"Absent: ", anybody.Name, "outside 08.00", `name="sure"`} {
		if !strings.Contains(form.Body, want) {
			t.Errorf("the form lacks %q: %d\n%s", want, form.Status, form.Body)
		}
	}
	row := class.Code + ",BAR-01,,16,LPK-01," + o.Own.Name + ",BDG-01,40,9," + string(yesterday) + ",19:00,20:00,Aula,\n"
	const head = "class_code,course_code,course_title,hours,provider_code,provider_name,site_code,capacity,session,date,start,end,room,instructor_code\n"
	var course models.Course
	if err := o.DB.Where("id = ?", class.CourseID).Take(&course).Error; err != nil {
		t.Fatal(err)
	}
	row = strings.Replace(row, "BAR-01,,", course.Code+","+course.Title+",", 1)
	file := settled(b, b.Upload("/imports", "file", "jadwal.csv", []byte(head+row), "kind", "schedule", "pilot", o.Pilot.ID.String()))
	for _, want := range []string{"Absent: ", anybody.Name, "/classes/" + class.ID.String() + "/people"} {
		if !strings.Contains(file.Body, want) {
			t.Errorf("the file's page lacks %q: %d\n%s", want, file.Status, file.Body)
		}
	}
}

// The page of a class says what it gives of its course, and that it is not all.
func TestAClassSaysHowManyHoursItLacks(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b, href := o.As(t, models.RoleReviewer), "/classes/"+o.Classes[0].ID.String()+"?lang=en"
	page := b.Get(href)
	if page.Status != http.StatusOK || !strings.Contains(page.Body, "lacking") || !strings.Contains(page.Body, "Incomplete") {
		t.Errorf("%d\n%s", page.Status, page.Body)
	}
	if err := o.DB.Model(&models.Course{}).Where("id = ?", o.Classes[0].CourseID).Update("mode", models.ModeBlended).Error; err != nil {
		t.Fatal(err)
	}
	if page := b.Get(href); strings.Contains(page.Body, "lacking") {
		t.Errorf("taught online too:\n%s", page.Body)
	}
}
