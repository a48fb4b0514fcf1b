package models_test

import (
	"strings"
	"testing"

	"buktihadir/models"
)

func TestAnAddressIsPlainOrRefused(t *testing.T) {
	for text, want := range map[string]string{
		"siti@contoh.id": "siti@contoh.id", " Siti.Aminah+kerja@Contoh.ID ": "Siti.Aminah+kerja@contoh.id",
		"": "", "siti": "", "siti@localhost": "", "Siti <siti@contoh.id>": "", "a@b.id, c@d.id": "", "a@b.id\r\nBcc: x@y.id": "",
		strings.Repeat("a", 250) + "@b.id": "",
	} {
		got, err := models.ParseEmail(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
	if got := models.MaskedEmail("siti@contoh.id"); got != "s…@contoh.id" {
		t.Errorf("masked: %q", got)
	}
}
