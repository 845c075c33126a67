package boot

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

func identifier() string { return line("/proc/sys/kernel/random/boot_id") }

func up() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t); err != nil {
		return 0
	}
	return time.Duration(t.Nano())
}

// Identify is the machine whose files are below root.
func Identify(root string) Machine {
	return Machine{
		Hardware: strings.ToLower(line(filepath.Join(root, "sys/class/dmi/id/product_uuid"))),
		System:   line(filepath.Join(root, "etc/machine-id")),
	}
}

// line is the first line of a small file, "" if there is none.
func line(path string) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	text, _ := io.ReadAll(io.LimitReader(file, 256))
	first, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimSpace(first)
}
