package journal_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"buktihadir/models/journal"
)

func walkIn() journal.Attachment {
	return journal.Attachment{Salt: bytes.Repeat([]byte{5}, journal.SaltSize), Name: "Siti Aminah", Number: "4821", Photo: []byte("\xff\xd8\xff\xe0photo")}
}

func TestTheAttachmentFormatNeverChanges(t *testing.T) {
	raw, sum, err := walkIn().Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := hex.EncodeToString(raw), golden(t)["attachment"]; got != want {
		t.Errorf("bytes %s, want %s", got, want)
	}
	got, again, err := journal.ReadAttachment(raw)
	if d := cmp.Diff(walkIn(), got); d != "" || err != nil || again != sum {
		t.Errorf("reads differently, %v (-want +got):\n%s", err, d)
	}
}

func TestWhatIsNoAttachmentIsRefused(t *testing.T) {
	for name, change := range map[string]func(*journal.Attachment){
		"without a salt anybody could try names": func(a *journal.Attachment) { a.Salt = nil },
		"a picture of another format":            func(a *journal.Attachment) { a.Photo = []byte("<svg onload=alert(1)>") },
		"a picture that is too large":            func(a *journal.Attachment) { a.Photo = append(a.Photo, make([]byte, journal.MaxPhoto)...) },
		"a name without end":                     func(a *journal.Attachment) { a.Name = strings.Repeat("a", journal.MaxText+1) },
		"a number without end":                   func(a *journal.Attachment) { a.Number = strings.Repeat("1", journal.MaxNumber+1) },
		"a name that is no text":                 func(a *journal.Attachment) { a.Name = "\xff" },
		"neither a name nor a picture":           func(a *journal.Attachment) { a.Name, a.Photo = "", nil },
	} {
		t.Run(name, func(t *testing.T) {
			a := walkIn()
			change(&a)
			if _, _, err := a.Bytes(); !errors.Is(err, journal.ErrAttachment) {
				t.Errorf("Bytes: %v", err)
			}
		})
	}
}

func FuzzReadAttachment(f *testing.F) {
	raw, _, err := walkIn().Bytes()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Fuzz(func(t *testing.T, b []byte) {
		a, sum, err := journal.ReadAttachment(b)
		if err != nil {
			if !errors.Is(err, journal.ErrAttachment) {
				t.Errorf("%x: %v", b, err)
			}
			return
		}
		again, other, err := a.Bytes()
		if err != nil || !bytes.Equal(again, b) || other != sum {
			t.Errorf("%x is encoded as %x, %v", b, again, err)
		}
	})
}
