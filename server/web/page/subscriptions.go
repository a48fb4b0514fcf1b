package page

import (
	"strconv"
)

// Number is a whole number that was typed, or -1 if it is not a number.
func (f *Form) Number(field string) int {
	n, err := strconv.Atoi(f.Trimmed(field))
	if err != nil {
		return -1
	}
	return n
}
