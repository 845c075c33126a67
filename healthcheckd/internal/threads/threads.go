// Package threads has the threads that a program will need started before they
// cannot be.
package threads

import (
	"runtime"
	"sync"
)

// most that run at the same time: what a service of ours computes is little,
// however many processors there are.
const most = 4

// spare are those for the runtime itself, its signals and what else blocks.
const spare = 2

var (
	mu   sync.Mutex
	kept int
)

// Keep starts as many threads as so many goroutines need that block in system
// calls. The runtime keeps them. It ends the program when it needs another one
// and gets none, which a check that forks without end, under the limit on
// processes that is the service's as well, would bring about.
func Keep(blocking int) {
	mu.Lock()
	defer mu.Unlock()
	runtime.GOMAXPROCS(min(runtime.GOMAXPROCS(0), most))
	want := blocking + runtime.GOMAXPROCS(0) + spare
	if want <= kept {
		return
	}
	kept = want
	var here, gone sync.WaitGroup
	leave := make(chan struct{})
	here.Add(want)
	for range want {
		gone.Go(func() {
			runtime.LockOSThread() // a thread of its own, until all have theirs
			here.Done()
			<-leave
			runtime.UnlockOSThread()
		})
	}
	here.Wait()
	close(leave)
	gone.Wait()
}
