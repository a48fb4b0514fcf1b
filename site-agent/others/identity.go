package others

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"time"

	"buktihadir/site-agent/desk"
)

// marker is what an agent asks for in its TLS greeting (RFC 7301) when it means another agent,
// and not the pages: both are at one port.
const marker = "bukti-hadir-others/1"

// ErrStranger says that whoever is at the other end has no key of an active agent of this site.
var ErrStranger = errors.New("not an agent of this site")

// ownCertificate wraps the agent's key for TLS. Nothing in it counts but the key: a clock
// may be decades off, and an address is whatever the site's network gives.
func ownCertificate(key ed25519.PrivateKey) (tls.Certificate, error) {
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Unix(0, 0), NotAfter: time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate of the agent's key: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// config is that of both ends: each proves by the handshake that it has its key, and the
// roster says whose keys count. A kept connection is asked again with every request.
func (n *Network) config() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{n.cert}, SessionTicketsDisabled: true,
		NextProtos: []string{"http/1.1"}, ClientAuth: tls.RequireAnyClientCert,
		InsecureSkipVerify: true, //nolint:gosec // VerifyConnection compares the key with the roster's
		VerifyConnection: func(c tls.ConnectionState) error {
			_, err := n.whose(&c)
			return err
		},
	}
}

// whose finds the agent at the other end of a connection, as the roster stands now.
func (n *Network) whose(c *tls.ConnectionState) (desk.Other, error) {
	if c == nil || len(c.PeerCertificates) == 0 {
		return desk.Other{}, ErrStranger
	}
	key, ok := c.PeerCertificates[0].PublicKey.(ed25519.PublicKey)
	for _, o := range n.desk.Others() {
		if ok && key.Equal(o.Key) {
			return o, nil
		}
	}
	return desk.Other{}, ErrStranger
}
