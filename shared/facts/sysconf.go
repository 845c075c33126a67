package facts

import (
	"bytes"
	"context"
	"os"
	"strconv"
	"strings"
)

// sysconf is what `getconf -a` prints with glibc: numbers as integers,
// undefined ones null.
func sysconf(_ context.Context, m *Machine) map[string]any {
	libc := libcVersion(m)
	if libc == "" {
		return nil
	}
	x86 := m.uname().Machine == "x86_64"
	out := map[string]any{"GNU_LIBC_VERSION": "glibc " + libc, "GNU_LIBPTHREAD_VERSION": "NPTL " + libc}
	table := strings.ReplaceAll(sysconfTable, "M64 ", "- ")
	if x86 {
		table = strings.ReplaceAll(sysconfTable, "M64 ", "-m64 ")
	}
	tabled(out, table)
	set(out, "127", "CHAR_MAX")
	set(out, "-128", "CHAR_MIN")
	set(out, "16384", "PTHREAD_STACK_MIN")
	if !x86 {
		set(out, "255", "CHAR_MAX")
		set(out, "0", "CHAR_MIN")
		set(out, "131072", "PTHREAD_STACK_MIN")
	}
	processLimits(m, out)
	machineLimits(m, out)
	pathLimits(m, out)
	caches(m, out)
	byVersion(libc, out)
	return map[string]any{"sysconf": out}
}

// byVersion is what changed since glibc 2.26.
func byVersion(libc string, out map[string]any) {
	_, minor, _ := strings.Cut(libc, ".") // of 2.36
	if out["LEVEL4_CACHE_SIZE"] == nil && number(minor) < 33 {
		set(out, "0", "LEVEL4_CACHE_SIZE", "LEVEL4_CACHE_ASSOC", "LEVEL4_CACHE_LINESIZE")
	}
	if number(minor) >= 41 { // the names of POSIX.1-2024
		out["NPROCESSORS_CONF"], out["NPROCESSORS_ONLN"] = out["_NPROCESSORS_CONF"], out["_NPROCESSORS_ONLN"]
	}
	if number(minor) >= 43 { // what _POSIX_ names is what POSIX asks for at least, no longer the system's own
		tabled(out, sysconfLeast)
	}
}

// tabled sets what a table has: a value a line, then the names that have it.
func tabled(out map[string]any, table string) {
	for _, line := range lines(table) {
		value, names, _ := strings.Cut(line, " ")
		set(out, value, strings.Fields(names)...)
	}
}

// set gives names a value: an integer where it is one, null for "-".
func set(out map[string]any, value string, names ...string) {
	var v any = value
	if n, err := strconv.ParseInt(value, 10, 64); err == nil {
		v = n
	} else if n, err := strconv.ParseUint(value, 10, 64); err == nil {
		v = n
	} else if value == "-" || value == "" {
		v = nil
	}
	for _, name := range names {
		out[name] = v
	}
}

// libcVersion finds the C library's own sentence in the library.
func libcVersion(m *Machine) string {
	arch := m.uname().Machine
	for _, path := range [...]string{"/lib/" + arch + "-linux-gnu/libc.so.6", "/lib64/libc.so.6", "/usr/lib64/libc.so.6", "/lib/libc.so.6"} {
		if sentence := m.search(path, "GNU C Library"); sentence != "" {
			return strings.TrimRight(after(sentence, "release version "), ".,")
		}
	}
	return ""
}

// search gives what stands behind a marker in a large file, up to 128 bytes,
// without holding the file.
func (m *Machine) search(name, marker string) string {
	f, err := os.Open(m.path(name))
	if err != nil {
		return ""
	}
	defer f.Close()
	const window, overlap = 64 << 10, 256
	buffer := make([]byte, overlap+window)
	for at, kept := int64(0), 0; at < large; {
		n, err := f.ReadAt(buffer[kept:], at)
		part := buffer[:kept+n]
		if i := bytes.Index(part, []byte(marker)); i >= 0 && (len(part)-i > overlap/2 || err != nil) {
			i += len(marker)
			return valid(string(part[i:min(i+overlap/2, len(part))]))
		}
		if err != nil {
			return ""
		}
		at += int64(n)
		kept = copy(buffer, part[max(0, len(part)-overlap):])
	}
	return ""
}

// processLimits is setrlimit(2)'s, as of this process; of the open files,
// whose limit Go raises at its start, as of the parent.
func processLimits(m *Machine, out map[string]any) {
	limits := limitsOf(m, "self")
	stack := limits["Max stack size"]
	arguments := "4611686018427387903" // a quarter of no limit
	if digits(stack) {
		arguments = strconv.Itoa(max(131072, number(stack)/4))
	}
	set(out, arguments, "ARG_MAX", "_POSIX_ARG_MAX")
	set(out, limits["Max processes"], "CHILD_MAX", "_POSIX_CHILD_MAX")
	set(out, limits["Max pending signals"], "SIGQUEUE_MAX")
	files := limits["Max open files"]
	if status, _ := m.read("/proc/self/status", small); status != "" {
		if parent := limitsOf(m, after(status, "PPid:\t"))["Max open files"]; parent != "" {
			files = parent
		}
	}
	set(out, files, "OPEN_MAX", "_POSIX_OPEN_MAX")
}

// limitsOf reads the soft limits in /proc/PID/limits; "" is unlimited.
func limitsOf(m *Machine, process string) map[string]string {
	out := map[string]string{}
	for _, line := range m.lines("/proc/" + process + "/limits") {
		if name, rest, ok := strings.Cut(line, "  "); ok {
			out[name] = strings.TrimPrefix(field(rest, 0), "unlimited")
		}
	}
	return out
}

func machineLimits(m *Machine, out map[string]any) {
	page := os.Getpagesize()
	set(out, text(page), "PAGESIZE", "PAGE_SIZE")
	for _, line := range m.lines("/proc/meminfo") {
		label, rest, _ := strings.Cut(line, ":")
		pages := text(number(rest) / (page / 1024))
		switch label {
		case "MemTotal":
			set(out, pages, "_PHYS_PAGES")
		case "MemFree":
			set(out, pages, "_AVPHYS_PAGES")
		}
	}
	groups, _ := m.value("/proc/sys/kernel/ngroups_max")
	set(out, groups, "NGROUPS_MAX", "_POSIX_NGROUPS_MAX")
	for file, name := range map[string]string{"online": "_NPROCESSORS_ONLN", "possible": "_NPROCESSORS_CONF"} {
		list, _ := m.value("/sys/devices/system/cpu/" + file)
		set(out, text(rangeSize(list)), name)
	}
}

// rangeSize counts the numbers in a kernel's list such as "0-3,8".
func rangeSize(list string) (n int) {
	for _, part := range strings.Split(list, ",") {
		first, last, ok := strings.Cut(part, "-")
		if !ok {
			last = first
		}
		if digits(first) && digits(last) && number(last) >= number(first) {
			n += number(last) - number(first) + 1
		}
	}
	return n
}
