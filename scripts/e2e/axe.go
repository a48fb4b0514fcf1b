package e2e

import (
	_ "embed" // the checker itself
	"fmt"
	"strings"

	"github.com/chromedp/chromedp"
)

//go:embed testdata/axe.min.js
var axeScript string

// Violation is one accessibility rule that a page breaks.
type Violation struct {
	ID     string `json:"id"`
	Impact string `json:"impact"`
	Help   string `json:"help"`
	Nodes  []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

func (v Violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s", v.ID, v.Impact, v.Help)
	for _, n := range v.Nodes {
		fmt.Fprintf(&b, "\n  %s\n    %s", n.HTML, strings.ReplaceAll(n.Summary, "\n", "\n    "))
	}
	return b.String()
}

// Contrast checks only rules about colours: the contrast of texts and of links.
func (p *Page) Contrast() []Violation {
	p.t.Helper()
	return Eval[[]Violation](p,
		`axe.run(document, {resultTypes: ["violations"], runOnly: {type: "rule", values: ["color-contrast", "link-in-text-block"]}}).then(r => r.violations)`)
}

// Axe checks the page as it shows now against WCAG 2.2 AA and axe-core's own
// best practices.
func (p *Page) Axe() []Violation {
	p.t.Helper()
	// The script would end with a value that cannot be transferred; the 0 replaces it.
	Get(p, chromedp.Evaluate[int](axeScript+"\n;0"))
	return Eval[[]Violation](p, `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations)`)
}
