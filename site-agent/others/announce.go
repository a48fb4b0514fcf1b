package others

import (
	"context"
	"crypto/ed25519"
	"errors"
	"net"
	"strconv"
	"time"

	"github.com/google/uuid"

	"buktihadir/models/exchange"
)

// announceEvery is how often an agent says that it is there.
const announceEvery = 5 * time.Second

// Announce says on the site's network that this agent is there, and hears the others, until
// ctx is done. A network that lets no broadcast through keeps nobody from meeting: staff
// write an address down.
func (n *Network) Announce(ctx context.Context, port int) error {
	conn, err := (&net.ListenConfig{}).ListenPacket(ctx, "udp4", ":"+strconv.Itoa(port))
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // it ends the reading below
	defer stop()
	go n.say(ctx, conn, port)
	b := make([]byte, exchange.AnnouncementSize+1)
	for {
		size, from, err := conn.ReadFrom(b)
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err == nil {
			n.Hear(b[:size], from)
		} else if !pause(ctx, time.Second) { // a network that comes and goes
			return nil
		}
	}
}

// say sends this agent's announcement to every network that it is in.
func (n *Network) say(ctx context.Context, conn net.PacketConn, port int) {
	for pause(ctx, announceEvery) {
		if !n.desk.Awaits() {
			continue
		}
		status, err := n.desk.Status(ctx)
		if err != nil {
			continue
		}
		b := exchange.Announcement{Agent: status.Agent, Port: uint16(n.port)}.Sign(n.st.DeviceKey()) //nolint:gosec // a listener's port
		for _, to := range broadcasts() {
			if _, err := conn.WriteTo(b, &net.UDPAddr{IP: to, Port: port}); err != nil {
				n.log.Debug("announce this agent", "to", to, "error", err)
			}
		}
	}
}

// Hear takes an announcement that came from an address.
func (n *Network) Hear(b []byte, from net.Addr) {
	if !n.heard.Allow() {
		return
	}
	a, err := exchange.OpenAnnouncement(b, func(id uuid.UUID) ed25519.PublicKey {
		for _, o := range n.desk.Others() {
			if o.ID == id {
				return o.Key
			}
		}
		return nil
	})
	host, _, split := net.SplitHostPort(from.String())
	if err == nil && split == nil {
		n.learn(a.Agent, net.JoinHostPort(host, strconv.Itoa(int(a.Port))))
	}
}

// broadcasts are the addresses that reach everybody on the networks of this computer.
func broadcasts() []net.IP {
	var out []net.IP
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil
	}
	for _, i := range interfaces {
		addresses, err := i.Addrs()
		if err != nil || i.Flags&net.FlagUp == 0 || i.Flags&net.FlagBroadcast == 0 {
			continue
		}
		for _, a := range addresses {
			if on, ok := a.(*net.IPNet); ok && on.IP.To4() != nil && len(on.Mask) == net.IPv4len {
				to := make(net.IP, net.IPv4len)
				for k, b := range on.IP.To4() {
					to[k] = b | ^on.Mask[k]
				}
				out = append(out, to)
			}
		}
	}
	return out
}
