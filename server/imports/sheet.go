package imports

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"buktihadir/models/names"
	"buktihadir/server/office"
)

const (
	// MaxFile bounds an imported file, in bytes.
	MaxFile = 32 << 20
	// maxUnzipped bounds what an XLSX file may unfold to.
	maxUnzipped = 64 << 20
	maxRows     = 500_000
	// maxColumns bounds what a row keeps: one cell in a spreadsheet's last column
	// would make every row of it 16,384 cells wide.
	maxColumns = 200
)

// sheet is a table as a file has it: cells found by the name of their column.
type sheet struct {
	columns map[string]int // by canonical name
	rows    []row
}

type row struct {
	line  int // in the file, from 1
	cells []string
}

// column is a column of an import: its name, and its other accepted names.
type column struct {
	name     string
	aliases  []string
	optional bool
	example  string
	choices  []string // nil: anything
}

// readSheet reads a CSV or XLSX file. If the file as a whole is wrong, the error is an
// *office.Refusal that says what to do.
func readSheet(name string, content []byte, columns []column) (*sheet, error) {
	if len(content) > MaxFile {
		return nil, office.Refuse("import.too_large", "Max", MaxFile>>20)
	}
	if len(bytes.TrimSpace(content)) == 0 {
		return nil, office.Refuse("import.empty")
	}
	var rows []row
	var err error
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv", ".txt", ".tsv":
		rows, err = readCSV(content)
	case ".xlsx":
		rows, err = readXLSX(content)
	default:
		err = office.Refuse("import.unknown_format", "Name", filepath.Base(name))
	}
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, office.Refuse("import.empty")
	}
	s := &sheet{columns: map[string]int{}, rows: rows[1:]}
	if at := slices.IndexFunc(rows[0].cells, columns[0].called); at >= 0 {
		s.rows = slices.DeleteFunc(s.rows, func(r row) bool { return at < len(r.cells) && isExample(r.cells[at]) })
	}
	var missing []string
	for _, c := range columns {
		at := slices.IndexFunc(rows[0].cells, func(head string) bool { return c.called(head) })
		switch {
		case at >= 0:
			s.columns[c.name] = at
		case !c.optional:
			missing = append(missing, c.name)
		}
	}
	if len(missing) > 0 {
		return nil, office.Refuse("import.missing_columns", "Columns", strings.Join(missing, ", "))
	}
	if len(s.rows) == 0 {
		return nil, office.Refuse("import.no_rows")
	}
	return s, nil
}

// exampleMark stands in the first column of a row that only shows how to fill in the
// others: it is not imported.
const exampleMark = "#contoh"

func isExample(cell string) bool {
	cell = strings.TrimSpace(cell)
	return strings.EqualFold(cell, exampleMark) || strings.EqualFold(cell, "#example")
}

// unguarded takes the apostrophe away that a CSV file of ours has before what would begin
// a formula in a spreadsheet.
func unguarded(cell string) string {
	if bare := strings.TrimLeft(cell, "'"); bare != cell && bare != "" && strings.ContainsRune("=+-@\t\r", rune(bare[0])) {
		return cell[1:]
	}
	return cell
}

func (c column) called(head string) bool {
	head = strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(head)))
	return head == c.name || slices.Contains(c.aliases, head)
}

// cell is a cell's content in the one form that names and codes are kept in. Free texts stay as
// they are but for their ends: what is exported has to come back as it was.
func (s *sheet) cell(r row, column string) string {
	at, ok := s.columns[column]
	switch {
	case !ok || at >= len(r.cells):
		return ""
	case slices.Contains([]string{"course_title", "room", "address", "facilities"}, column):
		return strings.TrimSpace(r.cells[at])
	}
	return names.Clean(r.cells[at])
}

// has says whether the file has a column.
func (s *sheet) has(column string) bool {
	_, ok := s.columns[column]
	return ok
}

// short says that a row ends before its last named column: a file cut in the middle.
func (s *sheet) short(r row) bool {
	last := 0
	for _, at := range s.columns {
		last = max(last, at)
	}
	return len(r.cells) <= last
}

func readCSV(content []byte) ([]row, error) {
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	if at := invalidUTF8(content); at >= 0 {
		return nil, office.Refuse("import.not_utf8", "Line", 1+bytes.Count(content[:at], []byte("\n")))
	}
	if bytes.IndexByte(content, 0) >= 0 {
		return nil, office.Refuse("import.not_text")
	}
	r := csv.NewReader(bytes.NewReader(content))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = delimiter(content), -1, false
	var rows []row
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if bad := (*csv.ParseError)(nil); errors.As(err, &bad) {
			return nil, office.Refuse("import.broken_csv", "Line", bad.StartLine)
		}
		if err != nil {
			return nil, office.Refuse("import.not_text")
		}
		if len(rows) > maxRows {
			return nil, office.Refuse("import.too_many_rows", "Max", maxRows)
		}
		line, _ := r.FieldPos(0)
		for i := range cells {
			cells[i] = unguarded(cells[i])
		}
		if slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
			rows = append(rows, row{line, cells})
		}
	}
}

func invalidUTF8(b []byte) int {
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// delimiter is the one that the first line uses most: spreadsheets in Indonesian
// write semicolons.
func delimiter(content []byte) rune {
	head, _, _ := bytes.Cut(content, []byte("\n"))
	best := ','
	for _, d := range []rune{';', '\t', '|'} {
		if bytes.Count(head, []byte(string(d))) > bytes.Count(head, []byte(string(best))) {
			best = d
		}
	}
	return best
}

func readXLSX(content []byte) (rows []row, err error) {
	f, err := excelize.OpenReader(bytes.NewReader(content), excelize.Options{
		UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped, RawCellValue: true,
	})
	if err != nil {
		return nil, office.Refuse("import.broken_xlsx")
	}
	defer func() { _ = f.Close() }() // it was only read
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		return nil, office.Refuse("import.empty")
	}
	it, err := f.Rows(sheets[0])
	if err != nil {
		return nil, office.Refuse("import.broken_xlsx")
	}
	defer func() { _ = it.Close() }()
	for line := 1; it.Next(); line++ {
		cells, err := it.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, office.Refuse("import.broken_xlsx")
		}
		if len(rows) > maxRows {
			return nil, office.Refuse("import.too_many_rows", "Max", maxRows)
		}
		if slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
			rows = append(rows, row{line, slices.Clone(cells[:min(len(cells), maxColumns)])})
		}
	}
	// A row of a spreadsheet ends at its last filled cell.
	width := 0
	for _, r := range rows {
		width = max(width, len(r.cells))
	}
	for i := range rows {
		rows[i].cells = append(rows[i].cells, make([]string, width-len(rows[i].cells))...)
	}
	if it.Error() != nil {
		return nil, office.Refuse("import.broken_xlsx")
	}
	return rows, nil
}
