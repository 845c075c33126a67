package attempt

import (
	"context"
	"testing"

	"jetpack.internal/jetpack-converge/internal/failure"
)

// A converge that the machine's end has stopped was stopped, unless it had said
// itself that the machine has to restart.
func TestStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for status, want := range map[string]string{Rebooting: Rebooting, "": ""} {
		err := stopped(ctx, &failure.Error{Description: "the reason", Status: status})
		got := failure.Of(err, "")
		if got.Status != want || (got.Description == "the reason") != (status == Rebooting) {
			t.Errorf("with the status %q: %+v", status, got)
		}
	}
}
