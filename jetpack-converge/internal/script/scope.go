package script

// Scope is where the processes of scripts live, so that the daemons which they
// leave behind belong to no service of Jetpack's: its stop, restart or memory
// is none of theirs. The zero value leaves them where they are.
type Scope struct{ scope }

// Name is the scope's unit, "" where there is none.
func (s *Scope) Name() string { return s.name }
