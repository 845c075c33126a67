package main

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"jetpack.internal/jetpack-converge/internal/console"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/journal"
)

// tries are the times, since the first, at which persist tries what always
// fails with err.
func tries(t *testing.T, retry time.Duration, err error) (times []time.Duration, said string) {
	t.Helper()
	log := journal.Open(filepath.Join(t.TempDir(), "jetpack.log"))
	var out bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		c := &command{Retry: retry}
		got := c.persist(context.Background(), console.NewPlain(&out, func() error { return nil }), log, func() error {
			times = append(times, time.Since(began))
			return err
		})
		if !errors.Is(got, err) {
			t.Errorf("ended with %v", got)
		}
	})
	return times, out.String()
}

// TestPersist: the pauses grow, and never beyond five minutes; each is told.
func TestPersist(t *testing.T) {
	times, said := tries(t, 24*time.Hour, errors.New("the reason"))
	for i := 1; i < len(times); i++ {
		want := min(firstPause<<min(i-1, 20), maxPause)
		if got := times[i] - times[i-1]; got != want {
			t.Errorf("pause %d is %s, want %s", i, got, want)
		}
	}
	if last := times[len(times)-1]; last > 24*time.Hour || last < 24*time.Hour-maxPause {
		t.Errorf("the last try comes after %s", last)
	}
	if n := strings.Count(said, "failed: the reason; trying again in "); n != len(times)-1 {
		t.Errorf("%d tries, %d told", len(times), n)
	}
}

// TestPersistNot: whoever watches decides himself, and what is wrong for good
// does not get better.
func TestPersistNot(t *testing.T) {
	if times, said := tries(t, 0, errors.New("x")); len(times) != 1 || said != "" {
		t.Errorf("tried at %v: %s", times, said)
	}
	if times, _ := tries(t, time.Hour, exit.Errorf(exit.Usage, "x")); len(times) != 1 {
		t.Errorf("tried at %v", times)
	}
}
