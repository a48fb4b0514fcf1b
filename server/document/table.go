package document

// column is one column of a table; Width is in millimetres, or, where it is 0, its
// share of what the others leave.
type column struct {
	title string
	width float64
	align string // L, C or R
}

// table draws rows below a head that each page repeats. A cell takes as many lines
// as its text needs: nothing is cut off.
type table struct {
	*sheet
	columns []column
	size    float64 // of the letters
}

func (s *sheet) table(size float64, columns ...column) *table {
	free, shares := s.width(), 0
	for _, c := range columns {
		free -= c.width
		if c.width == 0 {
			shares++
		}
	}
	for i := range columns {
		if columns[i].width == 0 {
			columns[i].width = free / float64(shares)
		}
	}
	t := &table{sheet: s, columns: columns, size: size}
	s.need(18)
	t.top()
	return t
}

func (t *table) top() {
	titles := make([]string, len(t.columns))
	for i, c := range t.columns {
		titles[i] = c.title
	}
	t.font("B", t.size)
	t.SetFillColor(230, 234, 240)
	cells := t.fit(titles)
	t.draw(cells, cells.high(t.size), "DF")
	t.font("", t.size)
}

// row draws one row, on a new page where this one is full.
func (t *table) row(texts ...string) {
	t.font("", t.size)
	cells := t.fit(texts)
	high := cells.high(t.size)
	if high > t.left() {
		t.AddPage()
		t.top()
	}
	t.draw(cells, high, "D")
}

// lines are the texts of a row's cells, each in lines as wide as its column.
type lines [][]string

func (t *table) fit(texts []string) lines {
	cells := make(lines, len(texts))
	for i, text := range texts {
		cells[i] = t.SplitText(readable(text), t.columns[i].width)
	}
	return cells
}

// leading is how high a line of letters of this size is.
func leading(size float64) float64 { return size * 0.46 }

func (l lines) high(size float64) float64 {
	most := 1
	for _, cell := range l {
		most = max(most, len(cell))
	}
	return float64(most)*leading(size) + 1.8
}

func (t *table) draw(cells lines, high float64, style string) {
	x, y := margin, t.GetY()
	t.SetLineWidth(0.15)
	t.SetDrawColor(120, 120, 120)
	for i, cell := range cells {
		c := t.columns[i]
		t.Rect(x, y, c.width, high, style)
		at := y + (high-float64(len(cell))*leading(t.size))/2
		for _, line := range cell {
			t.SetXY(x, at)
			t.CellFormat(c.width, leading(t.size), line, "", 0, c.align, false, 0, "")
			at += leading(t.size)
		}
		x += c.width
	}
	t.SetDrawColor(0, 0, 0)
	t.SetXY(margin, y+high)
}
