package man

import (
	"regexp"
	"strings"
)

var (
	codeOrText = regexp.MustCompile("`[^`]*`|[^`]+|`")
	link       = regexp.MustCompile(`\[([^\]]*)\]\(([^)]*)\)`)
	strong     = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	page       = regexp.MustCompile(`^\.\./([a-z-]+)/README\.md$`)
)

// inline turns the marks within a line into roff's: code and strong text are
// bold, code is not hyphenated, a link to another program's page becomes its
// name and section, and any other link its text and target.
func inline(text string) string {
	var out strings.Builder
	for _, part := range codeOrText.FindAllString(linked(text), -1) {
		if len(part) > 1 && part[0] == '`' {
			out.WriteString(`\fB\%` + escape(part[1:len(part)-1], true) + `\fR`)
			continue
		}
		out.WriteString(strong.ReplaceAllString(escape(part, false), `\fB$1\fR`))
	}
	return out.String()
}

func linked(text string) string {
	return link.ReplaceAllStringFunc(text, func(found string) string {
		m := link.FindStringSubmatch(found)
		if p := page.FindStringSubmatch(m[2]); p != nil {
			return "**" + p[1] + "**(" + Section(p[1]) + ")"
		}
		return m[1] + " (" + strings.TrimPrefix(m[2], "../") + ")"
	})
}

// escape hides what roff would take for its own. In code a dash is a dash that
// can be copied into a shell, not a hyphen.
func escape(text string, code bool) string {
	pairs := []string{`\`, `\e`, "…", "...", "’", "'"}
	if code {
		pairs = append(pairs, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// line keeps a text line from being taken for a request.
func line(text string) string {
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		return `\&` + text
	}
	return text
}
