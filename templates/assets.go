package templates

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// Assets serves the embedded static files. Each has an address that carries a
// hash of its content and never changes meaning, so browsers keep it for good;
// by its plain name it can be asked for too (scripts import each other so), and
// is then revalidated each time.
type Assets struct {
	byName map[string]*asset
	byURL  map[string]*asset
	icons  map[string]bool
}

type asset struct {
	name, url, kind, etag string
	raw                   func() []byte
	packed                func() []byte // gzip, or nil where it saves nothing
}

// AssetRoot is the path under which a program mounts Assets.
const AssetRoot = "/static/"

const iconSprite = "vendor/lucide/icons.svg"

func newAssets(tree fs.FS) (*Assets, error) {
	a := &Assets{byName: map[string]*asset{}, byURL: map[string]*asset{}}
	root, err := fs.Sub(tree, "static")
	if err != nil {
		return nil, fmt.Errorf("static files: %w", err)
	}
	err = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := newAsset(root, name)
		if err != nil {
			return err
		}
		a.byName[f.name], a.byURL[f.url] = f, f
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("static files: %w", err)
	}
	a.icons, err = iconNames(a.byName[iconSprite])
	return a, err
}

// newAsset reads a file to name it by its content, and keeps none of it: most are
// never asked for, and browsers keep those that are.
func newAsset(tree fs.FS, name string) (*asset, error) {
	f, err := tree.Open(name)
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	hash := hex.EncodeToString(sum.Sum(nil)[:6])
	read := func() []byte {
		raw, err := fs.ReadFile(tree, name)
		if err != nil {
			return nil // it is embedded, and could be read above
		}
		return raw
	}
	raw, packed, shown := read, sync.OnceValue(func() []byte { return pack(path.Ext(name), read()) }), name
	if path.Ext(name) == packedExt {
		raw, packed, shown = func() []byte { return unpack(read()) }, read, strings.TrimSuffix(name, packedExt)
	}
	ext := path.Ext(shown)
	return &asset{
		name: shown, url: AssetRoot + strings.TrimSuffix(shown, ext) + "." + hash + ext,
		kind: contentType(ext), etag: hash, raw: raw, packed: packed,
	}, nil
}

// packedExt ends the names of files that are kept compressed: they are served under
// their names without it.
const packedExt = ".gz"

// unpack is for who takes no gzip. A damaged file is an empty one: it is embedded, so a test sees it.
func unpack(packed []byte) []byte {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil
	}
	return raw
}

// contentType doesn't ask the machine: Windows registries are often wrong about scripts.
func contentType(ext string) string {
	switch ext {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".wasm":
		return "application/wasm"
	case ".svg":
		return "image/svg+xml"
	case ".webmanifest":
		return "application/manifest+json"
	case "", ".txt":
		return "text/plain; charset=utf-8"
	}
	if kind := mime.TypeByExtension(ext); kind != "" {
		return kind
	}
	return "application/octet-stream"
}

func pack(ext string, raw []byte) []byte {
	if ext == ".png" || ext == ".woff2" || len(raw) < 256 {
		return nil
	}
	var buf bytes.Buffer
	w, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := w.Write(raw); err != nil {
		return nil
	}
	if err := w.Close(); err != nil || buf.Len() >= len(raw) {
		return nil
	}
	return buf.Bytes()
}

// URL is the lasting address of a static file. A name that doesn't exist is an
// error, so that a test of the page finds it.
func (a *Assets) URL(name string) (string, error) {
	f, ok := a.byName[name]
	if !ok {
		return "", fmt.Errorf("asset %q: no such file under static", name)
	}
	return f.url, nil
}

// Version changes with any of the files.
func (a *Assets) Version() string {
	sum := sha256.New()
	for _, url := range slices.Sorted(maps.Keys(a.byURL)) {
		sum.Write([]byte(url))
	}
	return hex.EncodeToString(sum.Sum(nil)[:6])
}

// Offline lists the addresses of files that pages need where there is no network, by
// patterns (path.Match). Scripts are listed by their plain names too: they import each
// other so.
func (a *Assets) Offline(patterns ...string) ([]string, error) {
	var out []string
	for _, pattern := range patterns {
		found := false
		for _, have := range slices.Sorted(maps.Keys(a.byName)) {
			if fits, err := path.Match(pattern, have); err != nil || !fits {
				continue
			}
			found = true
			out = append(out, a.byName[have].url)
			if path.Ext(have) == ".js" {
				out = append(out, AssetRoot+have)
			}
		}
		if !found {
			return nil, fmt.Errorf("asset %q: no such file under static", pattern)
		}
	}
	return out, nil
}

// ServeHTTP serves AssetRoot.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if f, ok := a.byURL[r.URL.Path]; ok {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		f.serve(w, r)
		return
	}
	a.serveName(w, r, strings.TrimPrefix(r.URL.Path, AssetRoot))
}

// File serves one static file at an address of its own, as a service worker
// needs whose scope is the folder it is served from.
func (a *Assets) File(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.serveName(w, r, name) })
}

func (a *Assets) serveName(w http.ResponseWriter, r *http.Request, name string) {
	f, ok := a.byName[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "no-cache")
	f.serve(w, r)
}

func (f *asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Encoding")
	if strings.HasSuffix(f.name, workerSuffix) {
		h.Set("Content-Security-Policy", workerPolicy)
	}
	etag := f.etag
	var body []byte
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") && r.Header.Get("Range") == "" {
		if packed := f.packed(); packed != nil {
			body, etag = packed, f.etag+"-gz"
			h.Set("Content-Encoding", "gzip")
		}
	}
	if body == nil {
		body = f.raw()
	}
	h.Set("ETag", `"`+etag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// icon draws an icon beside a text; screen readers skip it.
func (a *Assets) icon(name string) (template.HTML, error) {
	if !a.icons[name] {
		return "", fmt.Errorf("icon %q: not in the sprite (scripts/assets lists it)", name)
	}
	sprite, err := a.URL(iconSprite)
	if err != nil {
		return "", err
	}
	//nolint:gosec // both parts are names of embedded files, checked above
	return template.HTML(`<svg class="icon" aria-hidden="true" focusable="false"><use href="` + sprite + `#` + name + `"/></svg>`), nil
}

func iconNames(sprite *asset) (map[string]bool, error) {
	if sprite == nil {
		return nil, fmt.Errorf("static file %s: missing", iconSprite)
	}
	var doc struct {
		Symbols []struct {
			ID string `xml:"id,attr"`
		} `xml:"symbol"`
	}
	if err := xml.Unmarshal(sprite.raw(), &doc); err != nil {
		return nil, fmt.Errorf("static file %s: %w", iconSprite, err)
	}
	names := map[string]bool{}
	for _, s := range doc.Symbols {
		names[s.ID] = true
	}
	return names, nil
}
