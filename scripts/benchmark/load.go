package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"buktihadir/models"
)

// figures are what one round measured.
type figures struct {
	perSecond float64
	p50, p99  time.Duration
}

// phone is one client with a connection of its own. It writes plain HTTP/1.1, with
// requests made before the clock starts, so that the client's own cost is small.
type phone struct {
	conn net.Conn
	in   *bufio.Reader
	body []byte // of the last answer
}

func dial(address string) (*phone, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return &phone{conn: conn, in: bufio.NewReader(conn)}, nil
}

// request is what the desk's page sends of a code, ready for the wire.
func request(cookie, code string) ([]byte, error) {
	id, err := uuid.NewV7() // as the desk's own page makes it
	if err != nil {
		return nil, fmt.Errorf("make id: %w", err)
	}
	body := fmt.Sprintf(`{"id":%q,"code":%q,"method":"camera","direction":"auto","desk":"meja 1"}`, id, code)
	return fmt.Appendf(nil, "POST /api/scan HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nCookie: %s\r\nContent-Length: %d\r\n\r\n%s",
		cookie, len(body), body), nil
}

func (p *phone) scan(request []byte) error {
	if _, err := p.conn.Write(request); err != nil {
		return fmt.Errorf("send: %w", err)
	}
	return p.accepted()
}

// accepted reads one answer.
func (p *phone) accepted() error {
	head, err := textproto.NewReader(p.in).ReadLine()
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	length := 0
	for {
		line, err := p.in.ReadSlice('\n')
		if err != nil {
			return fmt.Errorf("read: %w", err)
		}
		if len(line) <= 2 {
			break
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return fmt.Errorf("read: %w", err)
			}
		}
	}
	p.body = slices.Grow(p.body[:0], length)[:length]
	if _, err := io.ReadFull(p.in, p.body); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if !bytes.Contains(p.body, []byte(`"verdict":"`+string(models.VerdictAcceptedIn)+`"`)) {
		return fmt.Errorf("answer %s: %q", head, p.body)
	}
	return nil
}

// load has all phones scan at once, each the next ticket as soon as it has its answer.
func load(address, cookie string, clients int, codes []string) (figures, error) {
	requests := make([][]byte, len(codes))
	for i, code := range codes {
		var err error
		if requests[i], err = request(cookie, code); err != nil {
			return figures{}, err
		}
	}
	took := make([][]time.Duration, clients)
	errs := make([]error, clients)
	phones := make([]*phone, clients)
	for i := range phones {
		p, err := dial(address)
		if err != nil {
			return figures{}, err
		}
		defer func() { _ = p.conn.Close() }()
		phones[i] = p
	}
	var all sync.WaitGroup
	start := time.Now()
	for i, p := range phones {
		all.Go(func() {
			for at := i; at < len(requests); at += clients {
				begin := time.Now()
				if errs[i] = p.scan(requests[at]); errs[i] != nil {
					return
				}
				took[i] = append(took[i], time.Since(begin))
			}
		})
	}
	all.Wait()
	total := time.Since(start)
	for _, err := range errs {
		if err != nil {
			return figures{}, err
		}
	}
	each := slices.Sorted(slices.Values(slices.Concat(took...)))
	return figures{float64(len(codes)) / total.Seconds(), each[len(each)/2], each[len(each)*99/100]}, nil
}

// signIn gives the cookie of an officer's device.
func signIn(address string, officer uuid.UUID, pin string) (string, error) {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	form := "officer=" + officer.String() + "&pin=" + pin
	answer, err := client.Post("http://"+address+"/sign-in", "application/x-www-form-urlencoded", strings.NewReader(form))
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	for _, c := range answer.Cookies() {
		if c.Value != "" && c.Name != "lang" {
			return c.Name + "=" + c.Value, nil
		}
	}
	return "", fmt.Errorf("sign in: %s, no cookie", answer.Status)
}
