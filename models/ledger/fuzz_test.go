package ledger_test

import (
	"bytes"
	"testing"

	"github.com/google/uuid"

	"buktihadir/models/ledger"
)

func FuzzExport(f *testing.F) {
	var b bytes.Buffer
	w := ledger.NewWriter(&b)
	for _, l := range []ledger.Line{
		{Header: &ledger.Header{Format: ledger.ExportFormat, Head: "x"}}, {Agent: &ledger.AgentLine{ID: uuid.New()}}, {Ticket: &ledger.TicketLine{}},
		{Event: &ledger.EventLine{Bytes: []byte{0xa0}}}, {Correction: &ledger.CorrectionLine{}}, {Seal: &ledger.Seal{Note: "x"}},
	} {
		if err := w.Write(l); err != nil {
			f.Fatal(err)
		}
	}
	for line := range bytes.Lines(b.Bytes()) {
		f.Add(bytes.Clone(line))
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := ledger.Verify(bytes.NewReader(b), "")
		if err == nil && len(v.Differences) == 0 && len(b) > 0 {
			t.Errorf("proven without any server's key having signed it: %q", b)
		}
		l, err := ledger.ParseLine(b)
		if err != nil {
			return
		}
		var once, twice bytes.Buffer
		if err := ledger.NewWriter(&once).Write(l); err != nil {
			t.Fatalf("read and not written: %v", err)
		}
		again, err := ledger.ParseLine(once.Bytes())
		if err != nil {
			t.Fatalf("written and not read: %v", err)
		}
		if err := ledger.NewWriter(&twice).Write(again); err != nil || !bytes.Equal(once.Bytes(), twice.Bytes()) {
			t.Errorf("first %s then %s (%v)", once.Bytes(), twice.Bytes(), err)
		}
	})
}
