package script

import (
	"context"
	"time"
)

// label is the variable by which the processes of a script are known: a
// converge that was killed leaves its script running.
const label = "JETPACK_SCRIPT"

// id is the label's value: scripts of other homes are none of our business.
func (r Runner) id(s Script) string {
	return r.Home.Dir + ":" + s.Project + "/" + s.Spec + "/" + s.Name
}

// StopLeftovers ends what an interrupted run of the script has left running,
// so that the script does not run beside itself. It returns how many processes
// there were.
func (r Runner) StopLeftovers(ctx context.Context, s Script) int { return StopLabelled(ctx, r.id(s)) }

// Labelled is the variable, with its value, that makes a process and what it
// starts one of those that StopLabelled finds.
func Labelled(id string) (name, value string) { return label, id }

// StopLabelled ends the processes that carry a label, and returns how many
// there were.
func StopLabelled(ctx context.Context, id string) int {
	found := leftovers(id)
	if len(found) == 0 {
		return 0
	}
	stop(found, false)
	for end := time.Now().Add(grace); time.Now().Before(end) && len(leftovers(id)) > 0; {
		select {
		case <-ctx.Done():
			return len(found)
		case <-time.After(20 * time.Millisecond):
		}
	}
	stop(leftovers(id), true)
	return len(found)
}
