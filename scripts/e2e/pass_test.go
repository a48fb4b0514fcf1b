package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/ledongthuc/pdf"

	"buktihadir/models"
	"buktihadir/models/ticket"
)

// kept is set once the page has stored itself for a time without a network.
const kept = `document.documentElement.dataset.kept === "yes"`

// passPath is the page of somebody in the class that meets now.
func (w *town) passPath(number string) string {
	w.t.Helper()
	_, link, _ := strings.Cut(w.tickets("KINI")[number].Link, "/t/")
	return "/t/" + link
}

func TestATicketOnceOpenedShowsWithNoNetwork(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	phone := OpenBrowser(t, BrowserOptions{Viewport: Phone()})
	phone.Open(w.server.URL + w.passPath("P-1"))
	phone.Wait(kept)
	if !Eval[bool](phone, `document.getElementById("offline").hidden`) {
		t.Error("the page says that there is no network while there is one")
	}

	printed(t, w.server.URL+w.passPath("P-1")+"/print")
	takesAlong(t, phone)

	w.server.Kill()
	phone.Do(chromedp.Reload())
	phone.WaitText("h1", "Siti Rahma")
	phone.Wait(`document.querySelector(".pass-qr svg path")?.getBoundingClientRect().width > 100`)
	phone.Wait(`!document.getElementById("offline").hidden`)

	// The paper and the picture are there too.
	phone.Click(`a[data-keep]:not([download])`)
	phone.Wait(`location.pathname.endsWith("/print")`)
	phone.Wait(`document.querySelector(".pass-qr svg path")?.getBoundingClientRect().width > 100 && document.styleSheets.length > 1`)
	phone.Open(w.server.URL + w.passPath("P-1"))
	phone.Wait(`document.querySelector("a[data-keep][download]") !== null`)
	phone.Wait(`(Object.defineProperty(navigator, "onLine", { get: () => false }), globalThis.make = URL.createObjectURL.bind(URL),
		URL.createObjectURL = (blob) => (document.title = blob.type + blob.size, make(blob)), document.querySelector("a[data-keep][download]").click(), true)`)
	phone.Wait(`/^image\/png\d{3,}/.test(document.title)`)
}

// takesAlong sends the link by the phone's own list of programs, and shows it where there is none.
func takesAlong(t *testing.T, phone *Page) {
	t.Helper()
	phone.Wait(`getComputedStyle(document.querySelector(".not-kept")).display === "none" && document.querySelector(".kept").innerText.includes("tanpa sinyal")`)
	phone.Wait(`(navigator.share = async (what) => { document.title = what.url; }) && true`)
	phone.Click("#share")
	phone.Wait(`document.title === location.origin + location.pathname`)
	phone.Wait(`(navigator.share = undefined, Object.defineProperty(navigator, "clipboard", { value: undefined, configurable: true }), true)`)
	phone.Click("#share")
	phone.Wait(`document.getElementById("shared").innerText === location.origin + location.pathname`)
}

