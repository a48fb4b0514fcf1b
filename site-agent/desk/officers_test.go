package desk_test

import (
	"errors"
	"testing"
	"time"

	"buktihadir/site-agent/desk"
)

func TestPINsCanNotBeGuessed(t *testing.T) {
	p := newPlace(t, 1, nil)
	for range 5 {
		if _, err := p.SignIn(p.site.Officer, "000000"); !errors.Is(err, desk.ErrWrongPIN) {
			t.Fatal(err)
		}
	}
	if _, err := p.SignIn(p.site.Officer, p.site.PIN); !errors.Is(err, desk.ErrLocked) {
		t.Errorf("the right PIN after five wrong ones: %v", err)
	}
	p.now.Add((31 * time.Second).Milliseconds())
	if o, err := p.SignIn(p.site.Officer, p.site.PIN); err != nil || o.ID != p.site.Officer {
		t.Errorf("after the wait: %v %v", o, err)
	}
}
