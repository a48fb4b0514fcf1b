package api

import (
	"context"
	"net/http"

	"buktihadir/models"
	"buktihadir/server/account"
	"buktihadir/server/figures"
)

// Figures is what all recorded attendance adds up to by one key of a dimension.
type Figures struct {
	Key      string  `json:"key" doc:"Code of a province, identifier of a pilot, provider, site, course or class, number of a wave, sex; empty: not known"`
	Name     string  `json:"name,omitempty" doc:"What has one"`
	Known    int64   `json:"known" doc:"Attendances whose session is over or was met; all others are parts of it"`
	Attended int64   `json:"attended" doc:"Present, late or left early"`
	Late     int64   `json:"late"`
	Absent   int64   `json:"absent"`
	Excused  int64   `json:"excused" doc:"With leave or sick"`
	ByHand   int64   `json:"by_hand" doc:"Of the attended, those for whom no ticket was read"`
	Flagged  int64   `json:"flagged"`
	Share    float64 `json:"share" doc:"Attended of known, 0 to 1"`
}

type figuresQuery struct {
	By string `query:"by" enum:"all,pilot,province,provider,site,course,class,wave,sex" default:"province"`
}

func (a *API) figureOperations() {
	add(a, op{id: "list-figures", method: http.MethodGet, path: "/figures", tag: "Attendance", asks: account.ReadAttendance,
		summary: "What attendance adds up to",
		details: "The figures of the page Figures and of the overview, which are kept in the transactions that change attendance. " +
			"A token of an institution sees its own."}, a.figures)
}

func (a *API) figures(ctx context.Context, in *figuresQuery) (*page[Figures], error) {
	lines, err := figures.Lines(a.Store.Read(ctx), visitOf(ctx).Within.Provider(), models.Dimension(in.By))
	out := &page[Figures]{}
	out.Body.Items = make([]Figures, len(lines))
	for i, l := range lines {
		out.Body.Items[i] = Figures{l.Key, l.Label, l.All(), l.Attended(), l.Late(), l.Absent(), l.Excused(), l.ByHand(), l.Flagged(), l.Share()}
	}
	return out, err
}