// printed holds the page to be printed to one sheet of A6, with its code whole.
func printed(t *testing.T, address string) {
	t.Helper()
	office := OpenBrowser(t, BrowserOptions{})
	office.Open(address)
	content := Get(office, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	paper, err := pdf.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	box := paper.Page(1).V.Key("MediaBox")
	width, height := box.Index(2).Float64()/72*25.4, box.Index(3).Float64()/72*25.4
	if paper.NumPage() != 1 || math.Abs(width-105) > 1 || math.Abs(height-148) > 1 {
		t.Errorf("a ticket is printed on %d sheets of %.0f × %.0f mm, want one of A6", paper.NumPage(), width, height)
	}
}

// A live code is worth something for as long as it shows: the desk admits what
// the page draws, and refuses a picture of it.
func TestALiveTicketAdmitsOnlyWhileItShows(t *testing.T) {
	t.Parallel()
	w := newTown(t, "live_only=true")
	siti := w.tickets("KINI")["P-1"]
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	phone := OpenBrowser(t, BrowserOptions{Viewport: Phone()})
	phone.Open(w.server.URL + w.passPath("P-1"))
	phone.Wait(`document.querySelector(".pass-qr canvas") !== null`)
	phone.Wait(kept)
	samePage(t, phone)

	pass := Eval[struct{ Token, Ticket, Key string }](phone, `({...document.querySelector(".pass-qr").dataset})`)
	if pass.Token != siti.Token {
		t.Errorf("the page shows token %s, the office issued %s", pass.Token, siti.Token)
	}
	key, err := hex.DecodeString(pass.Key)
	if err != nil {
		t.Fatal(err)
	}
	at := func(ago time.Duration) string {
		return siti.Token + ticket.TailAt(key, siti.Ticket, ticket.StepAt(models.MillisOf(time.Now().Add(-ago)))).Text()
	}
	for _, scan := range []struct {
		name, code string
		want       models.Verdict
	}{
		{"without the end that changes", siti.Token, models.VerdictStaleCode},
		{"a picture of five minutes ago", at(5 * time.Minute), models.VerdictStaleCode},
	} {
		if got := w.scan(scan.code).Verdict; got != scan.want {
			t.Errorf("%s: %s, want %s", scan.name, got, scan.want)
		}
	}

	// With no network the code keeps changing: the phone has all it needs.
	w.server.Kill()
	phone.Do(chromedp.Reload())
	phone.Wait(`document.querySelector(".pass-qr canvas") !== null`)
	w.openDesk()
	staff := OpenBrowser(t, BrowserOptions{})
	w.staffSignsIn(staff)
	picture := filepath.Join(t.TempDir(), "code.png")
	_, data, _ := strings.Cut(Eval[string](phone, `document.querySelector(".pass-qr canvas").toDataURL("image/png")`), ",")
	png, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(picture, png, 0o600); err != nil {
		t.Fatal(err)
	}
	staff.Upload("input#photo", picture)
	staff.WaitText("#verdict[open] .verdict-good", "Siti Rahma")
}

// samePage holds the page's way of drawing codes to the vectors of the format.
func samePage(t *testing.T, phone *Page) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "models", "ticket", "testdata", "tickets.v1.json"))
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		Name, Ticket, Tail string
		Secret             string `json:"class_secret"`
		Step               int64
	}
	if err := json.Unmarshal(raw, &vectors); err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, v := range vectors {
		if v.Secret == "" {
			continue
		}
		compared++
		var id models.Ref
		secret, err := hex.DecodeString(v.Secret)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := hex.Decode(id[:], []byte(v.Ticket)); err != nil {
			t.Fatal(err)
		}
		got := Eval[string](phone, fmt.Sprintf(`import(document.querySelector(".pass-qr").dataset.script).then((m) => m.tail(%q, %q, %d))`,
			hex.EncodeToString(ticket.TailKey(secret, id)), v.Ticket, v.Step))
		if got != v.Tail {
			t.Errorf("%s: the page ends the code in %s, want %s", v.Name, got, v.Tail)
		}
	}
	if compared == 0 {
		t.Error("no vector has a tail")
	}
}

// scan shows one code to a desk at the agent's terminal.
func (w *town) scan(code string) green {
	w.t.Helper()
	r := w.programs.Agent.Run(w.t, code+"\n", "--data", w.desk, "scan", "--json")
	answers := Lines[green](w.t, r.Stdout)
	if len(answers) != 1 {
		w.t.Fatalf("one scan has %d answers: %s%s", len(answers), r.Stdout, r.Stderr)
	}
	return answers[0]
}

// staffSignsIn opens the desk's first page, the scanner.
func (w *town) staffSignsIn(page *Page) {
	w.t.Helper()
	page.Open(w.agent.URL + "/sign-in")
	page.Wait(`(document.querySelector("select#officer").value = "` + w.officer.String() + `") !== ""`)
	page.Type("#pin", w.pin)
	page.Click("form.card button")
	page.Wait(`document.getElementById("scanner-note")?.innerText`) // the page's script has run to its end
}
