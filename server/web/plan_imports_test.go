package web_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"mime/multipart"
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
)

// upload posts a form with one file.
func (b *browser) upload(path, field, name string, content []byte, pairs ...string) answer {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := w.WriteField(pairs[i], pairs[i+1]); err != nil {
			b.t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile(field, name)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := part.Write(content); err != nil {
		b.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.t.Fatal(err)
	}
	req := b.request(http.MethodPost, path, &body)
	req.Header.Set("Content-Type", w.FormDataContentType())
	return b.do(req)
}

// settled reloads an import's page until nothing runs any more.
func (b *browser) settled(a answer) answer {
	b.t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for time.Now().Before(deadline) {
		if page := b.follow(a); !strings.Contains(page.body, "hx-trigger") {
			return page
		}
	}
	b.t.Fatal("the import never ends")
	return answer{}
}

const goodSites = "code,name,address,regency,capacity\nMDN-01,Balai Medan,Jalan Asia 1,12.71,30\n"

func TestAFileIsCheckedShownAndImported(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	sent := b.upload("/imports", "file", "tempat.csv", []byte(goodSites), "kind", "sites")
	page := b.settled(sent)
	if !strings.Contains(page.body, "/apply") {
		t.Fatalf("a good file can't be confirmed:\n%s", page.body)
	}
	if strings.Contains(b.get("/sites?q=medan").body, "MDN-01") {
		t.Error("imported before anybody said so")
	}
	href := sent.header.Get("Location")
	b.settled(b.post(href + "/apply"))
	if !strings.Contains(b.get("/sites?q=medan").body, "MDN-01") {
		t.Error("confirmed, but not imported")
	}
}

func TestABadFileIsRefusedWithEveryRowAndItsReason(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	nik := "123456789012345"
	file := "number,nik,name,phone,birth_date,sex,regency,wave\n" +
		"R-1," + nik + ",Ani,08123450001,1995-06-15,female,32.73,1\n" +
		"R-2,0073011506950999,Budi,abc,1995-06-15,male,32.73,1\n" +
		"R-3,0073011506950998,,08123450003,1995-06-15,male,99.99,1\n"
	page := b.settled(b.upload("/imports", "file", "peserta.csv", []byte(file), "kind", "participants", "pilot", o.pilot.ID.String()))
	for _, want := range []string{">2<", ">3<", ">4<", "nik", "phone", "name", "regency"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the report lacks %s", want)
		}
	}
	if strings.Contains(page.body, nik) || strings.Contains(page.body, "0073011506950999") {
		t.Error("the report shows a whole NIK")
	}
	if strings.Contains(page.body, "⟦") {
		t.Error("the report lacks a text")
	}
	if strings.Contains(page.body, "/apply") {
		t.Error("a bad file can be confirmed")
	}
}

func TestWhatIsNoTableComesBackWithASentenceAtTheFile(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
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
			got := b.upload("/imports", "file", c.file, c.content, "kind", "sites", "pilot", o.pilot.ID.String())
			if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `id="`+c.field+`-problem"`) {
				t.Errorf("%d, want a sentence at the field", got.status)
			}
			if !strings.Contains(got.body, `value="`+o.pilot.ID.String()+`" selected`) || !strings.Contains(got.body, `value="sites" checked`) {
				t.Error("what was chosen is lost")
			}
			if strings.Contains(got.body, "⟦") {
				t.Error("a text is missing")
			}
		})
	}
	got := b.upload("/imports", "file", "p.csv", []byte("number,nik,name,phone,birth_date,sex,regency,wave\nR,0073011506950999,A,0812345678,1995-06-15,male,32.73,1\n"), "kind", "participants")
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `id="pilot-problem"`) {
		t.Errorf("participants of no pilot: %d, want a sentence at the pilot", got.status)
	}
}

