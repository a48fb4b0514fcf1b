package store

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
)

// MostAddresses bounds the addresses that staff write down.
const MostAddresses = 8

// ErrAddress says that a text is no address of a computer.
var ErrAddress = errors.New("not an address of a computer")

// otherPort is the port of the pages for phones, where other agents are answered too.
const otherPort = "8443"

// addressOf is a name or a number, with or without its port, as staff wrote it.
func addressOf(text string) (string, error) {
	text = strings.TrimSpace(text)
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		host, port = strings.Trim(text, "[]"), otherPort
	}
	p, err := strconv.ParseUint(port, 10, 16)
	odd := strings.ContainsFunc(host, func(r rune) bool {
		return r != '.' && r != '-' && r != ':' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	if strings.Contains(host, ":") {
		odd = net.ParseIP(host) == nil
	}
	if err != nil || p == 0 || host == "" || len(host) > 253 || odd {
		return "", ErrAddress
	}
	return net.JoinHostPort(host, port), nil
}

// ErrAddresses says that there are enough addresses.
var ErrAddresses = errors.New("no more addresses of other agents")

// OtherAddresses lists where other agents of the site answer, as staff have written down.
func (s *Store) OtherAddresses(ctx context.Context) (out []string, err error) {
	found, err := s.read.QueryContext(ctx, `SELECT address FROM other_addresses ORDER BY address`)
	if err != nil {
		return nil, fmt.Errorf("read addresses: %w", err)
	}
	defer func() { err = errors.Join(err, found.Close()) }()
	for found.Next() {
		var a string
		if err := found.Scan(&a); err != nil {
			return nil, fmt.Errorf("read addresses: %w", err)
		}
		out = append(out, a)
	}
	return out, found.Err()
}

// AddOtherAddress writes an address down.
func (s *Store) AddOtherAddress(ctx context.Context, text string) error {
	address, err := addressOf(text)
	if err != nil {
		return err
	}
	res, err := s.write.ExecContext(ctx, `INSERT INTO other_addresses (address) SELECT ? WHERE (SELECT count(*) FROM other_addresses) < ?
		OR EXISTS (SELECT 1 FROM other_addresses WHERE address = ?) ON CONFLICT DO UPDATE SET address = excluded.address`, address, MostAddresses, address)
	if err != nil {
		return fmt.Errorf("keep address: %w", err)
	}
	if n, err := res.RowsAffected(); err == nil && n == 0 {
		return ErrAddresses
	}
	return nil
}

// RemoveOtherAddress takes an address off the list.
func (s *Store) RemoveOtherAddress(ctx context.Context, address string) error {
	if _, err := s.write.ExecContext(ctx, `DELETE FROM other_addresses WHERE address = ?`, address); err != nil {
		return fmt.Errorf("forget address: %w", err)
	}
	return nil
}
