package facts

import (
	"context"
	"strconv"
	"strings"
)

// interrupts is /proc/interrupts and the processors' affinities in /proc/irq.
func interrupts(ctx context.Context, m *Machine) map[string]any {
	counts, _ := cpu(ctx, m)["cpu"].(map[string]any)
	cpus, _ := counts["total"].(int)
	irqs := map[string]any{}
	for _, line := range m.lines("/proc/interrupts") {
		name, rest, ok := strings.Cut(line, ":")
		if name = strings.TrimSpace(name); ok {
			irqs[name] = interrupt(m, name, rest, cpus)
		}
	}
	return map[string]any{"interrupts": map[string]any{
		"irq": irqs, "smp_affinity_by_cpu": affinity(m, "/proc/irq/default_smp_affinity", cpus),
	}}
}

func interrupt(m *Machine, name, rest string, cpus int) map[string]any {
	events := map[string]any{}
	out := map[string]any{"events_by_cpu": events}
	for i := range cpus {
		rest = strings.TrimLeft(rest, " \t")
		word, after, _ := strings.Cut(rest, " ")
		events[text(i)] = number(word)
		if digits(word) {
			rest = after
		}
	}
	rest = strings.TrimSpace(rest)
	if !digits(name) {
		if rest != "" {
			out["type"] = rest
		}
		return out
	}
	for i, key := range [...]string{"type", "vector", "device"} {
		out[key] = orNil(field(rest, i))
	}
	if file := "/proc/irq/" + name + "/smp_affinity"; m.exists(file) {
		out["smp_affinity_by_cpu"] = affinity(m, file, cpus)
	}
	return out
}

// affinity reads a mask of 32-bit hexadecimal words, the highest first.
func affinity(m *Machine, file string, cpus int) map[string]any {
	mask, _ := m.value(file)
	words := strings.Split(mask, ",")
	out := map[string]any{}
	for i := range cpus {
		var word uint64
		if at := len(words) - 1 - i/32; at >= 0 {
			word, _ = strconv.ParseUint(words[at], 16, 32)
		}
		out[text(i)] = word>>(i%32)&1 == 1
	}
	return out
}
