package console

import "strconv"

// Count is a number of things, as a person would say it: "1 script",
// "2 scripts".
func Count(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return strconv.Itoa(n) + " " + thing
}
