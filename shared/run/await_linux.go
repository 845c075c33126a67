package run

import (
	"context"
	"time"

	"golang.org/x/sys/unix"
)

// ends waits for the child's end, for the limit at most (0 is none) and not
// beyond ctx, and takes its output meanwhile. It tells whether the child has
// ended. It stays unreaped then, so that its number still names its group and
// nothing else.
//
// All of it is one call of poll(2) in the thread of the caller: a check is over
// in a millisecond, and to wake other threads for it would take as long again.
func (c *child) ends(ctx context.Context, limit time.Duration) bool {
	var deadline time.Time
	if limit > 0 {
		deadline = time.Now().Add(limit)
	}
	hurry, done := bell(ctx)
	defer done()
	for {
		fds := []unix.PollFd{
			{Fd: int32(c.end), Events: unix.POLLIN}, {Fd: int32(c.out.reader), Events: unix.POLLIN},
			{Fd: int32(hurry), Events: unix.POLLIN},
		}
		pause := deadline
		if tick := time.Now().Add(tickTime); (c.end < 0 || hurry < 0 && ctx.Done() != nil) && (limit <= 0 || tick.Before(deadline)) {
			pause = tick // out of descriptors: look now and then
		}
		poll(fds, pause)
		c.out.take(fds[1].Revents)
		switch {
		case fds[0].Revents != 0 || c.end < 0 && hasEnded(c.cmd.Process.Pid):
			return true
		case fds[2].Revents != 0 || hurry < 0 && ctx.Err() != nil || limit > 0 && !time.Now().Before(deadline):
			return false
		}
	}
}

const tickTime = 20 * time.Millisecond

// hasEnded tells whether a child of ours is to be reaped.
func hasEnded(pid int) bool {
	var info unix.Siginfo
	err := unix.Waitid(unix.P_PID, pid, &info, unix.WEXITED|unix.WNOWAIT|unix.WNOHANG, nil)
	return err == nil && info.Signo != 0 || err == unix.ECHILD
}

// poll is ppoll(2) until a deadline; none if it is zero. After an error nothing
// has happened.
func poll(fds []unix.PollFd, deadline time.Time) {
	var timeout *unix.Timespec
	if !deadline.IsZero() {
		left := unix.NsecToTimespec(max(0, time.Until(deadline)).Nanoseconds())
		timeout = &left
	}
	if _, err := unix.Ppoll(fds, timeout, nil); err != nil && err != unix.EINTR {
		time.Sleep(time.Millisecond) // out of memory
	}
}

// bell gives a descriptor that becomes readable when ctx ends: -1 where it
// never does. It is to be given back by done.
func bell(ctx context.Context) (fd int, done func()) {
	if ctx.Done() == nil {
		return -1, func() {}
	}
	fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC)
	if err != nil {
		return -1, func() {} // out of descriptors
	}
	rung := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(rung)
		ring(fd)
	})
	return fd, func() {
		if !stop() {
			<-rung // before the number is given to another file
		}
		unix.Close(fd)
	}
}

func ring(fd int) { _, _ = unix.Write(fd, []byte{1, 0, 0, 0, 0, 0, 0, 0}) }

// endOf gives what a pidfd would be, before Linux 5.3: a thread waits.
func endOf(pid int) (fd int) {
	fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC)
	if err != nil {
		return -1
	}
	go func() {
		for unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
		}
		ring(fd)
	}()
	return fd
}
