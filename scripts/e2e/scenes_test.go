package e2e

import (
	_ "embed" // the scenes
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"buktihadir/models"
	"buktihadir/scripts/sample"
)

//go:embed testdata/scenes.js
var scenesScript string

// strangers are codes that stand about at a training site.
var strangers = []string{
	wifi, "https://example.id/promo", "HTTPS://BIT.LY/3XAMPLE",
	"00020101021126610014COM.GO-JEK.WWW01189360091430000000000215G0000000000303UMI5204581253033605802ID5913WARUNG SRI6006SLEMAN61055528162070703A0163040000",
}

// scenePage can make scenes and look at them.
func scenePage(t *testing.T) *Page {
	t.Helper()
	site, err := sample.New(8, models.Millis(1782090000000))
	if err != nil {
		t.Fatal(err)
	}
	var tickets, foreign, drawn []string
	for i := range site.People {
		code, err := site.Token(i)
		if err != nil {
			t.Fatal(err)
		}
		tickets, drawn = append(tickets, quote(code)), append(drawn, quote(code)+": "+modules(t, code))
	}
	for _, code := range strangers {
		foreign, drawn = append(foreign, quote(code)), append(drawn, quote(code)+": "+modules(t, code))
	}
	page := readerPage(t, http.NewServeMux())
	Eval[bool](page, scenesScript+fmt.Sprintf(`Object.assign(window, { scene, looks, paint, tickets: [%s], foreign: [%s], drawn: { %s } });
		true`, strings.Join(tickets, ", "), strings.Join(foreign, ", "), strings.Join(drawn, ", ")))
	return page
}

// aimedScene is what became of a scene: the text that was aimed at, "" where nobody could
// say which, and the text that was taken.
type aimedScene struct{ Aimed, Text string }

// judgeScenes expects that nobody else's ticket is ever taken, and hardly an aimed one missed.
func judgeScenes(t *testing.T, scenes []aimedScene) {
	t.Helper()
	aimed, taken, none := 0, 0, 0
	for i, s := range scenes {
		switch {
		case s.Aimed == "":
			none++
		case s.Text == s.Aimed:
			aimed, taken = aimed+1, taken+1
			continue
		default:
			aimed++
		}
		if s.Text != "" {
			t.Errorf("scene %d: aimed at %.40q, taken %.40q", i, s.Aimed, s.Text)
		}
	}
	t.Logf("%d of %d aimed tickets taken; %d scenes with two in the frame", taken, aimed, none)
	if 100*taken < 99*aimed || none == 0 {
		t.Errorf("%d of %d aimed tickets taken, %d scenes with two in the frame", taken, aimed, none)
	}
}

// A thousand scenes of two to four codes, of which each look misses some, as the reader's
// answers alone.
func TestOfManyCodesInViewNobodyElsesIsTaken(t *testing.T) {
	t.Parallel()
	judgeScenes(t, Eval[[]aimedScene](scenePage(t), "Array.from({ length: 1000 }, (_, i) => looks(i, tickets, foreign))"))
}

// A hundred and fifty of them, drawn and read.
func TestOfManyCodesThatAreReadNobodyElsesIsTaken(t *testing.T) {
	t.Parallel()
	page := scenePage(t)
	var scenes []aimedScene
	for i := range 150 {
		scenes = append(scenes, Eval[aimedScene](page, fmt.Sprintf(`(async () => {
			const made = scene(%d, tickets, foreign);
			return { aimed: made.aimed, text: (await held(paint(made, drawn), 10)).text };
		})()`, i)))
	}
	judgeScenes(t, scenes)
}

// One ticket never waits: neither the first, nor the next one that takes its place at once,
// nor one that turns over in view.
func TestATicketInTheMiddleIsTakenAtTheFirstLook(t *testing.T) {
	t.Parallel()
	page := scenePage(t)
	got := Eval[[]string](page, `(() => {
		const choice = new Choice();
		const aim = middle({ width: 1280, height: 720 });
		const corners = [[490, 210], [790, 210], [790, 510], [490, 510]].map(([x, y]) => ({ x, y }));
		const look = (text, now) => choice.look([{ text, corners }], aim, now).text;
		return [look(tickets[0], 0), look(tickets[1], 33), look(tickets[1] + "0", 66)];
	})()`)
	want := Eval[[]string](page, `[tickets[0], tickets[1], tickets[1] + "0"]`)
	if !slices.Equal(got, want) {
		t.Errorf("taken %q, want %q", got, want)
	}
}
