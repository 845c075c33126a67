module jetpack.internal/jetpack-config

go 1.26.0

require (
	github.com/rogpeppe/go-internal v1.16.0
	jetpack.internal/shared v0.0.0
)

require (
	github.com/alecthomas/kong v1.17.0 // indirect
	github.com/google/renameio/v2 v2.0.2 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/term v0.47.0 // indirect
	golang.org/x/tools v0.48.0 // indirect
)

replace jetpack.internal/shared => ../shared
