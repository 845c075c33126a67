package delivery

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"jetpack.internal/shared/atomicfile"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/openfile"
)

// outage remembers on disk, for all processes of the node, that the server
// is away, so that only the first call waits for it.
type outage struct {
	path       string
	connection time.Time // when the connection file was written: a memory of another one is void
}

// memory is how long an outage is taken for granted at most; then one call
// tries again.
const memory = 20 * time.Second

// forgetting is how long this node takes an outage for granted: a moment of
// its own, so that all those that lost one server at once do not come back to
// it at once.
func forgetting() time.Duration { return memory - rand.N(memory/4) }

type outageRecord struct {
	Since  time.Time `json:"since"`
	Until  time.Time `json:"until"`
	Reason string    `json:"reason"`
	Status int       `json:"status"` // the exit status that the reason stands for

	Connection time.Time `json:"connection"` // when the file was written that says where the server is
}

// known is why the server was away a moment ago, nil if it was not. A record
// from the future is the work of a clock step and counts for nothing. The time
// of the connection file is compared for being the same, and not with the
// clock: it may lie in the future after such a step, or have come with a copy.
func (o outage) known(now time.Time) error {
	text, err := openfile.Read(o.path)
	var r outageRecord
	if err != nil || json.Unmarshal(text, &r) != nil {
		return nil
	}
	if now.Before(r.Since) || !now.Before(r.Until) || r.Until.Sub(r.Since) > memory {
		return nil
	}
	if !r.Connection.Equal(o.connection) {
		return nil
	}
	return exit.Errorf(r.Status, "%s (known since %s)", r.Reason, r.Since.Format(time.RFC3339))
}

// begin remembers an outage. Failing costs the next call its wait, no more.
func (o outage) begin(now time.Time, why error) {
	text, err := json.Marshal(outageRecord{now.UTC(), now.Add(forgetting()).UTC(), why.Error(), exit.Status(why), o.connection.UTC()})
	if err == nil && os.MkdirAll(filepath.Dir(o.path), 0o750) == nil {
		_ = atomicfile.Write(o.path, append(text, '\n'), 0o660)
	}
}

func (o outage) over() { _ = os.Remove(o.path) }

// written is when a file was written, zero where it is not there.
func written(path string) time.Time {
	info, err := os.Stat(path)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}
