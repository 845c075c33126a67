module jetpack.internal/shared

go 1.26.0
