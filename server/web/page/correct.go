package page

import (
	"buktihadir/server/review"
)

// Evidence is an uploaded file as evidence; nil where there is none.
func (u *Upload) Evidence() *review.Evidence {
	if u == nil {
		return nil
	}
	return &review.Evidence{Name: u.Name, Content: u.Content}
}
