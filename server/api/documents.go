package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/store"
	"buktihadir/server/webhook"
)

// ClassDocument is one version of a paper that a class closed with.
type ClassDocument struct {
	ID       uuid.UUID  `json:"id" doc:"Its proof is open to everybody at /proof/{id} of this server"`
	Kind     string     `json:"kind" enum:"attendance_sheet,session_report"`
	Session  *uuid.UUID `json:"session,omitempty" doc:"Whose sheet it is; absent: it is of the class"`
	Version  int        `json:"version"`
	IssuedAt *time.Time `json:"issued_at"`
	SHA256   string     `json:"sha256" doc:"Of the PDF's bytes, in hex"`
	FileName string     `json:"file_name"`
	State    string     `json:"state" enum:"current,outdated,replaced" doc:"outdated: attendance has changed since, and no newer version was issued yet"`
}

func (a *API) documentOperations() {
	add(a, op{id: "list-class-documents", method: http.MethodGet, path: "/classes/{id}/documents", tag: "Attendance", asks: account.ReadClasses,
		summary: "The papers that a class closed with", details: "Empty while the class is open: closed_at of the class says whether it is."}, a.classDocuments)
}

func (a *API) classDocuments(ctx context.Context, in *ByID) (*page[ClassDocument], error) {
	class, err := a.class(ctx, in)
	if err != nil {
		return nil, err
	}
	rows, err := a.Store.Read(ctx).IssuedOf(class.Body.ID)
	out := &page[ClassDocument]{}
	out.Body.Items = []ClassDocument{}
	for _, d := range rows {
		out.Body.Items = append(out.Body.Items, documentOf(d))
	}
	return out, err
}

func documentOf(d store.Issued) ClassDocument {
	one := ClassDocument{ID: d.ID, Kind: string(d.Kind), Version: d.Version, IssuedAt: webhook.Time(d.CreatedAt), SHA256: d.SHA256.String(), FileName: d.FileName,
		State: "replaced"}
	if d.Entity == models.OfSession {
		one.Session = &d.EntityID
	}
	switch {
	case d.Outdated:
		one.State = "outdated"
	case d.Newest:
		one.State = "current"
	}
	return one
}
