package imports_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"buktihadir/server/imports"
	"buktihadir/server/plan"
	"buktihadir/server/plan/plantest"
)

// warned writes a report's warnings as kind, what and lines.
func warned(rep imports.Report) (out []string) {
	for _, w := range rep.Warnings {
		text := fmt.Sprint(w.Kind, " ", w.What, " ", w.Lines)
		if w.With != nil {
			text += fmt.Sprintf(" with line %d %s %d", w.With.Line, w.With.Class, w.With.Number)
		}
		out = append(out, text)
	}
	return out
}

func TestAScheduleIsWarnedOfAllThatMayStand(t *testing.T) {
	t.Parallel()
	row := func(class, site string, seq int, date, start, end, teacher string) string {
		return fmt.Sprintf("%s,C-%s,Kursus,1,LPK,LPK Karya,%s,2,%d,%s,%s,%s,R-%s,%s,%s\n", class, class, site, seq, date, start, end, class, teacher, teacher)
	}
	for _, c := range []struct {
		name, rows string
		want       []string
	}{
		{"days off and sites without agents, each once",
			row("X", "BDG", 1, "2026-12-25", "08:00", "10:00", "P7") + row("X", "BDG", 2, "2026-12-28", "08:00", "10:00", "P7") + row("Y", "KPG", 1, "2026-12-25",
				"14:00", "15:00", "P8"),
			[]string{"holiday Kelahiran Yesus Kristus (Natal) [2 4]", "no_agent BDG [2 3]", "no_agent KPG [4]"}},
		{"an hour between two sites is enough", row("X", "BDG", 1, "2026-12-28", "08:00", "10:00", "P7") + row("Y", "KPG", 1, "2026-12-28", "12:00", "13:00", "P7"),
			[]string{"no_agent BDG [2]", "no_agent KPG [3]"}},
		{"less is not", row("X", "BDG", 1, "2026-12-28", "08:00", "10:00", "P7") + row("Y", "KPG", 1, "2026-12-28", "11:59", "13:00", "P7"),
			[]string{"no_agent BDG [2]", "no_agent KPG [3]", "travel P7 [2] with line 3 Y 1"}},
		{"nor is it beside what is planned already", row("X", "KPG", 1, "2026-11-23", "13:30", "14:30", "P1"),
			[]string{"no_agent KPG [2]", "travel Pak Budi [2] with line 0 A 1"}},
		{"too few hours of a course, a long day and a late one", row("X", "BDG", 1, "2026-12-28", "08:00", "08:30", "P7") + row("Y", "KPG", 1, "2026-12-28",
			"08:00", "16:30", "P8") + row("Z", "BDG", 1, "2026-12-29", "20:00", "21:30", "P9"),
			[]string{"hours X [2]", "long_day Y [3]", "no_agent BDG [2 4]", "no_agent KPG [3]", "outside Z [4]"}},
		{"what stands already is nobody's to answer for", strings.TrimPrefix(plantest.ScheduleCSV, plantest.ScheduleHead), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newOffice(t)
			f := imports.File{Kind: imports.KindSchedule, Name: "a.csv", Content: []byte(plantest.ScheduleHead + strings.ReplaceAll(c.rows, ",P1,P1", ",P1,Pak Budi")),
				Pilot: &o.Pilot.ID}
			rep, err := o.Import(t.Context(), plantest.By(), f, plan.Check, nil)
			if err != nil || !slices.Equal(warned(rep), c.want) {
				t.Errorf("%v %+v: warned of %q, want %q", err, rep.Errors, warned(rep), c.want)
			}
		})
	}
}

// A conflict names the other session: by its line, or as what is planned already.
func TestAConflictOfAFileSaysWithWhat(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	planned := o.Class("A")
	rep, _ := o.Load(imports.KindSchedule, plantest.ScheduleHead+
		"X,C-X,Kursus,16,LPK,LPK Karya,BDG,2,1,2026-11-23,11:00,13:00,R1,,\n"+
		"X,C-X,Kursus,16,LPK,LPK Karya,BDG,2,2,2026-11-25,08:00,10:00,R3,,\n"+
		"Y,C-Y,Kursus,16,LPK,LPK Karya,BDG,2,1,2026-11-25,09:00,11:00,R3,,\n")
	if len(rep.Errors) != 2 || rep.Errors[0].With == nil || rep.Errors[1].With == nil {
		t.Fatalf("%+v", rep.Errors)
	}
	stored, inFile := rep.Errors[0].With, rep.Errors[1].With
	s, err := o.Store.Read(t.Context()).Session(*stored.Session)
	if err != nil || s.ClassID != planned.ID || stored.Class != "A" || stored.Line != 0 {
		t.Errorf("line 2 collides with %+v, %v", stored, err)
	}
	if inFile.Line != 4 || inFile.Class != "Y" || inFile.Session != nil {
		t.Errorf("line 3 collides with %+v", inFile)
	}
}
