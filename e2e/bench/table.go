package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// row is one figure beside its peer's and the goal.
type row struct{ what, ours, peer, ratio, goal, verdict string }

type table []row

// within adds a row whose ratio ours/peer is to be at most goal.
func (t *table) within(what string, ours, peer float64, unit, peerName string, goal float64) {
	ratio := ours / peer
	t.add(what, ours, peer, unit, peerName, fmt.Sprintf("%.2f x", ratio), fmt.Sprintf("<= %.2f x", goal), ratio <= goal)
}

// faster adds a row that is to be at least goal times faster than its peer.
func (t *table) faster(what string, ours, peer float64, unit, peerName string, goal float64) {
	ratio := peer / ours
	t.add(what, ours, peer, unit, peerName, fmt.Sprintf("%.1f x faster", ratio), fmt.Sprintf(">= %g x faster", goal), ratio >= goal)
}

// limit adds a row with a goal and no peer.
func (t *table) limit(what string, ours float64, unit string, goal float64) {
	*t = append(*t, row{what, fmt.Sprintf("%.2f %s", ours, unit), "", "", fmt.Sprintf("<= %g %s", goal, unit), verdict(ours <= goal)})
}

func (t *table) add(what string, ours, peer float64, unit, peerName, ratio, goal string, met bool) {
	*t = append(*t, row{what, fmt.Sprintf("%.2f %s", ours, unit), fmt.Sprintf("%.2f %s (%s)", peer, unit, peerName), ratio, goal, verdict(met)})
}

func verdict(met bool) string {
	if met {
		return "met"
	}
	return "MISSED"
}

func (t table) print(w io.Writer) {
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(columns, "what\tours\tpeer\tratio\tgoal\t")
	for _, r := range t {
		fmt.Fprintf(columns, "%s\t%s\t%s\t%s\t%s\t%s\n", r.what, r.ours, r.peer, r.ratio, r.goal, r.verdict)
	}
	columns.Flush()
}
