package page

import (
	"context"
	"log/slog"

	"buktihadir/models"
	"buktihadir/models/bundle"
	"buktihadir/models/exchange"
	"buktihadir/site-agent/desk"
	"buktihadir/site-agent/pairing"
	"buktihadir/site-agent/store"
	"buktihadir/templates"
)

// Config is what a Server is made of.
type Config struct {
	Desk    *desk.Desk
	Devices *pairing.Registry
	Store   *store.Store // keeps who is signed in
	Pages   *templates.Set
	Log     *slog.Logger
	Now     func() models.Millis
	Disk    func() models.Disk // measures the disk of the agent's data; nil: unknown
	Data    string             // folder that keeps the certificate authority
	// TLSAddr is the address of the HTTPS listener (":8443"); empty: there is none.
	TLSAddr string
	// Battery is the charge of this computer's battery; nil: unknown.
	Battery func() desk.Battery
	// Sync sends the journal and fetches the roster now; nil: the pages don't offer it.
	Sync func(context.Context) error
	// Carry does by files what Sync does over a network; nil: the pages do not offer it.
	Carry *Carrier
}

// MaxReply bounds the file of a reply, in bytes: its content, and the encryption.
const MaxReply = exchange.MaxBundle + bundle.Overhead

// Carrier writes and reads the files that replace a network: the journal goes out, and
// the server's reply comes in.
type Carrier struct {
	Export  func(context.Context) ([]byte, error)
	Import  func(ctx context.Context, file []byte) ([]templates.Text, error)
	Explain func(error) templates.Text
}
