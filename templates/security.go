package templates

import "net/http"

// workerSuffix marks the scripts that run as a worker and may compile WebAssembly.
const workerSuffix = "worker.js"

// The policies: everything from our own origin, nothing inline, nothing
// evaluated. Only a worker's own response lets it compile WebAssembly.
const (
	pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
		"media-src 'self' blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	workerPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
)

// SecurityHeaders sets what every page of both programs answers with; mount it
// before all routes. Static files set their own policy where they need one.
func SecurityHeaders(h http.Header) {
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
}
