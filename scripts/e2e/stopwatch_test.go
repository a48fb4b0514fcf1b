package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

const (
	timedScans = 40 // of each kind, at each speed
	timedRound = 10 // scans after which the other speed has its turn
)

// stopwatch is the script with which the page measures time. It measures two people: one
// who shows a ticket after a pause, and one whose ticket is there as soon as the first is
// green. All times are milliseconds of the page's clock.
const stopwatch = `
	const marks = {};
	const ask = window.fetch;
	window.fetch = async (...request) => {
		if (request[0] !== "/api/scan") return ask(...request);
		marks.asked = performance.now();
		const answer = await ask(...request);
		marks.answered = performance.now();
		return answer;
	};
	const frame = () => new Promise(requestAnimationFrame);
	async function green(verdict) {
		const seen = new Promise((resolve) => {
			const watch = new MutationObserver(() => {
				if (!verdict.open || !verdict.querySelector(".verdict-good")) return;
				watch.disconnect();
				resolve();
			});
			watch.observe(verdict, { subtree: true, childList: true, attributes: true });
		});
		await seen;
		await frame(); // is drawn with it,
		await frame(); // and is out when the next one begins
		return performance.now();
	}
	async function one(code) {
		const shown = green(document.getElementById("verdict"));
		const { held, at } = await lens.show(code);
		return { held, taken: at, shown: await shown, asked: marks.asked, answered: marks.answered };
	}
	window.two = async (first, second) => {
		const times = [await one(first), await one(second)];
		await lens.show("");
		return times;
	};`

// scanTimes are those of one scan.
type scanTimes struct {
	Held     float64 // the ticket is before the camera
	Taken    float64 // the camera's first picture of it
	Asked    float64 // its code was read, and is sent to the agent
	Answered float64 // the agent has it on disk
	Shown    float64 // green is on the screen
}

// slowable opens the scanner's page on a phone and can make it as slow as one. The
// protocol's throttle reaches a page's main thread only: a worker answers that "Operation
// is only supported for pages, not workers", and goes on as fast as before. So the worker
// that reads codes is made to idle after each picture for as long as a slower one would
// still be at it. The agent, the browser's own processes and the camera stay as they are.
func slowable(b *testing.B, people int) (phone *Page, codes []string, slow func(times float64)) {
	b.Helper()
	site, dir := fullAgent(b, people)
	for i := range people {
		code, err := site.Token(i)
		if err != nil {
			b.Fatal(err)
		}
		codes = append(codes, modules(b, code))
	}
	phone, address := staffAt(b, site, dir)
	holdsCameraApart(phone, stopwatch)
	phone.Open(address + "/")
	phone.Wait(`document.querySelector(".scanner.is-on video").videoWidth > 0`)
	worker := scannerWorker(b, phone)
	evaluate := func(script string) {
		if _, err := chromedp.Run(worker, chromedp.Evaluate[bool](script)); err != nil {
			b.Fatal(err)
		}
	}
	evaluate(`(() => {
		self.slower = 1;
		const post = self.postMessage;
		let began = 0;
		addEventListener("message", () => (began = performance.now()), { capture: true });
		self.postMessage = (message) => {
			const until = began + slower * (performance.now() - began);
			while (performance.now() < until);
			post(message);
		};
		return true;
	})()`)
	return phone, codes, func(times float64) {
		phone.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: times})
			return err
		}))
		evaluate(fmt.Sprintf("(self.slower = %g) > 0", times))
	}
}

// scannerWorker attaches to the worker that reads codes.
func scannerWorker(b *testing.B, phone *Page) context.Context {
	b.Helper()
	all, err := chromedp.CallBrowser(phone.Context(), target.GetTargets, target.GetTargetsParams{Filter: target.Filter{{}}})
	if err != nil {
		b.Fatal(err)
	}
	at := slices.IndexFunc(all.TargetInfos, func(i *target.Info) bool { return strings.Contains(i.URL, "/scanner-worker.") })
	if at < 0 {
		b.Fatal("the page has no worker that reads codes")
	}
	ctx, cancel := chromedp.NewContext(phone.Context(), chromedp.WithTargetID(all.TargetInfos[at].TargetID))
	b.Cleanup(cancel)
	return ctx
}

// span is a part of a scan's time.
type span struct {
	name string
	of   func(first, second scanTimes) float64
}

var spans = []span{
	{"held up → first picture of it (the camera's 30 a second)", func(a, _ scanTimes) float64 { return a.Taken - a.Held }},
	{"first picture → code read", func(a, _ scanTimes) float64 { return a.Asked - a.Taken }},
	{"code read → agent's answer, on its disk", func(a, _ scanTimes) float64 { return a.Answered - a.Asked }},
	{"agent's answer → green on screen", func(a, _ scanTimes) float64 { return a.Shown - a.Answered }},
	{"FIRST PICTURE → GREEN ON SCREEN", func(a, _ scanTimes) float64 { return a.Shown - a.Taken }},
	{"GREEN → NEXT CODE READ, held up at once", func(a, b scanTimes) float64 { return b.Asked - a.Shown }},
	{"green → next green", func(a, b scanTimes) float64 { return b.Shown - a.Shown }},
}

// BenchmarkScan times scans by the page's camera, from the first picture that shows a
// code to green on the screen, at full speed and with a page and a reader four times
// slower, in turn: ./scripts/bench scan. The camera is played by a worker of its own
// (testdata/lens.js), which notes when it takes a picture; it and the page have one clock.
// Its codes are sharp: how hard ones are read is BenchmarkHardFrames' question. On screen
// is when the frame after the one that was drawn with the verdict begins, up to a
// sixtieth of a second too late rather than too early.
func BenchmarkScan(b *testing.B) {
	speeds := []float64{1, 4}
	const warm = 2
	people := 2*warm + len(speeds)*2*timedScans
	phone, codes, slow := slowable(b, people)
	scan := func() [2]scanTimes {
		phone.Wait(`!document.getElementById("verdict").open`)
		Eval[bool](phone, fmt.Sprintf("new Promise((done) => setTimeout(done, %d, true))", 300+rand.IntN(200)))
		times := Eval[[2]scanTimes](phone, "two("+codes[0]+", "+codes[1]+")")
		codes = codes[2:]
		return times
	}
	for range warm {
		scan()
	}
	taken := map[float64][][2]scanTimes{}
	b.ResetTimer()
	for b.Loop() {
		for len(taken[4]) < timedScans {
			for _, speed := range speeds {
				slow(speed)
				for range timedRound {
					taken[speed] = append(taken[speed], scan())
				}
			}
		}
	}
	slow(1)
	var table strings.Builder
	fmt.Fprintf(&table, "\n%58s  %-24s %-24s %s", "ms: median, 95 of 100, most", "at full speed", "four times slower", "ratio")
	for _, s := range spans {
		fmt.Fprintf(&table, "\n%-58s ", s.name)
		var medians []float64
		for _, speed := range speeds {
			var list []float64
			for _, pair := range taken[speed] {
				list = append(list, s.of(pair[0], pair[1]))
			}
			slices.Sort(list)
			medians = append(medians, list[len(list)/2])
			fmt.Fprintf(&table, " %6.1f %6.1f %6.1f    ", list[len(list)/2], list[len(list)*95/100], list[len(list)-1])
		}
		fmt.Fprintf(&table, " %.1f", medians[1]/medians[0])
	}
	b.Log(table.String())
}
