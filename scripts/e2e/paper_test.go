package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"
	"github.com/ledongthuc/pdf"

	"buktihadir/models"
	"buktihadir/models/ticket"
	"buktihadir/scripts/e2e/camera"
	"buktihadir/scripts/sample"
	"buktihadir/site-agent/store"
)

// aClass is an agent with one class of forty, whose fortieth is no longer in it.
func aClass(t *testing.T) (site *sample.Site, dir string) {
	t.Helper()
	site, err := sample.New(40, models.MillisOf(time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	site.People[39].Body.Cancelled = true
	dir = t.TempDir()
	st, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(site.Fill(t.Context(), st), st.Close()); err != nil {
		t.Fatal(err)
	}
	return site, dir
}

// After a day on paper the rows of the sheet are scanned one after the other, and only
// what lies in the middle of the picture counts.
func TestASheetIsKeyedInByScanningItsRows(t *testing.T) {
	t.Parallel()
	site, dir := aClass(t)
	session := site.Classes[0].Session
	row := func(i int) string { return ticket.Row{Session: session, Enrollment: site.People[i].ID}.Text() }
	film := filepath.Join(t.TempDir(), "film.y4m")
	elsewhere := ticket.Row{Session: uuid.New(), Enrollment: site.People[0].ID}.Text()
	shots := []camera.Shot{{For: time.Second}}
	for _, code := range []string{row(0), row(1), elsewhere} {
		shots = append(shots, camera.Shot{Code: code, For: 900 * time.Millisecond}, camera.Shot{For: 300 * time.Millisecond})
	}
	if err := camera.WriteY4M(film, shots...); err != nil {
		t.Fatal(err)
	}
	page, address := staffWith(t, site, dir, BrowserOptions{Viewport: Phone(), Camera: film})
	looks := looksAtSheet(t, page, address+"/sessions/"+session.String())

	page.Open(address + "/sessions/" + session.String() + "/paper")
	page.WaitText("#paper-refused", "lembar tempat pelatihan lain")
	page.WaitText("#paper-count", "2 dari 39 tercatat masuk")
	page.WaitText("#paper-rows li", "Dewi Lestari")
	Eval[bool](page, `(() => { document.querySelector("video").srcObject.getTracks().forEach((track) => track.stop()); return true })()`)
	page.keep("paper-keyed")

	// By keyboard: a name that only one has, then taken back.
	page.Type("#paper-filter", site.People[7].Body.Number+"\r")
	page.WaitText("#paper-last.is-good [data-name]", site.People[7].Body.Name)
	page.WaitText("#paper-count", "3 dari 39")
	page.Click("#paper-undo")
	page.WaitText("#paper-last [data-what]", "dibatalkan")
	page.WaitText("#paper-count", "2 dari 39")

	// Out at another time than the session's end, which is still to come.
	Eval[bool](page, `(document.querySelector("#paper-settings [value=out]").click(), true)`)
	page.WaitText("#paper-count", "0 dari 39 tercatat pulang")
	usb(page, row(0))
	page.WaitText("#paper-count", "1 dari 39")
	usb(page, row(0))
	page.WaitText("#paper-last.is-warn [data-what]", "sudah tercatat, tidak dua kali")

	// Only a supervisor admits a person who is no longer in the class.
	Eval[bool](page, `(document.querySelector("#paper-settings [value=in]").click(), true)`)
	usb(page, row(39))
	page.WaitText("#paper-refused li", "Tiket sudah dicabut")
	page.Click("#paper-refused li:last-child [data-admit]")
	Eval[bool](page, `(document.querySelector("#admit-supervisor").value = "`+site.Supervisor.String()+`") !== ""`)
	page.Type("#admit-pin", site.PIN)
	page.Type("#admit-reason", "ada di kertas")
	page.keep("paper-admit")
	page.Click("#admit .form-actions .button")
	page.WaitText("#paper-last.is-good [data-name]", site.People[39].Body.Name)

	// The desk for tickets says what a row is, and does not admit anybody by it.
	page.Open(address + "/")
	page.Wait(`document.getElementById("scanner-note")?.innerText !== undefined`)
	if shown := types(page, row(5)); !strings.Contains(shown, "verdict-bad") || !strings.Contains(shown, "Ini baris lembar tanda tangan") {
		t.Errorf("a row that is shown as a ticket: %s", shown)
	}
	if len(looks) != 3 {
		t.Errorf("of three rows the reader sees %+v", looks)
	}
	for _, seen := range looks {
		at := slices.IndexFunc(site.People, func(p sample.Person) bool { return p.Body.Name == seen.Name })
		if at < 0 || seen.Code != row(at) {
			t.Errorf("the printed row of %s reads %q", seen.Name, seen.Code)
		}
	}
}

// usb types a code as a USB scanner does: its keys come at once, wherever the focus is.
func usb(page *Page, code string) {
	page.t.Helper()
	Eval[bool](page, `(() => { document.activeElement?.blur();
		for (const key of `+quote(code)+`) dispatchEvent(new KeyboardEvent("keydown", { key, code: /\d/.test(key) ? "Digit" + key : "Key" + key, cancelable: true }));
		dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", cancelable: true })); return true })()`)
}

// keep leaves a picture where somebody wants one.
func (p *Page) keep(name string) {
	if dir := os.Getenv("SCREENSHOTS"); dir != "" {
		p.Screenshot(filepath.Join(dir, name+".png"))
	}
}

type seenRow struct{ Name, Code string }

// looksAtSheet prints the sheet, and has the page's own reader look at rows of it as a
// camera would, each among its neighbours. It gives what it read of the first three.
func looksAtSheet(t *testing.T, page *Page, session string) []seenRow {
	t.Helper()
	page.Open(session + "/paper")
	parts := Eval[struct{ Module, Choice, Worker, Reader, Wasm string }](page, `(() => {
		const { worker, reader, wasm } = document.getElementById("paper").dataset;
		const loaded = (part) => performance.getEntriesByType("resource").map((e) => e.name).find((name) => name.includes(part));
		return { Module: loaded("/desk/reader."), Choice: loaded("/desk/choice."), Worker: worker, Reader: reader, Wasm: wasm } })()`)
	page.Open(session + "/sheet")
	page.keep("paper-sheet")
	content := Get(page, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	if dir := os.Getenv("SCREENSHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "sheet.pdf"), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	paper, err := pdf.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	if paper.NumPage() != 3 {
		t.Errorf("39 people and 4 empty rows on %d pages, want 3", paper.NumPage())
	}
	for i := range paper.NumPage() {
		text, err := paper.Page(i + 1).GetPlainText(nil)
		if err != nil {
			t.Fatal(err)
		}
		text = strings.Join(strings.Fields(text), "")
		for _, want := range []string{"LAS-01", "BLKSleman", "Tandatangan", fmt.Sprintf("%d/%d", i+1, paper.NumPage())} {
			if !strings.Contains(text, want) {
				t.Errorf("page %d lacks %q: %.300s", i+1, want, text)
			}
		}
	}
	// Three rows below each other as 15.6 mm apart at 200 dots an inch, the camera over one.
	return Eval[[]seenRow](page, fmt.Sprintf(`(async () => {
		const { Reader } = await import(%q);
		const { Choice, middle } = await import(%q);
		const reader = new Reader({ worker: %q, reader: %q, wasm: %q });
		await reader.ready();
		const PITCH = 123, SIDE = 121;
		const pictures = await Promise.all([...document.querySelectorAll("td.paper-code svg")].slice(0, 3).map(async (svg) => {
			const picture = Object.assign(new Image(SIDE, SIDE), { src: "data:image/svg+xml," + encodeURIComponent(svg.outerHTML) });
			await picture.decode();
			return picture;
		}));
		const look = async (dx, dy) => {
			const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
			const pen = canvas.getContext("2d");
			pen.fillStyle = "#fff";
			pen.fillRect(0, 0, 640, 480);
			pictures.forEach((picture, i) => pen.drawImage(picture, 320 - SIDE / 2 + dx, 240 - SIDE / 2 + dy + i * PITCH, SIDE, SIDE));
			reader.restart();
			return new Choice(true).look(await reader.read(canvas), middle(canvas, 0.4 * canvas.height), performance.now()).text;
		};
		const rows = [];
		for (let i = 0; i < 3; i++) rows.push({ Name: document.querySelectorAll("td.paper-code title")[i].textContent, Code: await look(0, -i * PITCH) });
		const beside = await look(-200, 0);
		if (beside) rows.push({ Name: "beside the middle", Code: beside });
		return rows;
	})()`, parts.Module, parts.Choice, parts.Worker, parts.Reader, parts.Wasm))
}

// A row that was keyed in counts at the office at the time that it says, and the sheet's
// picture is there to check it by.
//
//survives:power No computer works at a site, and people sign on paper | Within a week the sheet is entered, each row once and with its time, and the programme office has its picture
func TestASheetReachesTheOfficeWithItsPicture(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	siti := w.tickets("KINI")["P-1"]
	w.programs.Agent.Must(t, "--data", w.desk, "sync")
	w.openDesk()
	staff := OpenBrowser(t, BrowserOptions{})
	w.staffSignsIn(staff)
	staff.Open(w.agent.URL + "/sessions")
	href := Eval[string](staff, `[...document.querySelectorAll("main h2 a")].find((a) => a.textContent.includes("KINI")).getAttribute("href")`)
	session := uuid.MustParse(href[strings.LastIndexByte(href, '/')+1:])
	staff.Open(w.agent.URL + href + "/paper")
	staff.Wait(`document.getElementById("scanner-note")?.innerText`)
	usb(staff, ticket.Row{Session: session, Enrollment: siti.Participant.Enrollment}.Text())
	staff.WaitText("#paper-last.is-good [data-name]", "Siti Rahma")

	picture := filepath.Join(t.TempDir(), "sheet.png")
	staff.Screenshot(picture)
	staff.Upload("#paper-photo", picture)
	staff.WaitText("#paper-photos", "Foto tersimpan: 1")
	staff.keep("paper-desktop")

	eventually(t, "what the sheet says reaches the office", func() bool {
		w.programs.Agent.Must(t, "--data", w.desk, "sync")
		return w.mark("KINI", "P-1").First != nil
	})
	written := Eval[int64](staff, `(() => { const [hour, minute] = document.getElementById("paper-time").value.split(".").map(Number);
		return Number(document.getElementById("paper").dataset.midnight) + (60 * hour + minute) * 60000 })()`)
	if mark := w.mark("KINI", "P-1"); mark.First.UnixMilli() != written || mark.Status != models.StatusInside {
		t.Errorf("%s since %v, keyed in for %v", mark.Status, mark.First, time.UnixMilli(written))
	}
	office := OpenBrowser(t, BrowserOptions{})
	w.signIn(office, setupLink(w))
	office.Open(w.server.URL + href)
	office.Wait(`document.querySelector("main a[href*='/picture']") !== null`)
	shown := Eval[[2]int](office,
		`fetch(document.querySelector("main a[href*='/picture']").href).then((a) => a.blob()).then(createImageBitmap).then((b) => [b.width, b.height])`)
	if max(shown[0], shown[1]) < 1000 || max(shown[0], shown[1]) > 1600 {
		t.Errorf("the office's picture has %d × %d pixels", shown[0], shown[1])
	}
	office.Open(w.server.URL + href + "/people/" + siti.Participant.Enrollment.String())
	office.WaitText("main", "Dari lembar tanda tangan, dimasukkan")
	office.keep("paper-person")
	office.Open(w.server.URL + href + "/sheet/print")
	office.WaitText(".paper tbody tr", "Siti Rahma")
	office.keep("paper-sheet-office")
}
