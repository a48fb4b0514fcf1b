package ledger

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"buktihadir/models"
)

// Restore is the server's statement that its database was restored from a backup: from
// Size on, its log differs from the log that it had shown. A site-agent that has seen the
// longer log keeps that head as evidence. It goes on from the newest head that it has
// seen and that the backup holds too: everything older than the backup stays proven. A
// false statement would stand under the server's signature at every desk.
type Restore struct {
	At     models.Millis
	Size   int64  // of the log as the backup had it
	Root   Hash   // of that log; zero where it was empty
	Actor  string // the person who said so; one line, like the reason
	Reason string
}

const restoreOrigin = "bukti-hadir/restored/1"

// Sign makes the signed note.
func (r Restore) Sign(signer note.Signer) ([]byte, error) {
	text := fmt.Sprintf("%s\n%d\n%d\n%s\n%s\n%s\n", restoreOrigin, int64(r.At), r.Size, base64.StdEncoding.EncodeToString(r.Root[:]), oneLine(r.Actor),
		oneLine(r.Reason))
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		return nil, fmt.Errorf("sign a restore: %w", err)
	}
	return signed, nil
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// OpenRestore verifies a note against the server's key and reads it.
func OpenRestore(signed []byte, server note.Verifier) (Restore, error) {
	n, err := note.Open(signed, note.VerifierList(server))
	if err != nil {
		return Restore{}, fmt.Errorf("%w: %w", ErrTree, err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 7 || lines[0] != restoreOrigin {
		return Restore{}, fmt.Errorf("%w: not a restore of this log", ErrTree)
	}
	at, err1 := strconv.ParseInt(lines[1], 10, 64)
	size, err2 := strconv.ParseInt(lines[2], 10, 64)
	root, err3 := base64.StdEncoding.DecodeString(lines[3])
	if err := errors.Join(err1, err2, err3); err != nil || size < 0 || len(root) != tlog.HashSize {
		return Restore{}, fmt.Errorf("%w: not a restore of this log", ErrTree)
	}
	r := Restore{At: models.Millis(at), Size: size, Actor: lines[4], Reason: lines[5]}
	copy(r.Root[:], root)
	return r, nil
}
