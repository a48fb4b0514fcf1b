package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/chromedp"
)

// Screenshot writes the whole page, as long as it is, to a PNG file.
func (p *Page) Screenshot(path string) {
	p.t.Helper()
	const png = 100 // chromedp's name for it: full quality
	if err := write(path, Get(p, chromedp.FullScreenshot(png))); err != nil {
		p.t.Fatal(err)
	}
}

// keepEvidence leaves what the page looked like when the test failed. It can only
// log its own trouble: the browser may be what failed.
func (p *Page) keepEvidence() {
	if !p.t.Failed() {
		return
	}
	dir, err := artifacts()
	if err != nil {
		p.t.Logf("nowhere to leave the failed page: %v", err)
		return
	}
	stem := filepath.Join(dir, strings.NewReplacer("/", "_", " ", "_").Replace(p.t.Name()))
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot()); err != nil {
		p.t.Logf("no screenshot of the failure: %v", err)
	} else if err := write(stem+".png", picture); err != nil {
		p.t.Log(err)
	}
	if html, err := chromedp.Run(ctx, chromedp.OuterHTML(chromedp.CSS("html"))); err != nil {
		p.t.Logf("no HTML of the failure: %v", err)
	} else if err := write(stem+".html", []byte(html)); err != nil {
		p.t.Log(err)
	}
	p.t.Logf("the page as it failed: %s.png and .html; console errors: %q", stem, p.ConsoleErrors())
}

// artifacts is the folder for what failed tests leave.
func artifacts() (string, error) {
	if dir := os.Getenv("ARTIFACTS"); dir != "" {
		return dir, nil
	}
	module, err := moduleDir()
	return filepath.Join(module, "dist", "artifacts"), err
}

func write(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("make a folder for %s: %w", path, err)
	}
	return os.WriteFile(path, content, 0o600)
}
