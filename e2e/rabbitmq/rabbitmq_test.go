//go:build unix

package rabbitmq

import (
	"strings"
	"testing"
)

// A broker starts, keeps its queues over a restart, and leaves no process.
func TestBroker(t *testing.T) {
	b, err := Start(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Stop()
	status, err := b.Control(t.Context(), "status")
	if err != nil || !strings.Contains(status, "RabbitMQ version") {
		t.Errorf("%q, %v", status, err)
	}
	b.Down()
	if err := b.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
}
