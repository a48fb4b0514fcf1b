package e2e

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestActAsAProgram is not a test: in it this test binary plays the program that the
// tests below run, so that they need not wait for the real ones.
func TestActAsAProgram(t *testing.T) {
	switch os.Getenv("ACT") {
	case "serve":
		actAsServer(t)
	case "answer":
		lines := bufio.NewScanner(os.Stdin)
		for seq := 1; lines.Scan(); seq++ {
			fmt.Printf("{\"verdict\":%q,\"seq\":%d}\n", lines.Text(), seq)
		}
		os.Exit(0)
	case "refuse":
		fmt.Fprintln(os.Stderr, "no such class")
		os.Exit(1)
	}
}

func actAsServer(t *testing.T) {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "hadir")
		}))
	}()
	fmt.Fprintln(os.Stderr, "level=INFO msg=started")
	fmt.Printf("listening on http://%s\n", listener.Addr())
	<-stop
	fmt.Fprintln(os.Stderr, "level=INFO msg=drained")
	os.Exit(0)
}

func act(t *testing.T, role string) (program Program, arg string) {
	t.Helper()
	t.Setenv("ACT", role)
	return Program(os.Args[0]), "-test.run=^TestActAsAProgram$"
}

func TestAServingProgramIsReachableWhereItSaysAndStopsWell(t *testing.T) {
	program, arg := act(t, "serve")
	p := program.Serve(t, arg)
	res, err := http.Get(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil || string(body) != "hadir" {
		t.Errorf("answer = %q, %v", body, err)
	}
	if err := res.Body.Close(); err != nil {
		t.Error(err)
	}
	p.Stop()
	for _, want := range []string{"msg=started", "listening on", "msg=drained"} {
		if !strings.Contains(p.Log(), want) {
			t.Errorf("the log lacks %q:\n%s", want, p.Log())
		}
	}
}

func TestAKilledProgramSaysNoLastWord(t *testing.T) {
	program, arg := act(t, "serve")
	p := program.Serve(t, arg)
	p.Kill()
	if strings.Contains(p.Log(), "msg=drained") {
		t.Errorf("it had the time to drain:\n%s", p.Log())
	}
	if conn, err := net.DialTimeout("tcp", strings.TrimPrefix(p.URL, "http://"), time.Second); err == nil {
		_ = conn.Close()
		t.Error("it still listens")
	}
}

func TestACommandAnswersALineForEachLine(t *testing.T) {
	program, arg := act(t, "answer")
	r := program.Run(t, "BH1A\nBH1B\n", arg)
	type answer struct {
		Verdict string `json:"verdict"`
		Seq     int    `json:"seq"`
	}
	if diff := cmp.Diff([]answer{{"BH1A", 1}, {"BH1B", 2}}, Lines[answer](t, r.Stdout)); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

func TestARefusingCommandEndsWithItsCodeAndASentence(t *testing.T) {
	program, arg := act(t, "refuse")
	if got, want := program.Run(t, "", arg), (Result{Stderr: "no such class\n", Code: 1}); got != want {
		t.Errorf("result = %+v, want %+v", got, want)
	}
}
