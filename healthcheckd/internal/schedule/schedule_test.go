package schedule

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"jetpack.internal/shared/boot"
)

// machine is a machine in a bubble of synctest: time passes, and on top of it
// the machine may have slept and its wall clock may have been stepped.
type machine struct {
	started     time.Time
	slept, step atomic.Int64 // nanoseconds
}

func (m *machine) now() boot.Moment {
	slept, step := time.Duration(m.slept.Load()), time.Duration(m.step.Load())
	return boot.Moment{Wall: time.Now().Add(slept + step), Boot: "b", Up: time.Since(m.started) + slept}
}

// play runs a loop for a while and gives when its rounds began, since boot.
func play(m *machine, interval, last time.Duration, events func()) (rounds []time.Duration, beats int) {
	m.started = time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), last)
	defer cancel()
	loop := Loop{
		Now: m.now, Seed: "node-1",
		Round: func(context.Context) time.Duration {
			rounds = append(rounds, m.now().Up)
			return interval
		},
		Planned: func(boot.Moment) {}, Idle: func(context.Context) { beats++ }, Alive: func() {},
	}
	if events != nil {
		go events()
	}
	loop.Run(ctx)
	return rounds, beats
}

func TestRoundsAtStartAndThenInOneInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const interval = 10 * time.Minute
		rounds, beats := play(new(machine), interval, 24*time.Hour, nil)
		if len(rounds) < 143 || len(rounds) > 145 || rounds[0] != 0 {
			t.Fatalf("%d rounds in a day, the first at %s", len(rounds), rounds[0])
		}
		offset := Offset("node-1", interval)
		for i, at := range rounds[1:] {
			if at%interval != offset || i > 0 && at-rounds[i] != interval {
				t.Errorf("round %d at %s, offset %s", i+1, at, offset)
			}
		}
		if beats < 24*54 || beats > 24*60 { // once a minute, but where a round is due
			t.Errorf("%d beats", beats)
		}
	})
}

func TestClockStepsOfYears(t *testing.T) {
	for _, step := range []time.Duration{-10 * 365 * 24 * time.Hour, 10 * 365 * 24 * time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			m := new(machine)
			rounds, _ := play(m, 10*time.Minute, 10*time.Hour, func() {
				time.Sleep(5 * time.Hour)
				m.step.Store(int64(step))
			})
			if len(rounds) < 59 || len(rounds) > 61 {
				t.Errorf("%d rounds in ten hours with a step of %s", len(rounds), step)
			}
		})
	}
}

func TestSuspend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := new(machine)
		const asleep = 30 * time.Hour
		rounds, _ := play(m, 10*time.Minute, 2*time.Hour, func() {
			time.Sleep(time.Hour + 17*time.Second)
			m.slept.Store(int64(asleep))
		})
		if len(rounds) < 12 || len(rounds) > 15 {
			t.Fatalf("%d rounds in two hours awake", len(rounds))
		}
		woke := time.Hour + 17*time.Second + asleep
		for i, at := range rounds {
			if at >= woke {
				if at > woke+Beat {
					t.Errorf("the first round after waking came %s later", at-woke)
				}
				if i+1 < len(rounds) && rounds[i+1]-at < 10*time.Minute/4 {
					t.Errorf("a burst: rounds at %s and %s", at, rounds[i+1])
				}
				break
			}
		}
	})
}

func TestRoundsNeverOverlapAndMissedOnesAreLeftOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &machine{started: time.Now()}
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Hour)
		defer cancel()
		running, rounds, alive := false, 0, 0
		loop := Loop{
			Now: m.now, Seed: "x",
			Round: func(context.Context) time.Duration {
				if running {
					t.Error("two rounds at once")
				}
				running = true
				rounds++
				time.Sleep(25 * time.Minute)
				running = false
				return 10 * time.Minute
			},
			Planned: func(boot.Moment) {}, Idle: func(context.Context) {}, Alive: func() { alive++ },
		}
		loop.Run(ctx)
		if rounds < 9 || rounds > 12 || alive < 5*60 {
			t.Errorf("%d rounds, %d signs of life", rounds, alive)
		}
	})
}

func TestStopsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		play(new(machine), 10*time.Minute, 7*time.Second, nil)
		if took := time.Since(began); took != 7*time.Second {
			t.Errorf("took %s", took)
		}
	})
}

func TestOffsetsAreSpread(t *testing.T) {
	const interval, nodes = 10 * time.Minute, 1000
	var minutes [10]int
	for i := range nodes {
		minutes[Offset(fmt.Sprintf("cluster/node-%d", i), interval)/time.Minute]++
	}
	for minute, n := range minutes {
		if n < 50 || n > 150 {
			t.Errorf("minute %d: %d of %d nodes", minute, n, nodes)
		}
	}
}

// The law: the next round lies on the node's own grid, later than now by a
// quarter of the interval or more, and by no more than one and a quarter.
func FuzzNext(f *testing.F) {
	f.Add(int64(time.Hour), int64(10*time.Minute), "node")
	f.Add(int64(0), int64(1), "")
	f.Fuzz(func(t *testing.T, up, every int64, seed string) {
		const century = int64(100 * 365 * 24 * time.Hour)
		now, interval := time.Duration(max(up%century, -(up%century))), time.Duration(1+max(every%century, -(every%century)))
		offset := Offset(seed, interval)
		next := Next(now, interval, offset)
		if (next-offset)%interval != 0 || next < now+interval/4 || next > now+interval+interval/4 {
			t.Fatalf("now %s, interval %s, offset %s: next %s", now, interval, offset, next)
		}
	})
}
