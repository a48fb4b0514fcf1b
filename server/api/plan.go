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

// Pilot is one pilot with its gate and its quota.
type Pilot struct {
	ID             uuid.UUID     `json:"id"`
	Code           string        `json:"code"`
	Name           string        `json:"name"`
	Phase          string        `json:"phase" enum:"preparing,awaiting_decision,approved,running,suspended,closed"`
	DecisionNumber string        `json:"decision_number,omitempty" doc:"Of the committee's decision"`
	FirstDay       string        `json:"first_day,omitempty" format:"date" doc:"No session before it"`
	Quota          int           `json:"quota" doc:"Enrollments at most; 0: no limit"`
	Used           int           `json:"used" doc:"Participants with a place"`
	Provinces      []ProvinceUse `json:"provinces" nullable:"false"`
}

// ProvinceUse is a province's share of a pilot.
type ProvinceUse struct {
	Province string `json:"province" doc:"Kemendagri code" example:"32"`
	Quota    int    `json:"quota" doc:"0: no limit of its own"`
	Used     int    `json:"used"`
}

// Site is a training place.
type Site struct {
	ID            uuid.UUID `json:"id"`
	Code          string    `json:"code"`
	Name          string    `json:"name"`
	Address       string    `json:"address"`
	Regency       string    `json:"regency" doc:"Kemendagri code" example:"32.73"`
	Zone          string    `json:"zone" enum:"WIB,WITA,WIT" doc:"The time zone: UTC+7, +8 or +9"`
	Latitude      *float64  `json:"latitude,omitempty"`
	Longitude     *float64  `json:"longitude,omitempty"`
	Capacity      int       `json:"capacity"`
	Disadvantaged bool      `json:"disadvantaged" doc:"A 3T place"`
	Rhythm        string    `json:"rhythm" enum:"network,daily,weekly" doc:"How it brings its journal home: over the network, or as a file"`
	Agents        int       `json:"agents" doc:"Active site-agents"`
}

// Class is one run of a course.
type Class struct {
	ID           uuid.UUID  `json:"id"`
	Code         string     `json:"code"`
	Pilot        uuid.UUID  `json:"pilot"`
	CourseCode   string     `json:"course_code"`
	CourseTitle  string     `json:"course_title"`
	Provider     uuid.UUID  `json:"provider"`
	ProviderName string     `json:"provider_name"`
	Site         uuid.UUID  `json:"site"`
	SiteCode     string     `json:"site_code"`
	Capacity     int        `json:"capacity"`
	Enrolled     int        `json:"enrolled" doc:"Participants with a place"`
	Sessions     int        `json:"sessions" doc:"Planned ones"`
	FirstStart   *time.Time `json:"first_start,omitempty"`
	LastEnd      *time.Time `json:"last_end,omitempty"`
	ClosedAt     *time.Time `json:"closed_at,omitempty" doc:"From then on only corrections change its attendance"`
}

// Session is one meeting of a class.
type Session struct {
	ID        uuid.UUID  `json:"id"`
	Class     uuid.UUID  `json:"class"`
	ClassCode string     `json:"class_code"`
	Seq       int        `json:"seq" doc:"Its number in the class, from 1"`
	Site      uuid.UUID  `json:"site"`
	SiteCode  string     `json:"site_code"`
	Room      string     `json:"room"`
	StartsAt  *time.Time `json:"starts_at"`
	EndsAt    *time.Time `json:"ends_at"`
	Zone      string     `json:"zone" enum:"WIB,WITA,WIT"`
	Status    string     `json:"status" enum:"planned,cancelled"`
	Enrolled  int        `json:"enrolled" doc:"Participants with a place"`
	Attended  int        `json:"attended" doc:"Of them, those who were there"`
}

type siteQuery struct {
	Paging
	Province string `query:"province" maxLength:"2" doc:"Kemendagri code of a province"`
}

type classQuery struct {
	Paging
	Pilot uuid.UUID `query:"pilot"`
	Site  uuid.UUID `query:"site"`
}

type sessionQuery struct {
	Paging
	Class     uuid.UUID `query:"class"`
	Site      uuid.UUID `query:"site"`
	EndsAfter time.Time `query:"ends_after" doc:"Only sessions that end after this instant"`
}

func (a *API) planOperations() {
	const tag = "Plan"
	add(a, op{id: "list-pilots", method: http.MethodGet, path: "/pilots", tag: tag, asks: account.ReadPilots, summary: "Pilots with their quotas"}, a.pilots)
	add(a, op{id: "list-sites", method: http.MethodGet, path: "/sites", tag: tag, asks: account.ReadSites, summary: "Training places"}, a.sites)
	add(a, op{id: "get-site", method: http.MethodGet, path: "/sites/{id}", tag: tag, asks: account.ReadSites, summary: "One training place"}, a.site)
	add(a, op{id: "list-classes", method: http.MethodGet, path: "/classes", tag: tag, asks: account.ReadClasses, summary: "Classes"}, a.classes)
	add(a, op{id: "get-class", method: http.MethodGet, path: "/classes/{id}", tag: tag, asks: account.ReadClasses, summary: "One class"}, a.class)
	add(a, op{id: "list-sessions", method: http.MethodGet, path: "/sessions", tag: tag, asks: account.ReadClasses, summary: "Sessions"}, a.sessions)
	add(a, op{id: "get-session", method: http.MethodGet, path: "/sessions/{id}", tag: tag, asks: account.ReadClasses, summary: "One session"}, a.session)
}

