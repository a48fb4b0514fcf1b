package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// patience is how long a page may take to do what a test waits for. It is
// generous: two cores may be busy with another package's tests.
const patience = 30 * time.Second

// Viewport is the size of the screen a page is shown on.
type Viewport struct {
	Width, Height int64
	// Touch makes it a phone: touch events, and the page's viewport tag counts.
	Touch bool
}

// Phone is the narrowest screen that pages are made for.
func Phone() Viewport { return Viewport{Width: 360, Height: 740, Touch: true} }

// Desktop is the screen of an old office laptop.
func Desktop() Viewport { return Viewport{Width: 1280, Height: 800} }

// BrowserOptions say what a browser sees and speaks.
type BrowserOptions struct {
	// Viewport is Desktop unless set.
	Viewport Viewport
	// Language is the language that the browser asks pages for: "id" unless set, or "en".
	Language string
	// Camera is the film (camera.WriteY4M) that stands in for a camera.
	// Without one the machine has no camera.
	Camera string
	// DistrustNothing accepts every certificate. A test that sets it proves
	// nothing about certificates: say why it is set.
	DistrustNothing bool
	// Trust is the public key of the one server whose certificate is accepted, as if its
	// authority were installed: base64 of the SHA-256 of its SubjectPublicKeyInfo.
	Trust string
	// Profile is a folder that outlives the browser; one of its own unless set.
	Profile string
}

// alone reports whether these options need a browser process of its own.
func (o BrowserOptions) alone() bool {
	return o.Camera != "" || o.DistrustNothing || o.Trust != "" || o.Profile != ""
}

// Page is one tab. It does not share cookies or storage with another tab.
type Page struct {
	t    testing.TB
	ctx  context.Context
	stop func()

	mu     sync.Mutex
	errors []string
}

// OpenBrowser opens a tab with an empty profile, in a Chromium that the tests of this
// binary share, or in one of its own if the options need that. If the test fails, it
// writes a screenshot and the page's HTML to the folder that the environment variable
// ARTIFACTS names, otherwise to dist/artifacts.
func OpenBrowser(t testing.TB, o BrowserOptions) *Page {
	t.Helper()
	if o.Viewport == (Viewport{}) {
		o.Viewport = Desktop()
	}
	if o.Language == "" {
		o.Language = "id"
	}
	p := &Page{t: t}
	if o.alone() {
		dir := o.Profile
		if dir == "" {
			dir = t.TempDir()
		}
		p.ctx, p.stop = startBrowser(t, o, dir)
	} else {
		p.ctx, p.stop = chromedp.NewContext(shared.browser(t, o.Language), chromedp.WithNewBrowserContext())
	}
	t.Cleanup(p.stop)
	ctx := p.ctx

	var emulate []chromedp.EmulateViewportOption
	if o.Viewport.Touch {
		emulate = append(emulate, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulatePortrait)
	}
	// Not through Do: the first run binds the browser's life to its context,
	// which must have no deadline.
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(o.Viewport.Width, o.Viewport.Height, emulate...)); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	go p.listen(chromedp.Console(ctx)) // subscribed here, before any page is opened
	t.Cleanup(p.keepEvidence)
	return p
}

// startBrowser starts Chromium with a profile, and gives its first tab. stop ends it.
func startBrowser(t testing.TB, o BrowserOptions, profile string) (tab context.Context, stop func()) {
	t.Helper()
	alloc, end := chromedp.NewExecAllocator(context.Background(), flags(t, o, profile)...)
	tab, closeTab := chromedp.NewContext(alloc)
	return tab, func() { closeTab(); end() }
}

// browsers are those that all tests of this binary share, one for each language. They
// are a package variable because go test gives tests no other place in common.
type browsers struct {
	mu   sync.Mutex
	tabs map[string]context.Context // the first of each, which keeps it open
	ends []func() error
}

var shared browsers

// browser gives a tab of the browser that speaks the language.
func (b *browsers) browser(t testing.TB, language string) context.Context {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if tab := b.tabs[language]; tab != nil {
		return tab
	}
	profile, err := os.MkdirTemp("", "browser")
	if err != nil {
		t.Fatalf("make a folder for the browser: %v", err)
	}
	tab, stop := startBrowser(t, BrowserOptions{Language: language, Viewport: Desktop()}, profile)
	b.ends = append(b.ends, func() error { stop(); return os.RemoveAll(profile) })
	if err := chromedp.Do(tab, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	if b.tabs == nil {
		b.tabs = map[string]context.Context{}
	}
	b.tabs[language] = tab
	return tab
}

// Main runs a package's tests, ends the browsers that they shared, and gives the code to
// exit with.
func Main(m *testing.M) (code int) {
	defer func() {
		for _, end := range shared.ends {
			if err := end(); err != nil {
				fmt.Fprintln(os.Stderr, "close the browser:", err)
				code = max(code, 1)
			}
		}
	}()
	return m.Run()
}

// chromium finds the browser. Debian, Ubuntu and Google name it differently.
func chromium(t testing.TB) string {
	t.Helper()
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	t.Fatal("no Chromium on this machine: ./scripts/test installs it, or run apt-get install chromium, " +
		"or set CHROMIUM to the path of a Chromium or Chrome")
	return ""
}

func flags(t testing.TB, o BrowserOptions, profile string) []chromedp.ExecAllocatorOption {
	t.Helper()
	list := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(chromium(t)),
		chromedp.UserDataDir(profile),
		chromedp.WindowSize(int(o.Viewport.Width), int(o.Viewport.Height)),
		chromedp.Flag("lang", o.Language),
		chromedp.Flag("accept-lang", o.Language),
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-component-update", true),
	)
	if o.Camera != "" {
		list = append(list,
			chromedp.Flag("use-fake-ui-for-media-stream", true),
			chromedp.Flag("use-fake-device-for-media-stream", true),
			chromedp.Flag("use-file-for-fake-video-capture", o.Camera))
	}
	if o.Trust != "" {
		list = append(list, chromedp.Flag("ignore-certificate-errors-spki-list", o.Trust))
	}
	if o.DistrustNothing {
		list = append(list, chromedp.IgnoreCertErrors)
	}
	return list
}

