// Package run starts a child with a deadline, kills what it leaves behind and
// bounds its output.
package run

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"time"
)

// Process is a child to be run.
type Process struct {
	Path string   // the program or script; absolute, or relative to Dir's caller
	Args []string // what follows the program's name
	Name string   // argv[0]; "" is Path
	Dir  string   // working folder; "" is the caller's
	Env  []string // the whole environment, KEY=value; nil is an empty one

	// Output gets stdout and stderr. An *os.File is given to the child as it
	// is; any other writer is fed through a pipe that is let go shortly after
	// the child's end, whoever still holds it. nil throws the output away.
	Output io.Writer

	Timeout time.Duration // until TERM is sent; 0 is none
	Grace   time.Duration // from TERM to KILL

	// KeepDescendants lets processes that outlive the child live on (daemons
	// that a script starts), unless the child had to be stopped: then all go
	// that are below it (Linux) or in its group. The child leads a session of
	// its own, which no terminal's end reaches.
	KeepDescendants bool

	// Started, if there is one, is told the child's number at its start.
	Started func(pid int)
}

// Result is how a child ended.
type Result struct {
	Status    int           // exit status; -1 if it has none
	Signal    string        // the signal that ended it, as "SIGKILL"; "" if none did
	TimedOut  bool          // it had to be stopped for its time-out
	Duration  time.Duration // from start to the child's own end
	Leftovers int           // processes it left behind, killed; 0 with KeepDescendants

	// Refused are the processes that a limit of this process's cgroups kept from
	// being started meanwhile: the child's, or others' in there.
	Refused int
}

const (
	drainTime  = 100 * time.Millisecond // for output still in the pipe at the child's end
	cancelTime = time.Second            // the longest grace once the caller gives up
	killTime   = 5 * time.Second        // for the kernel to end a process that was killed
	hurryTime  = 500 * time.Millisecond // the same once the caller gives up
)

// Run runs p and waits for the child's own end, whatever its descendants do.
// Its stdin is empty, and it leads a process group of its own. When ctx ends,
// the child is stopped as by its time-out, with a grace of at most a second;
// the result then tells how it ended and the error is nil, so look at ctx.
// A script without "#!" is run by the interpreter of its suffix. The error
// says that the child could not be started, or not be killed.
func Run(ctx context.Context, p Process) (Result, error) {
	return new(Supervisor).Run(ctx, p)
}

// Run is the package's Run under the supervisor's watch.
func (s *Supervisor) Run(ctx context.Context, p Process) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{Status: -1}, context.Cause(ctx)
	}
	out, err := openOutput(p.Output)
	if err != nil {
		return Result{Status: -1}, fmt.Errorf("cannot make a pipe: %w", err)
	}
	began := time.Now()
	c, err := s.start(p, out)
	out.started()
	if err != nil {
		out.finish()
		return Result{Status: -1}, err
	}
	if p.Started != nil {
		p.Started(c.cmd.Process.Pid)
	}
	result := Result{Status: -1}
	stopped, dead := c.supervise(ctx, p)
	result.TimedOut = stopped && ctx.Err() == nil
	result.Duration, result.Refused = time.Since(began), s.refusals(c)
	if left := s.leave(c, p.KeepDescendants && !stopped); !p.KeepDescendants {
		result.Leftovers = left
	}
	out.finish()
	if !dead {
		go func() { c.ends(context.Background(), 0); s.reap(c) }()
		return result, fmt.Errorf("cannot kill process %d: it is still there", c.cmd.Process.Pid)
	}
	result.Status, result.Signal = s.reap(c)
	return result, nil
}

// supervise waits for the child's end and stops it at its time-out or with
// ctx. It tells whether it had to, and whether the child is gone.
func (c *child) supervise(ctx context.Context, p Process) (stopped, dead bool) {
	if c.ends(ctx, p.Timeout) {
		return false, true
	}
	if p.KeepDescendants {
		c.note()
	}
	if p.Grace > 0 && c.endsAsked(ctx, p.Grace) {
		return true, true
	}
	if p.KeepDescendants {
		c.note()
	}
	c.kill()
	patience := killTime
	if ctx.Err() != nil {
		patience = hurryTime
	}
	return true, c.ends(context.Background(), patience)
}

// endsAsked asks the child to end and tells whether it does within the grace,
// which is short once the caller gives up.
func (c *child) endsAsked(ctx context.Context, grace time.Duration) bool {
	c.terminate()
	if ctx.Err() == nil && c.ends(ctx, grace) {
		return true
	}
	return ctx.Err() != nil && c.ends(context.Background(), min(grace, cancelTime))
}

// child is a started process.
type child struct {
	cmd *exec.Cmd
	out *output
	platform
}

// start starts p, by its interpreter where the kernel cannot start it itself.
func (s *Supervisor) start(p Process, out *output) (*child, error) {
	argv := append([]string{p.Path}, p.Args...)
	if front := mustInterpret(p.Path); front != nil {
		argv = append(front, argv...)
		p.Name = ""
	}
	c, err := s.launch(p, argv, out)
	if err == nil || !needsInterpreter(err) {
		return c, explain(p.Path, p.Dir, err)
	}
	front := Interpreter(p.Path)
	if front == nil {
		return nil, explain(p.Path, p.Dir, err)
	}
	p.Name = ""
	c, err = s.launch(p, append(front, argv...), out)
	return c, explain(front[0], p.Dir, err)
}

func (s *Supervisor) launch(p Process, argv []string, out *output) (*child, error) {
	c := &child{out: out, cmd: &exec.Cmd{Path: argv[0], Args: argv, Dir: p.Dir, Env: p.Env}}
	if p.Name != "" {
		c.cmd.Args = append([]string{p.Name}, argv[1:]...)
	}
	if c.cmd.Env == nil {
		c.cmd.Env = []string{}
	}
	if out.file != nil {
		c.cmd.Stdout, c.cmd.Stderr = out.file, out.file
	}
	return c, s.startChild(c, p)
}
