package tree

import (
	"math"
	"strconv"
	"strings"
)

// number prints a JSON number as Python prints what it makes of it: an int of
// any size, or a float if it has a fraction or an exponent. Python 3 refuses
// ints of more than 4300 digits; here they print.
func number(n Number) string {
	s := string(n)
	if strings.ContainsAny(s, ".eE") {
		f, _ := strconv.ParseFloat(s, 64) // out of range gives ±Inf, as in Python
		return float(f)
	}
	if s == "-0" {
		return "0"
	}
	return s
}

// float prints as Python's repr: the shortest digits that read back the same,
// with an exponent from 1e16 up and below 1e-4.
func float(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	}
	if a := math.Abs(f); a != 0 && (a < 1e-4 || a >= 1e16) {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if strings.IndexByte(s, '.') < 0 {
		return s + ".0"
	}
	return s
}

// jsonNumber is how json.dumps spells what repr calls inf and nan.
func jsonNumber(repr string) string {
	switch repr {
	case "inf":
		return "Infinity"
	case "-inf":
		return "-Infinity"
	case "nan":
		return "NaN"
	}
	return repr
}

// scalar prints the numbers of all kinds that facts and trees hold.
func scalar(value any) (repr string, ok bool) {
	switch v := value.(type) {
	case Number:
		return number(v), true
	case int:
		return strconv.Itoa(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case uint64:
		return strconv.FormatUint(v, 10), true
	case float64:
		return float(v), true
	}
	return "", false
}
