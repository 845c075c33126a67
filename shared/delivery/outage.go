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
	connection string // a connection file written later makes the memory void
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
}

// known is why the server was away a moment ago, nil if it was not. A record
// from the future is the work of a clock step and counts for nothing.
func (o outage) known(now time.Time) error {
	text, err := openfile.Read(o.path)
	var r outageRecord
	if err != nil || json.Unmarshal(text, &r) != nil {
		return nil
	}
	if now.Before(r.Since) || !now.Before(r.Until) || r.Until.Sub(r.Since) > memory {
		return nil
	}
	info, err := os.Stat(o.connection)
	if err != nil || info.ModTime().After(r.Since) {
		return nil
	}
	return exit.Errorf(r.Status, "%s (known since %s)", r.Reason, r.Since.Format(time.RFC3339))
}

// begin remembers an outage. Failing costs the next call its wait, no more.
func (o outage) begin(now time.Time, why error) {
	text, err := json.Marshal(outageRecord{now.UTC(), now.Add(forgetting()).UTC(), why.Error(), exit.Status(why)})
	if err == nil && os.MkdirAll(filepath.Dir(o.path), 0o750) == nil {
		_ = atomicfile.Write(o.path, append(text, '\n'), 0o660)
	}
}

func (o outage) over() { _ = os.Remove(o.path) }
