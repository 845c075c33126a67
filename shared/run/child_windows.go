package run

import (
	"errors"
	"fmt"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// platform is the job that holds the child and all its descendants.
type platform struct {
	job windows.Handle
	awaiting
}

// startChild starts the child suspended, puts it into a job and lets it
// go, so that no descendant is ever outside.
func (s *Supervisor) startChild(c *child, _ Process) error {
	c.cmd.SysProcAttr = &syscall.SysProcAttr{
		CreationFlags: windows.CREATE_SUSPENDED | windows.CREATE_NEW_PROCESS_GROUP | windows.CREATE_NO_WINDOW,
	}
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return fmt.Errorf("cannot make a job: %w", err)
	}
	c.job = job
	if err := c.cmd.Start(); err != nil {
		windows.CloseHandle(job)
		return err
	}
	return c.admit()
}

// admit puts the suspended child into its job and resumes it.
func (c *child) admit() error {
	err := errors.New("no handle")
	handled := c.cmd.Process.WithHandle(func(handle uintptr) {
		if err = windows.AssignProcessToJobObject(c.job, windows.Handle(handle)); err != nil {
			return
		}
		resume := windows.NewLazySystemDLL("ntdll.dll").NewProc("NtResumeProcess")
		if status, _, _ := resume.Call(handle); status != 0 {
			err = windows.NTStatus(status)
		}
	})
	if err = errors.Join(handled, err); err == nil {
		c.begin(func() { _ = c.cmd.Wait() })
		return nil
	}
	_ = c.cmd.Process.Kill()
	_ = c.cmd.Wait()
	windows.CloseHandle(c.job)
	return fmt.Errorf("cannot put the process into a job: %w", err)
}

// terminate does nothing: Windows has no polite way for a program without a
// window, so that the grace is a mere delay.
func (c *child) terminate() {}

// note notes nothing: the job knows who is below the child.
func (c *child) note() {}

// kill ends the child itself. The sweep ends the others.
func (c *child) kill() {
	_ = c.cmd.Process.WithHandle(func(handle uintptr) {
		_ = windows.TerminateProcess(windows.Handle(handle), uint32(windows.STATUS_CONTROL_C_EXIT))
	})
}

// refusals are none: Windows has no such limit.
func (s *Supervisor) refusals(*child) int { return 0 }

// reap takes the ended child's status: none for a child that was killed.
func (s *Supervisor) reap(c *child) (int, string) {
	windows.CloseHandle(c.job)
	state := c.cmd.ProcessState
	if state == nil || uint32(state.ExitCode()) == uint32(windows.STATUS_CONTROL_C_EXIT) {
		return -1, ""
	}
	return state.ExitCode(), ""
}

// basicAccounting is JOBOBJECT_BASIC_ACCOUNTING_INFORMATION of winnt.h.
type basicAccounting struct {
	userTime, kernelTime, periodUserTime, periodKernelTime int64
	pageFaults, processes, active, terminated              uint32
}

// leave ends and counts what is left of the job, unless it is to be kept.
func (s *Supervisor) leave(c *child, keep bool) int {
	if keep {
		return 0
	}
	const basicAccountingInformation = 1
	var info basicAccounting
	err := windows.QueryInformationJobObject(c.job, basicAccountingInformation,
		uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info)), nil)
	_ = windows.TerminateJobObject(c.job, uint32(windows.STATUS_CONTROL_C_EXIT))
	if err != nil {
		return 0
	}
	return int(info.active)
}

// adoption is nothing on Windows: a job knows all of its processes.
type adoption struct{}

func (s *Supervisor) begin(Options) {}

// Abandoned ends what an earlier supervisor left: nothing, for the end of the
// last handle of a job leaves its processes alone, and tells of none.
func (s *Supervisor) Abandoned() int { return 0 }

// Close ends the watch.
func (s *Supervisor) Close() {}
