package plan_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"buktihadir/models"
	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/web/webtest"
)

// settled reloads an import's page until nothing runs any more.
func settled(b *webtest.Browser, a webtest.Answer) webtest.Answer {
	b.T.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for time.Now().Before(deadline) {
		if page := b.Follow(a); !strings.Contains(page.Body, "hx-trigger") {
			return page
		}
	}
	b.T.Fatal("the import never ends")
	return webtest.Answer{}
}

const goodSites = "code,name,address,regency,capacity\nMDN-01,Balai Medan,Jalan Asia 1,12.71,30\n"

func TestAFileIsCheckedShownAndImported(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	sent := b.Upload("/imports", "file", "tempat.csv", []byte(goodSites), "kind", "sites")
	page := settled(b, sent)
	if !strings.Contains(page.Body, "/apply") {
		t.Fatalf("a good file can't be confirmed:\n%s", page.Body)
	}
	if strings.Contains(b.Get("/sites?q=medan").Body, "MDN-01") {
		t.Error("imported before anybody said so")
	}
	href := sent.Header.Get("Location")
	settled(b, b.Post(href+"/apply"))
	if !strings.Contains(b.Get("/sites?q=medan").Body, "MDN-01") {
		t.Error("confirmed, but not imported")
	}
}

func TestABadFileIsRefusedWithEveryRowAndItsReason(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	nik := "123456789012345"
	file := "number,nik,name,phone,birth_date,sex,regency,wave\n" +
		"R-1," + nik + ",Ani,08123450001,1995-06-15,female,32.73,1\n" +
		"R-2,0073011506950999,Budi,abc,1995-06-15,male,32.73,1\n" +
		"R-3,0073011506950998,,08123450003,1995-06-15,male,99.99,1\n"
	page := settled(b, b.Upload("/imports", "file", "peserta.csv", []byte(file), "kind", "participants", "pilot", o.Pilot.ID.String()))
	for _, want := range []string{">2<", ">3<", ">4<", "nik", "phone", "name", "regency"} {
		if !strings.Contains(page.Body, want) {
			t.Errorf("the report lacks %s", want)
		}
	}
	if strings.Contains(page.Body, nik) || strings.Contains(page.Body, "0073011506950999") {
		t.Error("the report shows a whole NIK")
	}
	if strings.Contains(page.Body, "⟦") {
		t.Error("the report lacks a text")
	}
	if strings.Contains(page.Body, "/apply") {
		t.Error("a bad file can be confirmed")
	}
}

func TestWhatIsNoTableComesBackWithASentenceAtTheFile(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	for _, c := range []struct {
		name, file string
		content    []byte
		pilot      string
		field      string
	}{
		{"an empty file", "a.csv", nil, "", "file"},
		{"a picture", "a.csv", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00"), "", "file"},
		{"a head that is none", "a.csv", []byte("satu dua tiga\n1\n"), "", "file"},
		{"Latin-1 names", "a.csv", []byte("code,name,address,regency,capacity\nA,Andr\xe9,x,12.71,3\n"), "", "file"},
		{"a file that is too large", "a.csv", bytes.Repeat([]byte("x"), 50<<20), "", "file"},
		{"a file that calls itself a spreadsheet", "a.xlsx", []byte("bukan xlsx"), "", "file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := b.Upload("/imports", "file", c.file, c.content, "kind", "sites", "pilot", o.Pilot.ID.String())
			if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, `id="`+c.field+`-problem"`) {
				t.Errorf("%d, want a sentence at the field", got.Status)
			}
			if !strings.Contains(got.Body, `value="`+o.Pilot.ID.String()+`" selected`) || !strings.Contains(got.Body, `value="sites" checked`) {
				t.Error("what was chosen is lost")
			}
			if strings.Contains(got.Body, "⟦") {
				t.Error("a text is missing")
			}
		})
	}
	got := b.Upload("/imports", "file", "p.csv", []byte("number,nik,name,phone,birth_date,sex,regency,wave\nR,0073011506950999,A,0812345678,1995-06-15,male,32.73,1\n"), "kind", "participants")
	if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, `id="pilot-problem"`) {
		t.Errorf("participants of no pilot: %d, want a sentence at the pilot", got.Status)
	}
}

func TestEveryTemplateHasTheHeadsThatAnImportAsksFor(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	for _, kind := range []string{"sites", "schedule", "participants"} {
		got := b.Get("/imports/template/" + kind)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.Body, "\uFEFF"))).ReadAll()
		if err != nil || len(rows) != 1 || len(rows[0]) < 5 {
			t.Errorf("%s: %d, %v, %v", kind, got.Status, rows, err)
		}
		for _, lang := range []string{"id", "en"} {
			workbookAsAnImportWants(t, imports.Kind(kind), b.Get("/imports/template/"+kind+".xlsx?lang="+lang).Body, rows[0])
		}
	}
	if got := b.Get("/imports/template/semua"); got.Status != http.StatusNotFound {
		t.Errorf("a template of nothing: %d", got.Status)
	}
}

