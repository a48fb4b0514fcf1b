package office

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"buktihadir/models"
	"buktihadir/server/store"
)

// Change is one thing that an entry of a pilot's history changed. Field names it
// ("quota", "province:32", "policy:late_after", "budget:total", "budget:province:91").
// The values are as programs write them, or "" if there was or is no value.
type Change struct {
	Field string `json:"field"`
	From  string `json:"from,omitempty"`
	To    string `json:"to,omitempty"`
}

// ChangesOf reads what an entry of the history changed, where it says so field by field.
func ChangesOf(h models.HistoryEntry) []Change {
	var list []Change
	if !strings.HasPrefix(h.Detail, "[{") || json.Unmarshal([]byte(h.Detail), &list) != nil {
		return nil
	}
	return list
}

// Facts are a thing's fields, as a Change names them.
type Facts map[string]string

// Since lists what is other than before, by field.
func (f Facts) Since(before Facts) []Change {
	all := maps.Clone(f)
	maps.Copy(all, before)
	var list []Change
	for _, field := range slices.Sorted(maps.Keys(all)) {
		if before[field] != f[field] {
			list = append(list, Change{field, before[field], f[field]})
		}
	}
	return list
}

// detail is the form in which the history stores changes; "" without changes.
func detail(list []Change) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	text, err := json.Marshal(list)
	if err != nil {
		return "", fmt.Errorf("changes: %w", err)
	}
	return string(text), nil
}

// PhaseFacts are the facts of a phase.
func PhaseFacts(p models.Phase) Facts { return Facts{"phase": string(p)} }

// QuotaFacts are the facts of a quota, whole and by province.
func QuotaFacts(quota int, provinces []models.PilotProvince) Facts {
	f := Facts{"quota": strconv.Itoa(quota)}
	for _, p := range provinces {
		f["province:"+p.Province] = strconv.Itoa(p.Quota)
	}
	return f
}

// DecisionFacts are the facts of the committee's decision.
func DecisionFacts(p models.Pilot) Facts {
	f := PhaseFacts(p.Phase)
	for name, value := range map[string]string{"number": p.DecisionNumber, "date": string(p.DecisionDate), "first_day": string(p.FirstDay),
		"document": p.DecisionFile} {
		f["decision:"+name] = value
	}
	return f
}

// PolicyFacts are the facts of a policy, number by number.
func PolicyFacts(p models.Policy) (Facts, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	var values map[string]json.RawMessage
	if err := json.Unmarshal(text, &values); err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	f := Facts{}
	for name, value := range values {
		f["policy:"+name] = strings.Trim(string(value), `"`)
	}
	return f, nil
}

// BudgetFacts are the facts of a budget; none where there is no version.
func BudgetFacts(b models.Budget) Facts {
	if b.Version == 0 {
		return Facts{}
	}
	f := Facts{"budget:version": strconv.Itoa(b.Version),
		"budget:valid_from": string(b.ValidFrom), "budget:warn_at": strconv.Itoa(b.WarnAt), "budget:refuse": strconv.FormatBool(b.Refuse)}
	for _, a := range b.Amounts() {
		if *a.At == 0 && a.Name != "total" {
			continue // without cost it needs no entry
		}
		f["budget:"+a.Name] = strconv.FormatInt(int64(*a.At), 10)
	}
	for code, percent := range b.Rates.Provinces {
		f["budget:province:"+code] = strconv.Itoa(percent)
	}
	return f
}

// RecordChanges records what was done to a pilot, field by field, and why.
func (a Actor) RecordChanges(tx *store.Tx, action string, pilot uuid.UUID, changes []Change) error {
	text, err := detail(changes)
	if err != nil {
		return err
	}
	return a.Record(tx, Done{Action: action, Entity: "pilot", ID: pilot.String(), Detail: text})
}
