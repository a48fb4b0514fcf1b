package sites_test

import (
	"strings"
	"testing"

	"buktihadir/models"
)

// A site says what it has become too small for.
func TestASiteSaysWhatItIsTooSmallFor(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b, site := o.As(t, models.RoleReviewer), o.Sites[0]
	if page := b.Get("/sites/" + site.ID.String() + "?lang=en"); strings.Contains(page.Body, "too small") {
		t.Errorf("as large as its class:\n%s", page.Body)
	}
	if err := o.DB.Model(&site).Update("capacity", 10).Error; err != nil {
		t.Fatal(err)
	}
	page := b.Get("/sites/" + site.ID.String() + "?lang=en").Body
	for _, want := range []string{"too small", "capacity is 10, but class " + o.Classes[0].Code + " has 40 seats", `href="/classes/` + o.Classes[0].ID.String() + `"`} {
		if !strings.Contains(page, want) {
			t.Errorf("lacks %q:\n%s", want, page)
		}
	}
}
