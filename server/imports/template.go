package imports

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// The sheets of a template. An import reads the first.
const (
	sheetData  = "Data"
	sheetGuide = "Petunjuk"
	sheetLists = "Pilihan"
)

// templateRows is how many rows a template offers choices in.
const templateRows = 10_000

// WriteTemplate writes a workbook to fill in: the heads of a kind of file, an example that
// an import passes over, choices where only some values are right, and a sheet that says
// what each column is for. Say gives the notes, by "template.KIND_COLUMN".
func WriteTemplate(w io.Writer, k Kind, say func(key string) string) error {
	t := template{File: excelize.NewFile(), kind: k, say: say}
	err := t.write()
	if err == nil {
		_, err = t.WriteTo(w)
	}
	if err := errors.Join(err, t.Close()); err != nil {
		return fmt.Errorf("template of %s: %w", k, err)
	}
	return nil
}

type template struct {
	*excelize.File
	kind  Kind
	say   func(string) string
	lists int // columns of the sheet of choices
}

func (t *template) write() error {
	text, err1 := t.NewStyle(&excelize.Style{NumFmt: 49}) // as typed: a NIK must not become a number, or 08.00 a date
	example, err2 := t.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Italic: true, Color: "767676"}})
	needed, err3 := t.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"CFE8E4"}}})
	optional, err4 := t.NewStyle(&excelize.Style{Font: &excelize.Font{Italic: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EDEDED"}}})
	if err := errors.Join(err1, err2, err3, err4, t.SetSheetName("Sheet1", sheetData)); err != nil {
		return err
	}
	for i, c := range columnsOf(t.kind) {
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		head := needed
		if c.optional {
			head = optional
		}
		err = errors.Join(t.SetColWidth(sheetData, name, name, 20), t.SetColStyle(sheetData, name, text), t.SetCellStr(sheetData, name+"1", c.name),
			t.SetCellStyle(sheetData, name+"1", name+"1", head),
			t.SetCellStr(sheetData, name+"2", c.example), t.SetCellStyle(sheetData, name+"2", name+"2", example),
			t.AddComment(sheetData, excelize.Comment{Cell: name + "1", Author: "Bukti Hadir", Paragraph: []excelize.RichTextRun{{Text: t.note(c)}}}))
		if err == nil && c.choices != nil {
			err = t.offer(name, c)
		}
		if err != nil {
			return err
		}
	}
	return errors.Join(t.guide(), t.SetPanes(sheetData, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
}

func (t *template) note(c column) string {
	if c.optional {
		return t.say("template.optional") + " " + t.say("template."+string(t.kind)+"_"+c.name)
	}
	return t.say("template.needed") + " " + t.say("template."+string(t.kind)+"_"+c.name)
}

// offer lets a column's cells be chosen from its choices; another value is asked about,
// not refused: an import knows more ways to write them.
func (t *template) offer(name string, c column) error {
	if t.lists == 0 {
		if _, err := t.NewSheet(sheetLists); err != nil {
			return err
		}
	}
	t.lists++
	list, err := excelize.ColumnNumberToName(t.lists)
	if err != nil {
		return err
	}
	if err := errors.Join(t.SetSheetCol(sheetLists, list+"1", &c.choices), t.SetColWidth(sheetLists, list, list, 32)); err != nil {
		return err
	}
	v := excelize.NewDataValidation(true)
	v.SetSqref(fmt.Sprintf("%s2:%s%d", name, name, templateRows))
	v.SetSqrefDropList(fmt.Sprintf("%s!$%s$1:$%s$%d", sheetLists, list, list, len(c.choices)))
	v.SetError(excelize.DataValidationErrorStyleWarning, c.name, t.say("template.other_choice"))
	return t.AddDataValidation(sheetData, v)
}

// guide is the sheet that says what to write.
func (t *template) guide() error {
	if _, err := t.NewSheet(sheetGuide); err != nil {
		return err
	}
	rows := [][]string{{t.say("template.guide")}, {t.say("template.example")}, {}, {t.say("imports.column"), t.say("template.what"), t.say("template.also")}}
	for _, c := range columnsOf(t.kind) {
		rows = append(rows, []string{c.name, t.note(c), strings.Join(c.aliases, ", ")})
	}
	for i, row := range rows {
		if err := t.SetSheetRow(sheetGuide, fmt.Sprint("A", i+1), &row); err != nil {
			return err
		}
	}
	return errors.Join(t.SetColWidth(sheetGuide, "A", "A", 20), t.SetColWidth(sheetGuide, "B", "B", 90), t.SetColWidth(sheetGuide, "C", "C", 40))
}
