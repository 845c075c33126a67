package facts

import (
	"context"
	"strings"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// windowsCPU counts the processors of all groups; what they are is in the
// registry.
func windowsCPU(context.Context, *Machine) map[string]any {
	const all = 0xffff
	out := map[string]any{"total": int(windows.GetActiveProcessorCount(all))}
	const path = `HARDWARE\DESCRIPTION\System\CentralProcessor\0`
	first := map[string]any{"model_name": setting(path, "ProcessorNameString"), "vendor_id": setting(path, "VendorIdentifier"),
		"physical_id": "CPU0", "description": setting(path, "Identifier")}
	word := func(marker string) string { return after(setting(path, "Identifier"), marker) }
	first["family"], first["model"], first["stepping"] = word("Family "), word("Model "), word("Stepping ")
	if key, err := registry.OpenKey(registry.LOCAL_MACHINE, path, registry.QUERY_VALUE); err == nil {
		if mhz, _, err := key.GetIntegerValue("~MHz"); err == nil {
			first["mhz"] = count(mhz)
		}
		key.Close()
	}
	for name, value := range first {
		if text, ok := value.(string); ok && strings.TrimSpace(text) == "" {
			delete(first, name)
		}
	}
	out["0"] = first
	return map[string]any{"cpu": out}
}
