module jetpack.internal/jetpack-converge

go 1.26.0

require jetpack.internal/shared v0.0.0

replace jetpack.internal/shared => ../shared
