package facts

import (
	"context"
	"strconv"
	"strings"
)

// shardSeed is a number that stays with the machine: the first 28 bits of a
// digest of its name and the firmware's serial number and UUID. It is absent
// where the firmware has none, or has them for root only.
func shardSeed(ctx context.Context, m *Machine) map[string]any {
	firmware, _ := dmi(ctx, m)["dmi"].(map[string]any)
	serial, id := dmiProperty(firmware, "serial_number"), dmiProperty(firmware, "uuid")
	if serial == "" || id == "" {
		return nil
	}
	digest := md5([]byte(m.uname().Node + serial + id))
	seed, _ := strconv.ParseInt(digest[:7], 16, 64)
	return map[string]any{"shard_seed": seed}
}

func dmiProperty(firmware map[string]any, name string) string {
	for _, section := range [...]string{"system", "base_board", "chassis"} {
		s, _ := firmware[section].(map[string]any)
		if value, _ := s[name].(string); strings.TrimSpace(value) != "" {
			return value
		}
	}
	return ""
}
