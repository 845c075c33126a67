package run

// Supervisor runs children. The zero value is ready for use and knows a
// child's process group (on Windows its job, which nothing escapes).
type Supervisor struct{ adoption }

// Options of a supervisor.
type Options struct {
	// Cgroups gives each child a cgroup of its own (version 2) where that can
	// be had: below a subtree that systemd delegated, or the root.
	Cgroups bool
}

// Supervise gives a supervisor that on Linux also finds descendants which have
// left the child's group: the process adopts them. It is for programs that
// start children through this supervisor and in no other way: one supervisor
// for a process. A child that was there before is left alone.
func Supervise(o Options) *Supervisor {
	s := new(Supervisor)
	s.begin(o)
	return s
}
