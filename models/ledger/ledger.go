// Package ledger is the server's own record as a log that nobody can rewrite unnoticed: a
// Merkle tree (RFC 9162 §2.1, golang.org/x/mod/sumdb/tlog) over everything that the
// server has stored. The server signs its head.
//
// A record is a short text without personal data: it names an event by its place
// in an agent's journal and its hash, anything else by a hash over its fields.
// The tree is kept as tiles (Grow), a head travels as a checkpoint in the form of
// https://c2sp.org/tlog-checkpoint (Checkpoint), and whoever has seen two heads
// can demand the proof that the later one continues the earlier. The package has
// no clock and no storage.
package ledger

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"buktihadir/models"
	"buktihadir/models/journal"
)

// TileHeight is how many levels of the tree one tile holds (https://c2sp.org/tlog-tiles).
const TileHeight = 8

// Hash is a node of the tree.
type Hash = tlog.Hash

// EventRecord is the record of an event: its place in its agent's journal, and its hash.
func EventRecord(h journal.Head) []byte {
	return fmt.Appendf(nil, "bukti-hadir/event/1\n%s\n%s\n%d\n%s\n", h.Agent, h.Epoch, h.Seq, base64.StdEncoding.EncodeToString(h.Hash[:]))
}

// CorrectionRecord is the record of a decision of the programme office: a hash
// over all its fields, of which the random id keeps the others from being guessed.
func CorrectionRecord(c models.Correction) []byte {
	fields := []string{c.ID.String(), c.SessionID.String(), c.EnrollmentID.String(), string(c.Status), c.Reason, c.AuthorID.String(), c.Author,
		strconv.FormatInt(c.Order, 10), strconv.FormatInt(int64(c.CreatedAt), 10)}
	if c.Evidence != "" { // older entries did not have one
		fields = append(fields, c.Evidence)
	}
	if c.Withdraws != 0 {
		fields = append(fields, "withdraws "+strconv.FormatInt(c.Withdraws, 10))
	}
	if c.BulkID != nil {
		fields = append(fields, "bulk "+c.BulkID.String())
	}
	return hashed("correction", fields...)
}

// DecisionRecord is the record of a decision about a case, made like that of a correction.
func DecisionRecord(d models.CaseDecision) []byte {
	whose := ""
	if d.EnrollmentID != nil {
		whose = d.EnrollmentID.String()
	}
	fields := []string{d.ID.String(), d.CaseID.String(), string(d.State), whose, d.Reason, d.AuthorID.String(), d.Author,
		strconv.FormatInt(int64(d.CreatedAt), 10)}
	if d.SessionID != nil {
		fields = append(fields, "session "+d.SessionID.String())
	}
	return hashed("decision", fields...)
}

// DocumentRecord is the record of a paper that was issued, made like that of a
// correction: it binds the paper's hash to what it is, its version and its author.
func DocumentRecord(d models.Document) []byte {
	class, author := "", ""
	if d.ClassID != nil {
		class = d.ClassID.String()
	}
	if d.AuthorID != nil {
		author = d.AuthorID.String()
	}
	return hashed("document", d.ID.String(), class, d.Entity, d.EntityID.String(), string(d.Kind), strconv.Itoa(d.Version), d.SHA256.String(),
		author, d.Author, string(d.AuthorRole), strconv.FormatInt(d.Revision, 10), strconv.FormatInt(int64(d.CreatedAt), 10))
}

func hashed(kind string, fields ...string) []byte {
	h := sha256.New()
	for _, field := range fields {
		_, _ = fmt.Fprintf(h, "%d:%s,", len(field), field) // lengths keep fields from running into each other; a hash takes everything
	}
	return fmt.Appendf(nil, "bukti-hadir/%s/1\n%s\n", kind, base64.StdEncoding.EncodeToString(h.Sum(nil)))
}

// Tile is a part of the tree: up to 256 hashes beside each other at Level.
type Tile struct {
	Level int
	N     int64 // counts the tiles of a level from the left
	Data  []byte
}

// Source reads a stored tile. It may give more hashes than are asked for, never fewer.
type Source func(level int, n int64) ([]byte, error)

// reader finds single hashes in tiles, and reads each tile once.
func (s Source) reader() tlog.HashReader {
	type place struct {
		level int
		n     int64
	}
	read := map[place][]byte{}
	return tlog.HashReaderFunc(func(indexes []int64) ([]Hash, error) {
		out := make([]Hash, len(indexes))
		for i, index := range indexes {
			tile := tlog.TileForIndex(TileHeight, index)
			at := place{tile.L, tile.N}
			data, ok := read[at]
			if !ok {
				var err error
				if data, err = s(tile.L, tile.N); err != nil {
					return nil, err
				}
				read[at] = data
			}
			if len(data) < tile.W*tlog.HashSize {
				return nil, fmt.Errorf("%w: tile %d/%d has %d bytes, want %d", ErrTree, tile.L, tile.N, len(data), tile.W*tlog.HashSize)
			}
			var err error
			if out[i], err = tlog.HashFromTile(tile, data[:tile.W*tlog.HashSize], index); err != nil {
				return nil, fmt.Errorf("%w: %w", ErrTree, err)
			}
		}
		return out, nil
	})
}

