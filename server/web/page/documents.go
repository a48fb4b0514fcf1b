package page

import (
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/server/document"
	"buktihadir/server/review"
	"buktihadir/templates"
)

// Renderer draws papers in the visitor's language.
func (p *Kit) Renderer(c *gin.Context) document.Renderer {
	return document.Renderer{Texts: p.Set.Texts, Lang: templates.ChooseLang(c.Writer, c.Request)}
}

// Printer draws papers that are issued: in Indonesian, the language of such papers.
func (p *Kit) Printer() review.Printer {
	return review.Printer{Renderer: document.Renderer{Texts: p.Set.Texts, Lang: templates.Indonesian},
		Proof: func(id uuid.UUID) string { return p.PublicURL.JoinPath("proof", id.String()).String() }}
}
