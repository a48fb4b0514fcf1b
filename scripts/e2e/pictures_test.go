package e2e

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
)

// demo is what ./scripts/demo has left running, as it says itself.
type demo struct {
	setup, link, desk, pin string
	server                 Program
	data                   string
}

// playDemo runs the README's first command until it waits for somebody to click.
// Its programs end with the test.
func playDemo(t *testing.T) demo {
	t.Helper()
	module, err := moduleDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cmd := exec.Command(filepath.Join(module, "scripts", "demo"))
	cmd.Env = append(os.Environ(), "DEMO_DIR="+dir, "SERVER_PORT="+freePort(t), "AGENT_PORT="+freePort(t), "AGENT_TLS_PORT="+freePort(t))
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	started, done := make(chan error, 1), make(chan struct{})
	story, ready := strings.Builder{}, make(chan bool, 1)
	go run(cmd, started, done, func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if strings.HasPrefix(lines.Text(), "Ctrl-C") {
				ready <- true
			}
			story.WriteString(lines.Text() + "\n")
		}
	})
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // as Ctrl-C does, which lets the script stop both programs
		if err := cmd.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Error(err)
		}
		<-done
	})
	select {
	case <-ready:
	case <-done:
		t.Fatalf("the demo ended with %v:\n%s%s", cmd.ProcessState, story.String(), errs.String())
	case <-time.After(5 * time.Minute):
		t.Fatal("the demo did not come to its end within five minutes")
	}
	said := func(pattern string) string {
		m := regexp.MustCompile(pattern).FindStringSubmatch(story.String())
		if m == nil {
			t.Fatalf("the demo does not say %s:\n%s", pattern, story.String())
		}
		return m[1]
	}
	return demo{
		setup: said(`Office \(PMO\)\s+(\S+)`), link: said(`ticket (http\S+)`), desk: said(`Desk at the site\s+(\S+)`), pin: said(`PIN (\d+)`),
		server: Program(filepath.Join(dir, "bin", "server")), data: filepath.Join(dir, "server"),
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }() // it was only asked for a free port
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// picture is one of the README's.
type picture struct {
	name string
	view Viewport
	root string // CSS selector of what it shows
	open func(*testing.T, *Page, demo)
}

func pictures() []picture {
	return []picture{
		{"ticket", Phone(), "body", func(_ *testing.T, p *Page, d demo) {
			p.Open(d.link)
			p.Wait(`document.querySelector("main canvas, main svg, main img") !== null`)
		}},
		{"desk", Phone(), "dialog[open]", scanAtDesk},
		{"office", Desktop(), "body", openSession},
	}
}

// scanAtDesk signs in and scans the thirteenth participant, whose answer stays on the screen.
func scanAtDesk(t *testing.T, p *Page, d demo) {
	p.Open(d.desk)
	Eval[bool](p, `(() => { const s = document.querySelector("select#officer"); if (s && !s.value) s.selectedIndex = s.options.length - 1; return true })()`)
	p.Type("#pin", d.pin)
	p.Click("form.card button")
	p.Wait(`document.readyState === "complete" && document.querySelector("#typed") !== null`)
	token := Lines[townTicket](t, d.server.Must(t, "--data", d.data, "ticket", "list", "--class", "BDG-BARISTA-1", "--json"))[12].Token
	p.Wait(`(() => { const wait = window.setTimeout; window.setTimeout = (f, ms, ...rest) => ms >= 1000 && ms < 10000 ? 0 : wait(f, ms, ...rest);
		const form = document.querySelector("#typed"); form.elements.code.value = ` + quote(token) + `; form.requestSubmit(); return true })()`)
	p.Wait(`document.querySelector("dialog[open] .verdict-good") !== null`)
}

// openSession signs the office in and opens the session, once the thirteenth has arrived there too.
func openSession(t *testing.T, p *Page, d demo) {
	p.Open(d.setup)
	Eval[bool](p, `(() => { const form = document.querySelector("input[type=password]").form, set = form.elements;
		set.email.value = "pmo@contoh.id"; set.name.value = "Ibu PMO"; set.password.value = "kopi susu gula aren 88"; form.requestSubmit(); return true })()`)
	p.Wait(`!location.pathname.startsWith("/setup")`)
	sessions := Lines[struct {
		ID string `json:"session"`
	}](t, d.server.Must(t, "--data", d.data, "session", "list", "--class", "BDG-BARISTA-1", "--json"))
	eventually(t, "the desk's scan arrives", func() bool {
		return strings.Count(d.server.Must(t, "--data", d.data, "attendance", "--class", "BDG-BARISTA-1", "--json"), `"status":"inside"`) == 13
	})
	origin := Eval[string](p, "location.origin")
	p.Open(origin + "/sessions/" + sessions[0].ID)
}

// outline is what a page is made of: tags and classes, without texts; equal parts side by side count once.
const outline = `(() => {
	const lines = (e, indent) => {
		const classes = [...e.classList].sort().map((c) => "." + c).join("");
		const inside = e.localName === "svg" ? [] : [...e.children].filter((c) => !["script", "style", "template"].includes(c.localName));
		return indent + e.localName + classes + "\n" + [...new Set(inside.map((c) => lines(c, indent + "  ")))].join("");
	};
	return lines(document.querySelector(%s), "");
})()`

// The README's first command leaves both programs running, and its pictures show
// their pages as they are. PICTURES=take takes them again (scripts/screenshots/take).
func TestThePicturesShowWhatThePagesAre(t *testing.T) {
	module, err := moduleDir()
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(module, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	d := playDemo(t)
	for _, shot := range pictures() {
		stem := filepath.Join(module, "scripts", "screenshots", shot.name)
		if name := "scripts/screenshots/" + shot.name + ".png"; !strings.Contains(string(readme), name) {
			t.Errorf("the README doesn't show %s", name)
		}
		page := OpenBrowser(t, BrowserOptions{Viewport: shot.view})
		shot.open(t, page, d)
		made := Eval[string](page, fmt.Sprintf(outline, quote(shot.root)))
		if os.Getenv("PICTURES") == "take" {
			page.takePicture(stem, made)
		}
		recorded, err := os.ReadFile(stem + ".outline")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Split(string(recorded), "\n"), strings.Split(made, "\n")); diff != "" {
			t.Errorf("%s.png shows a page that has changed (- then, + now). Look at it, then run: ./scripts/screenshots/take\n%s", shot.name, diff)
		}
		if w, h := pictureSize(t, stem+".png"); w != shot.view.Width || h != shot.view.Height {
			t.Errorf("%s.png has %d × %d pixels, want %d × %d", shot.name, w, h, shot.view.Width, shot.view.Height)
		}
	}
}

// takePicture writes what the screen shows, and what the page is made of.
func (p *Page) takePicture(stem, made string) {
	p.t.Helper()
	Eval[bool](p, `document.fonts.ready.then(() => { for (const a of document.getAnimations()) a.finish(); return true })`)
	for name, content := range map[string][]byte{".png": Get(p, chromedp.CaptureScreenshot()), ".outline": []byte(made)} {
		if err := write(stem+name, content); err != nil {
			p.t.Fatal(err)
		}
	}
}

func pictureSize(t *testing.T, name string) (width, height int64) {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // it was only read
	size, err := png.DecodeConfig(file)
	if err != nil {
		t.Fatal(err)
	}
	return int64(size.Width), int64(size.Height)
}
