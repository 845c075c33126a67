module jetpack.internal/packaging

go 1.26.0
