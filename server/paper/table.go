package paper

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
	t.draw(titles, true)
	t.font("", t.size)
}

// row draws one row, on a new page where this one is full.
func (t *table) row(cells ...string) {
	if t.high(cells) > t.left() {
		t.AddPage()
		t.top()
	}
	t.font("", t.size)
	t.draw(cells, false)
}

func (t *table) lineHigh() float64 { return t.size * 0.46 }

func (t *table) high(cells []string) float64 {
	most := 1
	for i, text := range cells {
		most = max(most, len(t.SplitText(readable(text), t.columns[i].width)))
	}
	return float64(most)*t.lineHigh() + 1.8
}

func (t *table) draw(cells []string, fill bool) {
	x, y, high := margin, t.GetY(), t.high(cells)
	t.SetLineWidth(0.15)
	t.SetDrawColor(120, 120, 120)
	for i, text := range cells {
		c := t.columns[i]
		style := "D"
		if fill {
			style = "DF"
		}
		t.Rect(x, y, c.width, high, style)
		lines := t.SplitText(readable(text), c.width)
		at := y + (high-float64(len(lines))*t.lineHigh())/2
		for _, line := range lines {
			t.SetXY(x, at)
			t.CellFormat(c.width, t.lineHigh(), line, "", 0, c.align, false, 0, "")
			at += t.lineHigh()
		}
		x += c.width
	}
	t.SetDrawColor(0, 0, 0)
	t.SetXY(margin, y+high)
}
