package home

const (
	defaultHome        = `C:\cycle\jetpack`
	defaultClusterInit = `C:\cluster-init`
)