// ErrTree is wrapped where stored tiles, a proof or a head don't fit together.
var ErrTree = errors.New("the log does not hold together")

// Grow appends records to a tree of the given size and gives the tiles that have
// changed, each whole. O(records).
func Grow(size int64, records [][]byte, src Source) ([]Tile, error) {
	fresh := map[int64]Hash{}
	stored := src.reader()
	all := tlog.HashReaderFunc(func(indexes []int64) ([]Hash, error) {
		out := make([]Hash, len(indexes))
		for i, index := range indexes {
			if h, ok := fresh[index]; ok {
				out[i] = h
				continue
			}
			h, err := stored.ReadHashes([]int64{index})
			if err != nil {
				return nil, err
			}
			out[i] = h[0]
		}
		return out, nil
	})
	for i, record := range records {
		n := size + int64(i)
		hashes, err := tlog.StoredHashes(n, record, all)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrTree, err)
		}
		for j, h := range hashes {
			fresh[tlog.StoredHashIndex(0, n)+int64(j)] = h
		}
	}
	var out []Tile
	for _, tile := range tlog.NewTiles(TileHeight, size, size+int64(len(records))) {
		data, err := tlog.ReadTileData(tile, all)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrTree, err)
		}
		out = append(out, Tile{tile.L, tile.N, data})
	}
	return out, nil
}

// Root is the tree's head at a size; the empty tree has the zero value.
func Root(size int64, src Source) (Hash, error) {
	if size <= 0 {
		return Hash{}, fmt.Errorf("%w: an empty log has no head", ErrTree)
	}
	h, err := tlog.TreeHash(size, src.reader())
	if err != nil {
		return h, fmt.Errorf("%w: %w", ErrTree, err)
	}
	return h, nil
}

// Leaves gives the leaf hashes from a position on.
func Leaves(from, to int64, src Source) ([]Hash, error) {
	indexes := make([]int64, 0, to-from)
	for n := from; n < to; n++ {
		indexes = append(indexes, tlog.StoredHashIndex(0, n))
	}
	return src.reader().ReadHashes(indexes)
}

// ProveRecord proves to whoever holds the head at size that record n is in the log.
func ProveRecord(size, n int64, src Source) ([]Hash, error) {
	p, err := tlog.ProveRecord(size, n, src.reader())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTree, err)
	}
	return p, nil
}

// CheckRecord checks such a proof.
func CheckRecord(c Checkpoint, n int64, record []byte, proof []Hash) error {
	if err := tlog.CheckRecord(proof, c.Size, c.Root, n, tlog.RecordHash(record)); err != nil {
		return fmt.Errorf("%w: record %d: %w", ErrTree, n, err)
	}
	return nil
}

// ProveHistory proves to whoever has seen the head at size from that the head at
// size to continues it.
func ProveHistory(from, to int64, src Source) ([]Hash, error) {
	p, err := tlog.ProveTree(to, from, src.reader())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTree, err)
	}
	return p, nil
}

// CheckHistory checks such a proof.
func CheckHistory(from, to Checkpoint, proof []Hash) error {
	if err := tlog.CheckTree(proof, to.Size, to.Root, from.Size, from.Root); err != nil {
		return fmt.Errorf("%w: the head at %d does not continue the one at %d: %w", ErrTree, to.Size, from.Size, err)
	}
	return nil
}

// Checkpoint is a head of the tree.
type Checkpoint struct {
	Size int64
	Root Hash
}

const origin = "bukti-hadir/log/1"

// Sign makes the signed note. The empty tree is not signed.
func (c Checkpoint) Sign(signer note.Signer) ([]byte, error) {
	if c.Size <= 0 {
		return nil, fmt.Errorf("%w: an empty log has no head", ErrTree)
	}
	text := fmt.Sprintf("%s\n%d\n%s\n", origin, c.Size, base64.StdEncoding.EncodeToString(c.Root[:]))
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		return nil, fmt.Errorf("sign the log's head: %w", err)
	}
	return signed, nil
}

// OpenCheckpoint verifies a note against the server's key and reads it.
func OpenCheckpoint(signed []byte, server note.Verifier) (Checkpoint, error) {
	n, err := note.Open(signed, note.VerifierList(server))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("%w: %w", ErrTree, err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != origin {
		return Checkpoint{}, fmt.Errorf("%w: not a head of this log", ErrTree)
	}
	var c Checkpoint
	size, err1 := strconv.ParseInt(lines[1], 10, 64)
	root, err2 := base64.StdEncoding.DecodeString(lines[2])
	if err := errors.Join(err1, err2); err != nil || size <= 0 || len(root) != tlog.HashSize || strconv.FormatInt(size, 10) != lines[1] {
		return Checkpoint{}, fmt.Errorf("%w: not a head of this log", ErrTree)
	}
	c.Size = size
	copy(c.Root[:], root)
	return c, nil
}
