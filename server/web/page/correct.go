package page

import (
	"buktihadir/server/review"
)

// Evidence is the uploaded file as evidence; nil without a file.
func (u *upload) Evidence() *review.Evidence {
	if u == nil {
		return nil
	}
	return &review.Evidence{Name: u.Name, Content: u.Content}
}
