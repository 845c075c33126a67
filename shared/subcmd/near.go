package subcmd

import "slices"

// reach is how many edits a mistyped name may be away from one that is meant.
const reach = 2

// Near gives the names within two edits of name (an edit inserts, deletes,
// replaces a letter or swaps two neighbours), nearest first. A name as short
// as the edits themselves is near to everything, so a name needs more letters
// than edits.
func Near(name string, among []string) []string {
	type near struct {
		name  string
		edits int
	}
	var found []near
	for _, candidate := range among {
		if edits := distance(name, candidate); edits <= reach && edits < len(candidate) && edits < len(name) {
			found = append(found, near{candidate, edits})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return a.edits - b.edits })
	var names []string
	for _, n := range found {
		names = append(names, n.name)
	}
	return names
}

// distance is the restricted Damerau-Levenshtein distance, in bytes.
func distance(a, b string) int {
	before, previous, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range previous {
		previous[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			replace := previous[j-1]
			if a[i-1] != b[j-1] {
				replace++
			}
			row[j] = min(previous[j]+1, row[j-1]+1, replace)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, previous, row = previous, row, before
	}
	return previous[len(b)]
}
