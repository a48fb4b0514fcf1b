package certificate

import (
	"net"
	"os"
	"slices"
	"strings"
)

// privateNetworks are the address ranges that a desk's certificate may name.
func privateNetworks() []*net.IPNet {
	ranges := []string{
		"127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10",
		"::1/128", "fc00::/7", "fe80::/10",
	}
	nets := make([]*net.IPNet, 0, len(ranges))
	for _, r := range ranges {
		if _, n, err := net.ParseCIDR(r); err == nil {
			nets = append(nets, n)
		}
	}
	return nets
}

func private(ip net.IP) bool {
	return slices.ContainsFunc(privateNetworks(), func(n *net.IPNet) bool { return n.Contains(ip) })
}

// machineNames are the names and the private addresses under which this machine
// can be reached, in a stable order; the first name is its own.
func machineNames() ([]string, []net.IP) {
	names := []string{"localhost"}
	if host, err := os.Hostname(); err == nil {
		if label := hostLabel(host); label != "" {
			names = []string{label + ".local", label, "localhost"}
		}
	}
	return names, append(LANAddresses(), net.IPv4(127, 0, 0, 1), net.IPv6loopback)
}

// hostLabel is the first label of a host's name as a certificate may carry it.
func hostLabel(host string) string {
	label, _, _ := strings.Cut(strings.ToLower(host), ".")
	legal := func(r rune) rune {
		if r == '-' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' {
			return r
		}
		return -1
	}
	label = strings.Trim(strings.Map(legal, label), "-")
	if label == "localhost" || len(label) > 63 {
		return ""
	}
	return label
}

// LANAddresses are this machine's private addresses but loopback, sorted.
// Link-local IPv6 addresses need a zone in a URL and are left out.
func LANAddresses() []net.IP {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var ips []net.IP
	for _, addr := range addrs {
		n, ok := addr.(*net.IPNet)
		if !ok || n.IP.IsLoopback() || !private(n.IP) || n.IP.To4() == nil && n.IP.IsLinkLocalUnicast() {
			continue
		}
		ips = append(ips, n.IP)
	}
	slices.SortFunc(ips, func(a, b net.IP) int {
		if four := len(b.To4()) - len(a.To4()); four != 0 {
			return four
		}
		return slices.Compare(a, b)
	})
	return slices.CompactFunc(ips, net.IP.Equal)
}
