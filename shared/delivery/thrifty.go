package delivery

import "runtime/debug"

// thrift is how large the heap of a thrifty program may grow before the
// collector works harder. A full window of messages under way takes half of it.
const thrift = 24 << 20

// Thrifty keeps the memory of a program small that does nothing else than
// hand messages over, however many they are: by default a heap doubles before
// its garbage is collected. One message that is larger than all this may be.
func Thrifty() { debug.SetMemoryLimit(thrift) }
