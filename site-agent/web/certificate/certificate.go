// Package certificate makes this computer's own certificates, so that phones on the site's
// network reach the desk over HTTPS, and finds the names and addresses that they reach it by.
package certificate

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"buktihadir/models"
)

const (
	authorityLife = 10 * 365 * 24 * time.Hour
	// Apple's platforms refuse a server's certificate that is valid for longer
	// than 825 days: https://support.apple.com/en-us/103769.
	leafLife  = 800 * 24 * time.Hour
	leafRenew = 30 * 24 * time.Hour
	// backdate makes the certificate valid earlier, for phones whose clocks are behind
	// the desk's.
	backdate = 24 * time.Hour
)

// earliest is when a certificate begins at the earliest: a Raspberry Pi without
// a battery wakes up in 1970, and phones don't.
const earliest = models.Millis(1767225600000) // 2026-01-01

// Authority makes this machine's certificates. Its own certificate is made once and
// offered to phones. It is valid only for names and addresses of local networks, so
// trusting it is not a risk on the internet.
type Authority struct {
	dir   string
	now   func() models.Millis
	names func() ([]string, []net.IP)

	cert *x509.Certificate
	key  *ecdsa.PrivateKey

	mu   sync.Mutex
	leaf *tls.Certificate
}

// OpenAuthority reads the authority kept in dir, or makes it there.
func OpenAuthority(dir string, now func() models.Millis) (*Authority, error) {
	return openAuthority(dir, now, machineNames)
}

func openAuthority(dir string, now func() models.Millis, names func() ([]string, []net.IP)) (*Authority, error) {
	a := &Authority{dir: dir, now: now, names: names}
	pair, err := readPair(dir, "ca")
	if errors.Is(err, fs.ErrNotExist) {
		if err := a.found(); err != nil {
			return nil, fmt.Errorf("make the desk's certificate authority: %w", err)
		}
		pair, err = readPair(dir, "ca")
	}
	if err != nil {
		return nil, fmt.Errorf("read the desk's certificate authority: %w", err)
	}
	key, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok {
		return nil, errors.New("read the desk's certificate authority: not an ECDSA key")
	}
	a.cert, a.key = pair.Leaf, key
	if leaf, err := readPair(dir, "tls"); err == nil {
		a.leaf = &leaf
	}
	_, err = a.Certificate(nil)
	return a, err
}

// DER is the authority's certificate as phones install it.
func (a *Authority) DER() []byte { return a.cert.Raw }

// Fingerprint lets a person compare the certificate on a phone with the desk's.
func (a *Authority) Fingerprint() string {
	sum := sha256.Sum256(a.cert.Raw)
	return strings.ReplaceAll(fmt.Sprintf("% X", sum[:]), " ", ":")
}

// Certificate is the machine's certificate. It stays the same until it expires or lacks
// one of the machine's present names or addresses.
func (a *Authority) Certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	names, ips := a.names()
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !a.mayName(name) })
	if a.leaf != nil && a.fits(a.leaf.Leaf, names, ips) {
		return a.leaf, nil
	}
	if err := a.issue(names, ips); err != nil {
		return nil, fmt.Errorf("make the desk's certificate: %w", err)
	}
	leaf, err := readPair(a.dir, "tls")
	if err != nil {
		return nil, fmt.Errorf("read the desk's certificate: %w", err)
	}
	a.leaf = &leaf
	return a.leaf, nil
}

func (a *Authority) fits(leaf *x509.Certificate, names []string, ips []net.IP) bool {
	now := a.clock()
	if leaf.CheckSignatureFrom(a.cert) != nil || now.Before(leaf.NotBefore) || now.After(leaf.NotAfter.Add(-leafRenew)) {
		return false
	}
	for _, name := range names {
		if leaf.VerifyHostname(name) != nil {
			return false
		}
	}
	for _, ip := range ips {
		if leaf.VerifyHostname(ip.String()) != nil {
			return false
		}
	}
	return true
}

// mayName says whether the authority's own constraints let it name a host. One
// name too many, of a machine renamed since, would spoil the whole certificate.
func (a *Authority) mayName(name string) bool {
	return slices.ContainsFunc(a.cert.PermittedDNSDomains, func(domain string) bool {
		return name == domain || strings.HasSuffix(name, "."+domain)
	})
}

func (a *Authority) clock() time.Time { return max(a.now(), earliest).Time() }

// found makes the authority. Its name constraints (RFC 5280 §4.2.1.10) allow
// the addresses of private networks (RFC 1918, RFC 4193, RFC 3927, RFC 4291),
// names under .local (RFC 6762) and this machine's own.
func (a *Authority) found() error {
	names, _ := a.names()
	serial, err := newSerial()
	if err != nil {
		return err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	now := a.clock()
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject: pkix.Name{
			Organization: []string{"Bukti Hadir"},
			CommonName:   fmt.Sprintf("Bukti Hadir %s %X", names[0], serial.Bytes()[:2]),
		},
		NotBefore: now.Add(-backdate), NotAfter: now.Add(authorityLife),
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		PermittedDNSDomainsCritical: true,
		PermittedDNSDomains:         append([]string{"local", "localhost"}, names...),
		PermittedIPRanges:           privateNetworks(),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return err
	}
	return writePair(a.dir, "ca", key, der)
}

// issue makes the machine's certificate, keeping its key where there is one.
func (a *Authority) issue(names []string, ips []net.IP) error {
	serial, err := newSerial()
	if err != nil {
		return err
	}
	key, ok := (*ecdsa.PrivateKey)(nil), false
	if a.leaf != nil {
		key, ok = a.leaf.PrivateKey.(*ecdsa.PrivateKey)
	}
	if !ok {
		if key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
			return err
		}
	}
	now := a.clock()
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{Organization: []string{"Bukti Hadir"}, CommonName: names[0]},
		NotBefore:    now.Add(-backdate), NotAfter: now.Add(leafLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		DNSNames:              names, IPAddresses: ips,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	if err != nil {
		return err
	}
	return writePair(a.dir, "tls", key, der, a.cert.Raw)
}

func newSerial() (*big.Int, error) {
	b := make([]byte, 16)
	if _, err := rand.Read(b); err != nil {
		return nil, err
	}
	b[0] = b[0]&0x7f | 0x40 // positive, and always 16 bytes long
	return new(big.Int).SetBytes(b), nil
}

// readPair reads a key and the certificates that stand with it.
func readPair(dir, name string) (tls.Certificate, error) {
	return tls.LoadX509KeyPair(filepath.Join(dir, name+".crt"), filepath.Join(dir, name+".key"))
}

// writePair writes the key before the certificates: after a power failure between them
// the certificate is missing, and the pair is made again.
func writePair(dir, name string, key *ecdsa.PrivateKey, chain ...[]byte) error {
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := writeFile(filepath.Join(dir, name+".key"), 0o600, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})); err != nil {
		return err
	}
	var certs bytes.Buffer
	for _, der := range chain {
		if err := pem.Encode(&certs, &pem.Block{Type: "CERTIFICATE", Bytes: der}); err != nil {
			return err
		}
	}
	return writeFile(filepath.Join(dir, name+".crt"), 0o644, certs.Bytes())
}

// writeFile writes a file atomically: it writes a second file, syncs and renames it.
func writeFile(path string, mode fs.FileMode, content []byte) (err error) {
	f, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