// pilots are few: their list has one page.
func (a *API) pilots(ctx context.Context, _ *struct{}) (*page[Pilot], error) {
	q := a.Store.Read(ctx)
	rows, err := q.Pilots()
	if err != nil {
		return nil, err
	}
	out := &page[Pilot]{}
	out.Body.Items = []Pilot{}
	for _, p := range rows {
		used, provinces, err := q.PilotUse(p.ID)
		if err != nil {
			return nil, err
		}
		one := Pilot{ID: p.ID, Code: p.Code, Name: p.Name, Phase: string(p.Phase), DecisionNumber: p.DecisionNumber, FirstDay: string(p.FirstDay),
			Quota: p.Quota, Used: used, Provinces: []ProvinceUse{}}
		for _, v := range provinces {
			one.Provinces = append(one.Provinces, ProvinceUse(v))
		}
		out.Body.Items = append(out.Body.Items, one)
	}
	return out, nil
}

func (a *API) sites(ctx context.Context, in *siteQuery) (*page[Site], error) {
	s, err := in.slice()
	if err != nil {
		return nil, err
	}
	list, err := a.Store.Read(ctx).ListSites(store.SiteFilter{Province: in.Province}, a.Now(), s)
	return paged(in.Paging, list.Rows, siteOf, func(r store.SiteEntry) uuid.UUID { return r.ID }), err
}

func (a *API) site(ctx context.Context, in *ByID) (*single[Site], error) {
	row, err := a.Store.Read(ctx).SiteEntry(in.ID, a.Now())
	return &single[Site]{siteOf(row)}, err
}

func siteOf(s store.SiteEntry) Site {
	return Site{ID: s.ID, Code: s.Code, Name: s.Name, Address: s.Address, Regency: s.Regency, Zone: string(s.Zone), Latitude: s.Latitude,
		Longitude: s.Longitude, Capacity: s.Capacity, Disadvantaged: s.Disadvantaged, Rhythm: string(s.Rhythm), Agents: s.Agents}
}

func (a *API) classes(ctx context.Context, in *classQuery) (*page[Class], error) {
	s, err := in.slice()
	if err != nil {
		return nil, err
	}
	list, err := a.Store.Read(ctx).ListClasses(store.ClassFilter{Provider: visitOf(ctx).Within.Provider(), Pilot: in.Pilot, Site: in.Site}, s)
	return paged(in.Paging, list.Rows, classOf, func(r store.ClassEntry) uuid.UUID { return r.ID }), err
}

func (a *API) class(ctx context.Context, in *ByID) (*single[Class], error) {
	row, err := a.Store.Read(ctx).ClassEntry(in.ID)
	if err == nil && !visitOf(ctx).Within.Covers(row.ProviderID) {
		err = store.ErrNotFound
	}
	return &single[Class]{classOf(row)}, err
}

func classOf(c store.ClassEntry) Class {
	return Class{ID: c.ID, Code: c.Code, Pilot: c.PilotID, CourseCode: c.CourseCode, CourseTitle: c.CourseTitle, Provider: c.ProviderID,
		ProviderName: c.ProviderName, Site: c.SiteID, SiteCode: c.SiteCode, Capacity: c.Capacity, Enrolled: c.Enrolled, Sessions: c.Sessions,
		FirstStart: webhook.Time(c.FirstStart), LastEnd: webhook.Time(c.LastEnd), ClosedAt: webhook.Time(c.ClosedAt)}
}

func (a *API) sessions(ctx context.Context, in *sessionQuery) (*page[Session], error) {
	s, err := in.slice()
	if err != nil {
		return nil, err
	}
	f := store.SessionFilter{Provider: visitOf(ctx).Within.Provider(), Class: in.Class, Site: in.Site}
	if !in.EndsAfter.IsZero() {
		f.EndsAfter = models.MillisOf(in.EndsAfter)
	}
	list, err := a.Store.Read(ctx).ListSessions(f, s)
	return paged(in.Paging, list.Rows, sessionOf, func(r store.SessionEntry) uuid.UUID { return r.ID }), err
}

func (a *API) session(ctx context.Context, in *ByID) (*single[Session], error) {
	row, err := a.sessionWithin(ctx, in.ID)
	return &single[Session]{sessionOf(row)}, err
}

// sessionWithin finds a session that the caller may see.
func (a *API) sessionWithin(ctx context.Context, id uuid.UUID) (store.SessionEntry, error) {
	row, err := a.Store.Read(ctx).SessionEntry(id)
	if err == nil && !visitOf(ctx).Within.Covers(row.ProviderID) {
		err = store.ErrNotFound
	}
	return row, err
}

func sessionOf(s store.SessionEntry) Session {
	return Session{ID: s.ID, Class: s.ClassID, ClassCode: s.ClassCode, Seq: s.Seq, Site: s.SiteID, SiteCode: s.SiteCode, Room: s.Room,
		StartsAt: webhook.Time(s.StartsAt), EndsAt: webhook.Time(s.EndsAt), Zone: string(s.Zone), Status: string(s.Status), Enrolled: s.Enrolled,
		Attended: s.Attended}
}
