package tree

import "maps"

// Merge lays one value over another: objects merge member by member and
// deep, of anything else high wins. Neither argument is changed; the result
// may share parts with both.
func Merge(low, high any) any {
	l, ok := low.(map[string]any)
	if !ok {
		return high
	}
	h, ok := high.(map[string]any)
	if !ok {
		return high
	}
	merged := maps.Clone(l)
	if merged == nil {
		return h
	}
	for key, value := range h {
		if below, ok := merged[key]; ok {
			value = Merge(below, value)
		}
		merged[key] = value
	}
	return merged
}
