//go:build !windows

package console

const (
	good     = "✔"
	bad      = "✘"
	border   = "│"
	filled   = "█"
	empty    = "░"
	ellipsis = "…"
)

// frame is picture n of something that goes on.
func frame(n int) string { return string([]rune("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")[n%10]) }
