package store

import (
	"crypto/rand"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"buktihadir/models"
	"buktihadir/models/ledger"
)

// Restored says that this database was put back from a backup, before it serves
// again. Agents then send again what they had sent since the backup, and a reader who
// saw the log grow since then learns why it differs now. The note is public and stays.
func (t *Tx) Restored(actor, reason string) error {
	epoch := make([]byte, 16)
	rand.Read(epoch)
	err := t.db.Model(&models.Setting{}).Where("name = ?", settingEpoch).Update("value", epoch).Error
	if err != nil {
		return translate(err)
	}
	state, err := t.lockLog()
	if err != nil {
		return err
	}
	said := ledger.Restore{At: t.now, Size: state.Size, Actor: actor, Reason: reason}
	if state.Size > 0 {
		if said.Root, err = ledger.Root(state.Size, t.logTile); err != nil {
			return err
		}
	}
	signer, _, err := t.NoteKey()
	if err != nil {
		return err
	}
	signed, err := said.Sign(signer)
	if err != nil {
		return err
	}
	if err := t.db.Create(&models.Restore{At: said.At, Size: said.Size, Reason: reason, Actor: actor, Note: signed}).Error; err != nil {
		return translate(err)
	}
	return t.Record(models.HistoryEntry{Actor: actor, Action: "server.restored", Entity: "server", Reason: reason})
}

// Restores lists every declaration, the newest first.
func (q Queries) Restores() ([]models.Restore, error) {
	return all[models.Restore](q.db.Order("at DESC"))
}

// checkRestores compares every declaration with its signature.
func (t *Tx) checkRestores() (found []LogProblem, err error) {
	_, key, err := t.NoteKey()
	if err != nil {
		return nil, err
	}
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return nil, fmt.Errorf("note key: %w", err)
	}
	rows, err := t.Restores()
	for _, r := range rows {
		said, err := ledger.OpenRestore(r.Note, verifier)
		same := models.Restore{At: said.At, Size: said.Size, Reason: said.Reason, Actor: said.Actor}
		if err != nil || same.At != r.At || same.Size != r.Size || same.Reason != strings.Join(strings.Fields(r.Reason), " ") || same.Actor != r.Actor {
			found = append(found, LogProblem{Pos: r.Size, What: LogHeadChanged, Where: fmt.Sprintf("restore at %d", r.At)})
		}
	}
	return found, err
}
