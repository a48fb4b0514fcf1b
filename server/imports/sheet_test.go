package imports_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"buktihadir/server/imports"
	"buktihadir/server/office"
	"buktihadir/server/plan"
	"buktihadir/server/plan/plantest"
)

func TestAFileThatIsNoTableIsRefusedWithWhatIsWrong(t *testing.T) {
	t.Parallel()
	good := plantest.PeopleHead + plantest.Person(0, "A")
	for _, c := range []struct {
		name, file, content, key string
		args                     []any
	}{
		{"an empty file", "a.csv", "", "import.empty", nil},
		{"a file of blank lines", "a.csv", "\r\n \n", "import.empty", nil},
		{"a header and no row", "a.csv", plantest.PeopleHead, "import.no_rows", nil},
		{"a header without needed columns", "a.csv", "number,phone\n1,2\n", "import.missing_columns", []any{"Columns", "nik, name"}},
		{"a delimiter that the header does not have", "a.csv", strings.ReplaceAll(good, ",", "^"), "import.missing_columns", []any{"Columns", "number, nik, name"}},
		{"Latin-1 in line 2", "a.csv", strings.Replace(good, "Peserta 0", "Jos\xe9", 1), "import.not_utf8", []any{"Line", 2}},
		{"a quote never closed", "a.csv", strings.Replace(good, "Peserta 0", "\"Peserta 0", 1), "import.broken_csv", []any{"Line", 2}},
		{"a picture called CSV", "a.csv", "PNG\x00\x01", "import.not_text", nil},
		{"another format", "a.pdf", good, "import.unknown_format", []any{"Name", "a.pdf"}},
		{"a CSV called XLSX", "a.xlsx", good, "import.broken_xlsx", nil},
		{"a file of 33 MiB", "a.csv", strings.Repeat("x", 33<<20), "import.too_large", []any{"Max", 32}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := imports.ReadRows(c.file, []byte(c.content), imports.KindParticipants)
			plantest.WantRefusal(t, err, c.key)
			var r *office.Refusal
			if errors.As(err, &r) && len(c.args) > 0 && (len(r.Args) != 2 || r.Args[0] != c.args[0] || r.Args[1] != c.args[1]) {
				t.Errorf("it says %v, want %v", r.Args, c.args)
			}
		})
	}
}

func TestEveryBadRowIsListedAndNothingIsKept(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, row string
		want      string
	}{
		{"a NIK of 15 digits", "REG-9,327300150695000,Siti,,\n", "3 nik import.nik_not_sixteen_digits"},
		{"a NIK with an impossible day", "REG-9,3273003206950001,Siti,,\n", "3 nik import.nik_impossible_day"},
		{"a NIK twice", "REG-9," + plantest.NIK(0) + ",Siti,,\n", "3 nik import.nik_twice"},
		{"a number twice", "REG-0," + plantest.NIK(9) + ",Siti,,\n", "3 number import.twice"},
		{"no name", "REG-9," + plantest.NIK(9) + ",,,\n", "3 name import.needed"},
		{"a class nobody knows", "REG-9," + plantest.NIK(9) + ",Siti,,Z\n", "3 class_code import.unknown_class"},
		{"a row cut short", "REG-9," + plantest.NIK(9) + ",Sit", "3 import.short_row"},
		{"somebody else's NIK", "REG-9," + plantest.NIK(100) + ",Siti,,\n", "3 nik import.nik_of_another"},
		{"somebody else's number", "REG-100," + plantest.NIK(9) + ",Siti,,\n", "3 number import.number_of_another"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newOffice(t)
			o.People(100, 101)
			rep, err := o.Load(imports.KindParticipants, plantest.PeopleHead+plantest.Person(0, "A")+c.row)
			if !errors.Is(err, imports.ErrRows) || strings.Join(plantest.Lines(rep), "; ") != c.want {
				t.Errorf("import gave %v and %q, want %q", err, plantest.Lines(rep), c.want)
			}
			for _, e := range rep.Errors {
				if e.Column == "nik" && strings.Contains(e.Value, "3273") {
					t.Errorf("the report repeats a NIK: %q", e.Value)
				}
			}
			if _, err := o.Store.Read(t.Context()).ParticipantByNumber("REG-0"); err == nil {
				t.Error("the good row of a refused file was kept")
			}
		})
	}
}

