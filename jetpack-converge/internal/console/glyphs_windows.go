package console

// The console's code page may lack anything beyond ASCII.
const (
	good     = "ok"
	bad      = "!!"
	border   = "|"
	filled   = "#"
	empty    = "-"
	ellipsis = "~"
)

// frame is picture n of something that goes on.
func frame(n int) string { return string(`|/-\`[n%4]) }
