//go:build js && wasm

// Wasm is the rulebook for a page that works offline: package offline, compiled for the
// browser by scripts/rulebook. It puts one object, rulebook, into its worker's scope.
// Input and output are JSON, and a refusal is {"error": …}.
package main

import (
	"encoding/json"
	"errors"
	"syscall/js"

	"buktihadir/site-agent/offline"
	"buktihadir/site-agent/roster"
)

func main() {
	var phone *offline.Phone
	functions := map[string]any{
		"open": expose(func(in struct {
			Kit  offline.Kit      `json:"kit"`
			Here offline.Reading  `json:"here"`
			Held []offline.Queued `json:"held"`
		}) (opened bool, err error) {
			phone, err = offline.Open(in.Kit, in.Here, in.Held)
			return err == nil, err
		}),
		"judge": expose(func(in struct {
			Ask  offline.Ask     `json:"ask"`
			Here offline.Reading `json:"here"`
		}) (out struct {
			Answer roster.Answer  `json:"answer"`
			Held   offline.Queued `json:"held"`
		}, err error) {
			if phone == nil {
				return out, offline.ErrAsk
			}
			out.Answer, out.Held, err = phone.Judge(in.Ask, in.Here)
			return out, err
		}),
		"look": expose(func(in struct {
			Query string          `json:"query"`
			Here  offline.Reading `json:"here"`
		}) (offline.Sight, error) {
			if phone == nil {
				return offline.Sight{}, offline.ErrAsk
			}
			return phone.Look(in.Query, in.Here), nil
		}),
	}
	js.Global().Set("rulebook", js.ValueOf(functions))
	select {}
}

// expose makes a function of JSON one of JavaScript.
func expose[In, Out any](f func(In) (Out, error)) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) any {
		var in In
		out, err := *new(Out), errors.New("one argument is needed")
		if len(args) == 1 {
			if err = json.Unmarshal([]byte(args[0].String()), &in); err == nil {
				out, err = f(in)
			}
		}
		var text []byte
		if err == nil {
			text, err = json.Marshal(out)
		}
		if err != nil {
			text, _ = json.Marshal(map[string]string{"error": err.Error()}) // a string always marshals
		}
		return string(text)
	})
}
