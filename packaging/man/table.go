package man

import "strings"

// wide is the length from which on a column's cells are wrapped.
const wide = 24

// table writes a table for tbl: the header in bold, wide columns in blocks
// that share what the others leave of the line.
func (w *writer) table(lines []string) {
	var rows [][]string
	for _, l := range lines {
		if !divider.MatchString(l) {
			rows = append(rows, cells(l))
		}
	}
	wraps := make([]bool, len(rows[0]))
	header, body := make([]string, len(wraps)), make([]string, len(wraps))
	for i := range wraps {
		header[i], body[i] = "lb", "l"
		for _, row := range rows {
			wraps[i] = wraps[i] || len(row[i]) > wide
		}
		if wraps[i] {
			header[i], body[i] = "lbx", "lx"
		}
	}
	w.put(".PP\n.na\n.TS\ntab(|);")
	w.put(strings.Join(header, " ") + "\n" + strings.Join(body, " ") + ".")
	for _, row := range rows {
		w.row(row, wraps)
	}
	w.put(".TE\n.ad")
}

func (w *writer) row(row []string, wraps []bool) {
	for i, cell := range row {
		if wraps[i] {
			row[i] = "T{\n" + line(cell) + "\nT}"
		}
	}
	w.put(strings.Join(row, "|"))
}

// cells are a row's, an escaped bar among them.
func cells(l string) []string {
	l = strings.ReplaceAll(strings.Trim(strings.TrimSpace(l), "|"), `\|`, "\x00")
	parts := strings.Split(l, "|")
	for i, part := range parts {
		parts[i] = strings.ReplaceAll(inline(strings.TrimSpace(part)), "\x00", `\(ba`)
	}
	return parts
}
