package api

import (
	"encoding/base64"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"buktihadir/server/store"
)

// Paging is what every list takes.
type Paging struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"How many items at most"`
	Cursor string `query:"cursor" maxLength:"64" doc:"Go on after the page whose next this was; opaque"`
}

// page is one part of a list.
type page[T any] struct {
	Body struct {
		Items []T    `json:"items" nullable:"false"`
		Next  string `json:"next,omitempty" doc:"The cursor of the next page; absent on the last one"`
	}
}

// badCursor says that a cursor was not made by this server.
func badCursor() error {
	return huma.Error422UnprocessableEntity("cursor", &huma.ErrorDetail{Location: "query.cursor", Message: "not a cursor of this list"})
}

// slice asks for one row more than the page holds: whether there is a next page.
func (p Paging) slice() (store.Slice, error) {
	after := uuid.Nil
	if p.Cursor != "" {
		raw, err := base64.RawURLEncoding.DecodeString(p.Cursor)
		if err != nil || len(raw) != len(after) {
			return store.Slice{}, badCursor()
		}
		after = uuid.UUID(raw)
	}
	return store.Slice{Limit: p.Limit + 1, After: &after}, nil
}

// paged shows the rows that a slice asked for. The id says where the next page begins.
func paged[R, T any](p Paging, rows []R, show func(R) T, id func(R) uuid.UUID) *page[T] {
	out := &page[T]{}
	out.Body.Items = []T{}
	for i, row := range rows {
		if i == p.Limit {
			last := id(rows[i-1])
			out.Body.Next = base64.RawURLEncoding.EncodeToString(last[:])
			break
		}
		out.Body.Items = append(out.Body.Items, show(row))
	}
	return out
}

// single is one thing.
type single[T any] struct{ Body T }

// ByID is what an operation on one thing takes.
type ByID struct {
	ID uuid.UUID `path:"id" doc:"Its identifier"`
}
