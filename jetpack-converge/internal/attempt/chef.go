package attempt

import "context"

// chef runs Chef when the node has a run list.
func (a *Attempt) chef(context.Context) error { return errNothing }
