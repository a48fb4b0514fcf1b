package page

import (
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"buktihadir/server/paper"
	"buktihadir/server/review"
	"buktihadir/templates"
)

// Press draws papers in the visitor's language.
func (p *Kit) Press(c *gin.Context) paper.Press {
	return paper.Press{Texts: p.Set.Texts, Lang: templates.ChooseLang(c.Writer, c.Request)}
}

// Printer draws papers that are issued: in Indonesian, the language of such papers.
func (p *Kit) Printer() review.Printer {
	return review.Printer{Press: paper.Press{Texts: p.Set.Texts, Lang: templates.Indonesian},
		Proof: func(id uuid.UUID) string { return p.PublicURL.JoinPath("proof", id.String()).String() }}
}
