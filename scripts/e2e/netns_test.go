//go:build linux

package e2e

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// cable joins two network namespaces: the office's and the desk's. The office has
// two addresses, of which its name means one.
type cable struct {
	t            *testing.T
	office, desk string
}

const (
	firstAddress, secondAddress = "10.99.7.1", "10.99.7.2"
	deskAddress                 = "10.99.7.9"
	officeName                  = "kantor.uji"
)

func newCable(t *testing.T) *cable {
	t.Helper()
	if os.Getenv("NO_NAMESPACES") != "" {
		t.Skip("NOT RUN: there are no network namespaces here, as NO_NAMESPACES says")
	}
	id := uuid.NewString()[:6]
	c := &cable{t: t, office: "kantor-" + id, desk: "meja-" + id}
	for i, ns := range []string{c.office, c.desk} {
		if out, err := exec.Command("ip", "netns", "add", ns).CombinedOutput(); err != nil {
			t.Fatalf("make a network namespace: %v %s. That takes Linux, root and iproute2; where it can't be had, NO_NAMESPACES=1 leaves this test out", err, out)
		}
		t.Cleanup(func() { c.ip("netns", "del", ns) })
		if i == 0 {
			continue
		}
		c.ip("link", "add", "v"+id, "type", "veth", "peer", "name", "w"+id)
		c.ip("link", "set", "v"+id, "netns", c.office, "name", "eth0")
		c.ip("link", "set", "w"+id, "netns", c.desk, "name", "eth0")
	}
	for _, address := range []string{firstAddress, secondAddress} {
		c.ip("-n", c.office, "address", "add", address+"/24", "dev", "eth0")
	}
	c.ip("-n", c.desk, "address", "add", deskAddress+"/24", "dev", "eth0")
	for _, ns := range []string{c.office, c.desk} {
		c.ip("-n", ns, "link", "set", "lo", "up")
		c.ip("-n", ns, "link", "set", "eth0", "up")
	}
	hosts := filepath.Join("/etc/netns", c.desk)
	if err := os.MkdirAll(hosts, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(hosts) })
	c.means(firstAddress)
	return c
}

func (c *cable) ip(args ...string) {
	c.t.Helper()
	if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
		c.t.Fatalf("ip %q: %v %s", args, err, out)
	}
}

// means says which address the office's name has, as its DNS would.
func (c *cable) means(address string) {
	c.t.Helper()
	line := fmt.Sprintf("127.0.0.1 localhost\n%s %s\n", address, officeName)
	if err := os.WriteFile(filepath.Join("/etc/netns", c.desk, "hosts"), []byte(line), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// inside is a program that runs in a namespace.
func (c *cable) inside(ns string, p Program) Program {
	c.t.Helper()
	path := filepath.Join(c.t.TempDir(), filepath.Base(string(p)))
	script := fmt.Sprintf("#!/bin/sh\nexec ip netns exec %s %s \"$@\"\n", ns, p)
	if err := os.WriteFile(path, []byte(script), 0o700); err != nil {
		c.t.Fatal(err)
	}
	return Program(path)
}

//survives:network The cable is out, the server moves to another address, answers vanish on the way | The site computer goes on scanning, and delivers by itself once it can
func TestADeskDeliversByItselfWhateverBecomesOfItsNetwork(t *testing.T) {
	t.Parallel()
	c := newCable(t)
	w := newTown(t)
	w.crowd(40)
	w.server.Stop()
	var codes []string
	for _, x := range w.tickets("KINI") {
		if strings.HasPrefix(x.Participant.Number, "R-") {
			codes = append(codes, x.Token)
		}
	}
	plain := w.programs.Agent
	w.programs.Server, w.programs.Agent = c.inside(c.office, w.programs.Server), c.inside(c.desk, plain)
	w.openOffice("0.0.0.0:0")
	at, err := url.Parse(w.server.URL)
	if err != nil {
		t.Fatal(err)
	}
	w.desk = t.TempDir()
	code := Lines[struct{ Code string }](t, w.do("agent", "add", "--site", "T-1", "--json"))[0].Code
	w.programs.Agent.Must(t, "--data", w.desk, "enroll", "--server", "http://"+officeName+":"+at.Port(), "--code", code)
	w.openDesk()
	shown := map[uint64]uuid.UUID{}
	for _, trouble := range []struct {
		name        string
		begins, end func()
	}{
		{"the cable is out", func() { c.ip("-n", c.desk, "link", "set", "eth0", "down") }, func() { c.ip("-n", c.desk, "link", "set", "eth0", "up") }},
		{"answers vanish", func() { c.ip("-n", c.office, "route", "add", "blackhole", deskAddress+"/32") },
			func() { c.ip("-n", c.office, "route", "del", "blackhole", deskAddress+"/32") }},
		{"the office moves", func() { c.ip("-n", c.office, "address", "del", firstAddress+"/24", "dev", "eth0") }, func() {
			c.ip("-n", c.office, "address", "replace", secondAddress+"/24", "dev", "eth0") // it went with the first
			c.means(secondAddress)
		}},
	} {
		trouble.begins()
		if left, r := scanAll(t, plain, w.desk, codes[:10], shown); len(left) > 0 {
			t.Fatalf("%s: %d scans had no answer: %s", trouble.name, len(left), r.Stderr)
		}
		codes = codes[10:]
		trouble.end()
		eventually(t, "delivered by itself after "+trouble.name, func() bool {
			s := Lines[struct{ Head, Acked uint64 }](t, plain.Must(t, "--data", w.desk, "status", "--json"))[0]
			return s.Head > 0 && s.Acked == s.Head
		})
	}
	w.holdsEachOnce(shown, len(shown))
}