func TestEveryTemplateHasTheHeadsThatAnImportAsksFor(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	for _, kind := range []string{"sites", "schedule", "participants"} {
		got := b.get("/imports/template/" + kind)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.body, "\uFEFF"))).ReadAll()
		if err != nil || len(rows) != 1 || len(rows[0]) < 5 {
			t.Errorf("%s: %d, %v, %v", kind, got.status, rows, err)
		}
		for _, lang := range []string{"id", "en"} {
			workbookAsAnImportWants(t, imports.Kind(kind), b.get("/imports/template/"+kind+".xlsx?lang="+lang).body, rows[0])
		}
	}
	if got := b.get("/imports/template/semua"); got.status != http.StatusNotFound {
		t.Errorf("a template of nothing: %d", got.status)
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
	o := newOffice(t)
	b := o.as(t, models.RoleAdmin)
	for kind, key := range map[imports.Kind]string{imports.KindSites: "BDG-99", imports.KindSchedule: "BARU-1", imports.KindParticipants: "REG-99999"} {
		template := b.get("/imports/template/" + string(kind) + ".xlsx").body
		f := imports.File{Kind: kind, Name: "a.xlsx", Content: []byte(template), Pilot: &o.pilot.ID}
		_, err := imports.New(o.st).Import(t.Context(), office.Actor{Name: "uji"}, f, plan.Check, nil)
		if r := (*office.Refusal)(nil); !errors.As(err, &r) || r.Key != "import.no_rows" {
			t.Errorf("%s as it is: %v", kind, err)
		}
		f.Content = []byte(editedXLSX(t, template, "#contoh", key))
		rep, err := imports.New(o.st).Import(t.Context(), office.Actor{Name: "uji"}, f, plan.Check, nil)
		if err != nil || rep.New != 1 {
			t.Errorf("%s: %v %+v %+v", kind, err, rep.Errors, rep.Problems)
		}
	}
}

func TestACoordinatorImportsTheScheduleOfTheirOwnInstitutionOnly(t *testing.T) {
	o := newOffice(t)
	b := o.as(t, models.RoleCoordinator)
	own, foreign := o.classes[0], o.classes[2]
	course := func(c models.Class) string {
		t.Helper()
		list, err := o.pages.Store.Read(t.Context()).Courses()
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
		for _, s := range o.sites {
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
	send := func(who *browser, kind, text string) answer {
		return who.upload("/imports", "file", "jadwal.csv", []byte(text), "kind", kind, "pilot", o.pilot.ID.String())
	}
	good := b.settled(send(b, "schedule", head+row(own, "BARU-1", o.own, "2026-09-01")))
	if !strings.Contains(good.body, "/apply") {
		t.Errorf("a class of their own was refused:\n%s", good.body)
	}
	for name, text := range map[string]string{
		"another institution's code":   row(own, "BARU-2", o.other, "2026-09-02"),
		"another institution's class":  row(own, foreign.Code, o.own, "2026-09-03"),
		"another institution's course": strings.Replace(row(own, "BARU-3", o.own, "2026-09-04"), ","+course(own)+",", ","+course(foreign)+",", 1),
	} {
		if page := b.settled(send(b, "schedule", head+text)); strings.Contains(page.body, "/apply") || !strings.Contains(page.body, "lembaga pelatihan lain") {
			t.Errorf("%s was let through:\n%s", name, page.body)
		}
	}
	if got := send(b, "sites", goodSites); got.status != http.StatusUnprocessableEntity {
		t.Errorf("sites: %d, want 422", got.status)
	}
	admin := o.as(t, models.RoleAdmin)
	sent := send(admin, "schedule", head+row(own, "BARU-9", o.own, "2026-09-05"))
	admin.settled(sent)
	theirs := sent.header.Get("Location")
	if got := b.get(theirs); got.status != http.StatusNotFound {
		t.Errorf("another's upload: %d, want 404", got.status)
	}
	if got := b.post(theirs + "/apply"); got.status != http.StatusNotFound {
		t.Errorf("applying another's upload: %d, want 404", got.status)
	}
	if got := b.get("/imports"); strings.Contains(got.body, theirs) || got.status != http.StatusOK {
		t.Errorf("the list (%d) names another's upload", got.status)
	}
}
