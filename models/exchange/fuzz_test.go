package exchange_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"buktihadir/models/exchange"
)

// The fuzzers get what is inside the compression, so that they change the
// message and not a checksum.

func FuzzUnpackEnrolRequest(f *testing.F) { fuzzUnpack[exchange.EnrolRequest](f) }
func FuzzUnpackEnrolAnswer(f *testing.F)  { fuzzUnpack[exchange.EnrolAnswer](f) }
func FuzzUnpackPushAnswer(f *testing.F)   { fuzzUnpack[exchange.PushAnswer](f) }
func FuzzUnpackRosterPage(f *testing.F)   { fuzzUnpack[exchange.RosterPage](f) }
func FuzzUnpackOthersAsk(f *testing.F)    { fuzzUnpack[exchange.OthersAsk](f) }
func FuzzUnpackOthersAnswer(f *testing.F) { fuzzUnpack[exchange.OthersAnswer](f) }
func FuzzUnpackTailAsk(f *testing.F)      { fuzzUnpack[exchange.TailAsk](f) }
func FuzzUnpackBatch(f *testing.F)        { fuzzUnpack[exchange.Batch](f) }

func FuzzUnpackCompressed(f *testing.F) {
	f.Add(compress(f, []byte{0xa0}))
	f.Add(stream(f, make([]byte, 1<<16), 200))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := exchange.Unpack[exchange.Batch](b); err != nil && !errors.Is(err, exchange.ErrMessage) {
			t.Errorf("%x: %v", b, err)
		}
	})
}

func fuzzUnpack[M exchange.Message](f *testing.F) {
	f.Add([]byte{0xa0})
	f.Add([]byte{0xa1, 0x05, 0x81, 0x84, 0x01, 0x41, 0x02, 0x41, 0x03})
	f.Add([]byte{0xa2, 0x00, 0x01, 0x01, 0x50, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := exchange.Unpack[M](compress(t, raw))
		if err != nil {
			if !errors.Is(err, exchange.ErrMessage) {
				t.Errorf("%x: %v", raw, err)
			}
			return
		}
		if b, ok := any(m).(exchange.Batch); ok {
			if _, _, err := b.Expand(public(agentKey())); err == nil && len(b.Rows) > 0 {
				t.Errorf("%x: made-up events carry a signature", raw)
			}
		}
		packed, err := exchange.Pack(m)
		if err != nil {
			t.Fatalf("%x: can't be packed again: %v", raw, err)
		}
		again, err := exchange.Unpack[M](packed)
		if d := cmp.Diff(m, again, cmpopts.EquateEmpty()); err != nil || d != "" {
			t.Errorf("%x: %v\n%s", raw, err, d)
		}
	})
}
