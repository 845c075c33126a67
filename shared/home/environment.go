package home

import "os"

// MetadataEndpoint is $JETPACK_IMDS_ENDPOINT: the address that stands in for
// Azure's Instance Metadata Service, "none" to never ask, "" when not set.
func MetadataEndpoint() string { return os.Getenv("JETPACK_IMDS_ENDPOINT") }

// ServerPassword is $JETPACK_PASSWORD: the server's password where the
// connection file names a user and leaves the password out.
func ServerPassword() string { return os.Getenv("JETPACK_PASSWORD") }

// NoColor tells whether $NO_COLOR asks for output without colours.
func NoColor() bool { return os.Getenv("NO_COLOR") != "" }

// WantsTrace tells whether $GOTRACEBACK asks for a trace of a crash.
func WantsTrace() bool { return os.Getenv("GOTRACEBACK") != "" }

// ScriptProject is $CYCLECLOUD_PROJECT_NAME: the project whose cluster-init
// script has started this program, "" outside of one.
func ScriptProject() string { return os.Getenv("CYCLECLOUD_PROJECT_NAME") }
