package models

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// Rupiah is an amount of money in whole rupiah, so that no fraction gets lost.
type Rupiah int64

// String writes "Rp600.000", as both languages do.
func (r Rupiah) String() string {
	digits := strconv.FormatInt(int64(r), 10)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	out := digits[:(len(digits)-1)%3+1]
	for i := len(out); i < len(digits); i += 3 {
		out += "." + digits[i:i+3]
	}
	return sign + "Rp" + out
}

// ErrRupiah says that a text is not an amount in whole rupiah.
var ErrRupiah = errors.New("not a sum of whole rupiah")

var rupiahText = regexp.MustCompile(`^(?i:Rp)?\.?\s*(\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+)$`)

// ParseRupiah reads "600000", "600.000", "600,000" or "Rp 600.000". It refuses a text
// that could be a fraction and never guesses.
func ParseRupiah(text string) (Rupiah, error) {
	parts := rupiahText.FindStringSubmatch(strings.TrimSpace(text))
	if parts == nil {
		return 0, ErrRupiah
	}
	n, err := strconv.ParseInt(strings.NewReplacer(".", "", ",", "").Replace(parts[1]), 10, 64)
	if err != nil {
		return 0, ErrRupiah
	}
	return Rupiah(n), nil
}

// Rate is what teaching in one mode costs.
type Rate struct {
	Fee    Rupiah `json:"fee"`    // of the training, for each participant
	Travel Rupiah `json:"travel"` // to each participant
	Class  Rupiah `json:"class"`  // of holding a class, whoever comes
}

// Rates are the prices that a pilot is calculated with. They are not official prices.
type Rates struct {
	Onsite    Rate           `json:"onsite"`
	Online    Rate           `json:"online"`
	Blended   Rate           `json:"blended"`
	Incentive Rupiah         `json:"incentive"`           // to each participant who completes
	Provinces map[string]int `json:"provinces,omitempty"` // the costs there, in percent of the rates above; 100 where the budget has no entry
}

// Of is the rate of a mode.
func (r Rates) Of(m Mode) Rate {
	switch m {
	case ModeOnline:
		return r.Online
	case ModeBlended:
		return r.Blended
	case ModeOnsite:
	}
	return r.Onsite
}

// Budget is one version of a pilot's budget. The newest version says how much money there
// is and what happens at its end. The rates of a version apply to classes that begin on
// its day or later, until a newer version changes them.
type Budget struct {
	PilotID   uuid.UUID `gorm:"primaryKey"`
	Version   int       `gorm:"primaryKey;autoIncrement:false"` // from 1
	ValidFrom LocalDate // of the rates
	Total     Rupiah    // 0: no limit
	WarnAt    int       // percent of the total from which people are warned
	Refuse    bool      // enrolling past the total is refused, and only warned of otherwise
	Rates     Rates     `gorm:"serializer:json"`
	CreatedAt Millis    `gorm:"autoCreateTime:milli"`
}

// Amount is one sum of a budget, by the name that forms and commands have for it.
type Amount struct {
	Name string
	At   *Rupiah
}

// Most is the largest that the sum may be.
func (a Amount) Most() Rupiah {
	if a.Name == "total" {
		return MostTotal
	}
	return MostRate
}

// Amounts lists a budget's sums. The pointers point into the budget itself.
func (b *Budget) Amounts() []Amount {
	list := []Amount{{"total", &b.Total}}
	for _, m := range []struct {
		mode Mode
		rate *Rate
	}{{ModeOnsite, &b.Rates.Onsite}, {ModeOnline, &b.Rates.Online}, {ModeBlended, &b.Rates.Blended}} {
		list = append(list, Amount{string(m.mode) + "_fee", &m.rate.Fee}, Amount{string(m.mode) + "_travel", &m.rate.Travel},
			Amount{string(m.mode) + "_class", &m.rate.Class})
	}
	return append(list, Amount{"incentive", &b.Rates.Incentive})
}

// The largest numbers of a budget. At most ten million places at these rates still
// add up in 64 bits, with room to spare.
const (
	MostTotal    Rupiah = 1_000_000_000_000_000
	MostRate     Rupiah = 1_000_000_000
	MostPercent         = 1000
	MostInBudget        = 10_000_000 // participants
)

// BudgetError says which number of a budget makes no sense, and what it may be at most.
type BudgetError struct {
	Field string
	Most  int64
}

func (e BudgetError) Error() string {
	return fmt.Sprintf("budget: %s is out of range, at most %d", e.Field, e.Most)
}

// Check says which number of the budget makes no sense, as a BudgetError.
func (b Budget) Check() error {
	for _, a := range b.Amounts() {
		if *a.At < 0 || *a.At > a.Most() {
			return BudgetError{a.Name, int64(a.Most())}
		}
	}
	if b.WarnAt < 1 || b.WarnAt > 100 {
		return BudgetError{"warn_at", 100}
	}
	for _, percent := range b.Rates.Provinces {
		if percent < 1 || percent > MostPercent {
			return BudgetError{"provinces", MostPercent}
		}
	}
	return nil
}

// Clone is a budget that shares nothing with this one.
func (b Budget) Clone() Budget {
	b.Rates.Provinces = maps.Clone(b.Rates.Provinces)
	return b
}
