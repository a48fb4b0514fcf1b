// Package mail sends e-mail. A letter is put in the outbox in the transaction of what it
// tells of ([Post]), and a [Sender] sends it until the office's mail server takes it,
// refuses it for good, or three days are over. It may arrive twice, with the same
// Message-ID: nobody can know whether a server whose answer was lost has taken it.
//
// It leaves it to others what is in a letter. What is in there lies sealed until it was
// taken, and is forgotten then.
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
	// User is whose letter it is, where it tells what not everybody may see: it is not sent
	// once they are shut out, see less, or have another address.
	User *models.User `json:"-"`
	// Participant is whose letter it is, where it is one's: their mails are erased with them.
	Participant *models.Participant `json:"-"`
}

// File goes with a letter. Its name is plain ASCII.
type File struct {
	Name, MediaType string
	Content         []byte
}

// ErrAddress says that what should be an e-mail address is none.
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
	m := models.Mail{Address: l.Address, Subject: oneLine(l.Subject)}
	if l.User != nil {
		m.UserID, m.Standing = &l.User.ID, l.User.Standing()
	}
	if l.Participant != nil {
		m.ParticipantID = &l.Participant.ID
	}
	return tx.AddMail(m, content)
}

// CheckAddress wraps ErrAddress for what is no plain address.
func CheckAddress(address string) error {
	if !models.PlainEmail(address) {
		return fmt.Errorf("%w: %q", ErrAddress, address)
	}
	return nil
}

// oneLine keeps what people have typed from beginning a header of its own.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))), " ")
}
