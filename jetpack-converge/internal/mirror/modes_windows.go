package mirror

// modes tells that files have executable bits.
const modes = false