// workbookAsAnImportWants checks a template: it has the heads, frozen, an example that is
// passed over, whose cells would all be read, choices that would be too, and no text is missing.
func workbookAsAnImportWants(t *testing.T, kind imports.Kind, content string, heads []string) {
	t.Helper()
	f, err := excelize.OpenReader(strings.NewReader(content))
	if err != nil {
		t.Fatalf("%s: %v", kind, err)
	}
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		if err != nil || strings.Contains(fmt.Sprint(rows), "⟦") {
			t.Errorf("%s, sheet %s lacks a text, or %v", kind, name, err)
		}
	}
	data := f.GetSheetName(0)
	rows, err := f.GetRows(data)
	if err != nil || len(rows) != 2 {
		t.Fatalf("%s has %d rows, %v", kind, len(rows), err)
	}
	slices.Sort(heads)
	if got := slices.Sorted(slices.Values(rows[0])); !slices.Equal(got, heads) {
		t.Errorf("%s has the heads %q, want %q", kind, got, heads)
	}
	if panes, err := f.GetPanes(data); err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("%s: the heads are not frozen, %v", kind, err)
	}
	lists, err := f.GetDataValidations(data)
	if err != nil || len(lists) == 0 {
		t.Errorf("%s has no choices, %v", kind, err)
	}
	for _, c := range append(rows[1][1:], rows[0][0]) {
		if c == "" {
			t.Errorf("%s has no example in every column: %q", kind, rows[1])
		}
	}
}

// What a template's example shows is right: without its mark it would be imported.
func TestATemplatesExampleWouldBeImported(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	for kind, key := range map[imports.Kind]string{imports.KindSites: "BDG-99", imports.KindSchedule: "BARU-1", imports.KindParticipants: "REG-99999"} {
		template := b.Get("/imports/template/" + string(kind) + ".xlsx").Body
		f := imports.File{Kind: kind, Name: "a.xlsx", Content: []byte(template), Pilot: &o.Pilot.ID}
		_, err := imports.New(o.Store).Import(t.Context(), office.Actor{Name: "uji"}, f, plan.Check, nil)
		if r := (*office.Refusal)(nil); !errors.As(err, &r) || r.Key != "import.no_rows" {
			t.Errorf("%s as it is: %v", kind, err)
		}
		f.Content = []byte(editedXLSX(t, template, "#contoh", key))
		rep, err := imports.New(o.Store).Import(t.Context(), office.Actor{Name: "uji"}, f, plan.Check, nil)
		if err != nil || rep.New != 1 {
			t.Errorf("%s: %v %+v %+v", kind, err, rep.Errors, rep.Problems)
		}
	}
}

func TestACoordinatorImportsTheScheduleOfTheirOwnInstitutionOnly(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleCoordinator)
	own, foreign := o.Classes[0], o.Classes[2]
	course := func(c models.Class) string {
		t.Helper()
		list, err := o.Pages.Store.Read(t.Context()).Courses()
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range list {
			if x.ID == c.CourseID {
				return x.Code
			}
		}
		return ""
	}
	site := func(c models.Class) string {
		for _, s := range o.Sites {
			if s.ID == c.SiteID {
				return s.Code
			}
		}
		return ""
	}
	row := func(c models.Class, code string, p models.Provider, day string) string {
		return strings.Join([]string{code, course(c), "Judul", "16", p.Code, "Nama Lain", site(c), "10", "1", day, "08:00", "09:00"}, ",") + "\n"
	}
	const head = "class_code,course_code,course_title,hours,provider_code,provider_name,site_code,capacity,session,date,start,end\n"
	send := func(who *webtest.Browser, kind, text string) webtest.Answer {
		return who.Upload("/imports", "file", "jadwal.csv", []byte(text), "kind", kind, "pilot", o.Pilot.ID.String())
	}
	good := settled(b, send(b, "schedule", head+row(own, "BARU-1", o.Own, "2026-09-01")))
	if !strings.Contains(good.Body, "/apply") {
		t.Errorf("a class of their own was refused:\n%s", good.Body)
	}
	for name, text := range map[string]string{
		"another institution's code":   row(own, "BARU-2", o.Other, "2026-09-02"),
		"another institution's class":  row(own, foreign.Code, o.Own, "2026-09-03"),
		"another institution's course": strings.Replace(row(own, "BARU-3", o.Own, "2026-09-04"), ","+course(own)+",", ","+course(foreign)+",", 1),
	} {
		if page := settled(b, send(b, "schedule", head+text)); strings.Contains(page.Body, "/apply") || !strings.Contains(page.Body, "lembaga pelatihan lain") {
			t.Errorf("%s was let through:\n%s", name, page.Body)
		}
	}
	if got := send(b, "sites", goodSites); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("sites: %d, want 422", got.Status)
	}
	admin := o.As(t, models.RoleAdmin)
	sent := send(admin, "schedule", head+row(own, "BARU-9", o.Own, "2026-09-05"))
	settled(admin, sent)
	theirs := sent.Header.Get("Location")
	if got := b.Get(theirs); got.Status != http.StatusNotFound {
		t.Errorf("another's upload: %d, want 404", got.Status)
	}
	if got := b.Post(theirs + "/apply"); got.Status != http.StatusNotFound {
		t.Errorf("applying another's upload: %d, want 404", got.Status)
	}
	if got := b.Get("/imports"); strings.Contains(got.Body, theirs) || got.Status != http.StatusOK {
		t.Errorf("the list (%d) names another's upload", got.Status)
	}
}
