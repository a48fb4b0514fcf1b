package e2e

import (
	"context"
	_ "embed" // the camera itself
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	qrcode "github.com/skip2/go-qrcode"
)

//go:embed testdata/lens.js
var lensScript string

// holdsCamera gives the pages that are opened from now on a camera that the test holds
// (testdata/lens.js), as the global lens; setup is what it is to be, in JavaScript.
func holdsCamera(p *Page, setup string) {
	p.t.Helper()
	p.OnEveryPage(lensScript + "lens.open();" + setup)
}

// holdsCameraApart has a worker of its own take the camera's pictures, which a busy page
// can't delay. Such a worker is against our pages' content security policy, which is put
// aside.
func holdsCameraApart(p *Page, setup string) {
	p.t.Helper()
	p.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true})
		return err
	}))
	p.OnEveryPage(lensScript + "lens.openApart();" + setup)
}

// modules is a code as lens.show takes it: a 1 for each dark module, a 0 for each light
// one, row by row; in quotes.
func modules(t testing.TB, text string) string {
	t.Helper()
	code, err := qrcode.New(text, qrcode.Low)
	if err != nil {
		t.Fatal(err)
	}
	code.DisableBorder = true
	var b strings.Builder
	for _, row := range code.Bitmap() {
		for _, dark := range row {
			if dark {
				b.WriteByte('1')
			} else {
				b.WriteByte('0')
			}
		}
	}
	return quote(b.String())
}
