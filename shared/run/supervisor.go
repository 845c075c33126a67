package run

// Supervisor runs children. The zero value is ready for use and knows a
// child's process group (on Windows its job).
type Supervisor struct{}
