// Package mail sends e-mail. [Post] puts a mail in the outbox, in the same transaction as
// the change that it is about. A [Sender] then sends it until the office's mail server
// accepts it, refuses it for good, or three days are over. A mail may arrive twice, with
// the same Message-ID: if the server's answer was lost, nobody knows whether it accepted
// the mail.
//
// Other packages decide what is in a mail. The content is encrypted until the mail is
// sent, and deleted then.
package mail

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
)

// Letter is an e-mail to one person.
type Letter struct {
	Address string `json:"-"` // user@host, nothing around it
	Subject string `json:"-"`
	Name    string // of the recipient, beside the address; may be empty
	Text    string
	HTML    string // the same for programs that show it; may be empty
	File    *File  `json:",omitempty"`
	// User is the receiver of a mail with content that not everybody may see. It is not
	// sent if the user was deactivated, may see less, or has another address.
	User *models.User `json:"-"`
	// ID makes a letter one that is posted once; without it, each is another one.
	ID       uuid.UUID     `json:"-"`
	NotAfter models.Millis `json:"-"` // when it is of no use any more; 0: always of use
	// Participant is the receiver, if it is a participant: their mails are erased with
	// them.
	Participant *models.Participant `json:"-"`
}

// File goes with a letter. Its name is plain ASCII.
type File struct {
	Name, MediaType string
	Content         []byte
}

// ErrAddress says that a text is not an e-mail address.
var ErrAddress = errors.New("no e-mail address")

// Post puts a letter in the outbox.
func Post(tx *store.Tx, l Letter) (uuid.UUID, error) {
	if err := CheckAddress(l.Address); err != nil {
		return uuid.Nil, err
	}
	content, err := json.Marshal(l)
	if err != nil {
		return uuid.Nil, fmt.Errorf("pack a letter: %w", err)
	}
	m := models.Mail{ID: l.ID, NotAfter: l.NotAfter, Address: l.Address, Subject: oneLine(l.Subject)}
	if l.User != nil {
		m.UserID, m.Standing = &l.User.ID, l.User.Standing()
	}
	if l.Participant != nil {
		m.ParticipantID = &l.Participant.ID
	}
	return tx.AddMail(m, content)
}

// CheckAddress wraps ErrAddress if the text is not a plain address.
func CheckAddress(address string) error {
	if !models.PlainEmail(address) {
		return fmt.Errorf("%w: %q", ErrAddress, address)
	}
	return nil
}

// oneLine keeps typed text from starting another header.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))), " ")
}
