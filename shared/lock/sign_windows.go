package lock

// signedAt is where in the file its holder is named: behind the one byte that is
// locked, which nobody but its holder can read or write here.
const signedAt = 1
