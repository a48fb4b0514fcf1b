package page

import (
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
	"buktihadir/templates"
)

// PerPage is how many rows a list shows at once.
const PerPage = 50

// maxPage keeps an address from asking the database to skip the whole world.
const maxPage = 100_000

// SliceOf is the part of a list that the page number in the address asks for.
func SliceOf(c *gin.Context) store.Slice {
	page, err := strconv.Atoi(c.Query("page"))
	if err != nil || page < 1 || page > maxPage {
		page = 1
	}
	return store.Slice{Offset: (page - 1) * PerPage, Limit: PerPage}
}

// Paging has the addresses of the slices before and after this one. They keep the other
// parameters of the address.
func Paging(c *gin.Context, s store.Slice, rows int, total int64) templates.Pagination {
	number := s.Offset/PerPage + 1
	p := templates.Pagination{Total: total}
	if rows > 0 {
		p.From, p.To = int64(s.Offset+1), int64(s.Offset+rows)
	}
	at := func(n int) string {
		q := c.Request.URL.Query()
		q.Set("page", strconv.Itoa(n))
		return (&url.URL{Path: c.Request.URL.Path, RawQuery: q.Encode()}).String()
	}
	if number > 1 {
		p.Prev = at(number - 1)
	}
	if int64(s.Offset+rows) < total && rows > 0 {
		p.Next = at(number + 1)
	}
	return p
}

// QueryID reads an id that narrows a list. An invalid id does not narrow it.
func QueryID(c *gin.Context, name string) uuid.UUID {
	id, _ := uuid.Parse(c.Query(name)) // the zero id narrows nothing
	return id
}

// QueryDate reads a date that narrows a list, or gives the one to use instead.
func QueryDate(c *gin.Context, name string, instead models.LocalDate) models.LocalDate {
	d, err := models.ParseLocalDate(c.Query(name))
	if err != nil {
		return instead
	}
	return d
}

// Beside is how many rows a short list beside something has; the whole list has its own page.
const Beside = 20
