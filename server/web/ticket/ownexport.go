package ticket

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"buktihadir/models"
)

// ownExport is what a participant takes along (UU 27/2022 article 13): the same as on
// the page, in a form that programs read. Times are at the site.
type ownExport struct {
	MadeAt   time.Time         `json:"made_at"`
	Purpose  exportedPurpose   `json:"purpose"`
	Person   exportedPerson    `json:"person"`
	Places   []exportedPlace   `json:"places"`
	Seen     []exportedSight   `json:"numbers_seen_by"`
	Requests []exportedRequest `json:"requests"`
}

type exportedPurpose struct {
	Version   int        `json:"version"`
	AgreedAt  *time.Time `json:"agreed_at"`
	Withdrawn *time.Time `json:"withdrawn_at"`
}

type exportedPerson struct {
	Number    string           `json:"number"`
	Name      string           `json:"name"`
	NIK       string           `json:"nik"`
	Phone     string           `json:"phone"`
	Email     string           `json:"email,omitempty"`
	BirthDate models.LocalDate `json:"birth_date"`
	Sex       models.Sex       `json:"sex"`
	Regency   string           `json:"regency"`
	Wave      int              `json:"wave"`
}

type exportedPlace struct {
	Class       string                  `json:"class"`
	Course      string                  `json:"course"`
	Provider    string                  `json:"provider"`
	Site        string                  `json:"site"`
	Status      models.EnrollmentStatus `json:"status"`
	Sessions    []exportedSession       `json:"sessions"`
	Scans       []exportedScan          `json:"scans"`
	Corrections []exportedCorrection    `json:"corrections"`
}

type exportedSession struct {
	Seq        int                     `json:"seq"`
	StartsAt   *time.Time              `json:"starts_at"`
	EndsAt     *time.Time              `json:"ends_at"`
	Status     models.SessionStatus    `json:"status"`
	Attendance models.AttendanceStatus `json:"attendance"`
}

type exportedScan struct {
	At      *time.Time       `json:"at"`
	Kind    models.EventKind `json:"kind"`
	Verdict models.Verdict   `json:"verdict"`
	Method  models.Method    `json:"method"`
	Desk    string           `json:"desk"`
	Agent   string           `json:"agent"`
	Reason  string           `json:"reason,omitempty"`
	Picture bool             `json:"picture,omitempty"` // of evidence, is held
}

type exportedCorrection struct {
	Session int                     `json:"session"`
	Status  models.AttendanceStatus `json:"status"`
	Reason  string                  `json:"reason"`
	At      *time.Time              `json:"at"`
}

type exportedSight struct {
	At     *time.Time `json:"at"`
	By     string     `json:"by"`
	Action string     `json:"action"`
}

type exportedRequest struct {
	Kind      models.RequestKind  `json:"kind"`
	Said      string              `json:"said"`
	State     models.RequestState `json:"state"`
	AskedAt   *time.Time          `json:"asked_at"`
	DueAt     *time.Time          `json:"due_at"`
	DecidedAt *time.Time          `json:"decided_at"`
	Answer    string              `json:"answer,omitempty"`
}

// atPlace is a time as clocks there show it; nil without a time.
func atPlace(at models.Millis, zone models.Zone) *time.Time {
	if at == 0 {
		return nil
	}
	t := at.Time().In(zone.Location())
	return &t
}

// OwnDataFile gives a participant all that is known of them as a file.
func (p *Pages) OwnDataFile(c *gin.Context) {
	data, err := p.ownDataOf(c)
	if err != nil {
		p.failPass(c, err)
		return
	}
	text, err := json.MarshalIndent(exportOf(data, p.Now()), "", "  ")
	if err != nil {
		p.failPass(c, err)
		return
	}
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Disposition", `attachment; filename="bukti-hadir-data.json"`)
	c.Data(http.StatusOK, "application/json", text)
}

func exportOf(d ownData, now models.Millis) ownExport {
	office := models.ZoneWIB
	person := d.Person
	out := ownExport{MadeAt: now.Time().In(office.Location()), Places: []exportedPlace{}, Seen: []exportedSight{}, Requests: []exportedRequest{},
		Purpose: exportedPurpose{models.PurposeVersion, atPlace(d.Agreed.GivenAt, office), atPlace(d.Agreed.WithdrawnAt, office)},
		Person:  exportedPerson{person.Number, person.Name, d.NIK, d.Phone, d.Email, person.BirthDate, person.Sex, d.Regency, person.Wave}}
	for _, place := range d.Places {
		out.Places = append(out.Places, exportOfPlace(place))
	}
	for _, s := range d.Seen {
		out.Seen = append(out.Seen, exportedSight{atPlace(s.At, office), s.Actor, s.Action})
	}
	for _, r := range d.Requests {
		out.Requests = append(out.Requests, exportedRequest{r.Kind, r.Words, r.State, atPlace(r.CreatedAt, office), atPlace(r.DueAt, office),
			atPlace(r.DecidedAt, office), r.Answer})
	}
	return out
}

func exportOfPlace(place ownPlace) exportedPlace {
	zone := place.Site.Zone
	x := exportedPlace{Class: place.Class.Code, Course: place.Course.Title, Provider: place.Provider.Name, Site: place.Site.Name, Status: place.Enrollment.Status,
		Sessions: []exportedSession{}, Scans: []exportedScan{}, Corrections: []exportedCorrection{}}
	for _, s := range place.Sessions {
		x.Sessions = append(x.Sessions, exportedSession{s.Seq, atPlace(s.StartsAt, s.Site.Zone), atPlace(s.EndsAt, s.Site.Zone), s.Status, s.Attendance})
	}
	for _, e := range place.Events {
		x.Scans = append(x.Scans, exportedScan{atPlace(e.Corrected, zone), e.Kind, e.Verdict, e.Method, e.Desk, e.AgentName, e.Reason, e.Attached != nil})
	}
	for _, k := range place.Corrections {
		x.Corrections = append(x.Corrections, exportedCorrection{k.Seq, k.Status, k.Reason, atPlace(k.CreatedAt, zone)})
	}
	return x
}