func TestFilesReadAlikeInEveryDress(t *testing.T) {
	t.Parallel()
	plain := plantest.PeopleHead + plantest.Person(0, "A") + plantest.Person(1, "")
	book := excelize.NewFile()
	for i, line := range strings.Split(strings.TrimSpace(plain), "\n") {
		for j, cell := range strings.Split(line, ",") {
			at, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				t.Fatal(err)
			}
			if err := book.SetCellStr("Sheet1", at, cell); err != nil {
				t.Fatal(err)
			}
		}
	}
	var xlsx bytes.Buffer
	if err := book.Write(&xlsx); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, file, content string }{
		{"commas", "a.csv", plain},
		{"semicolons", "a.csv", strings.ReplaceAll(plain, ",", ";")},
		{"tabs", "a.txt", strings.ReplaceAll(plain, ",", "\t")},
		{"a byte order mark and CRLF", "a.CSV", "\xef\xbb\xbf" + strings.ReplaceAll(plain, "\n", "\r\n")},
		{"an Indonesian header in capitals", "a.csv", strings.Replace(plain, plantest.PeopleHead, "Nomor Registrasi,NIK,Nama,No HP,Kode Kelas\n", 1)},
		{"no newline at the end, and blank lines between", "a.csv", strings.TrimSpace(strings.ReplaceAll(plain, "\n", "\n\n"))},
		{"a spreadsheet", "a.xlsx", xlsx.String()},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newOffice(t)
			f := imports.File{Kind: imports.KindParticipants, Name: c.file, Content: []byte(c.content), Pilot: &o.Pilot.ID}
			for _, mode := range []plan.Mode{plan.Check, plan.Apply} {
				rep, err := o.Import(t.Context(), plantest.By(), f, mode, nil)
				if err != nil || rep.Rows != 2 || rep.New != 2 {
					t.Fatalf("import (mode %v) gave %v and %+v", mode, err, rep)
				}
			}
			if got := o.Participant(0).Name; got != "Peserta 0" || len(o.Places("A")) != 1 {
				t.Errorf("imported %q with %d places", got, len(o.Places("A")))
			}
		})
	}
}

func TestTheSamePersonAgainIsAnUpdate(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, o *fixture) {
		o.Good(imports.KindParticipants, plantest.PeopleHead+plantest.Person(0, "A"))
		before := o.Participant(0)
		rep := o.Good(imports.KindParticipants, plantest.PeopleHead+"REG-0,"+plantest.NIK(0)+",=Siti Aminah,081200009999,A\n")
		after := o.Participant(0)
		if rep.New != 0 || rep.Changed != 1 || after.ID != before.ID || after.Name != "=Siti Aminah" || string(after.LinkHash) != string(before.LinkHash) {
			t.Errorf("report %+v, name %q", rep, after.Name)
		}
		if n := len(o.Places("A")); n != 1 {
			t.Errorf("%d places, want the one", n)
		}
	})
}

func FuzzReadSheet(f *testing.F) {
	book := excelize.NewFile()
	var xlsx bytes.Buffer
	if err := errors.Join(book.SetCellStr("Sheet1", "A1", "number"), book.Write(&xlsx)); err != nil {
		f.Fatal(err)
	}
	f.Add(false, []byte(plantest.PeopleHead+plantest.Person(0, "A")))
	f.Add(false, []byte("\xef\xbb\xbfnomor;nik;nama\r\n\"a"))
	f.Add(true, xlsx.Bytes())
	f.Fuzz(func(t *testing.T, spreadsheet bool, content []byte) {
		name := "a.csv"
		if spreadsheet {
			name = "a.xlsx"
		}
		rows, err := imports.ReadRows(name, content, imports.KindParticipants)
		var r *office.Refusal
		if err != nil && !errors.As(err, &r) || err == nil && rows == 0 {
			t.Errorf("%d rows and %v: neither a table nor a refusal", rows, err)
		}
	})
}
