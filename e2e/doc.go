// Package e2e holds the tests that need the real world: a broker, a blob
// store, Ohai, a booted node; and the benchmarks.
package e2e