// listen collects what the page complains about.
func (p *Page) listen(messages iter.Seq2[chromedp.ConsoleMessage, error]) {
	for m, err := range messages {
		if err != nil {
			return // the browser was closed
		}
		if m.Type == chromedp.ConsoleError || m.IsException() {
			p.mu.Lock()
			p.errors = append(p.errors, m.String())
			p.mu.Unlock()
		}
	}
}

// ConsoleErrors are the errors and uncaught exceptions the page has written to
// the console so far.
func (p *Page) ConsoleErrors() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.errors)
}

// Kill ends the tab at once, as a phone's empty battery does, and with it a browser of
// its own.
func (p *Page) Kill() { p.stop() }

// Context is the tab's, for chromedp actions that Page has no method for.
func (p *Page) Context() context.Context { return p.ctx }

// Do runs the steps, each of which waits for the element it names.
func (p *Page) Do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("on %s: %v", p.url(), err)
	}
}

// Open goes to the address and waits until the page has loaded.
func (p *Page) Open(url string) {
	p.t.Helper()
	p.Do(chromedp.Navigate(url))
}

// OnEveryPage runs a script at the start of each page that is opened from now on.
func (p *Page) OnEveryPage(script string) {
	p.t.Helper()
	p.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	}))
}

// loaded says that a page that is being opened has its elements for good: the browser names
// them anew until then.
const loaded = `document.readyState === "complete"`

// Click clicks the first element that the CSS selector names, once it shows.
func (p *Page) Click(css string) {
	p.t.Helper()
	p.Wait(loaded)
	p.Do(chromedp.Click(chromedp.CSS(css)))
}

// Type types into the first element that the CSS selector names.
func (p *Page) Type(css, text string) {
	p.t.Helper()
	p.Wait(loaded)
	p.Do(chromedp.SendKeys(chromedp.CSS(css), text))
}

// Upload chooses a file in the input that the CSS selector names.
func (p *Page) Upload(css, file string) {
	p.t.Helper()
	p.Wait(loaded)
	p.Do(chromedp.SetUploadFiles(chromedp.CSS(css), []string{file}))
}

// Dark shows the page to look as to somebody who prefers dark colours.
func (p *Page) Dark(look func()) {
	p.t.Helper()
	prefer := func(scheme string) {
		p.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
			return err
		}))
		// The colours change with the next frame, those of some things slowly.
		Eval[bool](p, `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
			for (const a of document.getAnimations()) a.finish(); done(true) })))`)
	}
	prefer("dark")
	defer prefer("light")
	look()
}

// Text is what a reader sees of the first element that the CSS selector names.
func (p *Page) Text(css string) string {
	p.t.Helper()
	p.Wait(loaded)
	return Get(p, chromedp.Text(chromedp.CSS(css)))
}

// WaitText waits until an element that the CSS selector names contains the text.
func (p *Page) WaitText(css, text string) {
	p.t.Helper()
	p.Wait(fmt.Sprintf("[...document.querySelectorAll(%s)].some(e => e.innerText.includes(%s))", quote(css), quote(text)))
}

// Wait waits until the JavaScript expression is true. It evaluates the expression again
// each time, so the page may navigate. It does not use chromedp.Poll: that makes a
// function from a string, which the content security policy of our pages forbids.
func (p *Page) Wait(expression string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+expression+")"))
		if err == nil && ok {
			return
		}
		select {
		case <-ctx.Done():
			p.t.Fatalf("on %s: not within %v (last error: %v): %s", p.url(), patience, err, expression)
		case <-tick.C:
		}
	}
}

// Get runs an action that answers with something.
func Get[T any](p *Page, action chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		p.t.Fatalf("on %s: %v", p.url(), err)
	}
	return value
}

// Eval answers with the value of a JavaScript expression, awaited if it is a
// promise.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	return Get(p, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

func (p *Page) url() string {
	ctx, cancel := context.WithTimeout(p.ctx, time.Second)
	defer cancel()
	address, err := chromedp.Run(ctx, chromedp.Location())
	if err != nil {
		return "a page that does not answer"
	}
	return address
}

// submits sends a code by the desk's field for typing.
func (p *Page) submits(code string) {
	p.t.Helper()
	Eval[bool](p, `(() => { const form = document.getElementById("typed"); form.elements.code.value = `+quote(code)+`; form.requestSubmit(); return true })()`)
}

// quote makes a JavaScript string: JSON's are.
func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return `""` // a string always marshals
	}
	return string(b)
}
