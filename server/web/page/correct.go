package page

import (
	"buktihadir/server/review"
)

// Paper is an uploaded file as evidence; nil where there is none.
func (u *upload) Paper() *review.Paper {
	if u == nil {
		return nil
	}
	return &review.Paper{Name: u.Name, Content: u.Content}
}
