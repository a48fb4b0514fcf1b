package uplink

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"buktihadir/models/exchange"
)

// call sends a request and reads the message that answers it.
func call[M exchange.Message](ctx context.Context, u *Uplink, base, token, method, path string, body []byte) (m M, err error) {
	err = u.ask(ctx, base, token, method, path, body, func(r io.Reader) error {
		m, err = exchange.ReadMessage[M](r)
		return err
	})
	return m, err
}

// ask sends a request and has its answer read.
func (u *Uplink) ask(ctx context.Context, base, token, method, path string, body []byte, take func(io.Reader) error) error {
	req, err := http.NewRequestWithContext(ctx, method, base+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask the server: %w", err)
	}
	if body != nil {
		req.Header.Set("Content-Type", exchange.ContentType)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := u.client.Do(req)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrOffline, err)
	}
	defer func() { _ = res.Body.Close() }() // it was read, or is of no use
	switch {
	case res.StatusCode == http.StatusOK && res.Header.Get("Content-Type") == exchange.ContentType:
		if err := take(res.Body); err != nil {
			return fmt.Errorf("%w: %w", ErrOffline, err) // cut off on the way
		}
		return nil
	case strings.HasPrefix(res.Header.Get("Content-Type"), "application/json"):
		var p exchange.Problem
		raw, err := io.ReadAll(io.LimitReader(res.Body, 1<<16))
		if err == nil && json.Unmarshal(raw, &p) == nil && p.Code != "" {
			return &RefusedError{Code: p.Code, Status: res.StatusCode}
		}
	case res.StatusCode >= http.StatusInternalServerError: // a proxy whose server is away
		return fmt.Errorf("%w: status %d", ErrOffline, res.StatusCode)
	}
	return ErrNotOurServer
}
