package sites_test

import (
	"net/http"
	"strings"
	"testing"

	"buktihadir/models"
)

func TestAnOfficersPINIsShownOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.As(t, models.RoleAdmin)
	site := "/sites/" + o.Sites[0].ID.String()
	if got := b.Post(site+"/officers", "name", " "); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, `id="name-problem"`) {
		t.Errorf("an officer without a name: %d, want a sentence at the field", got.Status)
	}
	added := b.Post(site+"/officers", "name", "Joko", "supervisor", "1")
	if page := b.Follow(added); !strings.Contains(page.Body, `<pre class="code"`) {
		t.Errorf("the PIN is missing: %d", page.Status)
	}
	if page := b.Follow(added); strings.Contains(page.Body, `<pre class="code"`) {
		t.Error("the PIN is shown a second time")
	}
}
