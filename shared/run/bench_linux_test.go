package run

import (
	"context"
	"os"
	"os/exec"
	"testing"
)

// The peers of a supervised run are a bare fork and exec, and the run without
// a supervisor's watch.
func BenchmarkRun(b *testing.B) {
	b.Run("exec", func(b *testing.B) {
		for b.Loop() {
			if err := exec.Command("/bin/true").Run(); err != nil {
				b.Fatal(err)
			}
		}
	})
	for name, s := range map[string]*Supervisor{
		"plain": {}, "adopting": Supervise(Options{}), "cgroups": Supervise(Options{Cgroups: true}),
	} {
		b.Run(name, func(b *testing.B) {
			defer s.Close()
			for b.Loop() {
				tail := NewTail(4096)
				if _, err := s.Run(context.Background(), Process{Path: "/bin/true", Output: tail, Env: os.Environ()}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
