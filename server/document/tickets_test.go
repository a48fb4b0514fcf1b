package document_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/server/document"
	"buktihadir/templates"
)

func cards(n int) []document.Card {
	names := []string{"Siti Aminah", "Dewi Lestari Kusumaningtyas Prawirodirdjo binti Raden Mas Sosrokartono", "Zoë Núñez Çelik"}
	list := make([]document.Card, n)
	for i := range list {
		list[i] = document.Card{Class: "BDG-BARISTA-1", Name: names[i%len(names)], Number: fmt.Sprintf("REG-%05d", i), Until: "2026-08-21",
			Token: strings.Repeat(fmt.Sprintf("%07d0ABCDEFGHJKMNPQRSTVW", i), 6)}
	}
	return list
}

func TestTicketsAreEightToASheetAndNameTheirHolders(t *testing.T) {
	p := renderer(t, templates.Indonesian)
	list := cards(17)
	got := read(t, draw(t, "tickets", func() ([]byte, error) { return p.Tickets("Tiket", 1_780_000_000_000, list) }))
	if len(got.pages) != 3 {
		t.Fatalf("17 tickets are on %d sheets, want 3", len(got.pages))
	}
	for i, c := range list {
		page := got.pages[i/8]
		if !strings.Contains(page, c.Number) || !strings.Contains(page, squeezed(c.Name)) || !strings.Contains(page, "Berlakusampai21Agustus2026") {
			t.Errorf("ticket %d is not on sheet %d: %.300s", i, i/8+1, page)
		}
	}
	if _, err := p.Tickets("Tiket", models.Millis(1), cards(document.MostCards+1)); !errors.Is(err, document.ErrTooLong) {
		t.Errorf("too many for one file: %v", err)
	}
}
