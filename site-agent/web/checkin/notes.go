package checkin

import (
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/models/journal"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/store"
	"buktihadir/site-agent/web/page"
)

// MaxNote bounds a form with a picture, in bytes.
const MaxNote = journal.MaxPhoto + page.MaxBody

// noteLine is something that was written down of a session, as its page shows it.
type noteLine struct {
	desk.Note
	Name, Number string // of a walk-in: what the person said; empty after it was erased here
}

// notesOf parts what was written down of a session: walk-ins, and the rest.
func (h *Handlers) notesOf(c *gin.Context, session uuid.UUID) (walkIns, notes []noteLine) {
	for _, n := range h.Desk.Notes(session) {
		line := noteLine{Note: n}
		if n.Kind != models.EventWalkIn {
			notes = append(notes, line)
			continue
		}
		a, err := h.Desk.Attachment(c.Request.Context(), n.Attached)
		if err != nil && !errors.Is(err, store.ErrNoAttachment) {
			h.Log.Error("attachment", "seq", n.Seq, "error", err)
		}
		line.Name, line.Number = a.Name, a.Number
		walkIns = append(walkIns, line)
	}
	return walkIns, notes
}

// pictured reads a form that may bring a picture, and the ids that every one has.
func (h *Handlers) pictured(c *gin.Context) (id, session uuid.UUID, photo []byte, err error) {
	if err := c.Request.ParseMultipartForm(MaxNote); err != nil {
		return id, session, nil, page.ErrForm
	}
	if id, err = uuid.Parse(c.PostForm("id")); err == nil && c.PostForm("session") != "" {
		session, err = uuid.Parse(c.PostForm("session"))
	}
	if err != nil || id == uuid.Nil || len(c.PostForm("desk")) > page.MaxDesk {
		return id, session, nil, page.ErrForm
	}
	file, _, err := c.Request.FormFile("photo")
	if errors.Is(err, http.ErrMissingFile) {
		return id, session, nil, nil
	}
	if err != nil {
		return id, session, nil, page.ErrForm
	}
	defer func() { _ = file.Close() }() // it is in memory
	photo, err = io.ReadAll(file)
	return id, session, photo, err
}

// salted makes an attachment with a salt, so that nobody can guess its content from its
// hash.
func salted(a journal.Attachment) journal.Attachment {
	a.Salt = make([]byte, journal.SaltSize)
	rand.Read(a.Salt)
	return a
}

// PostNote answers the note request.
func (h *Handlers) PostNote(c *gin.Context, v page.Visitor) {
	id, session, photo, err := h.pictured(c)
	var enrollment uuid.UUID
	if text := c.PostForm("enrollment"); err == nil && text != "" {
		if enrollment, err = uuid.Parse(text); err != nil {
			err = page.ErrForm
		}
	}
	if err != nil {
		h.Refuse(c, err)
		return
	}
	outcome, err := h.Desk.Note(c.Request.Context(), desk.NoteRequest{
		ID: id, Session: session, Enrollment: enrollment, Noted: models.AttendanceStatus(c.PostForm("noted")), Reason: c.PostForm("reason"),
		Attached: salted(journal.Attachment{Photo: photo}), Desk: v.Desk(c.PostForm("desk")), Staff: v.ID,
	})
	h.answer(c, v, outcome, err)
}

// PostWalkIn answers the walk in request.
func (h *Handlers) PostWalkIn(c *gin.Context, v page.Visitor) {
	id, session, photo, err := h.pictured(c)
	var before uint64
	if text := c.PostForm("before"); err == nil && text != "" {
		before, err = strconv.ParseUint(text, 10, 64)
	}
	var written int64
	if text := c.PostForm("written"); err == nil && text != "" {
		written, err = strconv.ParseInt(text, 10, 64)
	}
	direction := models.Direction(c.PostForm("direction"))
	if err != nil || !page.KnownDirection(direction) {
		h.Refuse(c, page.ErrForm)
		return
	}
	outcome, err := h.Desk.WalkIn(c.Request.Context(), desk.WalkInRequest{
		ID: id, Session: session, Direction: direction, Before: before, Written: models.Millis(written), Desk: v.Desk(c.PostForm("desk")), Staff: v.ID,
		Who: salted(journal.Attachment{Name: c.PostForm("name"), Number: c.PostForm("number"), Photo: photo}),
	})
	h.answer(c, v, outcome, err)
}
