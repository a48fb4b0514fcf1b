package imports

// ReadRows reads a file as an import does, and counts its rows.
func ReadRows(name string, content []byte, k Kind) (int, error) {
	s, err := readSheet(name, content, columnsOf(k))
	if err != nil {
		return 0, err
	}
	for _, r := range s.rows {
		for c := range s.columns {
			s.cell(r, c)
		}
		s.short(r)
	}
	return len(s.rows), nil
}
