package desk

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// ReadBattery asks this computer how full its battery is.
func ReadBattery() Battery { return readBattery("/sys/class/power_supply") }

// readBattery reads the first system battery
// (https://docs.kernel.org/power/power_supply_class.html). Mice and keyboards have
// batteries too; their scope is "Device".
func readBattery(root string) Battery {
	supplies, err := filepath.Glob(filepath.Join(root, "*"))
	if err != nil {
		return Battery{}
	}
	for _, dir := range supplies {
		field := func(name string) string {
			text, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				return ""
			}
			return strings.TrimSpace(string(text))
		}
		percent, err := strconv.Atoi(field("capacity"))
		if field("type") != "Battery" || field("scope") == "Device" || err != nil {
			continue
		}
		return Battery{Known: true, Percent: percent, Plugged: field("status") != "Discharging"}
	}
	return Battery{}
}
