// Package shared is the library behind every program: packages named by one
// noun, in layers (docs/design.md), none of which is a program.
package shared
