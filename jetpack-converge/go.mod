module jetpack.internal/jetpack-converge

go 1.26.0

require jetpack.internal/shared v0.0.0

require golang.org/x/sys v0.49.0

require (
	github.com/gofrs/flock v0.13.1 // indirect
	github.com/google/renameio/v2 v2.0.2 // indirect
)

replace jetpack.internal/shared => ../shared
