package facts

import "context"

// blockDevices is block_device: what /sys/block tells of each disk.
func blockDevices(_ context.Context, m *Machine) map[string]any {
	if !m.exists("/sys/block") {
		return nil
	}
	out := map[string]any{}
	for _, name := range m.list("/sys/block") {
		disk := map[string]any{}
		for _, source := range [...]struct {
			folder string
			files  []string
		}{
			{"", []string{"size", "removable"}},
			{"device/", []string{"model", "rev", "state", "timeout", "vendor", "queue_depth"}},
			{"queue/", []string{"rotational", "physical_block_size", "logical_block_size"}},
		} {
			for _, file := range source.files {
				if value, found := m.value("/sys/block/" + name + "/" + source.folder + file); found {
					disk[file] = value
				}
			}
		}
		out[name] = disk
	}
	return map[string]any{"block_device": out}
}
