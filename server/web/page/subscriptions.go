package page

import (
	"strconv"
)

// Number is a whole number that was typed; -1 for what is none.
func (f *Form) Number(field string) int {
	n, err := strconv.Atoi(f.Trimmed(field))
	if err != nil {
		return -1
	}
	return n
}
