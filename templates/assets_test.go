package templates

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func ask(a *Assets, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	return w
}

func TestAnAssetIsKeptForGoodUnderItsHash(t *testing.T) {
	a := mustSet(t).Assets
	url, err := a.URL("app.css")
	if err != nil {
		t.Fatal(err)
	}
	plain := ask(a, url)
	if got := plain.Header().Get("Cache-Control"); plain.Code != http.StatusOK || !strings.Contains(got, "immutable") {
		t.Errorf("%s: %d, Cache-Control %q", url, plain.Code, got)
	}
	packed := ask(a, url, "Accept-Encoding", "br, gzip")
	unzip, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(unzip)
	if err != nil || string(body) != plain.Body.String() {
		t.Errorf("unpacked %d bytes, %v, want the %d plain ones", len(body), err, plain.Body.Len())
	}
	again := ask(a, url, "Accept-Encoding", "gzip", "If-None-Match", packed.Header().Get("ETag"))
	if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("asked again: %d with %d bytes, want 304 with none", again.Code, again.Body.Len())
	}
}

func TestAnAssetByItsPlainNameIsRevalidated(t *testing.T) {
	w := ask(mustSet(t).Assets, AssetRoot+"vendor/qrcode/qrcode.mjs")
	if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-cache" ||
		w.Header().Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("got %d %v", w.Code, w.Header())
	}
}

func TestWebAssemblyIsServedAsSuch(t *testing.T) {
	w := ask(mustSet(t).Assets, AssetRoot+"vendor/zxing-wasm/zxing_reader.wasm")
	if got := w.Header().Get("Content-Type"); got != "application/wasm" {
		t.Errorf("Content-Type %q", got)
	}
}

func TestOnlyAWorkerMayCompileWebAssembly(t *testing.T) {
	a, err := newAssets(fstest.MapFS{
		"static/desk/scan-worker.js": {Data: []byte("1")},
		"static/desk/scan.js":        {Data: []byte("2")},
		"static/" + iconSprite:       {Data: []byte("<svg/>")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"desk/scan-worker.js": true, "desk/scan.js": false} {
		policy := ask(a, AssetRoot+name).Header().Get("Content-Security-Policy")
		if strings.Contains(policy, "'wasm-unsafe-eval'") != want {
			t.Errorf("%s is served with the policy %q", name, policy)
		}
	}
	page := http.Header{}
	SecurityHeaders(page)
	if policy := page.Get("Content-Security-Policy"); strings.Contains(policy, "unsafe") {
		t.Errorf("pages are served with the policy %q", policy)
	}
}

func TestWhatIsNotThereIsNotServed(t *testing.T) {
	a := mustSet(t).Assets
	for _, path := range []string{AssetRoot, AssetRoot + "nope.css", AssetRoot + "../texts/shared.common.id.json", AssetRoot + "vendor"} {
		if w := ask(a, path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, w.Code)
		}
	}
}
