package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"buktihadir/server/office"
	"buktihadir/server/review"
	"buktihadir/server/store"
)

// problemURN starts the name of a kind of problem. Programs may rely on the rest of the
// name: it is stable.
const problemURN = "urn:bukti-hadir:problem:"

// problem is an error as clients get it. Internal errors are logged, and their text is
// not sent.
func (a *API) problem(ctx context.Context, err error) error {
	if status, ok := errors.AsType[huma.StatusError](err); ok {
		return status
	}
	if r, ok := office.RefusalOf(err); ok {
		return a.sentence(ctx, http.StatusConflict, r.Key, r.Args...)
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		return a.sentence(ctx, http.StatusNotFound, "api.not_found")
	case errors.Is(err, store.ErrCursor):
		return a.sentence(ctx, http.StatusGone, "api.cursor_over")
	case errors.Is(err, review.ErrNoReason):
		return a.sentence(ctx, http.StatusUnprocessableEntity, "api.reason_needed")
	case errors.Is(err, review.ErrStatus):
		return a.sentence(ctx, http.StatusUnprocessableEntity, "api.status_wrong")
	}
	if ctx.Err() == nil {
		a.Log.Error("api", "token", visitOf(ctx).Token.ID, "error", err)
	}
	return a.sentence(ctx, http.StatusInternalServerError, "api.internal")
}

func (a *API) sentence(ctx context.Context, status int, key string, args ...any) *huma.ErrorModel {
	lang := visitOf(ctx).lang
	return &huma.ErrorModel{Type: problemURN + key,
		Title: http.StatusText(status), Status: status, Detail: a.Set.Texts.T(lang, key, a.Set.Texts.Named(lang, args)...)}
}
