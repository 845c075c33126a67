package facts

import (
	"maps"
	"math/bits"
	"slices"
	"strings"
	"time"
)

// shown picks the mounts that df(1) lists: one of each filesystem, the one
// nearest to its root, no dummies; and measures them.
func shown(m *Machine, all []mount) (list []mount, size []Statfs) {
	if m.Statfs == nil {
		return nil, nil
	}
	var chosen []mount
	for _, e := range all {
		if e.dummy() {
			continue
		}
		if at := sameDevice(chosen, e); at < 0 {
			chosen = append(chosen, e)
		} else if replaces(e, chosen[at]) {
			chosen[at] = e
		}
	}
	for i, s := range measure(m, chosen) {
		if s != nil && s.Blocks > 0 {
			list, size = append(list, chosen[i]), append(size, *s)
		}
	}
	return list, size
}

// sameDevice finds an earlier mount of the same filesystem. What is mounted
// over counts as what hides it: df goes by what it finds at the path.
func sameDevice(chosen []mount, e mount) int {
	for i, c := range chosen {
		if c.device == e.device || c.point == e.point {
			if c.remote() && e.remote() && c.source != e.source {
				continue
			}
			return i
		}
	}
	return -1
}

func replaces(e, seen mount) bool {
	nearer := len(seen.point) > len(e.point)
	below := len(seen.root) < len(e.root)
	return strings.Contains(e.source, "/") && !strings.Contains(seen.source, "/") ||
		nearer && !below || seen.source != e.source && seen.point == e.point
}

// measure asks all filesystems at once and waits no longer than the machine's
// patience: statfs of a dead network filesystem never returns.
func measure(m *Machine, list []mount) []*Statfs {
	type answer struct {
		at   int
		size *Statfs
	}
	answers := make(chan answer, len(list))
	for i, e := range list {
		ask := func() {
			s, err := m.Statfs(e.point)
			if err != nil {
				answers <- answer{i, nil}
				return
			}
			answers <- answer{i, &s}
		}
		if e.local() {
			ask()
		} else {
			go ask()
		}
	}
	out := make([]*Statfs, len(list))
	silent := map[string]bool{}
	for _, e := range list {
		silent[e.point] = true
	}
	timer := time.NewTimer(m.patience())
	defer timer.Stop()
	for range list {
		select {
		case a := <-answers:
			out[a.at] = a.size
			delete(silent, list[a.at].point)
		case <-timer.C:
			m.trouble("filesystem", strings.Join(slices.Sorted(maps.Keys(silent)), ", ")+" does not answer in time")
			return out
		}
	}
	return out
}

// kilobytes rounds up, as df does.
func kilobytes(blocks uint64, size int64) uint64 {
	hi, lo := bits.Mul64(blocks, uint64(max(size, 1)))
	lo, carry := bits.Add64(lo, 1023, 0)
	if hi += carry; hi >= 1024 {
		return ^uint64(0)
	}
	q, _ := bits.Div64(hi, lo, 1024)
	return q
}

// percent is used of used and available, rounded up; "-" of nothing.
func percent(used, available uint64) string {
	if used+available == 0 {
		return "-"
	}
	hi, lo := bits.Mul64(used, 100)
	q, r := bits.Div64(hi, lo, used+available)
	if r > 0 {
		q++
	}
	return count(q) + "%"
}
