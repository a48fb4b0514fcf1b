package e2e

import (
	"testing"
)

// A class is closed on the pages and its document downloaded. The page of its proof tells
// the document from one in which a bit was changed, in the browser and at the server.
//
//survives:hand A bit of an issued attendance sheet or report is changed | The page that its QR code opens says that it is another file
func TestAClassIsClosedAndItsPaperIsToldFromAForgeryInTheBrowser(t *testing.T) {
	t.Parallel()
	w := newTown(t, "hours=ignore") // of what the cancelled session takes away, another test tells
	page := OpenBrowser(t, BrowserOptions{Viewport: Phone()})
	look := looker{t: t, page: page, width: "360"}
	w.signIn(page, setupLink(w))
	page.Open(w.server.URL + "/classes?q=NANTI")
	class := Eval[string](page, `document.querySelector("main table a[href^='/classes/']").getAttribute("href")`)
	page.Open(w.server.URL + look.linked(w.server.URL+class, "^/sessions/[0-9a-f-]{36}$") + "/edit")
	page.Type("#why", "tidak ada pelatih")
	page.Click(".button-danger")
	page.Wait(`!location.pathname.endsWith("/edit")`)
	look.at(w.server.URL, "office-class-close", class+"/close")
	page.Type("#reason", "semua sesi dibatalkan")
	page.Click("main .button-danger")
	page.Wait(`location.pathname.endsWith("/documents")`)
	look.at(w.server.URL, "office-class-documents-closed", class+"/documents")
	paper := look.linked(w.server.URL+class+"/documents", "^"+class+"/documents/[0-9a-f-]{36}$")
	proof := look.linked(w.server.URL+class+"/documents", "^/proof/")
	guest := OpenBrowser(t, BrowserOptions{Viewport: Desktop()})
	looker{t: t, page: guest, width: "1280"}.at(w.server.URL, "proof", proof)
	look.at(w.server.URL, "proof", proof)
	for _, x := range []struct{ change, send, tone string }{
		{"", "form.requestSubmit()", "good"}, {"bytes[bytes.length >> 1] ^= 1;", "form.requestSubmit()", "bad"},
		{"", "form.submit()", "good"}, {"bytes[bytes.length >> 1] ^= 1;", "form.submit()", "bad"}, // the server reads it
	} {
		page.Open(w.server.URL + proof)
		Eval[bool](page, `(() => { fetch(`+quote(paper)+`).then((r) => r.arrayBuffer()).then((b) => { const bytes = new Uint8Array(b); `+x.change+`
			const form = document.querySelector("#check-form"), files = new DataTransfer(); files.items.add(new File([bytes], "x.pdf"));
			form.elements.file.files = files.files; `+x.send+` }); return true })()`)
		page.Wait(`document.querySelector("#answer .flash-` + x.tone + `") !== null`)
	}
	for _, p := range []*Page{page, guest} {
		if complaints := p.ConsoleErrors(); len(complaints) > 0 {
			t.Errorf("the pages complain: %q", complaints)
		}
	}
}
