package page

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/roster"
)

// ScanForm is what a page sends of one scan. ID is made by the page and stays
// the same for every attempt.
type ScanForm struct {
	ID        uuid.UUID        `json:"id"`
	Code      string           `json:"code"`
	Alt       string           `json:"alt"`
	Method    models.Method    `json:"method"`
	Direction models.Direction `json:"direction"`
	Desk      string           `json:"desk"`
	Class     uuid.UUID        `json:"class"`
	Digits    string           `json:"digits"`
	Until     Deadline         `json:"until"`
}

// Deadline is the time up to which a phone that can work offline waits for an answer, in
// the agent's time since its boot. Without one the phone waits without a limit.
type Deadline struct {
	Boot uuid.UUID `json:"boot"`
	Mono int64     `json:"mono"`
}

// Problem is why nothing was recorded, as a word that pages have a text for.
type Problem struct {
	Error string `json:"error"`
}

// MaxDesk is how long a desk's name may be, in bytes.
const MaxDesk = 80

// ErrForm says that a request cannot be read.
var ErrForm = errors.New("unreadable request")

// Request checks what a page sent, and makes the request of it.
func (f ScanForm) Request(v Visitor) (roster.ScanRequest, error) {
	if f.Method == "" {
		f.Method = models.MethodCamera
	}
	typed := f.Method == models.MethodCamera || f.Method == models.MethodKeyboard || f.Method == models.MethodPhoto
	if f.ID == uuid.Nil || !typed || !KnownDirection(f.Direction) || len(f.Desk) > MaxDesk || len(f.Digits) > MaxDesk {
		return roster.ScanRequest{}, ErrForm
	}
	return roster.ScanRequest{
		ID: f.ID, Code: f.Code, Alt: f.Alt, Method: f.Method, Direction: f.Direction, Desk: v.Desk(f.Desk),
		Classes: v.classes(f.Class), Staff: v.ID, Digits: f.Digits, Until: roster.Deadline(f.Until),
	}, nil
}

// KnownDirection says whether a page may ask for this direction.
func KnownDirection(d models.Direction) bool {
	return d == "" || d == models.DirectionAuto || d == models.DirectionIn || d == models.DirectionOut
}

// Read decodes a request; where it can't be read the answer is given already.
func Read[F any](k *Kit, c *gin.Context) (F, bool) {
	var form F
	if err := json.NewDecoder(c.Request.Body).Decode(&form); err != nil {
		k.Refuse(c, ErrForm)
		return form, false
	}
	return form, true
}

// Refuse says why nothing was recorded. A 5xx status means that a retry may succeed: the
// page then tries again with the same id.
func (k *Kit) Refuse(c *gin.Context, err error) {
	status, word := http.StatusServiceUnavailable, "not_recorded"
	switch {
	case errors.Is(err, desk.ErrLate):
		word = "late"
	case errors.Is(err, ErrForm):
		status, word = http.StatusBadRequest, "bad_request"
	case errors.Is(err, desk.ErrNoReason):
		status, word = http.StatusBadRequest, "reason"
	case errors.Is(err, desk.ErrNoName):
		status, word = http.StatusBadRequest, "name"
	case errors.Is(err, desk.ErrNoPicture), errors.Is(err, journal.ErrAttachment):
		status, word = http.StatusBadRequest, "picture"
	case errors.Is(err, desk.ErrImpossibleTime):
		status, word = http.StatusBadRequest, "not_then"
	case errors.Is(err, desk.ErrWrongPIN), errors.Is(err, desk.ErrUnknownOfficer):
		status, word = http.StatusForbidden, "pin"
	case errors.Is(err, desk.ErrNotSupervisor):
		status, word = http.StatusForbidden, "supervisor"
	case errors.Is(err, desk.ErrTooFast):
		status, word = http.StatusConflict, "too_fast"
	case errors.Is(err, desk.ErrLocked):
		status, word = http.StatusTooManyRequests, "locked"
	case errors.Is(err, ErrNoRow):
		status, word = http.StatusBadRequest, "no_row"
	case errors.Is(err, desk.ErrUnknownPerson), errors.Is(err, desk.ErrNotOverridable),
		errors.Is(err, desk.ErrNoSession), errors.Is(err, desk.ErrNothingToVoid):
		status, word = http.StatusConflict, "refused"
	case c.Request.Context().Err() == nil:
		k.Log.Error("not recorded", "route", c.FullPath(), "error", err)
	}
	c.JSON(status, Problem{word})
}

// ErrNoRow says that a code is not a row of any sheet.
var ErrNoRow = errors.New("not a row of a sheet")
