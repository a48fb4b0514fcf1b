package desk

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// ReadMachine asks this computer how it stands; dir holds the agent's data.
func ReadMachine(dir string) Machine {
	m := Machine{Battery: readBattery("/sys/class/power_supply")}
	var fs unix.Statfs_t
	if unix.Statfs(dir, &fs) == nil && fs.Bsize > 0 {
		m.Free, m.Total = fs.Bavail*uint64(fs.Bsize), fs.Blocks*uint64(fs.Bsize)
	}
	return m
}

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
